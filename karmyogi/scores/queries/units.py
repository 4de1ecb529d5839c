"""Boards of units: points for each officer posted there, compared with units of like size; and one unit over months."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.core.periods import When
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import OrgUnit
from karmyogi.people.queries import units_within
from karmyogi.scores.queries.figures import figures_beside, figures_in
from karmyogi.scores.rules import (
    MINIMUM_GROUP,
    BoardScope,
    UnitFigures,
    bands_from,
    shared_ranks,
    told_hours,
    told_units,
)

Size = tuple[int, int | None]


@dataclass(frozen=True)
class UnitStanding:
    """A unit's place among those of its size, and what it rests on.

    `previous_rank` is that of the month before; None if the unit was in no list then, or among units of another size.
    `hours` are told only where they give away those of no smaller unit.
    """

    rank: int
    unit_id: int
    unit_hi: str
    unit_en: str
    figures: UnitFigures
    may_tell_hours: bool
    month: When
    previous_rank: int | None = None

    @property
    def change(self) -> int | None:
        """Places gained since the month before; below zero if lost; None without a rank there."""
        return None if self.previous_rank is None else self.previous_rank - self.rank


@dataclass(frozen=True)
class Band:
    """Units with `smallest` to `largest` officers, both included; `largest` is None where there is no end."""

    smallest: int
    largest: int | None
    units: tuple[UnitStanding, ...]


@dataclass(frozen=True)
class UnitMonth:
    """A unit in a month: its figures, and its rank among how many units of its size; None where it may not be told."""

    month: Month
    figures: UnitFigures | None = None
    may_tell_hours: bool = False
    rank: int | None = None
    among: int = 0


def unit_board(
    month: When, scope: BoardScope, bands: Sequence[int], *, by: Actor, department_id: int | None = None
) -> list[Band]:
    """The units of a scope within the actor's reach by bands of size, the smallest band first, the best unit first.

    `bands` are the largest sizes of all bands but the last; offices are those of one department. Ranks are
    among all units of the band: equal averages share one and the next skips. A unit with fewer than ten
    officers, or fewer than ten with a score, is in no band and takes no rank: its points would be those of
    a few who can be named. So is the smallest of the others, where they alone would give it away.
    """
    units = figures_in(month, scope, department_id=department_id)
    ranks = _ranks(units, bands)
    before = _ranks(figures_in(month.previous, scope, department_id=department_id), bands)
    seen, hours = _units_seen(by), told_hours(units)
    listed = {unit for unit in ranks if seen is None or unit in seen}
    found: dict[Size, list[UnitStanding]] = {}
    for unit, names in _names(listed):
        size, rank = ranks[unit]
        previous = before[unit][1] if before.get(unit, (None, 0))[0] == size else None
        standing = UnitStanding(rank, unit, *names, units[unit], unit in hours, month, previous)
        found.setdefault(size, []).append(standing)
    return [Band(*size, tuple(_in_order(found[size]))) for size in bands_from(MINIMUM_GROUP, bands) if size in found]


def unit_history(unit: OrgUnit, months: Sequence[Month], bands: Sequence[int]) -> list[UnitMonth]:
    """A unit in each of these months, in their order; without figures where none are kept, or they may not be told."""
    kept = figures_beside(unit, months)
    return [_month_of(unit.id, month, kept.get(month, {}), bands) for month in months]


def _month_of(unit: int, month: Month, units: Mapping[int, UnitFigures], bands: Sequence[int]) -> UnitMonth:
    ranks = _ranks(units, bands)
    if unit not in ranks:
        return UnitMonth(month)
    size, rank = ranks[unit]
    among = sum(other == size for other, _rank in ranks.values())
    return UnitMonth(month, units[unit], unit in told_hours(units), rank, among)


def _ranks(units: Mapping[int, UnitFigures], bands: Sequence[int]) -> dict[int, tuple[Size, int]]:
    """The band and the rank of each unit that may be told."""
    told, found = told_units(units), {}
    for smallest, largest in bands_from(MINIMUM_GROUP, bands):
        members = [unit for unit in told if smallest <= units[unit].officers <= (largest or units[unit].officers)]
        ranks = shared_ranks([units[unit].average for unit in members])
        found |= {unit: ((smallest, largest), rank) for unit, rank in zip(members, ranks, strict=True)}
    return found


def _in_order(units: list[UnitStanding]) -> list[UnitStanding]:
    return sorted(units, key=lambda unit: (unit.rank, unit.unit_hi or unit.unit_en, unit.unit_id))


def _names(unit_ids: set[int]) -> list[tuple[int, tuple[str, str]]]:
    rows = OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en).where(OrgUnit.id.in_(list(unit_ids)))
    return [(unit_id, (name_hi, name_en)) for unit_id, name_hi, name_en in rows.tuples()]


def _units_seen(by: Actor) -> set[int] | None:
    """The units within the actor's reach; None is all of them."""
    scope = scope_of(by, Permission.LEADERBOARD_READ)
    return None if scope.everything else {unit_id for (unit_id,) in units_within(scope).tuples()}
