"""One officer: where they stand in a month, the ranks beside theirs, their past months and their lines."""

from dataclasses import dataclass

import peewee

from karmyogi.core.months import Month
from karmyogi.core.periods import When
from karmyogi.scores.models import MonthlyScore, PointCount, PolicyRule, ScoreLine, ScoreMonth, in_month, is_shown
from karmyogi.scores.queries.counts import keeps_counts, kept_counts
from karmyogi.scores.queries.groups import (
    UNIT_COLUMNS,
    Group,
    is_in,
    names_of,
    rank_column,
    rank_in,
    shown_in,
    sizes_in,
    state_id,
)
from karmyogi.scores.rules import BoardScope, Peers


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
    """An officer's month, quarter or year: points, and a place in each scope that can be shown, the narrowest first."""

    month: When
    officer_id: int
    points: int
    rank_state: int  # the order of every board
    places: tuple[Place, ...]

    def place_in(self, scope: BoardScope) -> Place | None:
        """The place shown for a scope, also if it was merged into a wider one; None if there is none."""
        return next((place for place in self.places if place.wanted.scope is scope), None)


def standing_of(officer_id: int, month: When) -> OfficerStanding | None:
    """Where an officer stands in a month, quarter or year among those of the same class; None is no record.

    That is not a last place.
    """
    scores = _scores_of(officer_id, month, month.previous)
    score, before = scores.get(str(month)), scores.get(str(month.previous))
    if score is None:
        return None
    units = _units_of(score)
    sizes, names = sizes_in(month, units), names_of(units)
    wanted = [Peers(scope, score.state_class) for scope in units]
    groups = [(peers, shown_in(peers, units, sizes, names)) for peers in wanted]
    places = tuple(_place(peers, group, score, before) for peers, group in groups if group)
    return OfficerStanding(month, officer_id, score.points, score.rank_state, places)


def _scores_of(officer_id: int, month: When, before: When) -> dict[str, MonthlyScore]:
    asked = in_month(month, MonthlyScore) | in_month(before, MonthlyScore)
    return {score.month: score for score in MonthlyScore.select().where((MonthlyScore.officer == officer_id) & asked)}


def _units_of(score: MonthlyScore) -> dict[BoardScope, int]:
    """The units a score belongs to, narrowest first."""
    units = {scope: _unit_of(score, scope) for scope in UNIT_COLUMNS} | {BoardScope.STATE: state_id()}
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
    ahead = in_month(score.month, MonthlyScore) & (MonthlyScore.rank_state < score.rank_state)
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
    beside = _by_counts if keeps_counts(standing.month, place.group) else _by_scores
    return Neighbours(place, standing.points, *beside(standing, place))


Pair = tuple[Neighbour | None, Neighbour | None]  # ahead and behind


def _by_counts(standing: OfficerStanding, place: Place) -> Pair:
    """From how many have how many points: one step each way, also where few of a class are among many."""
    counts, points = kept_counts(standing.month, place.group), PointCount.points
    own, *above = counts.where(points >= standing.points).order_by(points).limit(2).tuples()
    below = counts.where(points < standing.points).order_by(points.desc()).tuples().first()
    ahead = [Neighbour(place.rank - officers, more - standing.points) for more, officers in above]
    behind = below and Neighbour(place.rank + own[1], standing.points - below[0])
    return next(iter(ahead), None), behind


def _by_scores(standing: OfficerStanding, place: Place) -> Pair:
    rank, own = MonthlyScore.rank_state, standing.rank_state
    ahead = _nearest(standing, place.group, rank < own, rank.desc())
    return ahead, _nearest(standing, place.group, rank > own, rank)


def _nearest(
    standing: OfficerStanding, group: Group, beside: peewee.Expression, order: peewee.Node
) -> Neighbour | None:
    """The first of the group in this order: one step in the index, whatever the rank."""
    row = (
        MonthlyScore.select(rank_in(group, MonthlyScore), MonthlyScore.points)
        .where(in_month(standing.month, MonthlyScore) & is_in(group, MonthlyScore) & beside)
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
        .join(ScoreMonth, on=is_shown(MonthlyScore))
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
        .join(ScoreMonth, on=is_shown(ScoreLine))
        .join(PolicyRule, on=(PolicyRule.policy == ScoreMonth.policy) & (PolicyRule.code == ScoreLine.code))
        .where((ScoreLine.officer == officer_id) & (ScoreLine.month == str(month)))
        .order_by(PolicyRule.position)
    )
    return [StoredLine(*row) for row in rows.tuples()]
