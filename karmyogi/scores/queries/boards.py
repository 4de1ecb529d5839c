"""Leaderboards: who stands where, in a group large enough, within the reader's reach.

Boards are read from the top, in the order of stored ranks; nothing here lists
the lowest. Ties share a rank; within one they are in order of name, for display only.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import peewee

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Designation, Officer, OrgUnit, UnitKind
from karmyogi.people.queries import units_within
from karmyogi.scores.models import MonthlyScore, PeerGroup, PolicyRule, ScoreLine, ScoreMonth
from karmyogi.scores.rules import BoardScope, Peers, group_shown
from karmyogi.store.db import is_postgres

LEADERS = 3  # the ranks everybody may see
LEADERS_SHOWN = 10  # however many share them

# The column of a score that names its unit of a scope, the narrowest first; the State needs none.
UNIT_COLUMNS = {
    BoardScope.OFFICE: "unit",
    BoardScope.DISTRICT: "district",
    BoardScope.DIVISION: "division",
    BoardScope.DEPARTMENT: "department",
}

Units = Mapping[BoardScope, int]
Previous = MonthlyScore.alias("previous")
Other = MonthlyScore.alias("other")


# Groups


@dataclass(frozen=True)
class Group:
    """The officers compared on a board: of one class in a unit, or all of it where the class is empty."""

    peers: Peers
    unit_id: int
    size: int
    unit_hi: str = ""
    unit_en: str = ""

    @property
    def scope(self) -> BoardScope:
        return self.peers.scope

    @property
    def state_class(self) -> str:
        return self.peers.state_class


def group_in(month: Month, scope: BoardScope, unit_id: int, *, state_class: str = "") -> Group | None:
    """The group that is shown when this one is asked for: itself, or the wider one it is merged into.

    None if even the State has fewer than ten officers with a score.
    """
    unit = OrgUnit.get_by_id(unit_id)
    units = _units_around(unit)
    return _shown(Peers(scope, state_class), units, sizes_in(month, units), _names(units))


def _units_around(unit: OrgUnit) -> dict[BoardScope, int]:
    """The unit and those it lies in, by scope."""
    around = {
        BoardScope.OFFICE: unit.id,
        BoardScope.DISTRICT: unit.district_id,
        BoardScope.DIVISION: unit.division_id,
        BoardScope.DEPARTMENT: unit.department_id,
        BoardScope.STATE: _state_id(),
    }
    return {scope: unit_id for scope, unit_id in around.items() if unit_id is not None}


def _state_id() -> int | None:
    return OrgUnit.select(peewee.fn.MIN(OrgUnit.id)).where(OrgUnit.kind == UnitKind.STATE).scalar()


def _names(units: Units) -> dict[int, tuple[str, str]]:
    rows = OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en).where(OrgUnit.id.in_(list(units.values())))
    return {unit_id: (name_hi, name_en) for unit_id, name_hi, name_en in rows.tuples()}


def sizes_in(month: Month, units: Units) -> dict[Peers, int]:
    """How many officers have a score in each group of these units; those of an office are counted, it is small."""
    stored = PeerGroup.select(PeerGroup.scope, PeerGroup.unit, PeerGroup.state_class, PeerGroup.size).where(
        (PeerGroup.month == str(month)) & PeerGroup.unit.in_(list(units.values()))
    )
    sizes = {
        Peers(BoardScope(scope), state_class): size
        for scope, unit_id, state_class, size in stored.tuples()
        if units.get(BoardScope(scope)) == unit_id
    }
    return sizes | _sizes_of_office(month, units.get(BoardScope.OFFICE))


def _sizes_of_office(month: Month, unit_id: int | None) -> dict[Peers, int]:
    rows = (
        MonthlyScore.select(MonthlyScore.state_class, peewee.fn.COUNT(MonthlyScore.officer))
        .where((MonthlyScore.month == str(month)) & (MonthlyScore.unit == unit_id))
        .group_by(MonthlyScore.state_class)
    )
    by_class = dict(rows.tuples())
    sizes = {Peers(BoardScope.OFFICE, state_class): size for state_class, size in by_class.items()}
    return sizes | {Peers(BoardScope.OFFICE): sum(by_class.values())}


def _shown(
    wanted: Peers, units: Units, sizes: Mapping[Peers, int], names: Mapping[int, tuple[str, str]]
) -> Group | None:
    peers = group_shown(wanted, sizes)
    if peers is None:
        return None
    unit_id = units[peers.scope]
    return Group(peers, unit_id, sizes[peers], *names[unit_id])


# Boards


@dataclass(frozen=True)
class Key:
    """Where a page of a board ends and the next begins."""

    rank_state: int
    name: str
    officer_id: int


@dataclass(frozen=True)
class Standing:
    """One row of a board. `previous_rank` is that of the month before in the same group; None is no record there."""

    rank: int
    points: int
    officer_id: int
    employee_code: str
    name_hi: str
    name_en: str
    designation_hi: str
    designation_en: str
    unit_hi: str
    unit_en: str
    previous_rank: int | None
    key: Key
    group_size: int

    @property
    def change(self) -> int | None:
        """Places gained since the month before; below zero if lost; None without a record there."""
        return None if self.previous_rank is None else self.previous_rank - self.rank


def standings(month: Month, group: Group, *, by: Actor, limit: int = 50, after: Key | None = None) -> list[Standing]:
    """A board from its top, or on from `after`: the officers of the group within the actor's reach, with their ranks.

    Ranks are those of the whole group, also where the actor sees a part of it.
    """
    query = _board(month, group).where(_in_reach(by))
    if after:
        query = query.where(_comes_after(after))
    return [_standing(row, group) for row in query.limit(limit).tuples()]


def how_many(month: Month, group: Group, *, by: Actor) -> int:
    """How many officers of the group are within the actor's reach: the rows of their board."""
    score = MonthlyScore
    return score.select().where((score.month == str(month)) & is_in(group, score) & _in_reach(by)).count()


