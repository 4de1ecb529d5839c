"""Quarters and financial years as the State counts them: from April to March."""

import re
from dataclasses import dataclass
from datetime import date

from karmyogi.core.months import Month

WRITTEN = re.compile(r"([0-9]{4})-(?:Q([1-4])|FY)")
APRIL = 4


@dataclass(frozen=True)
class Period:
    """A quarter, written `2026-Q1`, or without a quarter a financial year, `2026-FY`: both by the year of its April.

    So `2026-Q4` is January to March 2027.
    """

    year: int
    quarter: int | None = None

    def __post_init__(self) -> None:
        if self.quarter is not None and not 1 <= self.quarter <= 4:
            raise ValueError(f"no such quarter: {self.quarter}")
        _ = self.months  # raises ValueError where no month is

    def __str__(self) -> str:
        return f"{self.year:04d}-{f'Q{self.quarter}' if self.quarter else 'FY'}"

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period of `2026-Q1` or `2026-FY`. Raises ValueError for anything else."""
        written = WRITTEN.fullmatch(text)
        if not written:
            raise ValueError(f"write a quarter as 2026-Q1 and a financial year as 2026-FY, not {text!r}")
        return cls(int(written[1]), int(written[2]) if written[2] else None)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months, the first first."""
        first = Month(self.year, APRIL).plus(3 * ((self.quarter or 1) - 1))
        return tuple(first.plus(n) for n in range(3 if self.quarter else 12))

    @property
    def first_on(self) -> date:
        return self.months[0].first_on

    @property
    def last_on(self) -> date:
        return self.months[-1].last_on

    @property
    def previous(self) -> "Period":
        """The quarter before a quarter, the year before a year."""
        if not self.quarter:
            return Period(self.year - 1)
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    @property
    def financial_year(self) -> str:
        """`2026-27`."""
        return self.months[0].financial_year


When = Month | Period  # what a board is of


def periods_of(month: Month) -> tuple[Period, Period]:
    """The quarter and the financial year in which a month lies."""
    year = month.year if month.number >= APRIL else month.year - 1
    return Period(year, (month.number - APRIL) % 12 // 3 + 1), Period(year)


def parse_when(text: str) -> When:
    """The month, quarter or year of a text. Raises ValueError for anything else."""
    return Period.parse(text) if is_period(text) else Month.parse(text)


def is_period(text: str) -> bool:
    """Whether a text names a quarter or a year, as the keys of stored rows do, and not a month."""
    return WRITTEN.fullmatch(text) is not None
