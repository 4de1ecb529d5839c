"""Rows worth a look, kept with the cells as they came: refused, queued and flagged ones, and a sample of the rest."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from karmyogi.core.reasons import Reason, reason
from karmyogi.reports import matching
from karmyogi.reports.rules import Fault
from karmyogi.reports.service.reading import Reading, rows_as_told
from karmyogi.store import staging
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import, ImportRow, Outcome
from karmyogi.store.sheets import Sheet, rows_of

KEPT = {
    name: ImportRow._meta.fields[name]
    for name in ("origin", "row_number", "outcome", "code", "column", "value", "facts", "told")
}
SAMPLES = 50  # rows shown of each outcome that needs nobody's attention


def keep(origin: Import, rows: list[dict[str, object]]) -> None:
    """Keep these rows of an import in place of those kept before."""
    ImportRow.delete().where(ImportRow.origin == origin).execute()
    columns = [KEPT[name].column_name for name in KEPT]
    stored = (tuple(field.db_value(row[name]) for name, field in KEPT.items()) for row in rows)
    staging.load(f"import_row ({', '.join(columns)})", len(columns), stored)


def rows_worth_a_look(
    origin: Import, files: PrivateFiles, reading: Reading, *, seen_before: bool = False
) -> Iterator[dict[str, object]]:
    """Every refused, queued and flagged row, and a sample of the others, each with its cells as they came.

    If the file was `seen_before`, cells that were kept then are not read again.
    """
    rejected, queued, samples = _rejected_rows(), _queued_rows(origin), _sample_rows()
    wanted = {f.line_number for f in chain(reading.all_faults, reading.all_remarks)}
    wanted |= rejected.keys() | queued.keys() | samples.keys()
    told = _cells_kept(origin) if seen_before else {}
    if wanted - told.keys():
        told = _cells_of(origin, files, reading, wanted)
    for fault in reading.all_faults:
        yield _row(origin, fault, Outcome.REJECTED.value, told)
    for number, why in rejected.items():
        yield _row(origin, Fault(number, "", "", why), Outcome.REJECTED.value, told)
    for number, why in queued.items():
        yield _row(origin, Fault(number, "", "", why), Outcome.QUEUED.value, told)
    for remark in reading.all_remarks:
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
    }


def names_in(header: Sequence[str]) -> tuple[str, ...]:
    """The names under which cells are kept: the headers, and for one that stands twice also its place."""
    seen: set[str] = set()
    names = []
    for place, name in enumerate(header, 1):
        names.append(f"{name}#{place}" if name in seen else name)
        seen.add(name)
    return tuple(names)


def _queued_rows(origin: Import) -> dict[int, Reason]:
    found = database.execute_sql(
        "SELECT row_number, code, person FROM judged WHERE outcome = 'queued' ORDER BY row_number"
    ).fetchall()
    if not found:
        return {}
    who = matching.who_each_key_means((person for _number, _code, person in found), unit_id=origin.unit_id)
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


def _cells_kept(origin: Import) -> dict[int, dict[str, str]]:
    """The cells of the lines that were kept when the file was looked at."""
    return dict(ImportRow.select(ImportRow.row_number, ImportRow.told).where(ImportRow.origin == origin).tuples())


def _cells_of(
    origin: Import, files: PrivateFiles, reading: Reading, wanted: Iterable[int]
) -> dict[int, dict[str, str]]:
    """The filled cells of these lines, by header, from one more look into the file: memory holds only these."""
    header = reading.layout.header
    names = names_in(header)
    with files.open(origin.sha256, kind="report") as stream:
        return {
            number: {h: c.replace("\0", "") for h, c in zip(names, cells, strict=False) if c.strip()}
            for number, cells in rows_as_told(Sheet(header, rows_of(stream, wanted)))
        }
