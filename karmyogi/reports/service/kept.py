"""What the preview of an import has read, kept for applying it: only data, in a private file beside the reports.

It is taken if the same code read the same bytes for the same import on the same
kind of database, and not a byte of it has changed since; the file's name says
all that. Else the report is read anew: nobody is sorry if the file is gone.
"""

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from karmyogi.config import ROOT
from karmyogi.core.reasons import Fact, Reason
from karmyogi.reports import reader
from karmyogi.reports.rules import Fault
from karmyogi.reports.service.places import places_in
from karmyogi.reports.service.reading import Reading, make_ready
from karmyogi.store import keeping, staging
from karmyogi.store.db import canonical, database, is_postgres
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.sheets import Sheet

READ_BY = ("core", "store", "reports")  # the rooms whose code says what a file comes to
FACTS = {"facts": "TEXT"}


def _code_as_it_runs() -> str:
    """A digest of that code, taken as it is loaded: an upgrade changes the files under a worker that still runs."""
    digest = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for room in READ_BY:
        for path in sorted((ROOT / "karmyogi" / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


CODE = _code_as_it_runs()


def keep(reading: Reading, origin: Import, files: PrivateFiles) -> None:
    """Keep what was read, before anything is judged. What is done in a transaction is too small to be worth it."""
    if not keeping.can_keep():
        return
    forget(origin, files)
    staging.create("reading_told", FACTS)
    staging.load("reading_told", 1, [(canonical(_told(reading)),)])
    handle, unfinished = tempfile.mkstemp(dir=files.scratch)  # mkstemp gives mode 0600
    os.close(handle)
    path = Path(unfinished)
    keeping.save(path, ["reading_told", *reading.tables])
    path.replace(path.with_name(f"{_name(origin)}{_digest(path)}"))


def take(origin: Import, files: PrivateFiles, run: JobRun | None) -> Reading | None:
    """Lay out what was kept of an import as if its file had just been read; None if that must be read."""
    path = _whole(origin, files) if keeping.can_keep() else None
    if path is None:
        return None
    reading = _blank(origin)
    keeping.restore(path, {"reading_told": FACTS, **reading.tables})
    [[facts]] = database.execute_sql("SELECT facts FROM reading_told").fetchall()
    _fill(reading, json.loads(facts))
    make_ready(reading, run)
    return reading


def forget(origin: Import, files: PrivateFiles) -> None:
    """Remove what was kept of an import, by whatever code."""
    for path in files.scratch.glob(f"{origin.id}-*"):
        path.unlink(missing_ok=True)


def _whole(origin: Import, files: PrivateFiles) -> Path | None:
    found = files.scratch.glob(f"{_name(origin)}*")
    return next((path for path in found if path.name.endswith(_digest(path))), None)


def _name(origin: Import) -> str:
    made_of = canonical([CODE, is_postgres(), origin.sha256, origin.unit_id])
    return f"{origin.id}-{hashlib.blake2b(made_of.encode(), digest_size=16).hexdigest()}-"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


# What was read besides the rows and is not in the import, as JSON


Plain = tuple[int, str, str, str, Mapping[str, Fact]]  # a fault, with the code and the facts of its reason


class Told(TypedDict):
    """What `FACTS` holds."""

    row_count: int
    faults: list[Plain]
    remarks: list[Plain]
    generated_at: str | None
    mdoids: list[str]
    again: list[tuple[int, int, int]]
    places: list[tuple[Sequence[str], int]]


def _told(reading: Reading) -> Told:
    return {
        "row_count": reading.row_count,
        "faults": [_plain(fault) for fault in reading.faults],
        "remarks": [_plain(fault) for fault in reading.remarks],
        "generated_at": reading.generated_at.isoformat() if reading.generated_at else None,
        "mdoids": sorted(reading.mdoids),
        "again": [(line, *meant) for line, meant in reading.again.items()],
        "places": reading.places.plain() if reading.places else [],
    }


def _blank(origin: Import) -> Reading:
    """A reading of which only the import's own row is told: by what layout it was read, and of which sheet."""
    header = tuple(origin.header)
    sheet = Sheet(header, iter(()), origin.sheet_name, tuple(origin.sheets_unread), origin.container)
    reading = Reading(reader.recognise(header), sheet)
    reading.places = places_in(reading.kind, origin) if origin.unit_id else None
    return reading


def _fill(reading: Reading, told: Told) -> None:
    reading.row_count = told["row_count"]
    reading.faults = [_fault(*fault) for fault in told["faults"]]
    reading.remarks = [_fault(*fault) for fault in told["remarks"]]
    reading.generated_at = datetime.fromisoformat(told["generated_at"]) if told["generated_at"] else None
    reading.mdoids = set(told["mdoids"])
    reading.again = {line: (import_id, row) for line, import_id, row in told["again"]}
    if reading.places:
        reading.places.refill(told["places"])


def _plain(fault: Fault) -> Plain:
    return fault.line_number, fault.column, fault.value, fault.reason.code, dict(fault.reason.facts)


def _fault(line: int, column: str, value: str, code: str, facts: Mapping[str, Fact]) -> Fault:
    return Fault(line, column, value, Reason(code, facts))