def key_before(month: Month, group: Group, officer_id: int, *, by: Actor) -> Key | None:
    """The key after which the actor's board goes on with this officer's rank; None if it does not show the officer."""
    score = MonthlyScore
    mine = (score.month == str(month)) & (score.officer == officer_id) & is_in(group, score) & _in_reach(by)
    rank_state = score.select(score.rank_state).where(mine).scalar()
    return None if rank_state is None else Key(rank_state, "", 0)


def leaders(month: Month, group: Group) -> list[Standing]:
    """Ranks 1 to 3 of a group, which each of its officers may see; at most ten rows, however many share them."""
    rank = _rank_in(group, MonthlyScore)
    rows = _board(month, group).where(rank <= LEADERS).limit(LEADERS_SHOWN)
    return [_standing(row, group) for row in rows.tuples()]


def _board(month: Month, group: Group) -> peewee.ModelSelect:
    same_group = is_in(group, Previous) & (Previous.month == str(month.previous))
    return (
        MonthlyScore.select(
            _rank_in(group, MonthlyScore),
            MonthlyScore.points,
            MonthlyScore.officer,
            Officer.employee_code,
            Officer.name_hi,
            Officer.name_en,
            Designation.name_hi,
            Designation.name_en,
            OrgUnit.name_hi,
            OrgUnit.name_en,
            _rank_in(group, Previous),
            MonthlyScore.rank_state,
            _name(),
        )
        .join(Officer, on=MonthlyScore.officer == Officer.id)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Officer.designation == Designation.id)
        .join(OrgUnit, on=MonthlyScore.unit == OrgUnit.id)
        .join(Previous, peewee.JOIN.LEFT_OUTER, on=same_group & (Previous.officer == MonthlyScore.officer))
        .where((MonthlyScore.month == str(month)) & is_in(group, MonthlyScore))
        .order_by(MonthlyScore.rank_state, _name(), MonthlyScore.officer)
    )


def _standing(row: tuple, group: Group) -> Standing:
    *shown, rank_state, name = row
    return Standing(*_filled(shown), key=Key(rank_state, name, row[2]), group_size=group.size)


def _filled(shown: list) -> list:
    """An officer without a designation has an empty one; a missing previous rank stays missing."""
    return ["" if value is None else value for value in shown[:-1]] + shown[-1:]


def _name() -> peewee.Expression:
    """The Hindi name, or the English where it is missing, in the same order of letters on both engines."""
    name = peewee.fn.COALESCE(peewee.fn.NULLIF(Officer.name_hi, ""), Officer.name_en)
    return peewee.Expression(name, "COLLATE", peewee.SQL('"C"' if is_postgres() else "BINARY"))


