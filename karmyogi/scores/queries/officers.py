"""One officer's months, as somebody else may see them."""

from dataclasses import dataclass

import peewee

from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.queries import units_within
from karmyogi.scores.models import MonthlyScore, PeerGroup, ScoreMonth


@dataclass(frozen=True)
class SeenMonth:
    """A month with a score: points, and the ranks in State and department with how many had a score there."""

    month: str
    state: str
    points: int
    rank_state: int
    officer_count: int
    rank_department: int | None
    department_count: int | None


def months_seen(officer_id: int, actor: Actor, *, limit: int) -> list[SeenMonth]:
    """An officer's months with a score, newest first: those earned in a unit within the actor's reach, or one's own."""
    department = (
        (PeerGroup.month == MonthlyScore.month)
        & (PeerGroup.scope == "department")
        & (PeerGroup.unit == MonthlyScore.department)
        & (PeerGroup.state_class == "")
    )
    rows = (
        MonthlyScore.select(
            MonthlyScore.month,
            ScoreMonth.state,
            MonthlyScore.points,
            MonthlyScore.rank_state,
            ScoreMonth.officer_count,
            MonthlyScore.rank_department,
            PeerGroup.size,
        )
        .join(ScoreMonth, on=ScoreMonth.month == MonthlyScore.month)
        .join(PeerGroup, peewee.JOIN.LEFT_OUTER, on=department)
        .where((MonthlyScore.officer == officer_id) & _in_reach(actor))
        .order_by(MonthlyScore.month.desc())
        .limit(limit)
    )
    return [SeenMonth(*row) for row in rows.tuples()]


def _in_reach(actor: Actor) -> peewee.Expression:
    scope = scope_of(actor, Permission.SCORES_READ)
    if scope.everything:
        return peewee.Value(1) == peewee.Value(1)
    return MonthlyScore.unit.in_(units_within(scope)) | (MonthlyScore.officer == (scope.officer_id or 0))
