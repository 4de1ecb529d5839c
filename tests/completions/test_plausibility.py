"""Which completions people should look at: each doubt by cases, with what lies just beside it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from karmyogi.completions.rules import SAME_SECOND, Doubt, Told, doubts

NOON = datetime(2026, 1, 29, 6, 30, tzinfo=UTC)  # in India
MIDNIGHT = datetime(2026, 1, 28, 18, 30, tzinfo=UTC)  # in India, on the 29th
CAME_ON = date(2026, 2, 2)
MINUTES = 60


def after(seconds: float, at: datetime = NOON) -> datetime:
    return at + timedelta(seconds=seconds)


def stretch(*ends: float, minutes: int = 20, at: datetime = NOON) -> list[Told]:
    """Courses of one officer of this length, finished so many seconds after noon; all begun on the day before."""
    return [Told("asha", n, after(end, at), at - timedelta(days=1), minutes * MINUTES) for n, end in enumerate(ends)]


def doubted(told: list[Told]) -> dict[Doubt, set[object]]:
    """The courses of each doubt."""
    found: dict[Doubt, set[object]] = {}
    for (_officer, course), said in doubts(told, came_on=CAME_ON).items():
        for doubt in said:
            found.setdefault(doubt, set()).add(course)
    return found


@pytest.mark.parametrize(
    ("told", "courses"),
    [
        (stretch(0, 10, 20), {0, 1, 2}),  # three courses of twenty minutes within twenty seconds
        (stretch(0, 239), set()),  # two are not several
        (stretch(0, 10, 239), {0, 1, 2}),  # forty minutes of courses in just under four
        (stretch(0, 10, 240), set()),  # in four minutes: a tenth of their length is not yet too fast
        (stretch(0, 10, 20, 5000), {0, 1, 2}),  # the fourth took its time
        (stretch(0, 10, 20, 30), {0, 1, 2, 3}),
        (stretch(0, 10, 20, at=MIDNIGHT), set()),  # the first names only its day, so two are left
        (stretch(1, 10, 20, at=MIDNIGHT), {0, 1, 2}),
        (stretch(0, 0, 0), {0, 1, 2}),
        (stretch(0, 10, 20, minutes=0), set()),  # of an unknown length
        ([*stretch(0, 10), *(Told("ravi", n, after(n), None, 1200) for n in range(2))], set()),  # of two people
    ],
)
def test_courses_finished_one_after_another_faster_than_their_length(told, courses):
    assert doubted(told).get(Doubt.TOO_FAST, set()) == courses


@pytest.mark.parametrize(
    ("completed", "enrolled", "is_odd"),
    [
        (NOON, after(1), True),
        (NOON, NOON, False),
        (NOON, None, False),
        (MIDNIGHT, after(60), False),  # on the same day, without a time
        (MIDNIGHT, after(86_400), True),  # a day before
        (NOON, after(86_400, MIDNIGHT), True),
    ],
)
def test_completed_before_enrolled(completed, enrolled, is_odd):
    assert (Doubt.BEFORE_ENROLLED in doubted([Told("asha", 1, completed, enrolled)])) is is_odd


@pytest.mark.parametrize(("seconds", "is_odd"), [(-1, False), (0, True)])
def test_completed_on_a_day_after_the_file_came_in(seconds, is_odd):
    on_the_third = datetime(2026, 2, 2, 18, 30, tzinfo=UTC)  # midnight in India

    assert (Doubt.IN_FUTURE in doubted([Told("asha", 1, after(seconds, on_the_third))])) is is_odd


@pytest.mark.parametrize(("how_many", "is_odd"), [(SAME_SECOND - 1, False), (SAME_SECOND, True)])
def test_hundreds_at_the_same_second(how_many, is_odd):
    told = [Told(number, 1, NOON) for number in range(how_many)]

    assert (Doubt.SAME_SECOND in doubted(told)) is is_odd


def test_a_day_without_a_time_is_no_second():
    assert doubted([Told(number, 1, MIDNIGHT) for number in range(SAME_SECOND)]) == {}