def _comes_after(key: Key) -> peewee.Expression:
    rank, name, officer = MonthlyScore.rank_state, _name(), MonthlyScore.officer
    later_in_tie = (name > key.name) | ((name == key.name) & (officer > key.officer_id))
    # The first condition alone lets the engine begin at the right place of the index.
    return (rank >= key.rank_state) & ((rank > key.rank_state) | later_in_tie)


def _in_reach(by: Actor) -> peewee.Expression:
    scope = scope_of(by, Permission.LEADERBOARD_READ)
    if scope.everything:
        return peewee.Value(1) == peewee.Value(1)
    return MonthlyScore.unit.in_(units_within(scope))


def is_in(group: Group, score: type[MonthlyScore]) -> peewee.Expression:
    """The condition that a score belongs to the group."""
    column = UNIT_COLUMNS.get(group.scope)
    inside = peewee.Value(1) == peewee.Value(1) if column is None else getattr(score, column) == group.unit_id
    return inside & (score.state_class == group.state_class) if group.state_class else inside


def _rank_in(group: Group, score: type[MonthlyScore]) -> peewee.Node:
    """The stored rank of a score in the group; in an office, which is small, counted."""
    if group.scope is not BoardScope.OFFICE:
        return getattr(score, rank_column(group.peers))
    place = Other.select(peewee.fn.COUNT(Other.officer) + 1).where(
        (Other.month == score.month) & is_in(group, Other) & (Other.rank_state < score.rank_state)
    )
    return score.rank_state * 0 + place  # where there is no score, NULL stays NULL


def rank_column(peers: Peers) -> str:
    """The column of `MonthlyScore` that holds the rank in such a group; an office has none."""
    return f"{'class_' if peers.state_class else ''}rank_{peers.scope.value}"


# One officer


@dataclass(frozen=True)
class Place:
    """Where an officer stands in one group; `wanted` tells if it was merged into a wider one."""

    wanted: Peers
    group: Group
    rank: int
    previous_rank: int | None

    @property
    def is_merged(self) -> bool:
        return self.group.peers != self.wanted


@dataclass(frozen=True)
class OfficerStanding:
    """An officer's month: points, and a place in each scope that can be shown, the narrowest first."""

    month: Month
    officer_id: int
    points: int
    rank_state: int  # the order of every board
    places: tuple[Place, ...]

    def place_in(self, scope: BoardScope) -> Place | None:
        """The place shown for a scope, also if it was merged into a wider one; None if there is none."""
        return next((place for place in self.places if place.wanted.scope is scope), None)


def standing_of(officer_id: int, month: Month) -> OfficerStanding | None:
    """Where an officer stands in a month among those of the same class; None is no record, not a last place."""
    scores = _scores_of(officer_id, month, month.previous)
    score, before = scores.get(str(month)), scores.get(str(month.previous))
    if score is None:
        return None
    units = _units_of(score)
    sizes, names = sizes_in(month, units), _names(units)
    wanted = [Peers(scope, score.state_class) for scope in units]
    groups = [(peers, _shown(peers, units, sizes, names)) for peers in wanted]
    places = tuple(_place(peers, group, score, before) for peers, group in groups if group)
    return OfficerStanding(month, officer_id, score.points, score.rank_state, places)


def _scores_of(officer_id: int, *months: Month) -> dict[str, MonthlyScore]:
    mine = MonthlyScore.month.in_([str(month) for month in months]) & (MonthlyScore.officer == officer_id)
    return {score.month: score for score in MonthlyScore.select().where(mine)}


def _units_of(score: MonthlyScore) -> dict[BoardScope, int]:
    """The units a score belongs to, narrowest first."""
    units = {scope: _unit_of(score, scope) for scope in UNIT_COLUMNS} | {BoardScope.STATE: _state_id()}
    return {scope: unit_id for scope, unit_id in units.items() if unit_id is not None}


def _unit_of(score: MonthlyScore, scope: BoardScope) -> int | None:
    return getattr(score, f"{UNIT_COLUMNS[scope]}_id")


def _place(wanted: Peers, group: Group, score: MonthlyScore, before: MonthlyScore | None) -> Place:
    was_here = before is not None and _belongs(before, group)
    return Place(wanted, group, _rank_of(score, group), _rank_of(before, group) if before and was_here else None)


