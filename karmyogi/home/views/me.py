"""The employee's own page, and why a month's score is what it is."""

import peewee
from flask import render_template
from flask_babel import gettext as _

from karmyogi.achievements.queries import achievements_of
from karmyogi.awards.queries import awards_of
from karmyogi.completions import queries as learning
from karmyogi.core.errors import NotThere
from karmyogi.core.months import Month, today
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_
from karmyogi.home.views.address import blueprint
from karmyogi.people.models import Designation, Officer
from karmyogi.people.queries import last_correction_of, posting_of
from karmyogi.scores import queries as scores
from karmyogi.scores.rules import BoardScope, explained, policy_for
from karmyogi.web.access import current_actor, requires, visible_or_404
from karmyogi.web.i18n import month_name, number, word

STANDINGS = {
    "done_in_time": (N_("Done in time"), "good"),
    "done_late": (N_("Done late"), "warn"),
    "overdue": (N_("Overdue"), "bad"),
    "due": (N_("Due"), "info"),
}


@blueprint.get("/me")
@requires(Permission.ME_READ)
def me() -> str:
    """An employee's own page: score, dues, courses, achievements and awards."""
    officer = _own_record()
    history = scores.history_of(officer.id, limit=12)
    latest = Month.parse(history[0].month) if history else None
    return render_template(
        "home/me.html",
        officer=officer,
        posting=posting_of(officer, on=today()),
        name_correction=last_correction_of(officer),
        history=history,
        latest=latest,
        place=scores.neighbours(latest, officer.id) if latest else None,
        standing=scores.standing_of(officer.id, latest) if latest else None,
        points=_points_by_month(history),
        dues=[(due, *_standing(due)) for due in learning.dues_of(officer.id, on=today())],
        done=learning.completions_of(officer.id),
        under_way=learning.under_way(officer.id),
        awards=awards_of(officer.id),
        achievements=achievements_of(officer.id),
    )


@blueprint.get("/me/scores/<month>")
@requires(Permission.ME_READ)
def my_month(month: str) -> str:
    """One month's score with every line explained: what was counted, and why the rest was not."""
    officer = _own_record()
    try:
        wanted = Month.parse(month)
    except ValueError:
        raise NotThere("not_there") from None
    scored = next((m for m in scores.months_scored() if m.month == str(wanted)), None)
    if scored is None:
        raise NotThere("not_there")
    policy = policy_for(wanted, scores.published_policies(), number=scored.policy.number)
    rules = {rule.code: rule for rule in policy.rules}
    lines = explained(scores.facts_of(officer.id, wanted), policy, wanted)
    standing = scores.standing_of(officer.id, wanted)
    return render_template(
        "home/month.html",
        month=wanted,
        scored=scored,
        policy=policy,
        standing=standing,
        stored=scores.lines_of(officer.id, wanted),
        lines=[(rules[line.code], line) for line in lines],
        leaders=_leaders(standing, wanted),
        scope_words={scope: word(scope.value) for scope in BoardScope},
    )


def _leaders(standing: scores.OfficerStanding | None, month: Month) -> list[scores.Standing]:
    """Ranks 1 to 3 of the officer's own department, which every one of its officers may see."""
    place = standing and (standing.place_in(BoardScope.DEPARTMENT) or standing.place_in(BoardScope.STATE))
    return scores.leaders(month, place.group) if place else []


def _own_record() -> Officer:
    mine = (
        Officer.select(Officer, Designation)
        .join(Designation, peewee.JOIN.LEFT_OUTER)
        .where(Officer.id == (current_actor().officer_id or 0))
    )
    return visible_or_404(mine)


def _standing(due: learning.Due) -> tuple[str, str]:
    label, tone = STANDINGS[due.standing.value]
    return _(label), tone


def _points_by_month(history: list[scores.PastMonth]) -> list[dict[str, object]]:
    """The last twelve months for the plot, oldest first; a month without a score is a gap."""
    if not history:
        return []
    by_month = {past.month: past.points for past in history}
    newest = Month.parse(history[0].month)
    months = [newest.plus(-back) for back in range(11, -1, -1)]
    return [
        {
            "label": f"{month.number:02d}",
            "name": month_name(month),
            "value": by_month.get(str(month)),
            "text": number(by_month.get(str(month))),
            "now": month == newest,
        }
        for month in months
    ]
