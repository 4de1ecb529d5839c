"""Files of any kind and generation, made in the test: a row is told by facts, the file spells them as it did then."""

import csv
import io
from collections.abc import Mapping

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer, OfficerKey
from karmyogi.reports import service
from karmyogi.reports.reader import KINDS, Kind
from karmyogi.reports.reader.columns import simplified
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import
from tests.factories import make_officer

Row = Mapping[str, str]
REPORTED = "2026-02-02 11:30:47 AM"


def made(kind: Kind, generation: str, *rows: Row, drop: tuple[str, ...] = (), add: Row | None = None) -> bytes:
    """A CSV file with the header of a generation; `drop` leaves columns out, `add` appends some with one value."""
    header = [name for name in KINDS[kind].generations[generation] if name not in drop]
    lines = [[*_cells(kind, header, row), *(add or {}).values()] for row in rows]
    text = io.StringIO()
    csv.writer(text).writerows([[*header, *(add or {})], *lines])
    return text.getvalue().encode()


def _cells(kind: Kind, header: list[str], row: Row) -> list[str]:
    """The value of each header: of the fact it stands for, or of the header itself."""
    places = {simplified(name): column.field for column in KINDS[kind].columns for name in column.names}
    return [row.get(places.get(simplified(name), name), "") for name in header]


def bring(content: bytes, files: PrivateFiles, name: str = "report.csv") -> Import:
    """The file received and looked at, not applied."""
    origin = service.receive(io.BytesIO(content), files, name=name, by=SYSTEM)
    return service.check(origin, files)


def take(content: bytes, files: PrivateFiles) -> dict[str, int]:
    """What became of the rows of a file that was applied, by outcome; the look before came to the same."""
    origin = bring(content, files)
    assert origin.state == "checked", origin.refusal
    seen = outcomes(origin)
    service.apply(origin, files, by=SYSTEM)
    assert outcomes(origin) == seen
    assert sum(outcomes(origin).values()) == origin.row_count
    return seen


def outcomes(origin: Import) -> dict[str, int]:
    return {name: count for name, count in service.counts(origin).items() if count}


def known(who: Row) -> Officer:
    """An officer whom files know by an e-mail, by an employee id and by iGOT's id."""
    officer = make_officer(who["full_name"], email=who["email"])
    for kind in ("email", "employee_id", "igot_id"):
        OfficerKey.create(kind=kind, value=who[kind], officer=officer)
    return officer
