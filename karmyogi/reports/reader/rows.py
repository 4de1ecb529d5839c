"""Reads the rows of a file by its layout: what a row says, or why it is rejected."""

from collections.abc import Callable, Sequence
from typing import Protocol

from karmyogi.reports import rules
from karmyogi.reports.reader.columns import Cells, Column, Finish, Layout, Read
from karmyogi.reports.rules import Fault, Remark, ReportRow, Unreadable, about, storable

Why = Callable[[ReportRow], tuple[str, str] | None]


class RowType(Protocol):
    """A kind of row, made of all its values in order."""

    def _make(self, values: Sequence[object], /) -> ReportRow: ...


def nothing_wrong(_row: ReportRow) -> None:
    """Most rows have nothing wrong beyond their cells."""


def read_row(layout: Layout, line_number: int, cells: Cells) -> ReportRow | Fault:
    """What the row says, or why it is rejected; never raises.

    Of several faults the leftmost is told. Cells missing at the end are blank.
    """
    width = len(layout.header)
    if len(cells) != width:
        if any(map(str.strip, cells[width:])):
            return _too_wide(line_number, cells[width:])
        cells = (*cells[:width], *[""] * (width - len(cells)))
    try:
        values = [read(cells[index]) for read, index in layout.readers]
    except Unreadable:
        return _leftmost_fault(layout, line_number, cells)
    row = layout.finish(layout, line_number, cells, values)
    spoilt = [index for is_garbled, index in layout.named if is_garbled(cells[index])]
    return _with_spoilt(row, layout, cells, spoilt) if spoilt else row


def _with_spoilt(row: ReportRow | Fault, layout: Layout, cells: Cells, spoilt: Sequence[int]) -> ReportRow | Fault:
    """The row with a remark on each name that an old font has spoilt; what is rejected has its reason already."""
    if isinstance(row, Fault):
        return row
    told = [remark("text_garbled", layout.header[index], cells[index]) for index in spoilt]
    return row._replace(flags=(*row.flags, *told))


def _too_wide(line_number: int, beyond: Cells) -> Fault:
    return _fault(line_number, "row_too_wide", "", next(filter(str.strip, beyond)))


def _leftmost_fault(layout: Layout, line_number: int, cells: Cells) -> Fault:
    for read, index in sorted(layout.readers, key=lambda reader: reader[1]):
        try:
            read(cells[index])
        except Unreadable as error:
            return _fault(line_number, error.code, layout.header[index], cells[index])
    raise AssertionError("a row was unreadable, but none of its cells is")


def _fault(line_number: int, code: str, column: str, value: str, **facts: str) -> Fault:
    return Fault(line_number, column, storable(value), about(code, column, value, **facts))


def remark(code: str, column: str, value: str) -> Remark:
    return Remark(column, storable(value), about(code, column, value))


def rejected(layout: Layout, row: ReportRow, cells: Cells, why: tuple[str, str]) -> Fault:
    name, code = why
    value = cells[layout.columns[name]] if name in layout.columns else ""
    facts = {"report": row.generated_at.date().isoformat()} if code == "completed_after_report" else {}
    return _fault(row.line_number, code, layout.heading(name), value, **facts)


def ignored_keys(layout: Layout, cells: Cells, values: Sequence[object]) -> tuple[Remark, ...]:
    remarks = []
    for name, place, index in layout.keys:
        if values[place] is None and (code := rules.why_ignored(name, cells[index])):
            column = layout.header[index]
            remarks.append(remark(code, column, cells[index]))
    return tuple(remarks)


def extra(layout: Layout, cells: Cells) -> dict[str, str]:
    if not layout.spare:
        return {}
    return {name: storable(cells[index]) for name, index in layout.spare if cells[index].strip()}


EXTERNAL = 4  # the place of External_System_Id among the columns; External_System is the last


def join_external(values: list[object]) -> None:
    system = values.pop()
    if values[EXTERNAL]:
        values[EXTERNAL] = f"{system}:{values[EXTERNAL]}" if system else None


def of_person(row_type: RowType, why: Why = nothing_wrong) -> Finish:
    """How the row of a person is made: its keys first, and rejected if `why` says (field at fault, code)."""

    def finish(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> ReportRow | Fault:
        ignored = ignored_keys(layout, cells, values)
        join_external(values)
        row = row_type._make((line_number, *values, ignored, (), extra(layout, cells)))
        found = why(row)
        return rejected(layout, row, cells, found) if found else row

    return finish


def of_thing(row_type: RowType, why: Why = nothing_wrong) -> Finish:
    """How a row that is about no person is made, and rejected if `why` says (field at fault, code)."""

    def finish(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> ReportRow | Fault:
        row = row_type._make((line_number, *values, (), (), extra(layout, cells)))
        found = why(row)
        return rejected(layout, row, cells, found) if found else row

    return finish


class Remembered(dict[str, object]):
    """What a reader gave for a cell; emptied when it has grown, so memory stays bounded."""

    MOST = 10_000

    def __init__(self, read: Read):
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> object:
        value = self._read(cell)
        if len(self) >= self.MOST:
            self.clear()
        self[cell] = value
        return value


def reader_of(column: Column, index: int | None) -> tuple[Read, int]:
    if index is None:
        blank = column.read("")
        return (lambda _cell: blank), 0
    read = _filled(column.read) if column.filled else column.read
    return (Remembered(read).__getitem__ if column.repeats else read), index


def _filled(read: Read) -> Read:
    def read_filled(cell: str) -> object:
        value = read(cell)
        if value in (None, ""):
            raise Unreadable("column_blank")
        return value

    return read_filled
