"""The columns of a leaderboard: one list, which page and CSV share."""

from collections.abc import Callable
from dataclasses import dataclass

from karmyogi.core.reasons import N_
from karmyogi.scores.queries.boards import Standing

Cell = str | int | None


@dataclass(frozen=True)
class Column:
    """A column's English label and the value of a row in a language, `hi` or `en`; None is nothing to tell."""

    label: str
    value: Callable[[Standing, str], Cell]
    numeric: bool = False


def _in_language(name: str) -> Callable[[Standing, str], Cell]:
    """A name in the reader's language, and in the other one where that is missing."""

    def value(standing: Standing, language: str) -> Cell:
        own, other = (f"{name}_hi", f"{name}_en") if language == "hi" else (f"{name}_en", f"{name}_hi")
        return getattr(standing, own) or getattr(standing, other)

    return value


COLUMNS = (
    Column(N_("Rank"), lambda standing, _language: standing.rank, numeric=True),
    Column(N_("Employee code"), lambda standing, _language: standing.employee_code),
    Column(N_("Name"), _in_language("name")),
    Column(N_("Designation"), _in_language("designation")),
    Column(N_("Office unit"), _in_language("unit")),
    Column(N_("Points"), lambda standing, _language: standing.points, numeric=True),
    Column(N_("Rank in the month before"), lambda standing, _language: standing.previous_rank, numeric=True),
    Column(N_("Places gained or lost"), lambda standing, _language: standing.change, numeric=True),
)
