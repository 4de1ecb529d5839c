"""Queued rows are gathered into people who wait in the match queue, and rows that come again are noted."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from karmyogi.core.errors import BadFile
from karmyogi.reports import reader
from karmyogi.reports.models import KEYS, STATE, Question
from karmyogi.reports.reader import simplified
from karmyogi.reports.rules import ADDED_COLUMNS
from karmyogi.reports.service.rows import names_in
from karmyogi.store import staging
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import, ImportRow, ImportState, Outcome

AT_ONCE = 5_000  # rows in memory
TELLING = ["name", "designation", "department", "organisation", "igot_group"]
READ_AS = ["full_name", "designation", "department", "organization", "group"]
WHOLE = ["unit_id", "question", *KEYS, "label"]  # what makes a person in the queue
COLUMNS = ["row_id", *WHOLE, *TELLING, "code", "since", "content"]
KINDS = {name: "TEXT" for name in COLUMNS} | {"row_id": "INTEGER", "unit_id": "INTEGER", "since": "TIMESTAMP"}
UNLIKE = {simplified(name) for name in ("Report_Last_Generated_On", *ADDED_COLUMNS)}  # differ in rows that say the same


def lay_out_waiting(origin: Import, layout: reader.Layout, rows: Iterable[Mapping[str, object]]) -> None:
    """Read the queued ones among the rows to be kept of an import, by their numbers, before others are kept waiting."""
    layouts: dict[int, reader.Layout | None] = {origin.id: layout}
    queued = (row for row in rows if row["outcome"] == Outcome.QUEUED.value)
    told = ((row["row_number"], *_told(ImportRow(**{**row, "origin": origin}), layouts)) for row in queued)
    staging.create("waiting_told", {"row_number": "INTEGER", **KINDS})
    staging.load("waiting_told", len(COLUMNS) + 1, told)
    staging.analyze("waiting_told")


def gather(origin: Import) -> None:
    """Give every queued row of an applied import its person in the queue, in the caller's transaction.

    Those of this import were laid out before. Of rows of one person that say the same only the last goes on waiting.
    """
    _gather_laid_out(origin)
    layouts: dict[int, reader.Layout | None] = {}
    while rows := _without_person():
        staging.create("waiting_row", KINDS)
        staging.load("waiting_row", len(COLUMNS), [_told(row, layouts) for row in rows])
        _give_persons()


def _gather_laid_out(origin: Import) -> None:
    columns = ", ".join(f"w.{name}" for name in COLUMNS if name != "row_id")
    staging.create_as(
        "waiting_row",
        f"""
        SELECT r.id AS row_id, {columns}
        FROM waiting_told w
        JOIN import_row r ON r.import_id = {origin.id} AND r.outcome = 'queued' AND r.row_number = w.row_number
        """,  # noqa: S608 - names and a number of ours
    )
    _give_persons()


def _give_persons() -> None:
    staging.index("waiting_row", "row_id")
    staging.analyze("waiting_row")
    _bring_people()
    _name_people()
    _keep_the_last()


def _without_person() -> list[ImportRow]:
    queued = (ImportRow.outcome == Outcome.QUEUED.value) & ImportRow.person_id.is_null()
    return list(
        ImportRow.select(ImportRow, Import)
        .join(Import)
        .where(queued & (Import.state == ImportState.APPLIED.value))
        .order_by(ImportRow.id)
        .limit(AT_ONCE)
    )


def _told(row: ImportRow, layouts: dict[int, reader.Layout | None]) -> tuple[object, ...]:
    """A queued row in the order of COLUMNS."""
    if row.import_id not in layouts:
        layouts[row.import_id] = layout_of(row.origin)
    layout = layouts[row.import_id]
    read = layout and reader.read_row(layout, row.row_number, cells_of(layout.header, row.told))
    keys = [getattr(read, key, None) or "" for key in KEYS]
    return (
        row.id,
        row.origin.unit_id or STATE,
        (Question.CERTIFICATE if row.code == "certificate_of_other" else Question.WHO).value,
        *keys,
        "" if any(keys) else f"{row.import_id}:{row.row_number}",
        *(str(getattr(read, name, "") or "") for name in READ_AS),
        row.code,
        _in_utc(row.origin.received_at),
        content_of(row.told),
    )


def _in_utc(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(" ")


def layout_of(origin: Import) -> reader.Layout | None:
    """By what layout the rows of an import are read; None if its header is not recognised any longer."""
    try:
        return reader.recognise(header_of(origin))
    except BadFile:
        return None


def header_of(origin: Import) -> tuple[str, ...]:
    """The header of an import's file; of one of the first release, that of the generation which it was taken for."""
    if origin.header or origin.kind not in reader.KINDS:
        return tuple(origin.header or ())
    return reader.KINDS[origin.kind].generations.get(origin.generation, ())


