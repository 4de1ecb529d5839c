"""Files of Excel's own kind: one sheet with typed cells, and none that Excel would run or follow.

Rows go to disk as they come, so that a file of any length needs no more memory
than a few of them; a cell that is text is written as text, whatever it says.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import IO

from flask import Response
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.web.exports import as_download

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000
LONGEST_TEXT = 32_767  # of a cell in Excel
LARGEST_NUMBER = 10**15  # Excel keeps fifteen digits of a number
FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
MEASURED = 200  # rows by which the widths of the columns are chosen
PIECE = 64 * 1024

declare(
    too_many_for_excel=N_(
        "An Excel file holds at most %(most)s rows here, and this list has more. "
        "Narrow the list by its filters, or take the CSV file, which holds them all."
    ),
)


@dataclass(frozen=True)
class Sheet:
    """A list as it stands in a file: its title and what is to be known of it, the headings, the rows as they come.

    Without a title the headings stand in the first line, as programs that read the file again expect it.
    """

    title: str
    facts: Sequence[tuple[str, object]]
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


def refuse_too_many(count: int) -> None:
    """Raise RuleBroken if an Excel file would have more rows than `MOST_ROWS`."""
    if count > MOST_ROWS:
        raise RuleBroken(reason("too_many_for_excel", most=MOST_ROWS))


def xlsx_response(name: str, sheet: Sheet) -> Response:
    """A download called `name`.xlsx, sent piece by piece from a file on disk that nobody else can open."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is closed when the last piece has been sent
    write_workbook(file, sheet)
    response = Response(_pieces(file), mimetype=TYPE)
    response.call_on_close(file.close)
    return as_download(response, f"{name}.xlsx")


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def write_workbook(file: IO[bytes], sheet: Sheet) -> None:
    """Write the sheet as a workbook into `file`, a row at a time."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        book.set_properties({"title": sheet.title, "created": now().replace(tzinfo=None)})
        page = book.add_worksheet()
        _Pen(book, page).write(sheet)


class _Pen:
    """Writes a sheet from top to bottom: what was passed cannot be written again."""

    def __init__(self, book: Workbook, page: Worksheet):
        self.page = page
        self.heading: Format = book.add_format({"bold": True, "font_size": 14})
        self.column: Format = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.quiet: Format = book.add_format({"font_color": "#514940"})
        self.day: Format = book.add_format({"num_format": "dd-mm-yyyy"})
        self.moment: Format = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})

    def write(self, sheet: Sheet) -> None:
        rows = iter(sheet.rows)
        first = list(islice(rows, MEASURED))
        top = len(sheet.facts) + 2 if sheet.title else 0  # the title, the facts, a blank line
        self._set_up(sheet.header, first, top)
        if sheet.title:
            self.page.write_string(0, 0, sheet.title, self.heading)
        for place, (label, value) in enumerate(sheet.facts, 1):
            self.page.write_string(place, 0, label, self.quiet)
            self._cell(place, 1, value)
        for column, label in enumerate(sheet.header):
            self.page.write_string(top, column, label, self.column)
        for place, row in enumerate(chain(first, rows), top + 1):
            for column, value in enumerate(row):
                self._cell(place, column, value)

    def _set_up(self, header: Sequence[str], first: Sequence[Sequence[object]], top: int) -> None:
        for column, width in enumerate(widths(header, first)):
            self.page.set_column(column, column, width)
        self.page.freeze_panes(top + 1, 1)
        self.page.repeat_rows(top)
        self.page.set_paper(9)  # A4
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.set_footer("&C&P / &N")

    def _cell(self, row: int, column: int, value: object) -> None:
        write, told = _written(value)
        if write == "string":
            self.page.write_string(row, column, str(told))
        elif write == "number":
            self.page.write_number(row, column, told)
        elif write:
            self.page.write_datetime(row, column, told, self.moment if write == "moment" else self.day)


def _written(value: object) -> tuple[str, object]:
    """How a value is written into a cell, and as what; nothing stays a blank cell."""
    if value is None or value == "":
        return "", value
    if isinstance(value, datetime):
        value = value.astimezone(IST).replace(tzinfo=None)
        return ("moment", value) if value.date() >= FIRST_DAY else ("string", value)
    if isinstance(value, date):
        return ("day", value) if value >= FIRST_DAY else ("string", value)
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST_NUMBER:
        return "number", value
    return "string", str(value)[:LONGEST_TEXT]


def widths(header: Sequence[str], rows: Sequence[Sequence[object]]) -> list[int]:
    """A width for each column, in letters: enough for its heading's words and its first rows, within reason."""
    return [_width(label, [row[column] for row in rows]) for column, label in enumerate(header)]


def _width(label: str, values: Sequence[object]) -> int:
    longest = max((len(word) for word in label.split()), default=0)
    return max(8, min(48, 2 + max([longest, *(_length(value) for value in values)])))


def _length(value: object) -> int:
    return 16 if isinstance(value, datetime) else len(str("" if value is None else value))
