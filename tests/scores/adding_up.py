"""What tests of quarters and years begin with: months that are sealed one after another, and their rows."""

from datetime import UTC, datetime

from karmyogi.core.months import Month
from karmyogi.core.periods import Period
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores import service
from karmyogi.scores.models import MonthlyScore, ScorePeriod, in_month
from tests.scores.scene import Scene

QUARTER, YEAR = Period(2025, 4), Period(2025)  # January to March 2026, and the year that March ends
MARCH = Month(2026, 3)


def after(month: Month) -> datetime:
    """Noon in India on the fifth of the month after."""
    return datetime(month.next.year, month.next.number, 5, 6, 30, tzinfo=UTC)


def seal(*months: Month) -> None:
    for month in months:
        service.run_month(month, by=SYSTEM, at=after(month))
        service.seal_month(month, by=SYSTEM, at=after(month))


def add_up(*months: Month) -> list[str]:
    """Seal months, and add up all that has begun."""
    seal(*months)
    return service.add_up(by=SYSTEM)


def row(period: Period = QUARTER) -> ScorePeriod:
    return ScorePeriod.get(ScorePeriod.period == str(period))


def points(period: Period | Month = QUARTER) -> dict[int, int]:
    """Everybody's points of a period, as it shows them."""
    score = MonthlyScore
    return dict(score.select(score.officer, score.points).where(in_month(period, score)).tuples())


def earn(scene: Scene, officer, **by_month: int) -> None:
    """Points by the three letters of a month of 2026."""
    for name, count in by_month.items():
        number = ("jan", "feb", "mar", "apr").index(name) + 1
        scene.earn(officer, count, month=Month(2026, number))
