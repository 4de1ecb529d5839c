"""Leaderboards: who stands where, in a group large enough, within the reader's reach.

Boards are read from the top, in the order of stored ranks; nothing here lists
the lowest. Ties share a rank; within one they are in order of name, for display only.
"""

from dataclasses import dataclass

import peewee

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Designation, Officer, OrgUnit
from karmyogi.people.queries import units_within
from karmyogi.scores.models import MonthlyScore, in_month
from karmyogi.scores.queries.groups import Group, is_in, rank_in
from karmyogi.store.db import is_postgres

LEADERS = 3  # the ranks everybody may see
LEADERS_SHOWN = 10  # however many share them

Previous = MonthlyScore.alias("previous")


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
    if scope_of(by, Permission.LEADERBOARD_READ).everything:
        return group.size
    score = MonthlyScore
    return score.select().where(in_month(month, score) & is_in(group, score) & _in_reach(by)).count()


def key_before(month: Month, group: Group, officer_id: int, *, by: Actor) -> Key | None:
    """The key after which the actor's board goes on with this officer's rank; None if it does not show the officer."""
    score = MonthlyScore
    mine = in_month(month, score) & (score.officer == officer_id) & is_in(group, score) & _in_reach(by)
    rank_state = score.select(score.rank_state).where(mine).scalar()
    return None if rank_state is None else Key(rank_state, "", 0)


def leaders(month: Month, group: Group) -> list[Standing]:
    """Ranks 1 to 3 of a group, which each of its officers may see; at most ten rows, however many share them."""
    rank = rank_in(group, MonthlyScore)
    rows = _board(month, group).where(rank <= LEADERS).limit(LEADERS_SHOWN)
    return [_standing(row, group) for row in rows.tuples()]


def _board(month: Month, group: Group) -> peewee.ModelSelect:
    same_group = is_in(group, Previous) & in_month(month.previous, Previous)
    return (
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
            MonthlyScore.rank_state,
            _name(),
        )
        .join(Officer, on=MonthlyScore.officer == Officer.id)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Officer.designation == Designation.id)
        .join(OrgUnit, on=MonthlyScore.unit == OrgUnit.id)
        .join(Previous, peewee.JOIN.LEFT_OUTER, on=same_group & (Previous.officer == MonthlyScore.officer))
        .where(in_month(month, MonthlyScore) & is_in(group, MonthlyScore))
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
