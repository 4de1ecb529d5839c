"""UnitFigures of units that a month did not keep: those posted are counted by the roster of today, as pages say."""

import peewee

from karmyogi.core.months import Month
from karmyogi.people.models import OrgUnit, Posting
from karmyogi.people.queries import counts_once, is_held
from karmyogi.scores.models import MonthlyScore, PeerGroup, in_month
from karmyogi.scores.rules import BoardScope, UnitFigures

# The column of an office that says under which unit of the scope its officers are counted.
HOMES = {
    BoardScope.DEPARTMENT: OrgUnit.department,
    BoardScope.DISTRICT: OrgUnit.district,
    BoardScope.DIVISION: OrgUnit.division,
}
NOT_KEPT = dict.fromkeys(("learners", "seconds", "planners", "plan_courses", "in_time"))


def counted_today(month: Month, scope: BoardScope, department_id: int | None = None) -> dict[int, UnitFigures]:
    """The units of a scope, or the offices of one department, by id; nothing is known of what they learnt."""
    posted, scored = _posted(month, scope, department_id), _scored(month, scope, department_id)
    return {unit: UnitFigures(posted.get(unit, 0), *scored.get(unit, (0, 0)), **NOT_KEPT) for unit in posted | scored}


def _posted(month: Month, scope: BoardScope, department_id: int | None) -> dict[int, int]:
    """Officers posted on the month's last day: counted by office, then offices are added up."""
    by_office = (
        Posting.select(Posting.unit.alias("unit_id"), peewee.fn.COUNT(Posting.officer.distinct()).alias("officers"))
        .where(is_held(month.last_on) & counts_once(Posting.officer, on=month.last_on))
        .group_by(Posting.unit)
        .alias("by_office")
    )
    unit = HOMES.get(scope, OrgUnit.id)
    rows = (
        OrgUnit.select(unit, peewee.fn.SUM(by_office.c.officers))
        .join(by_office, on=OrgUnit.id == by_office.c.unit_id)
        .where(unit.is_null(False))
        .group_by(unit)
    )
    if scope is BoardScope.OFFICE:
        rows = rows.where(OrgUnit.department == department_id)
    return {unit_id: int(count) for unit_id, count in rows.tuples()}


def _scored(month: Month, scope: BoardScope, department_id: int | None) -> dict[int, tuple[int, int]]:
    """Officers with a score and their points: stored with the month, but for offices, which are counted."""
    if scope is BoardScope.OFFICE:
        counted = peewee.fn.COUNT(MonthlyScore.officer), peewee.fn.SUM(MonthlyScore.points)
        rows = (
            MonthlyScore.select(MonthlyScore.unit, *counted)
            .where(in_month(month, MonthlyScore) & (MonthlyScore.department == department_id))
            .group_by(MonthlyScore.unit)
        )
    else:
        rows = PeerGroup.select(PeerGroup.unit, PeerGroup.size, PeerGroup.total_points).where(
            in_month(month, PeerGroup) & (PeerGroup.scope == scope.value) & (PeerGroup.state_class == "")
        )
    return {unit_id: (size, int(points)) for unit_id, size, points in rows.tuples()}
