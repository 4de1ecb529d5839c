"""What is known of a kind of file: its columns with their spellings, its generations, and how its cells are read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from karmyogi.reports import rules
from karmyogi.reports.rules import Fault, ReportRow

Cells = Sequence[str]
Read = Callable[[str], object]
Finish = Callable[["Layout", int, Cells, list[object]], ReportRow | Fault]


class Kind(StrEnum):
    """The kinds of file whose rows are taken."""

    USER = "user"
    PLAN = "plan"
    CONSUMPTION = "consumption"
    ROSTER = "roster"
    SUMMARY = "plan_summary"
    CONTENT = "content"
    COMPETENCY = "competency"
    UNENROLMENT = "unenrolment"
    COURSE_ASSESSMENT = "course_assessment"
    STANDALONE_ASSESSMENT = "standalone_assessment"
    PROGRAMME = "programme"


@dataclass(frozen=True)
class Column:
    """A fact of a row: where it is found (spellings, the present one first) and how its cell is read."""

    field: str
    read: Read
    names: tuple[str, ...]
    needed: bool = False  # without this column the file is not of the kind
    filled: bool = False  # without a value the row is rejected
    repeats: bool = True  # few different values: remembered instead of read again


@dataclass(frozen=True)
class KindOfSheet:
    """What is known of one kind of file."""

    kind: Kind
    file_name: str
    columns: tuple[Column, ...]
    generations: Mapping[str, tuple[str, ...]]
    finish: Finish
    telling: frozenset[str] = frozenset()  # fields of which at least two must be there
    set_aside: frozenset[str] = frozenset()  # headers known and not kept
    foreign: frozenset[str] = frozenset()  # headers that only a look-alike has


@dataclass(frozen=True)
class Layout:
    """Which column of one file holds what; `read_row` reads its rows by it."""

    kind: Kind
    generation: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    guessed: tuple[str, ...]
    spare: tuple[tuple[str, int], ...] = field(repr=False)
    readers: tuple[tuple[Read, int], ...] = field(repr=False, compare=False)
    keys: tuple[tuple[str, int, int], ...] = field(repr=False)
    named: tuple[tuple[Read, int], ...] = field(repr=False, compare=False)  # what tells of a name whether it is spoilt
    finish: Finish = field(repr=False, compare=False)

    def heading(self, field: str) -> str:
        """The header, as the file spells it, of the column that holds `field`; the field itself if there is none."""
        return self.header[self.columns[field]] if field in self.columns else field


def simplified(header: str) -> str:
    """A header as headers are compared: lower case, letters and digits only."""
    return "".join(filter(str.isalnum, header.lower()))


def headers(names: str) -> tuple[str, ...]:
    """The headers of a file, written in one text with a middle dot between them."""
    return tuple(name.strip() for name in names.split("·"))


def without(names: Iterable[str], *left_out: str) -> tuple[str, ...]:
    """The headers but those left out."""
    return tuple(name for name in names if name not in left_out)


KEYS = frozenset({"igot_id", "email", "phone", "employee_id", "external", "employee_code"})
NAMED = frozenset({"full_name", "name_en", "name_hi", "designation", "designation_hi"})
CADRE = headers("Cadre·Civil Service Type·Civil Services·Cadre Batch·Is From Organised Service of Govt")

NAME = ("Full_Name", "Name", "Learner Name")
ORGANIZATION = ("Organization", "Organisation")

# The first five and the last are the keys; see rows.EXTERNAL.
PERSON = (
    Column("igot_id", rules.igot_id, ("userID",)),
    Column("email", rules.email, ("Email",), repeats=False),
    Column("phone", rules.phone, ("Phone_Number", "Phone", "Mobile Number"), repeats=False),
    Column("employee_id", rules.employee_id, ("Employee_Id",), repeats=False),
    Column("external", rules.employee_id, ("External_System_Id",), repeats=False),
)
SYSTEM = Column("external_system", rules.external_system, ("External_System",))
REPORT = (
    Column("mdoid", rules.text, ("mdoid",)),
    Column("generated_at", rules.datetime_in, ("Report_Last_Generated_On",)),
)
