"""Which last days a front page names: inclusive, the nearest first, and what is over only while it still waits."""

from datetime import date

import pytest

from karmyogi.core.months import Month
from karmyogi.home.rules import Deadline, Ends, next_deadlines, seal_by

TODAY = date(2026, 2, 28)


@pytest.mark.parametrize(
    ("on", "left", "is_near"),
    [
        (date(2026, 2, 27), -1, True),
        (date(2026, 2, 28), 0, True),
        (date(2026, 3, 7), 7, True),
        (date(2026, 3, 8), 8, False),
    ],
)
def test_the_days_to_a_last_day(on, left, is_near):
    deadline = Deadline(Ends.CYCLE, on, 1)

    assert (deadline.days_left(TODAY), deadline.is_near(TODAY)) == (left, is_near)


@pytest.mark.parametrize(
    ("what", "on", "is_named"),
    [
        (Ends.CYCLE, date(2026, 2, 27), False),
        (Ends.CYCLE, date(2026, 2, 28), True),
        (Ends.INTEGRITY, date(2026, 2, 27), False),
        (Ends.COURSE, date(2026, 2, 28), True),
        (Ends.SEAL, date(2026, 1, 10), True),  # nobody sealed it in time: it still waits
    ],
)
def test_what_is_over_is_named_only_while_it_waits(what, on, is_named):
    assert bool(next_deadlines([Deadline(what, on, 1)], on=TODAY)) is is_named


def test_the_nearest_stand_first_and_only_the_next_few():
    days = [date(2026, 3, day) for day in (9, 2, 30, 1, 15, 4)]

    found = next_deadlines([Deadline(Ends.CYCLE, on, on.day) for on in days], on=TODAY, limit=4)

    assert [one.on.day for one in found] == [1, 2, 4, 9]


@pytest.mark.parametrize(
    ("month", "grace_days", "last"),
    [
        (Month(2026, 1), 10, date(2026, 2, 10)),
        (Month(2028, 2), 1, date(2028, 3, 1)),
        (Month(2026, 12), 0, date(2026, 12, 31)),
    ],
)
def test_the_day_before_the_scheduler_seals(month, grace_days, last):
    assert seal_by(month, grace_days=grace_days) == last
