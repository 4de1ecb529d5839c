"""Boards of units: points for each officer posted there, compared with units of like size."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import peewee

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import OrgUnit, Posting
from karmyogi.people.queries import counts_once, is_held, units_within
from karmyogi.scores.models import MonthlyScore, PeerGroup, in_month
from karmyogi.scores.rules import MINIMUM_GROUP, BoardScope, bands_from, shared_ranks

# The column of a unit that says under which unit of the scope its officers are counted.
COUNTED_UNDER = {BoardScope.DEPARTMENT: OrgUnit.department, BoardScope.DISTRICT: OrgUnit.district}


@dataclass(frozen=True)
class UnitStanding:
    """A unit's place among those of its size: its officers on the month's last day, those with a score, all points.

    Officers who moved within the month score where they were last, so there may be more with a score than are posted.
    """

    rank: int
    unit_id: int
    unit_hi: str
    unit_en: str
    officers: int
    scored: int
    points: int

    @property
    def average(self) -> Fraction:
        """Points for each posted officer, without rounding."""
        return Fraction(self.points, self.officers)

    @property
    def share(self) -> int:
        """Per cent of the posted officers who have a score, rounded down; never above 100."""
        return min(100 * self.scored // self.officers, 100)


@dataclass(frozen=True)
class Band:
    """Units with `smallest` to `largest` officers, both included; `largest` is None where there is no end."""

    smallest: int
    largest: int | None
    units: tuple[UnitStanding, ...]


def unit_board(
    month: Month, scope: BoardScope, bands: Sequence[int], *, by: Actor, department_id: int | None = None
) -> list[Band]:
    """The units of a scope within the actor's reach by bands of size, the smallest band first, the best unit first.

    `bands` are the largest sizes of all bands but the last; offices are those of one department. Ranks are
    among all units of the band: equal averages share one and the next skips. A unit with fewer than ten
    officers, or fewer than ten with a score, is in no band and takes no rank: its points would be those of
    a few who can be named. A handful of statements, whatever the number of officers.
    """
    points, seen = _points(month, scope, department_id), _units_seen(by)
    many = {unit for unit, (scored, _points) in points.items() if scored >= MINIMUM_GROUP}
    everywhere = _posted(month, scope, department_id)
    posted = {unit: count for unit, count in everywhere.items() if unit in many and count >= MINIMUM_GROUP}
    names = _names(list(posted))
    found = []
    for smallest, largest in bands_from(MINIMUM_GROUP, bands):
        members = [unit for unit, count in posted.items() if smallest <= count <= (largest or count)]
        units = _ranked([(unit, *names[unit], posted[unit], *points[unit]) for unit in members])
        shown = tuple(unit for unit in units if seen is None or unit.unit_id in seen)
        found += [Band(smallest, largest, shown)] if shown else []
    return found


def _ranked(units: list[tuple[int, str, str, int, int, int]]) -> list[UnitStanding]:
    ranks = shared_ranks([Fraction(points, officers) for *_named, officers, _scored, points in units])
    ranked = [UnitStanding(rank, *unit) for rank, unit in zip(ranks, units, strict=True)]
    return sorted(ranked, key=lambda unit: (unit.rank, unit.unit_hi or unit.unit_en, unit.unit_id))


def _posted(month: Month, scope: BoardScope, department_id: int | None) -> dict[int, int]:
    """Officers posted on the month's last day, by unit of the scope: counted by office, then offices are added up."""
    by_office = (
        Posting.select(Posting.unit.alias("unit_id"), peewee.fn.COUNT(Posting.officer.distinct()).alias("officers"))
        .where(is_held(month.last_on) & counts_once(Posting.officer, on=month.last_on))
        .group_by(Posting.unit)
        .alias("by_office")
    )
    unit, officers = COUNTED_UNDER.get(scope, OrgUnit.id), peewee.fn.SUM(by_office.c.officers)
    rows = (
        OrgUnit.select(unit, officers)
        .join(by_office, on=OrgUnit.id == by_office.c.unit_id)
        .where(unit.is_null(False) & _in_department(OrgUnit.department, scope, department_id))
        .group_by(unit)
    )
    return {unit_id: int(count) for unit_id, count in rows.tuples()}


def _points(month: Month, scope: BoardScope, department_id: int | None) -> dict[int, tuple[int, int]]:
    """Officers with a score and their points, by unit: stored with the month, but for offices, which are counted."""
    if scope is BoardScope.OFFICE:
        rows = (
            MonthlyScore.select(
                MonthlyScore.unit, peewee.fn.COUNT(MonthlyScore.officer), peewee.fn.SUM(MonthlyScore.points)
            )
            .where(in_month(month, MonthlyScore) & (MonthlyScore.department == department_id))
            .group_by(MonthlyScore.unit)
        )
    else:
        rows = PeerGroup.select(PeerGroup.unit, PeerGroup.size, PeerGroup.total_points).where(
            in_month(month, PeerGroup) & (PeerGroup.scope == scope.value) & (PeerGroup.state_class == "")
        )
    return {unit_id: (size, int(points)) for unit_id, size, points in rows.tuples()}


def _in_department(column: peewee.Field, scope: BoardScope, department_id: int | None) -> peewee.Expression:
    return column == department_id if scope is BoardScope.OFFICE else peewee.Value(1) == peewee.Value(1)


def _names(unit_ids: list[int]) -> dict[int, tuple[str, str]]:
    rows = OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en).where(OrgUnit.id.in_(unit_ids))
    return {unit_id: (name_hi, name_en) for unit_id, name_hi, name_en in rows.tuples()}


def _units_seen(by: Actor) -> set[int] | None:
    """The units within the actor's reach; None is all of them."""
    scope = scope_of(by, Permission.LEADERBOARD_READ)
    return None if scope.everything else {unit_id for (unit_id,) in units_within(scope).tuples()}
