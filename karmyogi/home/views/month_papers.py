"""The explanation of a month as a paper, in the reader's language: what the page says, to be kept or brought along."""

from collections.abc import Mapping

from flask import Response
from flask_babel import gettext as _
from flask_babel import ngettext

from karmyogi.awards.views.papers import as_pdf, private
from karmyogi.core.months import today
from karmyogi.people.models import Officer
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.queries import Corrected, ToldMonth
from karmyogi.scores.rules import Origin, ToldEntry, ToldLine
from karmyogi.store.imports import Import
from karmyogi.store.paper import ScoreFacts, ScorePart, score_explanation
from karmyogi.web.i18n import day, language, local, moment, month_name, number, say, word
from karmyogi.web.installed import profile

DASH = "–"


def paper_of(officer: Officer, shown: Mapping[str, object]) -> Response:
    """The paper of an officer's month, from what `explained_month` gives; kept by nobody on the way."""
    told: ToldMonth = shown["told"]
    name = f"score-{officer.employee_code}-{told.month}"
    return private(as_pdf(score_explanation(_facts(officer, told, shown)), name, "", ""))


def _facts(officer: Officer, told: ToldMonth, shown: Mapping[str, object]) -> ScoreFacts:
    sources: dict[int, Import] = shown["sources"]
    post = local(officer.designation, "name") if officer.designation else ""
    return ScoreFacts(
        language=language(),
        government=_government(),
        title=_("Score in %(month)s", month=month_name(told.month)),
        person=tuple(filter(None, (local(officer, "name"), officer.employee_code, post))),
        facts=_of_month(told.scored, told),
        notices=(*_corrected(told, shown["corrected"]), *_changed(told), *(say(why) for why in shown["unlisted"])),
        columns=(_("What counted"), _("Found"), _("Counted"), _("Points each"), _("Points")),
        rows=(*(_row(line) for line in told.lines if line.points), _total(told)),
        why=_("Why this score"),
        parts=tuple(_part(told, line, sources) for line in told.lines),
        as_on=_("iGOT data as on %(date)s", date=day(told.scored.data_as_on)),
        page=_("Page"),
        drawn_on=today(),
    )


def _government() -> str:
    return local(profile().state, "government")


def _of_month(scored: ScoreMonth, told: ToldMonth) -> tuple[tuple[str, str], ...]:
    """Whether the month is final and by which seal, the version of the policy, and how fresh all this is."""
    seal = ((_("Sealed at"), moment(scored.sealed_at)), (_("Hash of the seal"), scored.seal)) if scored.seal else ()
    return (
        (_("Points"), number(told.total)),
        (_("Status"), word(scored.state)),
        (_("Policy version"), number(told.policy.number)),
        *seal,
        (_("Computed at"), moment(scored.computed_at)),
        (_("Printed on"), day(today())),
    )


def _corrected(told: ToldMonth, corrected: Corrected | None) -> tuple[str, ...]:
    """What the last correction of the month came to, beside the sealed points."""
    if corrected is None:
        return ()
    after = _points(corrected.points) if corrected.points is not None else _("no score")
    number_of = corrected.last.number
    told_as = _(
        "Sealed: %(sealed)s. As corrected by no. %(number)s: %(corrected)s.",
        sealed=_points(told.total) if told.total else _("no score"),
        number=number_of,
        corrected=after,
    )
    return (told_as,)


def _points(count: int) -> str:
    return ngettext("%(num)s point", "%(num)s points", count)


def _changed(told: ToldMonth) -> tuple[str, ...]:
    """That what is stored stands, where today's records would come to something else."""
    if not told.differing:
        return ()
    if told.scored.state == "sealed":
        return (_("The records have changed since this month was sealed"),)
    return (_("The records have changed since this month was last computed"),)


def _row(line: ToldLine) -> tuple[str, ...]:
    counted = line.counted
    amounts = (counted.found, counted.items, line.rule.points, line.points)
    return (local(line.rule, "label"), *(number(amount) for amount in amounts))


def _total(told: ToldMonth) -> tuple[str, ...]:
    return (_("Total"), DASH, DASH, DASH, number(told.total))


def _points(count: int) -> str:
    return ngettext("%(num)s point", "%(num)s points", count)


def _part(told: ToldMonth, line: ToldLine, sources: dict[int, Import]) -> ScorePart:
    cap = _("At most %(cap)s in a month.", cap=number(line.rule.cap)) if line.rule.cap else ""
    note = " ".join(filter(None, (local(line.rule, "note"), *map(say, line.rule.asks), cap)))
    return ScorePart(
        f"{local(line.rule, 'label')} – {_points(line.points)}",
        (*filter(None, (note,)), *_beside(told, line)),
        tuple((_item(entry), _rests_on(entry.item.origin, sources)) for entry in line.entries),
    )


def _beside(told: ToldMonth, line: ToldLine) -> tuple[str, ...]:
    """What was counted then and what today's records would come to, where that is not the same."""
    if not line.differs:
        return ()
    then = {"items": number(line.counted.items), "found": number(line.counted.found)}
    now = {"items": number(line.today.items), "found": number(line.today.found)}
    if told.scored.state == "sealed":
        counted = _("Counted when the month was sealed: %(items)s of %(found)s found,", **then)
    else:
        counted = _("Counted when the month was last computed: %(items)s of %(found)s found,", **then)
    today_ = _("By today's records: %(items)s of %(found)s found,", **now)
    return (f"{counted} {_points(line.counted.points)}", f"{today_} {_points(line.today.points)}")


def _item(entry: ToldEntry) -> str:
    item = entry.item
    named = ": ".join(filter(None, (day(item.on), local(item, "name"))))
    lasted = f" ({_clock(item.amount)})" if item.amount > 1 else ""
    points = f" {_points(entry.points)}" if entry.points else ""
    return f"{named}{lasted} – {say(entry.why)}{points}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _rests_on(origin: Origin, sources: dict[int, Import]) -> str:
    """The file and row of a fact, and what proves it; a file that another unit brought is not named to others."""
    proofs = (
        origin.certificate_id and _("Certificate on iGOT %(number)s", number=origin.certificate_id),
        origin.achievement_id and _("Achievement no. %(number)s", number=origin.achievement_id),
        origin.session_id and _("Session no. %(number)s", number=origin.session_id),
    )
    return " · ".join((f"{_('Source')}: {_file(origin, sources)}", *(str(one) for one in proofs if one)))


def _file(origin: Origin, sources: dict[int, Import]) -> str:
    found = sources.get(origin.import_id or 0)
    if found is None:
        return _("entered here")
    is_hidden = found.unit_id and not found.is_readable
    name = _("a file of another office") if is_hidden else found.file_name
    row = [_("row %(row)s", row=origin.row_number)] if origin.row_number else []
    told_on = found.generated_at or found.as_on or found.received_at
    return ", ".join([name, *row, _("of %(date)s", date=day(told_on))])
