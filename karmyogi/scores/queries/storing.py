"""From the temporary tables to the month: a run's rows are written beside those shown, and taken away, in steps.

Each step is a transaction of its own that ends within a moment, so that whoever
writes meanwhile waits for one step at most. SQLite lets one writer in at a time
and tells nobody when it is free: between two steps as much time is left as a step took.
Every step costs something beside its rows, so that it is as long as others may well wait.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from karmyogi.core.months import Month
from karmyogi.core.periods import Period, When
from karmyogi.scores.queries.computing import (
    GROUP_COLUMNS,
    GROUPS,
    LINE_COLUMNS,
    LINES,
    RANKED,
    SCORE_COLUMNS,
)
from karmyogi.scores.queries.figuring import COUNT_COLUMNS, COUNTS, FIGURE_COLUMNS, FIGURES
from karmyogi.scores.queries.raw import execute, fetch
from karmyogi.store import staging
from karmyogi.store.db import database, is_postgres

STEP, LONGEST_STEP = 1_000, 20_000  # rows of the first step, and at most of one
STEP_SECONDS = 0.06  # that a step is meant to take where others wait for it
LONGEST_REST = 0.1  # seconds

# In the order of each table's key, which keeps the write short.
BY_OFFICER = (("monthly_score", RANKED, SCORE_COLUMNS, ""), ("score_line", LINES, LINE_COLUMNS, ", code"))

Kept = tuple[str, str, Sequence[str], str]
# Few rows beside those of officers: the groups of one scope are one step.
BY_SCOPE: tuple[Kept, ...] = (
    ("peer_group", GROUPS, GROUP_COLUMNS, "unit_id, state_class"),
    ("point_count", COUNTS, COUNT_COLUMNS, "unit_id, state_class, points"),
    ("unit_figure", FIGURES, FIGURE_COLUMNS, "unit_id"),
)
SCOPES = ("department", "district", "division", "office", "state")


def write_run(month: Month, run: int, *, scores_alone: bool = False) -> Iterator[int]:
    """Write the staged rows as those of a run that nobody sees yet; yields about how many lines are written by then.

    Whoever has a score has a line, so that steps by lines leave nobody out. With `scores_alone` the figures of units
    are not written: a correction changes none.
    """
    yield from _write_groups(month, run, BY_SCOPE[:1] if scores_alone else BY_SCOPE)
    done, stride = 0, Stride()
    for after, upto in _steps(LINES, "1 = 1", {}, stride):
        done += stride.rows
        with _step(stride):
            for table, staged, columns, order in BY_OFFICER:
                _copy(table, staged, columns, f"officer_id{order}", month, run, after, upto)
        yield done


def write_period(period: Period, run: int) -> Iterator[int]:
    """Write the staged sums of a quarter or a year as rows of a run that nobody sees yet; there are no lines."""
    yield from _write_groups(period, run, BY_SCOPE)
    table, staged, columns, order = BY_OFFICER[0]
    done, stride = 0, Stride()
    for after, upto in _steps(staged, "1 = 1", {}, stride):
        done += stride.rows
        with _step(stride):
            _copy(table, staged, columns, f"officer_id{order}", period, run, after, upto)
        yield done


def _write_groups(month: When, run: int, kept: Sequence[Kept]) -> Iterator[int]:
    for table, staged, columns, order in kept:
        listed = ", ".join(columns)
        sql = f"INSERT INTO {table} (month, run, {listed}) SELECT :month, :run, {listed} FROM {staged}"  # noqa: S608
        for scope in SCOPES:
            with _step():
                parameters = {"month": str(month), "run": run, "scope": scope}
                execute(f"{sql} WHERE scope = :scope ORDER BY {order}", parameters)
    yield 0


def _copy(
    table: str, staged: str, columns: Sequence[str], order: str, month: When, run: int, after: int, upto: int
) -> None:
    listed = ", ".join(columns)
    sql = f"INSERT INTO {table} (month, run, {listed}) SELECT :month, :run, {listed} FROM {staged}"  # noqa: S608
    clause = f"WHERE officer_id > :after AND officer_id <= :upto ORDER BY {order}"
    execute(f"{sql} {clause}", {"month": str(month), "run": run, "after": after, "upto": upto})


# What is no longer shown

BEFORE = "month = :month AND run < :shown"
OTHERS = "month = :month AND run <> :shown"
OF_RUN = "month = :month AND run = :run"
ORPHANS = """month = :month
    AND run <> (SELECT shown.run FROM score_month shown WHERE shown.month = :month)
    AND run NOT IN (
        SELECT c.run FROM correction c
        WHERE c.state IN ('correction_drafted', 'correction_proposed', 'correction_approved')
    )"""


def remove_before(month: When, shown: int) -> None:
    """Take away the rows of every run before the one shown, also what a run that was killed has left.

    Of a month, or of a quarter or a year.
    """
    _remove(BEFORE, {"month": str(month), "shown": shown})


def remove_others(month: Month, shown: int) -> None:
    """Take away the rows of a month of every other run than the one shown: a sealed month has no other."""
    _remove(OTHERS, {"month": str(month), "shown": shown})


def remove_orphans(month: Month) -> None:
    """Take away the rows of a sealed month that are neither sealed nor a correction's: what a killed one has left."""
    _remove(ORPHANS, {"month": str(month)})


