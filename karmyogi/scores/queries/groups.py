"""Who is compared with whom: the groups of a month, large enough to be shown, and the rank in one."""

from collections.abc import Mapping
from dataclasses import dataclass

import peewee

from karmyogi.core.periods import When
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.scores.models import MonthlyScore, PeerGroup, in_month
from karmyogi.scores.rules import BoardScope, Peers, group_shown

# The column of a score that names its unit of a scope, the narrowest first; the State needs none.
UNIT_COLUMNS = {
    BoardScope.OFFICE: "unit",
    BoardScope.DISTRICT: "district",
    BoardScope.DIVISION: "division",
    BoardScope.DEPARTMENT: "department",
}

Units = Mapping[BoardScope, int]
Other = MonthlyScore.alias("other")


@dataclass(frozen=True)
class Group:
    """The officers compared on a board: of one class in a unit, or all of it where the class is empty."""

    peers: Peers
    unit_id: int
    size: int
    unit_hi: str = ""
    unit_en: str = ""
    run: int | None = None  # that of a correction; without one the month's own rows are meant

    @property
    def scope(self) -> BoardScope:
        return self.peers.scope

    @property
    def state_class(self) -> str:
        return self.peers.state_class


def group_in(
    month: When, scope: BoardScope, unit_id: int, *, state_class: str = "", run: int | None = None
) -> Group | None:
    """The group that is shown when this one is asked for: itself, or the wider one it is merged into.

    With the run of a correction it is counted in the corrected rows, and boards of it read those. None if even the
    State has fewer than ten officers with a score.
    """
    unit = OrgUnit.get_by_id(unit_id)
    units = _units_around(unit)
    return shown_in(Peers(scope, state_class), units, sizes_in(month, units, run), names_of(units), run)


def _units_around(unit: OrgUnit) -> dict[BoardScope, int]:
    """The unit and those it lies in, by scope."""
    around = {
        BoardScope.OFFICE: unit.id,
        BoardScope.DISTRICT: unit.district_id,
        BoardScope.DIVISION: unit.division_id,
        BoardScope.DEPARTMENT: unit.department_id,
        BoardScope.STATE: state_id(),
    }
    return {scope: unit_id for scope, unit_id in around.items() if unit_id is not None}


def state_id() -> int | None:
    """The unit that is the State itself; None before its reference data is installed."""
    return OrgUnit.select(peewee.fn.MIN(OrgUnit.id)).where(OrgUnit.kind == UnitKind.STATE).scalar()


def names_of(units: Units) -> dict[int, tuple[str, str]]:
    """The Hindi and English name of each of these units."""
    rows = OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en).where(OrgUnit.id.in_(list(units.values())))
    return {unit_id: (name_hi, name_en) for unit_id, name_hi, name_en in rows.tuples()}


def sizes_in(month: When, units: Units, run: int | None = None) -> dict[Peers, int]:
    """How many officers have a score in each group of these units; those of an office are counted, it is small."""
    stored = PeerGroup.select(PeerGroup.scope, PeerGroup.unit, PeerGroup.state_class, PeerGroup.size).where(
        in_month(month, PeerGroup, run) & PeerGroup.unit.in_(list(units.values()))
    )
    sizes = {
        Peers(BoardScope(scope), state_class): size
        for scope, unit_id, state_class, size in stored.tuples()
        if units.get(BoardScope(scope)) == unit_id
    }
    return sizes | _sizes_of_office(month, units.get(BoardScope.OFFICE), run)


def _sizes_of_office(month: When, unit_id: int | None, run: int | None) -> dict[Peers, int]:
    rows = (
        MonthlyScore.select(MonthlyScore.state_class, peewee.fn.COUNT(MonthlyScore.officer))
        .where(in_month(month, MonthlyScore, run) & (MonthlyScore.unit == unit_id))
        .group_by(MonthlyScore.state_class)
    )
    by_class = dict(rows.tuples())
    sizes = {Peers(BoardScope.OFFICE, state_class): size for state_class, size in by_class.items()}
    return sizes | {Peers(BoardScope.OFFICE): sum(by_class.values())}


def shown_in(
    wanted: Peers,
    units: Units,
    sizes: Mapping[Peers, int],
    names: Mapping[int, tuple[str, str]],
    run: int | None = None,
) -> Group | None:
    """The group shown for the one wanted, with its size and the name of its unit; None if none is large enough."""
    peers = group_shown(wanted, sizes)
    if peers is None:
        return None
    unit_id = units[peers.scope]
    return Group(peers, unit_id, sizes[peers], *names[unit_id], run=run)


def is_in(group: Group, score: type[MonthlyScore]) -> peewee.Expression:
    """The condition that a score belongs to the group."""
    column = UNIT_COLUMNS.get(group.scope)
    inside = peewee.Value(1) == peewee.Value(1) if column is None else getattr(score, column) == group.unit_id
    return inside & (score.state_class == group.state_class) if group.state_class else inside


def rank_in(group: Group, score: type[MonthlyScore]) -> peewee.Node:
    """The stored rank of a score in the group; in an office, which is small, counted."""
    if group.scope is not BoardScope.OFFICE:
        return getattr(score, rank_column(group.peers))
    place = Other.select(peewee.fn.COUNT(Other.officer) + 1).where(
        (Other.month == score.month)
        & (Other.run == score.run)
        & is_in(group, Other)
        & (Other.rank_state < score.rank_state)
    )
    return score.rank_state * 0 + place  # where there is no score, NULL stays NULL


def rank_column(peers: Peers) -> str:
    """The column of `MonthlyScore` that holds the rank in such a group; an office has none."""
    return f"{'class_' if peers.state_class else ''}rank_{peers.scope.value}"
