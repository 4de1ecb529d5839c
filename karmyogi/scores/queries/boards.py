"""Leaderboards: who stands where, in a group large enough, within the reader's reach.

Boards are read from the top, in the order of stored ranks; nothing here lists
the lowest. Ties share a rank; within one they are in order of name, for display only.
"""

from dataclasses import dataclass

import peewee

from karmyogi.core.periods import When
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Designation, Officer, OrgUnit
from karmyogi.people.queries import Narrowing, is_within, officers_called, units_within
from karmyogi.scores.models import MonthlyScore, in_month
from karmyogi.scores.queries.groups import Group, is_in, rank_in
from karmyogi.store.db import is_postgres

LEADERS = 3  # the ranks everybody may see
LEADERS_SHOWN = 10  # however many share them
EVERYBODY = Narrowing()

Previous = MonthlyScore.alias("previous")
Sealed = MonthlyScore.alias("as_sealed")


@dataclass(frozen=True)
class Key:
    """Where a page of a board ends and the next begins."""

    rank_state: int
    name: str
    officer_id: int


@dataclass(frozen=True)
class Standing:
    """One row of a board of a month, a quarter or a year.

    `previous_rank` is that of the one before in the same group; None is no record there.

    On a corrected board `sealed_rank` and `sealed_points` are what was sealed, None where there was no score, or no
    rank in this group.
    """

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
    sealed_rank: int | None = None
    sealed_points: int | None = None

    @property
    def change(self) -> int | None:
        """Places gained since the month before; below zero if lost; None without a record there."""
        return None if self.previous_rank is None else self.previous_rank - self.rank

    @property
    def gained(self) -> int | None:
        """Points that a correction gave beyond those sealed, below zero if it took some; None without a score then."""
        return None if self.sealed_points is None else self.points - self.sealed_points


def standings(
    month: When,
    group: Group,
    *,
    by: Actor,
    narrowed_by: Narrowing = EVERYBODY,
    limit: int = 50,
    after: Key | None = None,
) -> list[Standing]:
    """A board from its top, or on from `after`: the officers of the group within the actor's reach, with their ranks.

    Ranks are those of the whole group, also where the actor sees a part of it, or asks for one department or district.
    """
    query = _board(month, group).where(_is_shown(by, narrowed_by, group))
    if after:
        query = query.where(_comes_after(after))
    return [_standing(row, group) for row in query.limit(limit).tuples()]


def how_many(month: When, group: Group, *, by: Actor, narrowed_by: Narrowing = EVERYBODY) -> int:
    """How many officers of the group are within the actor's reach: the rows of their board."""
    if scope_of(by, Permission.LEADERBOARD_READ).everything and narrowed_by == EVERYBODY:
        return group.size
    score = MonthlyScore
    return (
        score.select()
        .where(in_month(month, score, group.run) & is_in(group, score) & _is_shown(by, narrowed_by, group))
        .count()
    )


def found_on(
    month: When, group: Group, text: str, *, by: Actor, narrowed_by: Narrowing = EVERYBODY, limit: int = 20
) -> list[Standing]:
    """The rows of the actor's board whom this text may mean, from its top: by code, or by names however spelled.

    A person is found in whichever of their records had the score.
    """
    called, gone = Officer.select(Officer.id).where(officers_called(text)), Officer.alias()
    meant = MonthlyScore.officer.in_(called)
    meant |= MonthlyScore.officer.in_(gone.select(gone.id).where(gone.merged_into.in_(called)))
    query = _board(month, group).where(_is_shown(by, narrowed_by, group) & meant)
    return [_standing(row, group) for row in query.limit(limit).tuples()]


def key_of(month: When, group: Group, officer_id: int, *, by: Actor, narrowed_by: Narrowing = EVERYBODY) -> Key | None:
    """Where the actor's board has this officer; None if it does not show them, whatever the reason."""
    row = (
        _board(month, group)
        .where(_is_shown(by, narrowed_by, group) & (MonthlyScore.officer == officer_id))
        .tuples()
        .first()
    )
    return row and _standing(row, group).key