def _belongs(score: MonthlyScore, group: Group) -> bool:
    in_unit = group.scope is BoardScope.STATE or _unit_of(score, group.scope) == group.unit_id
    return in_unit and group.state_class in ("", score.state_class)


def _rank_of(score: MonthlyScore, group: Group) -> int:
    if group.scope is not BoardScope.OFFICE:
        return getattr(score, rank_column(group.peers))
    ahead = (MonthlyScore.month == score.month) & (MonthlyScore.rank_state < score.rank_state)
    return MonthlyScore.select().where(ahead & is_in(group, MonthlyScore)).count() + 1


@dataclass(frozen=True)
class Neighbour:
    """The next rank up or down, and how many points lie between: no name, and not how many share it."""

    rank: int
    gap: int


@dataclass(frozen=True)
class Neighbours:
    """An officer's place in a group with the ranks beside it; one is None at the top, or where nobody has fewer."""

    place: Place
    points: int
    ahead: Neighbour | None
    behind: Neighbour | None


def neighbours(standing: OfficerStanding, *, scope: BoardScope = BoardScope.STATE) -> Neighbours | None:
    """The ranks next to an officer's own in the group shown for a scope; None without a group to show."""
    place = standing.place_in(scope)
    if place is None:
        return None
    rank, own = MonthlyScore.rank_state, standing.rank_state
    ahead = _nearest(standing, place.group, rank < own, rank.desc())
    behind = _nearest(standing, place.group, rank > own, rank)
    return Neighbours(place, standing.points, ahead, behind)


def _nearest(
    standing: OfficerStanding, group: Group, beside: peewee.Expression, order: peewee.Node
) -> Neighbour | None:
    """The first of the group in this order: one step in the index, whatever the rank."""
    row = (
        MonthlyScore.select(_rank_in(group, MonthlyScore), MonthlyScore.points)
        .where((MonthlyScore.month == str(standing.month)) & is_in(group, MonthlyScore) & beside)
        .order_by(order)
        .tuples()
        .first()
    )
    return row and Neighbour(row[0], abs(row[1] - standing.points))


@dataclass(frozen=True)
class PastMonth:
    """A month of an officer's history, with the rank in the whole State and how many had a score."""

    month: str
    state: str
    points: int
    rank_state: int
    officer_count: int


def history_of(officer_id: int, *, limit: int = 24, before: Month | None = None) -> list[PastMonth]:
    """The months in which an officer has a score, newest first; a month without one is not a zero.

    With `before`, only those that came before that month.
    """
    earlier = MonthlyScore.month < str(before) if before else peewee.Value(1) == peewee.Value(1)
    rows = (
        MonthlyScore.select(
            MonthlyScore.month,
            ScoreMonth.state,
            MonthlyScore.points,
            MonthlyScore.rank_state,
            ScoreMonth.officer_count,
        )
        .join(ScoreMonth, on=ScoreMonth.month == MonthlyScore.month)
        .where((MonthlyScore.officer == officer_id) & earlier)
        .order_by(MonthlyScore.month.desc())
        .limit(limit)
    )
    return [PastMonth(*row) for row in rows.tuples()]


@dataclass(frozen=True)
class StoredLine:
    """A line of a score as stored, in the words of the policy that gave it."""

    code: str
    label_hi: str
    label_en: str
    found: int
    items: int
    points: int
    points_each: int
    cap: int | None


def lines_of(officer_id: int, month: Month) -> list[StoredLine]:
    """The stored lines of an officer's month, in the order of its policy."""
    rows = (
        ScoreLine.select(
            ScoreLine.code,
            PolicyRule.label_hi,
            PolicyRule.label_en,
            ScoreLine.found,
            ScoreLine.items,
            ScoreLine.points,
            PolicyRule.points,
            PolicyRule.cap,
        )
        .join(ScoreMonth, on=ScoreMonth.month == ScoreLine.month)
        .join(PolicyRule, on=(PolicyRule.policy == ScoreMonth.policy) & (PolicyRule.code == ScoreLine.code))
        .where((ScoreLine.officer == officer_id) & (ScoreLine.month == str(month)))
        .order_by(PolicyRule.position)
    )
    return [StoredLine(*row) for row in rows.tuples()]