def remove_run(month: When, run: int) -> None:
    """Take away the rows of one run, which nobody has seen."""
    _remove(OF_RUN, {"month": str(month), "run": run})


def _remove(which: str, parameters: dict[str, object]) -> None:
    for table, *_staged in BY_OFFICER:
        stride = Stride()
        for after, upto in _steps(table, which, parameters, stride):
            clause = f"{which} AND officer_id > :after AND officer_id <= :upto"
            with _step(stride):
                execute(f"DELETE FROM {table} WHERE {clause}", {**parameters, "after": after, "upto": upto})  # noqa: S608
    for table, *_staged in BY_SCOPE:
        with _step():
            execute(f"DELETE FROM {table} WHERE {which}", parameters)  # noqa: S608


# Steps


@dataclass
class Stride:
    """How many rows the next step takes: as many as fill the time that it is meant to, by what the last ones took."""

    rows: int = field(default_factory=lambda: STEP)

    def took(self, seconds: float) -> None:
        """Learn from a step; at most twice as many rows are taken as before, and never fewer than in the first."""
        fitting = int(self.rows * min(STEP_SECONDS / max(seconds, 1e-6), 2))
        self.rows = min(max(fitting, STEP), LONGEST_STEP)


def _steps(table: str, which: str, parameters: dict[str, object], stride: Stride) -> Iterator[tuple[int, int]]:
    """The rows of a table from officer to officer, a stride at a time: above the first number, up to the second."""
    rows, after = f"FROM {table} WHERE {which} AND officer_id > :after", 0
    last = f"SELECT MAX(officer_id) {rows}"
    while upto := _number(_nth(rows, stride), parameters, after) or _number(last, parameters, after):
        yield after, upto
        after = upto


def _nth(rows: str, stride: Stride) -> str:
    return f"SELECT officer_id {rows} ORDER BY officer_id LIMIT 1 OFFSET {stride.rows - 1}"


def _number(sql: str, parameters: dict[str, object], after: int) -> int | None:
    found = fetch(sql, {**parameters, "after": after})
    return found[0][0] if found else None


@contextmanager
def _step(stride: Stride | None = None) -> Iterator[None]:
    """One short transaction; on SQLite others get as much time after it as it took."""
    began = time.perf_counter()
    with database.atomic():
        yield
    took = time.perf_counter() - began
    if stride:
        stride.took(took)
    if not is_postgres() and not database.in_transaction():
        time.sleep(min(took, LONGEST_REST))


def tell_sizes() -> None:
    """Let PostgreSQL count what was replaced, so that boards are read by the right index from the first page on."""
    for table, *_staged in (*BY_OFFICER, *BY_SCOPE):
        staging.analyze(table)
