"""Rows of earlier imports sent once more, as a small file of the same kind, by the road that every file goes."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import Reason
from karmyogi.reports.models import QueueAnswer
from karmyogi.reports.reader import simplified
from karmyogi.reports.service.applying import apply
from karmyogi.reports.service.checking import check
from karmyogi.reports.service.queueing import cells_of, header_of, layout_of, settle
from karmyogi.reports.service.receiving import receive
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import, ImportRow, ImportState
from karmyogi.store.sheets import read_sheet

FOR_ONE = {"no_row_within_reach": "queue_officer_outside"}  # what is said of a file, said of the rows of an answer
CODE = "Employee_Id"  # carries the officer where a row has no key of its own


@dataclass
class FileAgain:
    """Rows of one kind and layout, and the lines of the file that they make, its header first."""

    kind: str
    lines: list[list[str]]
    rows: list[ImportRow] = field(default_factory=list)


def files_of(rows: Iterable[ImportRow]) -> list[FileAgain]:
    """Kept rows as files that can be imported, in the order given; each row comes with its `origin` and `person`."""
    files: dict[tuple[str, tuple[str, ...]], FileAgain] = {}
    for row in rows:
        header = header_of(row.origin)
        file = files.setdefault((row.origin.kind, header), FileAgain(row.origin.kind, [_with_code(row, header)]))
        file.lines.append(_cells(row, header, file.lines[0]))
        file.rows.append(row)
    return list(files.values())


def _with_code(row: ImportRow, header: tuple[str, ...]) -> list[str]:
    layout = layout_of(row.origin)
    return [*header] if layout is None or "employee_id" in layout.columns else [*header, CODE]


def _cells(row: ImportRow, header: tuple[str, ...], wider: Sequence[str]) -> list[str]:
    cells = [*cells_of(header, row.told), *[""] * (len(wider) - len(header))]
    if row.person.label and row.person.officer:
        place = next(at for at, name in enumerate(wider) if simplified(name) == simplified(CODE))
        cells[place] = row.person.officer.employee_code
    return cells


def bring(
    lines: Sequence[Sequence[str]],
    files: PrivateFiles,
    *,
    answer: QueueAnswer,
    name: str,
    rows: Sequence[ImportRow] = (),
    by: Actor,
    at: datetime,
) -> Import:
    """Import lines as a file of their own; `rows` are the earlier rows that they are, in the order of the lines.

    To be called in the transaction of the answer. Raises RuleBroken if they are no file that can be taken.
    """
    text = _as_csv(lines)
    origin = receive(io.BytesIO(text), files, name=name, by=by, at=at, unit_id=answer.unit_id)
    origin.answer_id = answer.id
    origin.again_of = max((row.origin for row in rows), key=lambda one: one.id, default=None)
    origin.save()
    check(origin, files)
    if origin.state != ImportState.CHECKED:
        raise RuleBroken(*(Reason(FOR_ONE.get(code, code), facts) for code, facts in origin.refusal))
    apply(origin, files, by=by)
    settle(origin, [(row.id, number) for row, (number, _cells) in zip(rows, read_sheet(text).rows, strict=False)])
    return origin


def _as_csv(lines: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(lines)
    return buffer.getvalue().encode()
