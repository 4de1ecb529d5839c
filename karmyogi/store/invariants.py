"""What must be true whatever has happened: sentences, each with one read that finds the rows that break it.

Rooms keep theirs in `invariants.py`; `audit/service/doctor.py` asks them all in one view of the data.
Here is the frame, and what the floor itself promises: trail, steps of cases, jobs, references and engine.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from karmyogi.core.months import now
from karmyogi.core.reasons import N_
from karmyogi.store import trail
from karmyogi.store.db import database, is_postgres, pending_migrations, references
from karmyogi.store.files import Kind
from karmyogi.store.jobs import JobState

MOST_FOUND = 100  # rows that one invariant names
STUCK = timedelta(days=1)  # after the end of its lease


@dataclass(frozen=True)
class Offence:
    """A row that breaks an invariant: its table, its number, and what is known of it besides people's own data."""

    table: str
    row: int | str | None
    detail: str = ""


@dataclass(frozen=True)
class Look:
    """What a look needs beside the database: the moment, and whether a private file is there."""

    at: datetime
    has_file: Callable[[str, Kind], bool]


Find = Callable[[Look], Iterable[Offence]]


@dataclass(frozen=True)
class Invariant:
    """A sentence that is true of a healthy State, its short name, and what finds the rows of which it is not."""

    name: str
    sentence: str
    find: Find


def asking(table: str, statement: str | Callable[[], str]) -> Find:
    """Offences by one statement that tells the number of each row, and what is known of it, if anything.

    A statement that the engines spell differently is a function.
    """

    def find(_look: Look) -> Iterator[Offence]:
        asked = statement if isinstance(statement, str) else statement()
        found = database.execute_sql(f"SELECT * FROM ({asked}) AS found LIMIT {MOST_FOUND + 1}")  # noqa: S608 - our own
        for row, *details in found:
            yield Offence(table, row, " ".join(str(one) for one in details))

    return find


def missing_files(table: str, statement: str, kind: Kind) -> Find:
    """Offences by a statement that tells each row with the SHA-256 of a private file that it names."""

    def find(look: Look) -> Iterator[Offence]:
        for row, sha256 in database.execute_sql(statement):
            if not look.has_file(sha256, kind):
                yield Offence(table, row, f"{kind} {sha256[:12]}")

    return find


# The trail


def _broken_chain(_look: Look) -> Iterator[Offence]:
    broken = trail.broken_link()
    if broken:
        yield Offence("trail_entry", broken.id, broken.action)


APPEND_ONLY = {"trail_no_update", "trail_no_delete"}, {"trail_is_append_only"}


def _unguarded_trail(_look: Look) -> Iterator[Offence]:
    asked = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if is_postgres()
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    there = {name for (name,) in database.execute_sql(asked)}
    yield from (Offence("trail_entry", None, name) for name in sorted(APPEND_ONLY[is_postgres()] - there))


# The engine


def _unknown_schema(_look: Look) -> Iterator[Offence]:
    yield from (Offence("schema_migration", None, name) for name in pending_migrations())


def _damaged(_look: Look) -> Iterator[Offence]:
    """PostgreSQL looks after its pages itself, and its own programs prove them."""
    if not is_postgres():
        told = [line for (line,) in database.execute_sql(f"PRAGMA integrity_check({MOST_FOUND})")]
        yield from (Offence("sqlite_master", None, line) for line in told if line != "ok")


def _dangling(_look: Look) -> Iterator[Offence]:
    for table, column, target in references():
        statement = (
            f'SELECT t.rowid_ FROM (SELECT "{column}" AS said, {_number_in(table)} AS rowid_ FROM "{table}") AS t '  # noqa: S608
            f'WHERE t.said IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "{target}" AS o WHERE o.id = t.said) '
            f"LIMIT {MOST_FOUND}"
        )
        yield from (Offence(table, row, f"{column} -> {target}") for (row,) in database.execute_sql(statement))


def _number_in(table: str) -> str:
    """What tells a row of the table from others; a few have no number of their own."""
    return "CAST(ctid AS text)" if is_postgres() else "rowid"


# Jobs


def _stuck(look: Look) -> Iterator[Offence]:
    asked = "SELECT id, job, period FROM job_run WHERE state = 'running' AND lease_until < "
    mark = "%s" if is_postgres() else "?"
    before = (look.at - STUCK).replace(tzinfo=None)
    for row, job, period in database.execute_sql(f"{asked}{mark}", (before,)):
        yield Offence("job_run", row, f"{job} {period}")


ENDED = ", ".join(f"'{state}'" for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED))

INVARIANTS = (
    Invariant(
        "trail-is-one-chain",
        N_("Every entry of the trail follows from the one before it, by the key that lies outside the database."),
        _broken_chain,
    ),
    Invariant("trail-is-append-only", N_("The database itself refuses to change the trail."), _unguarded_trail),
    Invariant(
        "steps-follow-each-other",
        N_("Each step of a case begins where the step before it ended."),
        asking(
            "case_step",
            "SELECT id, workflow, case_id FROM (SELECT id, workflow, case_id, from_state, LAG(to_state) OVER "
            "(PARTITION BY workflow, case_id ORDER BY id) AS stood FROM case_step) AS steps "
            "WHERE stood IS NOT NULL AND from_state <> stood",
        ),
    ),
    Invariant(
        "steps-do-not-go-back-in-time",
        N_("No step of a case is older than the step before it."),
        asking(
            "case_step",
            "SELECT id, workflow, case_id FROM (SELECT id, workflow, case_id, at, LAG(at) OVER "
            "(PARTITION BY workflow, case_id ORDER BY id) AS earlier FROM case_step) AS steps WHERE at < earlier",
        ),
    ),
    Invariant("no-job-is-stuck", N_("No job has been without a sign of life for more than a day."), _stuck),
    Invariant(
        "jobs-end-after-they-begin",
        N_("No job ended before it began."),
        asking(
            "job_run",
            f"SELECT id, job, period FROM job_run WHERE state IN ({ENDED}) AND finished_at < started_at",  # noqa: S608
        ),
    ),
    Invariant("nothing-points-nowhere", N_("Whatever names another record names one that exists."), _dangling),
    Invariant(
        "schema-is-known", N_("The database has every migration of this version of the program."), _unknown_schema
    ),
    Invariant("engine-is-sound", N_("The engine finds no fault in its own pages and indexes."), _damaged),
)


def look_now(has_file: Callable[[str, Kind], bool]) -> Look:
    """A look at this moment."""
    return Look(now(), has_file)
