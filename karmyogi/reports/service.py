"""Verbs of imports: keep the file, look at what it would do, apply it, or set it aside.

Looking and applying share one road: read the file, stage its rows, judge them
set-based against what is stored. Looking ends there; applying writes, in one
short transaction. Reading and judging touch temporary tables only.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from karmyogi.core.errors import BadFile, RuleBroken
from karmyogi.core.months import as_utc, now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.reports import matching, reader
from karmyogi.reports.kinds import Kind, Numbers
from karmyogi.reports.kinds.consumption import CONSUMPTION
from karmyogi.reports.kinds.plan import PLAN
from karmyogi.reports.kinds.roster import ROSTER
from karmyogi.reports.kinds.users import USERS
from karmyogi.reports.rules import Fault
from karmyogi.store import staging
from karmyogi.store.db import database, is_postgres
from karmyogi.store.files import PrivateFiles, Readable
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome
from karmyogi.store.jobs import JobRun, enqueue, finish, progress
from karmyogi.store.sheets import LIMITS, read_sheet
from karmyogi.store.trail import record

KINDS: dict[str, Kind] = {kind.name: kind for kind in (ROSTER, USERS, PLAN, CONSUMPTION)}
CHECK, APPLY = "import-check", "import-apply"
SAMPLES = 50  # rows shown of each outcome that needs nobody's attention
STEP = 20_000  # rows between two signs of life
APPLY_LOCK = 727275
OPEN_STATES = [ImportState.RECEIVED.value, ImportState.CHECKED.value]

declare(
    import_not_checked=N_("This import has not been checked yet, or it has already been applied or set aside."),
    report_has_no_rows=N_("The file has a header but no rows. Download the report again and send the new file."),
)


@dataclass
class Reading:
    """What one pass over a file found out before anything was compared."""

    layout: reader.Layout
    numbers: Numbers = field(default_factory=Numbers)
    row_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    later_remarks: list[Fault] = field(default_factory=list)  # said once the rows were judged
    generated_at: datetime | None = None
    mdoids: set[str] = field(default_factory=set)


def receive(
    stream: Readable,
    files: PrivateFiles,
    *,
    name: str,
    by: Actor,
    creates_units: bool = False,
    as_on: date | None = None,
    at: datetime | None = None,
) -> Import:
    """Keep an uploaded file privately and remember who brought it; nothing of it is read yet.

    Raises BadFile if it is larger than imports may be.
    """
    at = at or now()
    sha256, size = files.put_stream(stream, kind="report", limit=LIMITS.max_bytes)
    with database.atomic():
        received = Import.create(
            file_name=name[:200],
            sha256=sha256,
            size_bytes=size,
            creates_units=creates_units,
            as_on=as_on or at.date(),
            received_by=by.user_id,
            received_at=at,
        )
        record(by, "import.receive", received, {"file": name[:200], "sha256": sha256}, at=at)
    return received


def ask_for(job: str, origin: Import, *, by: Actor) -> JobRun:
    """Queue the checking or applying of an import for the worker."""
    return enqueue(job, str(origin.id), by=by)


def check(origin: Import, files: PrivateFiles, *, run: JobRun | None = None) -> Import:
    """Find out what applying the import would do, and write only that down.

    A file that is no report of ours ends as refused, with the reasons.
    """
    if origin.state not in OPEN_STATES:
        raise RuleBroken("import_not_checked")
    try:
        reading = _stage(origin, files, run)
    except BadFile as error:
        return _refuse(origin, error)
    _judge(reading, origin)
    outcomes = _outcomes(reading)
    rows = list(_rows_worth_a_look(origin, files, reading))
    with database.atomic():
        _move(origin, ImportState.CHECKED)
        _note(origin, reading, outcomes)
        _keep(origin, rows)
        origin.save()
    return origin


def preview(origin: Import, files: PrivateFiles) -> list[ImportRow]:
    """Find out the same as `check` of an import that is not stored, and store nothing.

    Fills in `origin`, and returns its rows worth a look in the order of the file.
    """
    try:
        reading = _stage(origin, files, None)
    except BadFile as error:
        origin.state, origin.refusal = ImportState.REFUSED.value, _told(error)
        return []
    _judge(reading, origin)
    _note(origin, reading, _outcomes(reading))
    origin.state = ImportState.CHECKED.value
    rows = [ImportRow(**row) for row in _rows_worth_a_look(origin, files, reading)]
    return sorted(rows, key=lambda row: row.row_number)


def apply(origin: Import, files: PrivateFiles, *, by: Actor, run: JobRun | None = None) -> Import:
    """Bring a checked import into the tables, in one transaction with its trail entry.

    It is judged once more, since others may have imported meanwhile. Raises
    RuleBroken if it is not in a state to be applied; nothing is written when it raises.
    """
    if origin.state != ImportState.CHECKED:
        raise RuleBroken("import_not_checked")
    reading = _stage(origin, files, run)
    while True:
        seen = _last_applied()
        _judge(reading, origin)
        outcomes = _outcomes(reading)
        rows = list(_rows_worth_a_look(origin, files, reading))
        with database.atomic():
            _lock_out_other_imports()
            if _last_applied() != seen:
                continue  # somebody imported while we compared: compare again
            _apply(origin, reading, outcomes, rows, by=by, run=run)
            return origin


def discard(origin: Import, *, by: Actor) -> None:
    """Set a received or checked import aside; its file and its preview stay readable."""
    with database.atomic():
        _move(origin, ImportState.DISCARDED)
        record(by, "import.discard", origin)


def _move(origin: Import, target: ImportState) -> None:
    """Raises RuleBroken if somebody has applied the import or set it aside meanwhile."""
    moved = Import.update(state=target.value).where((Import.id == origin.id) & Import.state.in_(OPEN_STATES)).execute()
    if not moved:
        raise RuleBroken("import_not_checked")
    origin.state = target.value
    if target is ImportState.CHECKED:
        origin.checked_at = now()


def _apply(
    origin: Import,
    reading: Reading,
    outcomes: Counter[str],
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
    KINDS[reading.layout.kind].write(origin)
    _note(origin, reading, outcomes)
    _keep(origin, rows)
    origin.save()
    record(by, "import.apply", origin, {"sha256": origin.sha256, **counts(origin)})
    if run:
        finish(run, counts(origin))
    origin.state = ImportState.APPLIED.value


def counts(origin: Import) -> dict[str, int]:
    """How many rows had each outcome."""
    return {outcome.value: getattr(origin, outcome.value) for outcome in Outcome}


def _last_applied() -> int:
    return Import.select().where(Import.state == ImportState.APPLIED.value).count()


def _lock_out_other_imports() -> None:
    if is_postgres():  # SQLite's immediate transaction already does
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (APPLY_LOCK,))


def _stage(origin: Import, files: PrivateFiles, run: JobRun | None) -> Reading:
    """Read the whole file into the temporary table `staged`.

    Raises BadFile if it is no report of ours, or has no rows.
    """
    with files.open(origin.sha256, kind="report") as stream:
        sheet = read_sheet(stream)
        reading = Reading(reader.recognise(sheet.header))
        kind = KINDS[reading.layout.kind]
        staging.create("staged", kind.columns)
        staging.load("staged", len(kind.columns), _staged_rows(sheet.rows, reading, kind, run))
    if not reading.row_count:
        raise BadFile("report_has_no_rows")
    staging.index("staged", "row_number")
    staging.analyze("staged")
    return reading


def _staged_rows(
    rows: Iterable[tuple[int, tuple[str, ...]]], reading: Reading, kind: Kind, run: JobRun | None
) -> Iterator[tuple[object, ...]]:
    for line_number, cells in rows:
        reading.row_count += 1
        row = reader.read_row(reading.layout, line_number, cells)
        if isinstance(row, Fault):
            reading.faults.append(row)
            continue
        if row.flags or row.ignored_keys:
            reading.remarks += [Fault(line_number, *remark) for remark in (*row.flags, *row.ignored_keys)]
        _note_origin(reading, row)
        yield kind.staged(row, reading.numbers)
        if run and reading.row_count % STEP == 0 and not is_postgres():  # a COPY holds the connection
            progress(run, 500)


def _note_origin(reading: Reading, row: object) -> None:
    generated_at = getattr(row, "generated_at", None)
    if generated_at and (reading.generated_at is None or generated_at > reading.generated_at):
        reading.generated_at = generated_at
    if mdoid := getattr(row, "mdoid", ""):
        reading.mdoids.add(mdoid)


def _judge(reading: Reading, origin: Import) -> None:
    kind = KINDS[reading.layout.kind]
    kind.judge(reading.numbers, origin)
    reading.later_remarks = kind.remarks()


def _outcomes(reading: Reading) -> Counter[str]:
    found = Counter(dict(database.execute_sql("SELECT outcome, COUNT(*) FROM judged GROUP BY outcome").fetchall()))
    found[Outcome.REJECTED.value] += len(reading.faults)
    return found


def _refuse(origin: Import, error: BadFile) -> Import:
    with database.atomic():
        origin.state, origin.refusal = ImportState.REFUSED.value, _told(error)
        origin.checked_at = now()
        origin.save()
    return origin


def _told(error: BadFile) -> list[list[object]]:
    return [[found.code, dict(found.facts)] for found in error.reasons]


def _note(origin: Import, reading: Reading, outcomes: Counter[str]) -> None:
    layout = reading.layout
    origin.kind, origin.generation = layout.kind.value, layout.generation
    origin.unknown_columns, origin.missing_columns = list(layout.unknown), list(layout.missing)
    origin.generated_at = as_utc(reading.generated_at) if reading.generated_at else None
    origin.mdoid = next(iter(reading.mdoids)) if len(reading.mdoids) == 1 else None
    origin.row_count = reading.row_count
    for outcome in Outcome:
        setattr(origin, outcome.value, outcomes[outcome.value])
    origin.flagged = len({remark.line_number for remark in _remarks_of(reading)})


def _remarks_of(reading: Reading) -> list[Fault]:
    return [*reading.remarks, *reading.later_remarks]


def _keep(origin: Import, rows: list[dict[str, object]]) -> None:
    ImportRow.delete().where(ImportRow.origin == origin).execute()
    for start in range(0, len(rows), 1000):
        ImportRow.insert_many(rows[start : start + 1000]).execute()


def _rows_worth_a_look(origin: Import, files: PrivateFiles, reading: Reading) -> Iterator[dict[str, object]]:
    """Every refused, queued and flagged row, and a sample of the others, each with its cells as they came."""
    queued = _queued_rows()
    samples = _sample_rows()
    wanted = {f.line_number for f in chain(reading.faults, _remarks_of(reading))} | queued.keys() | samples.keys()
    told = _cells_of(origin, files, wanted)
    for fault in reading.faults:
        yield _row(origin, fault, Outcome.REJECTED.value, told)
    for number, why in _rejected_rows().items():
        yield _row(origin, Fault(number, "", "", why), Outcome.REJECTED.value, told)
    for number, why in queued.items():
        yield _row(origin, Fault(number, "", "", why), Outcome.QUEUED.value, told)
    for remark in _remarks_of(reading):
        yield _row(origin, remark, "flagged", told)
    for number, outcome in samples.items():
        yield _row(origin, Fault(number, "", "", Reason("")), outcome, told)


def _row(origin: Import, fault: Fault, outcome: str, told: dict[int, dict[str, str]]) -> dict[str, object]:
    return {
        "origin": origin.id,
        "row_number": fault.line_number,
        "outcome": outcome,
        "code": fault.reason.code,
        "column": fault.column,
        "value": fault.value[:500],
        "facts": dict(fault.reason.facts),
        "told": told.get(fault.line_number, {}),
        "officer_id": None,
    }


def _queued_rows() -> dict[int, Reason]:
    found = database.execute_sql(
        "SELECT row_number, code, person FROM judged WHERE outcome = 'queued' ORDER BY row_number"
    ).fetchall()
    if not found:
        return {}
    who = matching.who_each_key_means(person for _number, _code, person in found)
    return {number: matching.queue_reason(code, who.get(person, "")) for number, code, person in found}


def _rejected_rows() -> dict[int, Reason]:
    """Rows that could be read but not taken, for instance into a unit that is unknown."""
    found = database.execute_sql(
        "SELECT row_number, code FROM judged WHERE outcome = 'rejected' ORDER BY row_number"
    ).fetchall()
    return {number: reason(code) for number, code in found}


def _sample_rows() -> dict[int, str]:
    samples: dict[int, str] = {}
    for outcome in (Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED):
        found = database.execute_sql(
            f"SELECT row_number FROM judged WHERE outcome = '{outcome.value}' ORDER BY row_number LIMIT {SAMPLES}"  # noqa: S608
        )
        samples |= {number: outcome.value for (number,) in found.fetchall()}
    return samples


def _cells_of(origin: Import, files: PrivateFiles, wanted: set[int]) -> dict[int, dict[str, str]]:
    """The filled cells of these lines, by header; one more pass over the file, so that memory holds only these."""
    wanted = wanted | _rejected_rows().keys()
    if not wanted:
        return {}
    with files.open(origin.sha256, kind="report") as stream:
        sheet = read_sheet(stream)
        return {
            number: {h: c.replace("\0", "") for h, c in zip(sheet.header, cells, strict=False) if c.strip()}
            for number, cells in sheet.rows
            if number in wanted
        }
