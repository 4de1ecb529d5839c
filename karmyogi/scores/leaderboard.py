"""The columns of leaderboards: one list for each kind of board, which page, CSV and Excel file share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from karmyogi.core.reasons import N_
from karmyogi.scores.queries import Standing, UnitStanding

Cell = str | int | float | None
Row = TypeVar("Row", Standing, UnitStanding)


@dataclass(frozen=True)
class Column(Generic[Row]):
    """A column's English label and the value of a row in a language, `hi` or `en`; None is nothing to tell."""

    label: str
    value: Callable[[Row, str], Cell]
    numeric: bool = False


def _in_language(name: str) -> Callable[[Row, str], Cell]:
    """A name in the reader's language, and in the other one where that is missing."""

    def value(row: Row, language: str) -> Cell:
        own, other = (f"{name}_hi", f"{name}_en") if language == "hi" else (f"{name}_en", f"{name}_hi")
        return getattr(row, own) or getattr(row, other)

    return value


def average(unit: UnitStanding) -> float:
    """Points for each posted officer with two decimals, rounded down."""
    return unit.points * 100 // unit.officers / 100


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
# What a corrected board shows besides: what was sealed, and the difference.
CORRECTED_COLUMNS: tuple[Column[Standing], ...] = (
    *COLUMNS,
    Column(N_("Rank as sealed"), lambda standing, _language: standing.sealed_rank, numeric=True),
    Column(N_("Points as sealed"), lambda standing, _language: standing.sealed_points, numeric=True),
    Column(N_("Points gained or lost by the correction"), lambda standing, _language: standing.gained, numeric=True),
)
UNIT_COLUMNS: tuple[Column[UnitStanding], ...] = (
    Column(N_("Rank"), lambda unit, _language: unit.rank, numeric=True),
    Column(N_("Unit"), _in_language("unit")),
    Column(N_("Points for each officer"), lambda unit, _language: average(unit), numeric=True),
    Column(N_("Officers posted"), lambda unit, _language: unit.officers, numeric=True),
    Column(N_("With a score"), lambda unit, _language: unit.scored, numeric=True),
    Column(N_("With a score, per cent"), lambda unit, _language: unit.share, numeric=True),
    Column(N_("Points"), lambda unit, _language: unit.points, numeric=True),
)
