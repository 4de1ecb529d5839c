"""Months as the State counts them: calendar months in Indian Standard Time, years from April to March."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

IST = ZoneInfo("Asia/Kolkata")
WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, written `2026-01`; months compare and count."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1900 <= self.year <= 2200 and 1 <= self.number <= 12):
            raise ValueError(f"no such month: {self.year}-{self.number}")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month of `2026-01`. Raises ValueError for anything else."""
        written = WRITTEN.fullmatch(text)
        if not written:
            raise ValueError(f"write a month as 2026-01, not {text!r}")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month of a date, or of a moment as it is in India.

        Raises ValueError for a moment without a time zone: whose clock would it be?
        """
        if isinstance(day, datetime):
            if day.tzinfo is None:
                raise ValueError("a moment needs a time zone")
            day = day.astimezone(IST).date()
        return cls(day.year, day.month)

    @property
    def first_on(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    def plus(self, months: int) -> "Month":
        """The month that many months later, or earlier if negative."""
        years, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, index + 1)

    @property
    def financial_year(self) -> str:
        """`2025-26` for April 2025 to March 2026."""
        start = self.year if self.number >= 4 else self.year - 1
        return f"{start}-{(start + 1) % 100:02d}"


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from `first` to `last`, both included; none if `last` is earlier."""
    while first <= last:
        yield first
        first = first.next


def now() -> datetime:
    """This moment, aware, in UTC: the only clock that verbs read when no time is given."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in India."""
    return datetime.now(IST).date()


def as_utc(wall_clock: datetime) -> datetime:
    """A wall-clock time of India (naive) as an aware moment in UTC."""
    return wall_clock.replace(tzinfo=IST).astimezone(UTC)
