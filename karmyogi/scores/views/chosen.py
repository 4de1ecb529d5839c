"""What a board is of, as chosen in its address: a month, a quarter or a financial year, and what is said of it."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _

from karmyogi.core.months import Month
from karmyogi.core.periods import Period, When, parse_when
from karmyogi.scores import queries
from karmyogi.scores.models import ScoreMonth, ScorePeriod
from karmyogi.web.i18n import month_name, number, period_name, word

Chosen = ScoreMonth | ScorePeriod


def offered() -> list[Chosen]:
    """All that a board can be of: the months that were scored, then the quarters and years, each newest first."""
    return [*queries.months_scored(), *queries.periods_added_up()]


def chosen_from(among: Sequence[Chosen]) -> Chosen | None:
    """What is asked for; else the newest sealed month, else the newest month."""
    asked = request.args.get("month")
    sealed = [one for one in among if one.state == "sealed"]
    return next((one for one in among if one.month == asked), (sealed or list(among) or [None])[0])


def when_of(chosen: Chosen) -> When:
    """The month, quarter or year itself."""
    return parse_when(chosen.month)


def months_of(chosen: Chosen) -> list[str]:
    """The months counted, the first first."""
    return chosen.months if isinstance(chosen, ScorePeriod) else [chosen.month]


def choices_of(among: Sequence[Chosen]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Months, quarters and years to choose from, by kind, each as its address and its name; no kind without any."""
    kinds: dict[str, list[tuple[str, str]]] = {_("Months"): [], _("Quarters"): [], _("Financial years"): []}
    months, quarters, years = kinds.values()
    for one in among:
        when = when_of(one)
        where = months if isinstance(when, Month) else quarters if when.quarter else years
        where.append((one.month, _named(one)))
    return [(kind, listed) for kind, listed in kinds.items() if listed]


def _named(one: Chosen) -> str:
    final = ("sealed", "period_complete")
    return period_name(one.month) if one.state in final else f"{period_name(one.month)} ({word(one.state)})"


def before_name(chosen: Chosen) -> str:
    """What a rank before it is of."""
    when = when_of(chosen)
    if isinstance(when, Month):
        return _("Previous month")
    return _("Previous quarter") if when.quarter else _("Previous year")


def spans(months: Sequence[str]) -> str:
    """Months in words, those that follow each other as a stretch: April 2026 to June 2026, August 2026."""
    stretches: list[list[Month]] = []
    for month in map(Month.parse, months):
        if stretches and stretches[-1][-1].next == month:
            stretches[-1].append(month)
        else:
            stretches.append([month])
    return ", ".join(_stretch(found) for found in stretches)


def _stretch(months: list[Month]) -> str:
    if len(months) < 3:
        return ", ".join(month_name(month) for month in months)
    return _("%(first)s to %(last)s", first=month_name(months[0]), last=month_name(months[-1]))


def corrected_months(chosen: ScorePeriod) -> str:
    """The months that count as corrected, each with the number of its correction; empty where none does."""
    return ", ".join(
        _("%(month)s (no. %(number)s)", month=month_name(month), number=number(last))
        for month, last in chosen.corrections
    )


def counted_in(chosen: Chosen, *, as_sealed: bool = False) -> dict[str, str] | None:
    """Which months of a quarter or year are counted, which are not, and which as corrected; nothing of a month."""
    if isinstance(chosen, ScoreMonth):
        return None
    corrected = "" if as_sealed else corrected_months(chosen)
    return {"months": spans(chosen.months), "missing": spans(chosen.missing), "corrected": corrected}


def facts_of(chosen: Chosen, *, as_sealed: bool = False) -> list[tuple[str, object]]:
    """What every board says of what it is of: whether it is final, what it rests on, and how fresh its reports are.

    With `as_sealed` a quarter or year tells of no corrections: figures of units have none.
    """
    if isinstance(chosen, ScorePeriod):
        return _facts_of_period(chosen, "" if as_sealed else corrected_months(chosen))
    return [
        (_("Month"), month_name(chosen.month)),
        (_("Status"), word(chosen.state)),
        *([(_("Hash of the seal"), chosen.seal)] if chosen.seal else []),
        (_("iGOT data as on"), chosen.data_as_on),
    ]


def _facts_of_period(chosen: ScorePeriod, corrected: str) -> list[tuple[str, object]]:
    when = Period.parse(chosen.period)
    return [
        (_("Quarter") if when.quarter else _("Financial year"), period_name(when)),
        (_("Status"), word(chosen.state)),
        (_("Months counted"), spans(chosen.months)),
        *([(_("Months not sealed yet"), spans(chosen.missing))] if chosen.missing else []),
        *([(_("Counted as corrected"), corrected)] if corrected else []),
        (_("iGOT data as on"), chosen.data_as_on),
    ]
