"""One module for each kind of file: what is staged of a row, how it is judged, and how it is written.

Every kind lays out the temporary table `judged` (row_number, outcome, code,
person) over all staged rows; `write` then brings the rows into the tables, in
one transaction that the caller holds. Nothing here looks at one row at a time.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from karmyogi.reports.matching import Keys
from karmyogi.reports.rules import Fault, Node, Told
from karmyogi.store.history import Undoable
from karmyogi.store.imports import Import

FROM_INDIA = timedelta(hours=5, minutes=30)


class Person(Protocol):
    """What every row about somebody says of who that is."""

    @property
    def igot_id(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str | None: ...
    @property
    def employee_id(self) -> str | None: ...
    @property
    def external(self) -> str | None: ...


def keys_of(row: Person) -> Keys:
    """The keys by which the row's officer is looked for, in the order of `matching`."""
    return row.igot_id, row.email, row.phone, row.employee_id, row.external


@dataclass
class Numbers:
    """Small numbers for what many rows repeat: persons by their keys, courses by their names."""

    persons: dict[Keys, int] = field(default_factory=dict)
    courses: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def of_person(self, keys: Keys) -> int:
        return self.persons.setdefault(keys, len(self.persons))

    def of_course(self, course: tuple[str, str, str]) -> int:
        return self.courses.setdefault(course, len(self.courses))


def no_remarks() -> list[Fault]:
    """Most kinds have nothing to say of a row once it is judged."""
    return []


@dataclass(frozen=True)
class Kind:
    """How one kind of file is taken; `columns` map to SQL types in the order of `staged`.

    `turn` is its place where several files come at once: what teaches keys or
    brings courses goes before what needs them, and kinds of one turn need
    nothing of each other. `tables` are those it writes, in that order; before it
    changes a row of one, it remembers it (`store/history.py`).
    `remarks` tells, after judging, what to say of rows that are imported all the same.
    `reach` is how rows are found to lie within a unit; None for what is the whole State's.
    `prepare` lays out what `write` needs, between judging and writing, while others are not kept waiting yet.
    """

    name: str
    turn: int
    columns: Mapping[str, str]
    staged: Callable[[object, Numbers], tuple[object, ...]]
    judge: Callable[[Import], None]
    write: Callable[[Import], None]
    tables: tuple[Undoable, ...]
    remarks: Callable[[], list[Fault]] = no_remarks
    reach: "Within | None" = None
    prepare: Callable[[Import], None] = lambda _origin: None


def nothing_to_prepare() -> None:
    """Most kinds need nothing laid out to know the units that rows tell."""


@dataclass(frozen=True)
class Within:
    """How rows of a kind are found to lie within a unit (see `kinds/reach.py`).

    `tells` says which of a row's fields make a `Told`; `places` which units each telling may mean, for which `prepare`
    lays out what it needs; `owners` is the SELECT of each row's officer, to whom persons must have been matched
    unless the kind knows officers by their code (`is_by_code`): such rows say where an officer shall be.
    """

    owners: str
    places: Callable[[Collection[Told]], dict[Told, tuple[Node, ...]]]
    tells: Mapping[str, str]
    is_by_code: bool = False
    prepare: Callable[[], None] = nothing_to_prepare


def fingerprint(*values: object) -> str:
    """Sixteen characters that are equal when every mapped value is equal."""
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()


def moment(wall_clock: datetime | None) -> str | None:
    """A time of India as the text of the same moment in UTC, as both engines store it."""
    return None if wall_clock is None else (wall_clock - FROM_INDIA).isoformat(" ")


def day(value: date | datetime | None) -> str | None:
    """A date as text; of a date-time, its day in India."""
    return None if value is None else (value.date() if isinstance(value, datetime) else value).isoformat()


# For what many rows of a file repeat: half a million rows were made in one moment.
same_moment, same_day = lru_cache(1_000)(moment), lru_cache(10_000)(day)