def key_above(
    month: When, group: Group, key: Key, *, rows: int, by: Actor, narrowed_by: Narrowing = EVERYBODY
) -> Key | None:
    """The key after which so many rows of the actor's board come before this one; None if there are no more above."""
    upwards = (MonthlyScore.rank_state.desc(), _name().desc(), MonthlyScore.officer.desc())
    above = _board(month, group).where(_is_shown(by, narrowed_by, group) & _comes_before(key)).order_by(*upwards)
    row = above.offset(rows).limit(1).tuples().first()
    return row and _standing(row, group).key


def leaders(month: When, group: Group) -> list[Standing]:
    """Ranks 1 to 3 of a group, which each of its officers may see; at most ten rows, however many share them."""
    rank = rank_in(group, MonthlyScore)
    rows = _board(month, group).where(rank <= LEADERS).limit(LEADERS_SHOWN)
    return [_standing(row, group) for row in rows.tuples()]


def _board(month: When, group: Group) -> peewee.ModelSelect:
    same_group = is_in(group, Previous) & in_month(month.previous, Previous)
    board = (
        MonthlyScore.select(
            rank_in(group, MonthlyScore),
            MonthlyScore.points,
            MonthlyScore.officer,
            Officer.employee_code,
            Officer.name_hi,
            Officer.name_en,
            Designation.name_hi,
            Designation.name_en,
            OrgUnit.name_hi,
            OrgUnit.name_en,
            rank_in(group, Previous),
            *_as_sealed(group),
            MonthlyScore.rank_state,
            _name(),
        )
        .join(Officer, on=MonthlyScore.officer == Officer.id)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Officer.designation == Designation.id)
        .join(OrgUnit, on=MonthlyScore.unit == OrgUnit.id)
        .join(Previous, peewee.JOIN.LEFT_OUTER, on=same_group & (Previous.officer == MonthlyScore.officer))
        .where(in_month(month, MonthlyScore, group.run) & is_in(group, MonthlyScore))
        .order_by(MonthlyScore.rank_state, _name(), MonthlyScore.officer)
    )
    if group.run is None:
        return board
    same_officer = in_month(month, Sealed) & (Sealed.officer == MonthlyScore.officer)
    return board.join(Sealed, peewee.JOIN.LEFT_OUTER, on=same_officer, src=MonthlyScore)


def _as_sealed(group: Group) -> tuple[peewee.Node, peewee.Node]:
    """The sealed rank in the group and the sealed points, on a corrected board; nothing on the month's own."""
    if group.run is None:
        return peewee.SQL("NULL"), peewee.SQL("NULL")
    return peewee.Case(None, [(is_in(group, Sealed), rank_in(group, Sealed))]), Sealed.points


def _standing(row: tuple, group: Group) -> Standing:
    *shown, sealed_rank, sealed_points, rank_state, name = row
    key = Key(rank_state, name, row[2])
    return Standing(*_filled(shown), key, group.size, sealed_rank, sealed_points)


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


def _comes_before(key: Key) -> peewee.Expression:
    rank, name, officer = MonthlyScore.rank_state, _name(), MonthlyScore.officer
    earlier_in_tie = (name < key.name) | ((name == key.name) & (officer < key.officer_id))
    return (rank <= key.rank_state) & ((rank < key.rank_state) | earlier_in_tie)


def _is_shown(by: Actor, narrowed_by: Narrowing, group: Group) -> peewee.Expression:
    """Within the actor's reach, and in the department and district that are asked for."""
    found = _in_reach(by, group)
    for column, unit in (("department", narrowed_by.department), ("district", narrowed_by.district)):
        if unit is not None:
            found &= getattr(MonthlyScore, column) == unit
    return found


def _in_reach(by: Actor, group: Group) -> peewee.Expression:
    """Within the actor's reach: asked of each row where nearly all are, so that the board is read from its top.

    Asked of the units first, PostgreSQL would gather everybody of a large department to sort them.
    """
    scope = scope_of(by, Permission.LEADERBOARD_READ)
    if scope.everything:
        return peewee.Value(1) == peewee.Value(1)
    units = units_within(scope)
    if not units.where(OrgUnit.id == group.unit_id).exists():
        return MonthlyScore.unit.in_(units)
    return peewee.Value(True) == OrgUnit.select(is_within(scope)).where(OrgUnit.id == MonthlyScore.unit)
