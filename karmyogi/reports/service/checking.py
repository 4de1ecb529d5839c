"""What an import would do, found out without writing anything but that."""

from karmyogi.core.errors import BadFile, RuleBroken
from karmyogi.core.months import as_utc, now
from karmyogi.reports.service import kept
from karmyogi.reports.service.places import note_organisations
from karmyogi.reports.service.reading import WRITING, Reading, judge, stage
from karmyogi.reports.service.receiving import OPEN_STATES, move
from karmyogi.reports.service.rows import keep, rows_worth_a_look
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome
from karmyogi.store.jobs import JobRun
from karmyogi.store.pace import Pace


def check(origin: Import, files: PrivateFiles, *, run: JobRun | None = None) -> Import:
    """Find out what applying the import would do, and write only that down; what was read is kept for applying it.

    A file that is no report of ours ends as refused, with the reasons.
    """
    if origin.state not in OPEN_STATES:
        raise RuleBroken("import_not_checked")
    try:
        reading = stage(origin, files, run)
        kept.keep(reading, origin, files)
        judge(reading, origin)
    except BadFile as error:
        kept.forget(origin, files)
        return refuse(origin, error)
    _tell_organisations(origin, reading)
    rows = list(rows_worth_a_look(origin, files, reading))
    Pace(run).at(WRITING)
    with database.atomic():
        move(origin, ImportState.CHECKED)
        note(origin, reading)
        keep(origin, rows)
        origin.save()
    return origin


def _tell_organisations(origin: Import, reading: Reading) -> None:
    """For the whole State, where no row depends on it: which organisations the file tells of."""
    if origin.unit_id is None and reading.places:
        note_organisations(reading.places, origin)


def preview(origin: Import, files: PrivateFiles) -> list[ImportRow]:
    """Find out the same as `check` of an import that is not stored, and store nothing.

    Fills in `origin`, and returns its rows worth a look in the order of the file.
    """
    try:
        reading = stage(origin, files, None)
        judge(reading, origin)
    except BadFile as error:
        origin.state, origin.refusal = ImportState.REFUSED.value, _told(error)
        return []
    note(origin, reading)
    origin.state = ImportState.CHECKED.value
    rows = [ImportRow(**row) for row in rows_worth_a_look(origin, files, reading)]
    return sorted(rows, key=lambda row: row.row_number)


def counts(origin: Import) -> dict[str, int]:
    """How many rows had each outcome."""
    return {outcome.value: getattr(origin, outcome.value) for outcome in Outcome}


def note(origin: Import, reading: Reading) -> None:
    """Write what a reading found out into the import; it is not saved yet."""
    layout = reading.layout
    origin.kind, origin.generation = layout.kind.value, layout.generation
    origin.unknown_columns, origin.missing_columns = list(layout.unknown), list(layout.missing)
    origin.container, origin.sheet_name = reading.sheet.container, reading.sheet.name
    origin.sheets_unread = list(reading.sheet.unread)
    origin.generated_at = as_utc(reading.generated_at) if reading.generated_at else None
    origin.mdoid = next(iter(reading.mdoids)) if len(reading.mdoids) == 1 else None
    origin.header = list(layout.header)
    origin.row_count = reading.row_count
    for outcome in Outcome:
        setattr(origin, outcome.value, reading.outcomes[outcome.value])
    origin.flagged = len({remark.line_number for remark in reading.all_remarks})


def refuse(origin: Import, error: BadFile) -> Import:
    """Remember why nothing of the file can be taken."""
    with database.atomic():
        origin.state, origin.refusal = ImportState.REFUSED.value, _told(error)
        origin.checked_at = now()
        origin.save()
    return origin


def _told(error: BadFile) -> list[list[object]]:
    return [[found.code, dict(found.facts)] for found in error.reasons]
