"""One officer's months, as somebody else may see them."""

from dataclasses import dataclass

import peewee

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, covers, scope_of
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.people.queries import posting_of, postings_of, units_within
from karmyogi.scores.models import MonthlyScore, PeerGroup, ScoreMonth, in_month, is_shown


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
        & (PeerGroup.run == MonthlyScore.run)
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
        .join(ScoreMonth, on=is_shown(MonthlyScore))
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


def may_read_month(officer: Officer, month: Month, actor: Actor) -> bool:
    """True if the actor's reach over scores covers an officer's month: by the unit of the score, or as one's own.

    A month without a score lies where the officer was posted last in it, else where they are posted first after it;
    that of an officer who was never posted is read by those alone whose reach is the whole State.
    """
    unit = _unit_of(officer, month)
    return covers(
        actor,
        Permission.SCORES_READ,
        officer_id=officer.id,
        line_path=unit.line_path if unit else "",
        territory_path=unit.territory_path if unit else "",
    )


def _unit_of(officer: Officer, month: Month) -> OrgUnit | None:
    earned = in_month(month, MonthlyScore) & (MonthlyScore.officer == officer)
    score = MonthlyScore.select(MonthlyScore, OrgUnit).join(OrgUnit, on=MonthlyScore.unit).where(earned).first()
    if score:
        return score.unit
    held = posting_of(officer, on=month.last_on) or _nearest_posting(officer, month)
    return held.unit if held else None


def _nearest_posting(officer: Officer, month: Month) -> Posting | None:
    """The posting held last before a month's end; for one who joined later the first."""
    postings = postings_of(officer)
    before = [posting for posting in postings if posting.from_on <= month.last_on]
    return before[0] if before else postings[-1] if postings else None
