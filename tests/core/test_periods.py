"""Quarters and years from April to March, and which months lie in which."""

import pytest

from karmyogi.core.months import Month
from karmyogi.core.periods import Period, is_period, periods_of


@pytest.mark.parametrize(
    ("month", "quarter", "year"),
    [
        (Month(2026, 3), "2025-Q4", "2025-FY"),
        (Month(2026, 4), "2026-Q1", "2026-FY"),
        (Month(2026, 6), "2026-Q1", "2026-FY"),
        (Month(2026, 7), "2026-Q2", "2026-FY"),
        (Month(2026, 10), "2026-Q3", "2026-FY"),
        (Month(2026, 12), "2026-Q3", "2026-FY"),
        (Month(2027, 1), "2026-Q4", "2026-FY"),
        (Month(2027, 3), "2026-Q4", "2026-FY"),
    ],
)
def test_a_year_begins_with_april_and_march_ends_it(month, quarter, year):
    assert [str(period) for period in periods_of(month)] == [quarter, year]


def test_every_month_lies_in_exactly_one_quarter_and_one_year():
    for n in range(48):
        month = Month(2024, 2).plus(n)
        quarter, year = periods_of(month)
        assert month in quarter.months
        assert month in year.months
        assert set(quarter.months) <= set(year.months)


def test_four_quarters_are_the_year():
    year = Period.parse("2026-FY")

    assert sum((Period(2026, n).months for n in (1, 2, 3, 4)), ()) == year.months
    assert (str(year.months[0]), str(year.months[-1])) == ("2026-04", "2027-03")
    assert year.financial_year == Period(2026, 4).financial_year == "2026-27"


@pytest.mark.parametrize(("period", "before"), [("2026-Q3", "2026-Q2"), ("2026-Q1", "2025-Q4"), ("2026-FY", "2025-FY")])
def test_before_a_quarter_stands_a_quarter_and_before_a_year_a_year(period, before):
    assert str(Period.parse(period).previous) == before


@pytest.mark.parametrize("text", ["", "2026", "2026-04", "2026-Q0", "2026-Q5", "2026-fy", "26-Q1", "2026-Q1 "])
def test_nothing_else_is_a_period(text):
    assert not is_period(text)
    with pytest.raises(ValueError, match="write a quarter"):
        Period.parse(text)
