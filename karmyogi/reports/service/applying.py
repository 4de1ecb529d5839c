"""A checked import brought into the tables: judged once more, then written in one short transaction."""

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.reports.service import kept
from karmyogi.reports.service.checking import counts, note
from karmyogi.reports.service.queueing import gather, lay_out_waiting, note_uses, take_up
from karmyogi.reports.service.reading import KINDS, WRITING, Reading, judge, stage
from karmyogi.reports.service.rows import keep, rows_worth_a_look
from karmyogi.store import history, staging
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import, ImportState, lock_out_other_imports
from karmyogi.store.jobs import JobRun, finish
from karmyogi.store.pace import Pace
from karmyogi.store.trail import record

MANY = 10_000  # rows of a file


def apply(origin: Import, files: PrivateFiles, *, by: Actor, run: JobRun | None = None) -> Import:
    """Bring a checked import into the tables, in one transaction with its trail entry.

    What the preview has read is taken over, else the file is read anew. It is judged once more, since others
    may have imported meanwhile. Raises RuleBroken if it is not in a state to be applied; nothing is written when
    it raises.
    """
    if origin.state != ImportState.CHECKED:
        raise RuleBroken("import_not_checked")
    reading = kept.take(origin, files, run) or stage(origin, files, run)
    while True:
        seen = _last_change()
        judge(reading, origin)
        rows = list(rows_worth_a_look(origin, files, reading, seen_before=True))
        lay_out_waiting(origin, reading.layout, rows)
        reading.kind.prepare(origin)
        Pace(run).at(WRITING)
        with database.atomic():
            lock_out_other_imports()
            if _last_change() != seen:
                continue  # somebody imported, or took an import back, while we compared: compare again
            _apply(origin, reading, rows, by=by, run=run)
        kept.forget(origin, files)
        _tell_sizes(reading)
        return origin


def _tell_sizes(reading: Reading) -> None:
    """Let PostgreSQL count at once what a long file has brought: the next may come before it would do so by itself."""
    if reading.row_count >= MANY and not database.in_transaction():
        for written in reading.kind.tables:
            staging.analyze(written.table)


def _apply(
    origin: Import,
    reading: Reading,
    rows: list[dict[str, object]],
    *,
    by: Actor,
    run: JobRun | None,
) -> None:
    moved = (
        Import.update(state=ImportState.APPLIED.value, applied_at=now(), applied_by=by.user_id)
        .where((Import.id == origin.id) & (Import.state == ImportState.CHECKED.value))
        .execute()
    )
    if not moved:
        raise RuleBroken("import_not_checked")
    kind = KINDS[reading.layout.kind]
    history.begin(origin, kind.tables)
    kind.write(origin)
    note(origin, reading)
    keep(origin, rows)
    origin.save()
    take_up(origin, reading.again)
    gather(origin)
    note_uses(origin)
    record(by, "import.apply", origin, {"sha256": origin.sha256, **counts(origin)})
    Pace(run).at(1)  # who calls it off until now finds that nothing was written
    if run:
        finish(run, counts(origin))
    origin.state = ImportState.APPLIED.value


def _last_change() -> tuple[int, int]:
    """A value that is another one once any import has been applied or undone."""
    applied, undone = (Import.state == state.value for state in (ImportState.APPLIED, ImportState.UNDONE))
    return Import.select().where(applied).count(), Import.select().where(undone).count()