def cells_of(header: Sequence[str], told: Mapping[str, str]) -> tuple[str, ...]:
    """The cells of a kept row in the order of the file."""
    return tuple(told.get(name, "") for name in names_in(header))


def content_of(told: Mapping[str, str]) -> str:
    """Sixteen characters that are equal where two rows say the same, whenever their reports were made."""
    said = {name: cell.strip() for name, cell in told.items() if simplified(name) not in UNLIKE}
    return hashlib.blake2b(canonical(said).encode(), digest_size=8).hexdigest()


def _bring_people() -> None:
    whole, telling = ", ".join(WHOLE), ", ".join(TELLING)
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*TELLING, "code"))
    database.execute_sql(
        f"""
        INSERT INTO queued_person ({whole}, {telling}, code, since, state)
        SELECT {whole}, {telling}, code, first_since, 'waiting'
        FROM (
            SELECT w.*, MIN(since) OVER (PARTITION BY {whole}) AS first_since,
                ROW_NUMBER() OVER (PARTITION BY {whole} ORDER BY row_id DESC) AS from_last
            FROM waiting_row w
        ) told
        WHERE from_last = 1 ORDER BY row_id
        ON CONFLICT ({whole}) DO UPDATE SET {changes}
        """  # noqa: S608 - names of ours
    )


def _name_people() -> None:
    same = " AND ".join(f"q.{name} = w.{name}" for name in WHOLE)
    database.execute_sql(
        f"""
        UPDATE import_row SET person_id = q.id, content = w.content
        FROM waiting_row w JOIN queued_person q ON {same}
        WHERE w.row_id = import_row.id
        """  # noqa: S608 - names of ours
    )


def _keep_the_last() -> None:
    """A row that an import said before waits in the later import alone, as long as that one stands."""
    staging.create_as(
        "said_again",
        """
        SELECT r.person_id, r.content, MAX(r.id) AS last_id
        FROM import_row r JOIN waiting_row w ON w.row_id = r.id
        GROUP BY r.person_id, r.content
        """,
    )
    database.execute_sql(
        """
        UPDATE import_row SET settled_by = l.import_id, settled_row = l.row_number
        FROM said_again s JOIN import_row l ON l.id = s.last_id
        WHERE import_row.person_id = s.person_id AND import_row.content = s.content AND import_row.id < s.last_id
            AND import_row.settled_by IS NULL
        """
    )


def take_up(origin: Import, again: Mapping[int, tuple[int, int]]) -> None:
    """Note which problem rows of earlier imports this one has taken; `again` says of its lines which row each was.

    A file for a unit takes rows of files for that unit alone, whatever its marks say.
    """
    if not again:
        return
    ours = f" AND i.unit_id = {origin.unit_id}" if origin.unit_id else ""
    staging.create("again_told", {"line": "INTEGER", "import_id": "INTEGER", "row_number": "INTEGER"})
    staging.load("again_told", 3, ((line, *meant) for line, meant in again.items()))
    database.execute_sql(
        f"""
        UPDATE import_row SET settled_by = {origin.id}, settled_row = a.line
        FROM again_told a
        JOIN judged j ON j.row_number = a.line AND j.outcome <> 'rejected'
        WHERE import_row.import_id = a.import_id AND import_row.row_number = a.row_number
            AND import_row.import_id < {origin.id} AND import_row.outcome IN ('queued', 'rejected')
            AND EXISTS (SELECT 1 FROM import i WHERE i.id = import_row.import_id AND i.kind = '{origin.kind}'{ours})
        """  # noqa: S608 - a number and a word of ours
    )


def settle(origin: Import, rows: Iterable[tuple[int, int]]) -> None:
    """Note that these earlier rows (their id, their line in the new file) have been taken up by a later import."""
    staging.create("settled", {"row_id": "INTEGER", "line": "INTEGER"})
    staging.load("settled", 2, rows)
    database.execute_sql(
        f"""
        UPDATE import_row SET settled_by = {origin.id}, settled_row = s.line
        FROM settled s WHERE s.row_id = import_row.id
        """  # noqa: S608 - a number of ours
    )


def note_uses(origin: Import) -> None:
    """Note whom the import knew by an answer of the queue: until it is undone, the answer stays."""
    database.execute_sql(
        f"INSERT INTO queue_use (person_id, import_id) SELECT DISTINCT queued_id, {origin.id} FROM answered "  # noqa: S608
        "WHERE true ON CONFLICT (person_id, import_id) DO NOTHING"
    )
