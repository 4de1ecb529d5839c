"""One officer's quarters and years."""

from collections.abc import Sequence
from dataclasses import dataclass

from karmyogi.core.periods import Period
from karmyogi.scores.models import MonthlyScore, ScorePeriod, is_added_up


@dataclass(frozen=True)
class PastPeriod:
    """A quarter or a year of an officer's, with the points and the rank in the whole State."""

    row: ScorePeriod
    points: int
    rank_state: int

    @property
    def period(self) -> Period:
        return Period.parse(self.row.period)


def periods_of_officer(officer_id: int, *, limit: int = 20) -> list[PastPeriod]:
    """The quarters and years in which an officer has a place, the newest first, a year after its quarters."""
    score = MonthlyScore
    rows = (
        score.select(score.points, score.rank_state, ScorePeriod)
        .join(ScorePeriod, on=is_added_up(score), attr="period")
        .where(score.officer == officer_id)
        .order_by(ScorePeriod.period.desc())
        .limit(limit)
    )
    return [PastPeriod(row.period, row.points, row.rank_state) for row in rows]


def newest_of_each(periods: Sequence[PastPeriod]) -> list[PastPeriod]:
    """The newest quarter and the newest year among them."""
    newest: dict[bool, PastPeriod] = {}
    for one in periods:
        newest.setdefault(one.period.quarter is None, one)
    return [newest[is_year] for is_year in sorted(newest)]
