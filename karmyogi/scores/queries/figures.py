"""The figures of units as a month keeps them."""

from collections.abc import Sequence

import peewee

from karmyogi.core.months import Month
from karmyogi.core.periods import Period, When
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.scores.models import ScoreMonth, ScorePeriod, UnitFigure, in_month, is_shown
from karmyogi.scores.queries.roster import counted_today
from karmyogi.scores.rules import BoardScope, UnitFigures

NUMBERS = (
    UnitFigure.officers,
    UnitFigure.scored,
    UnitFigure.points,
    UnitFigure.learners,
    UnitFigure.seconds,
    UnitFigure.planners,
    UnitFigure.plan_courses,
    UnitFigure.in_time,
)
KEPT_SINCE = 2  # the version of the seal
SCOPE_OF = {
    UnitKind.STATE: BoardScope.STATE,
    UnitKind.DIVISION: BoardScope.DIVISION,
    UnitKind.DISTRICT: BoardScope.DISTRICT,
    UnitKind.DEPARTMENT: BoardScope.DEPARTMENT,
}


def keeps_figures(month: When) -> bool:
    """Whether a month keeps figures of units; one computed by older code does not, nor a period with such a month."""
    if isinstance(month, Period):
        return ScorePeriod.select().where((ScorePeriod.period == str(month)) & ScorePeriod.keeps_figures).exists()
    row = (ScoreMonth.month == str(month)) & (ScoreMonth.seal_version >= KEPT_SINCE)
    return ScoreMonth.select().where(row).exists()


def figures_in(month: When, scope: BoardScope, *, department_id: int | None = None) -> dict[int, UnitFigures]:
    """The figures of all units of a scope, or of the offices that were one department's, by unit.

    Of a month that keeps none, those posted are counted by the roster of today. Empty for a month never computed. Of a
    quarter or a year only units are kept that each of its months lists.
    """
    if isinstance(month, Month) and not keeps_figures(month):
        return counted_today(month, scope, department_id)
    rows = UnitFigure.select(UnitFigure.unit, *NUMBERS).where(
        in_month(month, UnitFigure) & (UnitFigure.scope == scope.value)
    )
    if scope is BoardScope.OFFICE:
        rows = rows.where(UnitFigure.department == department_id)
    return {unit: UnitFigures(*numbers) for unit, *numbers in rows.tuples()}


def figures_beside(unit: OrgUnit, months: Sequence[Month]) -> dict[Month, dict[int, UnitFigures]]:
    """The figures of a unit and of those it is listed with, in each of the months that keep them; two statements."""
    scope, asked = scope_of_unit(unit), [str(month) for month in months]
    kept = UnitFigure.select().join(ScoreMonth, on=is_shown(UnitFigure)).where(ScoreMonth.seal_version >= KEPT_SINCE)
    kept = kept.where(UnitFigure.month.in_(asked) & (UnitFigure.scope == scope.value))
    own = kept.select(UnitFigure.month, UnitFigure.department).where(UnitFigure.unit == unit.id)
    homes = dict(own.tuples())
    beside = kept.select(UnitFigure.month, UnitFigure.department, UnitFigure.unit, *NUMBERS).where(
        _of_one_of(set(homes.values()))
    )
    found: dict[Month, dict[int, UnitFigures]] = {}
    for month, department, other, *numbers in beside.tuples():
        if month in homes and department == homes[month]:
            found.setdefault(Month.parse(month), {})[other] = UnitFigures(*numbers)
    return found


def scope_of_unit(unit: OrgUnit) -> BoardScope:
    """Among which units one is listed: State, divisions, districts and departments by kind, all others as offices."""
    return SCOPE_OF.get(UnitKind(unit.kind), BoardScope.OFFICE)


def _of_one_of(departments: set[int | None]) -> peewee.Expression:
    known = UnitFigure.department.in_([one for one in departments if one is not None])
    return known | UnitFigure.department.is_null() if None in departments else known
