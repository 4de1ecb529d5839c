"""Months as the State counts them, at their edges."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from karmyogi.core.months import IST, Month, as_utc, months_between, now, today

months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))
shifts = st.integers(-1200, 1200)
days = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def months_since_nothing(month: Month) -> int:
    return month.year * 12 + month.number


def in_range(month: Month, shift: int) -> bool:
    return 1900 * 12 + 1 <= months_since_nothing(month) + shift <= 2200 * 12 + 12


@given(months, shifts)
def test_going_some_months_on_and_as_many_back_comes_home(month, shift):
    assume(in_range(month, shift))

    there = month.plus(shift)

    assert there.plus(-shift) == month
    assert months_since_nothing(there) - months_since_nothing(month) == shift


@given(months, months)
def test_months_are_in_the_order_of_their_first_days(one, other):
    assert (one < other) == (one.first_on < other.first_on)
    assert (one == other) == (str(one) == str(other))


@given(months)
def test_what_is_written_is_read_back(month):
    assert Month.parse(str(month)) == month


@given(days)
def test_every_day_lies_in_its_month_and_in_no_other(day):
    month = Month.of(day)

    assert month.first_on <= day <= month.last_on


@given(months)
def test_the_day_after_a_month_is_the_first_of_the_next(month):
    assume(month != Month(2200, 12))

    assert month.last_on + timedelta(days=1) == month.next.first_on
    assert month.next.previous == month


@given(months, st.integers(0, 60))
def test_the_months_between_two_are_both_of_them_and_each_in_between_once(first, length):
    assume(in_range(first, length))

    listed = list(months_between(first, first.plus(length)))

    assert listed == [first.plus(n) for n in range(length + 1)]


def test_there_are_no_months_between_a_later_and_an_earlier_one():
    assert list(months_between(Month(2026, 2), Month(2026, 1))) == []


@pytest.mark.parametrize(
    ("month", "last_on"),
    [
        ("2024-02", date(2024, 2, 29)),
        ("2026-02", date(2026, 2, 28)),
        ("2000-02", date(2000, 2, 29)),
        ("2100-02", date(2100, 2, 28)),
        ("2026-04", date(2026, 4, 30)),
        ("2026-12", date(2026, 12, 31)),
        ("2200-12", date(2200, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day_also_in_leap_years_and_at_the_end_of_time(month, last_on):
    assert Month.parse(month).last_on == last_on


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-1", "2026-13", "2026-00", "26-01", "2026-001", "2026/01", "202601", "2026-01-01", " 2026-01",
     "2026-01 ", "2026-01\n", "2026- 1", "2026-+1", "2026--1", "+202-01", "2_26-01", "２०２６-０१", "२०२६-०१",
     "1899-12", "2201-01", "0000-01", "jan 2026"],
)  # fmt: skip
def test_anything_but_four_digits_a_dash_and_two_digits_is_no_month(text):
    with pytest.raises(ValueError, match=r"month"):
        Month.parse(text)


@given(st.text(max_size=8))
def test_whatever_is_read_as_a_month_was_written_as_one(text):
    try:
        month = Month.parse(text)
    except ValueError:
        return

    assert str(month) == text


# ── India ──


def test_a_month_begins_at_midnight_in_india_and_not_in_greenwich():
    midnight = datetime(2026, 1, 31, 18, 30, tzinfo=UTC)

    assert Month.of(midnight - timedelta(seconds=1)) == Month(2026, 1)
    assert Month.of(midnight) == Month(2026, 2)


def test_a_moment_of_another_country_belongs_to_the_month_it_is_in_india():
    new_year_in_new_york = datetime.fromisoformat("2025-12-31T23:00:00-05:00")

    assert Month.of(new_year_in_new_york) == Month(2026, 1)


def test_a_moment_without_a_time_zone_has_no_month():
    with pytest.raises(ValueError, match="time zone"):
        Month.of(datetime(2026, 1, 31, 23, 59))  # noqa: DTZ001 - what is refused


@given(st.datetimes(datetime(1950, 1, 1), datetime(2199, 12, 31)))  # noqa: DTZ001 - wall clocks
def test_a_wall_clock_of_india_is_five_and_a_half_hours_ahead(wall_clock):
    moment = as_utc(wall_clock)

    assert moment.tzinfo is UTC
    assert moment.replace(tzinfo=None) + timedelta(hours=5, minutes=30) == wall_clock
    assert Month.of(moment) == Month(wall_clock.year, wall_clock.month)


def test_the_clock_that_verbs_read_is_aware_and_the_day_is_that_of_india():
    before = today()
    moment = now()

    assert moment.tzinfo is UTC
    assert before <= moment.astimezone(IST).date() <= today()


# ── Financial years ──


@pytest.mark.parametrize(
    ("month", "year"),
    [
        ("2025-04", "2025-26"),
        ("2026-03", "2025-26"),
        ("2026-04", "2026-27"),
        ("1999-04", "1999-00"),
        ("2000-01", "1999-00"),
        ("2009-05", "2009-10"),
    ],
)
def test_the_financial_year_runs_from_april_to_march(month, year):
    assert Month.parse(month).financial_year == year


@given(st.integers(1901, 2199))
def test_twelve_months_from_april_make_a_financial_year(year):
    april = Month(year, 4)

    assert len({april.plus(n).financial_year for n in range(12)}) == 1
    assert april.financial_year not in {april.previous.financial_year, april.plus(12).financial_year}
