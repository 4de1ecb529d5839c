"""Cases of two departments, so that a desk could show what is not its own."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from karmyogi.accounts.models import User
from karmyogi.achievements.models import Achievement
from karmyogi.core.months import as_utc, now, today
from karmyogi.demo import story
from karmyogi.demo.cast import REVENUE
from karmyogi.nominations import service
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.people.queries import posting_of
from karmyogi.store.transitions import CaseStep

LONG_AGO = timedelta(days=40)


@pytest.fixture
def revenue_case(told_db: str) -> Nomination:
    """A third nomination of Revenue, verified: Health must not see it, and GAD is to decide on it."""
    case = story._nominate(Cycle.get(), REVENUE, "farah", 3)
    story._submit(case, "farah")
    story._verify(case, "imran")
    return Nomination.get_by_id(case.id)


@pytest.fixture
def select(revenue_case: Nomination) -> Callable[[], Nomination]:
    """GAD makes its choice, which nobody else may know before it is released."""
    return lambda: service.act(Nomination.get_by_id(revenue_case.id), "select", by=story.actor("sunita"))


def make_old(case: Nomination) -> None:
    """As if everything about the case had happened forty days ago."""
    Nomination.update(opened_at=now() - LONG_AGO).where(Nomination.id == case.id).execute()
    CaseStep.update(at=now() - LONG_AGO).where(CaseStep.case_id == case.id).execute()


def submit_old(claims: dict[str, int]) -> None:
    """A claim of each of these of the cast, submitted at noon so many days ago and reviewed by nobody."""
    for who, days in claims.items():
        officer = User.get(User.login == who).officer
        unit = posting_of(officer, on=today()).unit
        at = as_utc(datetime.combine(today() - timedelta(days=days), time(12)))
        Achievement.create(
            officer=officer, title=f"Seminar of {who}", finished_on=at.date(), submitted_at=at, state="submitted",
            line_path=unit.line_path, territory_path=unit.territory_path,
        )  # fmt: skip


def open_new_cycle() -> Cycle:
    """A further round without a nomination."""
    cycle = story.open_cycle()
    Cycle.update(closes_on=today()).where(Cycle.id == cycle.id).execute()
    return Cycle.get_by_id(cycle.id)
