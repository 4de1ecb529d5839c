"""Reads of imports: the list, one with its rows, and how fresh the data is."""

from collections.abc import Sequence
from datetime import date

import peewee

from karmyogi.core.months import IST
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome
from karmyogi.store.jobs import JobRun

ROWS_SHOWN = 50
PROBLEMS = [Outcome.REJECTED.value, Outcome.QUEUED.value, "flagged"]
WORK = ("import-check", "import-apply", "import-undo")  # jobs about one import
TABS = [*PROBLEMS, "created", "updated", "unchanged"]


def imports() -> peewee.ModelSelect:
    """Imports, the newest first."""
    return Import.select().order_by(Import.id.desc())


def imports_before(last_id: int | None, *, limit: int = 25) -> list[Import]:
    """One page of the list by key, and one more row that tells whether there is a next page."""
    rows = imports().limit(limit + 1)
    return list(rows.where(Import.id < last_id) if last_id else rows)


def rows_of(origin: Import, outcome: str, *, after: int = 0, limit: int = ROWS_SHOWN) -> list[ImportRow]:
    """Rows of an import with one outcome, in the order of the file; one more than the limit if there are more."""
    mine = (ImportRow.origin == origin) & (ImportRow.outcome == outcome) & (ImportRow.row_number > after)
    return list(ImportRow.select().where(mine).order_by(ImportRow.row_number, ImportRow.id).limit(limit + 1))


def problems_of(origin: Import) -> list[ImportRow]:
    """Refused, queued and flagged rows, in the order of the file."""
    return list(
        ImportRow.select()
        .where((ImportRow.origin == origin) & ImportRow.outcome.in_(PROBLEMS))
        .order_by(ImportRow.row_number, ImportRow.id)
    )


def data_as_on() -> date | None:
    """The day of the newest iGOT report that was applied, in India; None before the first."""
    newest = (
        Import.select(peewee.fn.MAX(Import.generated_at))
        .where(Import.state == ImportState.APPLIED.value)
        .scalar(as_tuple=False)
    )
    newest = Import.generated_at.python_value(newest)
    return newest.astimezone(IST).date() if newest else None


def same_file(origin: Import) -> Import | None:
    """An earlier import of the very same file that was applied, if there is one."""
    return (
        Import.select()
        .where((Import.sha256 == origin.sha256) & (Import.state == ImportState.APPLIED.value) & (Import.id < origin.id))
        .first()
    )


def imports_numbered(numbers: Sequence[int]) -> list[Import]:
    """The imports with these numbers, the latest first."""
    return list(imports().where(Import.id.in_(list(numbers)))) if numbers else []


def work_on(origin: Import) -> JobRun | None:
    """The piece of work that was last asked for on this import."""
    mine = (JobRun.period == str(origin.id)) & JobRun.job.in_(WORK)
    return JobRun.select().where(mine).order_by(JobRun.queued_at.desc(), JobRun.id.desc()).first()
