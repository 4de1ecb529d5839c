"""The columns of leaderboards: one list for each kind of board, which page, CSV and Excel file share."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import floor
from typing import Generic, TypeVar

from karmyogi.core.reasons import N_
from karmyogi.scores.queries import Standing, UnitMonth, UnitStanding

Cell = str | int | float | None
Row = TypeVar("Row", Standing, UnitStanding)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column's English label and the value of a row in a language, `hi` or `en`; None is nothing to tell."""

    label: str
    value: Callable[[Row, str], Cell]
    numeric: bool = False
    key: str = ""


def _in_language(name: str) -> Callable[[Row, str], Cell]:
    """A name in the reader's language, and in the other one where that is missing."""

    def value(row: Row, language: str) -> Cell:
        own, other = (f"{name}_hi", f"{name}_en") if language == "hi" else (f"{name}_en", f"{name}_hi")
        return getattr(row, own) or getattr(row, other)

    return value


def hours(unit: UnitStanding | UnitMonth) -> float | None:
    """Learning hours for each posted officer with one decimal, rounded down; None where they may not be told."""
    told = unit.figures.hours if unit.figures and unit.may_tell_hours else None
    return None if told is None else floor(told * 10) / 10


COLUMNS: tuple[Column[Standing], ...] = (
    Column(N_("Rank"), lambda standing, _language: standing.rank, numeric=True),
    Column(N_("Officers in the group"), lambda standing, _language: standing.group_size, numeric=True),
    Column(N_("Employee code"), lambda standing, _language: standing.employee_code),
    Column(N_("Name"), _in_language("name")),
    Column(N_("Designation"), _in_language("designation")),
    Column(N_("Office unit"), _in_language("unit")),
    Column(N_("Points"), lambda standing, _language: standing.points, numeric=True),
    Column(N_("Rank in the month before"), lambda standing, _language: standing.previous_rank, numeric=True),
    Column(N_("Places gained or lost"), lambda standing, _language: standing.change, numeric=True),
)
# A quarter or a year is compared with the one before it.
PERIOD_COLUMNS: tuple[Column[Standing], ...] = (
    *COLUMNS[:-2],
    Column(N_("Rank in the period before"), lambda standing, _language: standing.previous_rank, numeric=True),
    COLUMNS[-1],
)
# What a corrected board shows besides: what was sealed, and the difference.
CORRECTED_COLUMNS: tuple[Column[Standing], ...] = (
    *COLUMNS,
    Column(N_("Rank as sealed"), lambda standing, _language: standing.sealed_rank, numeric=True),
    Column(N_("Points as sealed"), lambda standing, _language: standing.sealed_points, numeric=True),
    Column(N_("Points gained or lost by the correction"), lambda standing, _language: standing.gained, numeric=True),
)
# By `key` the page sorts, from the best down, and knows which cells to dress up; what has no key stands in files alone.
UNIT_COLUMNS: tuple[Column[UnitStanding], ...] = (
    Column(N_("Rank"), lambda unit, _language: unit.rank, numeric=True, key="rank"),
    Column(N_("Unit"), _in_language("unit"), key="unit"),
    Column(N_("Points for each officer"), lambda unit, _language: unit.figures.each, numeric=True, key="average"),
    Column(N_("Officers posted"), lambda unit, _language: unit.figures.officers, numeric=True, key="officers"),
    Column(N_("Counted on"), lambda unit, _language: unit.month.last_on.isoformat()),
    Column(N_("With a score"), lambda unit, _language: unit.figures.scored, numeric=True),
    Column(N_("With a score, per cent"), lambda unit, _language: unit.figures.share, numeric=True, key="share"),
    Column(
        N_("Courses of the plan in time, per cent"),
        lambda unit, _language: unit.figures.on_time,
        numeric=True,
        key="on_time",
    ),
    Column(N_("Learning hours for each officer"), lambda unit, _language: hours(unit), numeric=True, key="hours"),
    Column(N_("Points"), lambda unit, _language: unit.figures.points, numeric=True, key="points"),
    Column(N_("Rank in the month before"), lambda unit, _language: unit.previous_rank, numeric=True),
    Column(N_("Places gained or lost"), lambda unit, _language: unit.change, numeric=True, key="change"),
)
# Of a quarter or a year: people are counted as the average of its months, what they earned and learnt is added up.
OF_PERIODS = {
    N_("Officers posted"): N_("Officers posted, average of the months"),
    N_("With a score"): N_("With a score, average of the months"),
    N_("Rank in the month before"): N_("Rank in the period before"),
}
PERIOD_UNIT_COLUMNS: tuple[Column[UnitStanding], ...] = tuple(
    replace(column, label=OF_PERIODS.get(column.label, column.label))
    for column in UNIT_COLUMNS
    if column.label != "Counted on"
)
SORTED_BY = ("average", "share", "on_time", "hours", "points")


def sorted_units(units: Iterable[UnitStanding], by: str) -> list[UnitStanding]:
    """Units in the order of one of `SORTED_BY`, the best first, those of which it is not told last; ties by rank."""
    value = next(column.value for column in UNIT_COLUMNS if column.key == by)
    if by == SORTED_BY[0]:
        return list(units)  # as they are ranked, without rounding
    return sorted(units, key=lambda unit: (value(unit, "") is None, -float(value(unit, "") or 0), unit.rank))
