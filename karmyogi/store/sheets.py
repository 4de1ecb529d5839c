"""Reads a sheet: its header, then its rows one by one, whatever program saved the file.

A sheet comes from a portal, from Excel or from a text editor: comma, semicolon or
tab; UTF-8 or UTF-16; any line ends; line breaks inside quotes. What the cells
mean is no concern of this file.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import IO

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare, reason

Row = tuple[int, tuple[str, ...]]

declare(
    sheet_empty=N_("The file is empty. Download the report again and send the new file."),
    sheet_not_text=N_("The file is not a text table. Send the CSV file as the portal gave it."),
    sheet_not_unicode=N_(
        "The file's letters are in an old encoding that cannot be read safely. "
        "Open it in Excel, save it as “CSV UTF-8 (Comma delimited)” and send that file."
    ),
    sheet_is_workbook=N_(
        "This is an Excel workbook. Workbooks will be taken in a later release; for now open it in Excel, "
        "save it as “CSV UTF-8 (Comma delimited)” and send that file."
    ),
    sheet_is_zip=N_(
        "This is a zip archive. Archives will be taken in a later release; for now unpack it "
        "and send the CSV files inside it one by one."
    ),
    sheet_too_big=N_("The file is larger than %(most)s MB. Divide it into smaller files and send them one by one."),
    sheet_too_many_columns=N_(
        "The file has %(columns)s columns; at most %(most)s are taken. Delete the columns that are not of the report."
    ),
    sheet_too_many_rows=N_(
        "The file has more than %(most)s rows. Divide it into smaller files and send them one by one."
    ),
    sheet_row_unreadable=N_(
        "The row that begins on line %(line)s does not end where a row should. "
        "Probably a quotation mark was left open there; correct it, or download the report again."
    ),
    sheet_cut_off=N_(
        "The file ends in the middle of the row that begins on line %(line)s. It was cut off; download it again."
    ),
)


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken at most: bytes, rows under the header, columns, bytes in one row."""

    max_bytes: int = 300 * 1024 * 1024
    max_rows: int = 1_000_000
    max_columns: int = 200
    max_row_bytes: int = 4_000_000


LIMITS = Limits()
_MEGABYTE = 1024 * 1024
_BLOCK = 64 * 1024
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"  # Excel 97 to 2003
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")
_WORKBOOK_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_QUOTED = re.compile('"[^"]*"?')


@dataclass(frozen=True)
class Sheet:
    """A header, and rows that are read from the file only as they are asked for."""

    header: tuple[str, ...]
    rows: Iterator[Row]


def read_sheet(source: IO[bytes] | bytes, *, limits: Limits = LIMITS) -> Sheet:
    """The sheet in `source`: its header and a lazy iterator of (line number, cells).

    A line number is the physical line (ended by LF, CRLF or CR) on which the
    row begins; the header's is 1 unless blank lines stand above it. Rows in
    which every cell is blank are left out. Rows keep the width they have in
    the file. Memory stays bounded by the longest row; `source` is not closed.

    Raises BadFile, here or while the rows are read: empty, not text, a workbook
    or an archive, over a limit, or cut off inside a quoted cell.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    records = _records(_Watched(stream, limits), limits.max_rows)
    _line, header = next(records, (0, ()))
    if not header:
        raise BadFile("sheet_empty")
    if len(header) > limits.max_columns:
        raise BadFile(reason("sheet_too_many_columns", columns=len(header), most=limits.max_columns))
    return Sheet(header, records)


class _Watched(io.RawIOBase):
    """The caller's stream, refused when it gives too many bytes, or too many without a whole row; never closed here."""

    def __init__(self, stream: IO[bytes], limits: Limits):
        self.line = 1  # where the row being read begins; the reader of rows moves it on
        self._stream = stream
        self._limits = limits
        self._given = 0
        self._line_before = 0
        self._given_before = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # Python 3.11 has no type for a buffer
        chunk = self._stream.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self._given += len(chunk)
        self._watch()
        return len(chunk)

    def _watch(self) -> None:
        if self._given > self._limits.max_bytes:
            raise BadFile(reason("sheet_too_big", most=self._limits.max_bytes // _MEGABYTE))
        if self.line != self._line_before:
            self._line_before, self._given_before = self.line, self._given
        elif self._given - self._given_before > self._limits.max_row_bytes:
            raise BadFile(reason("sheet_row_unreadable", line=self.line))


def _records(watched: _Watched, max_rows: int) -> Iterator[Row]:
    ended = False

    def end() -> Iterator[str]:
        # One empty line past the end: the reader answers [] to it, unless a
        # quote is still open and it gives the unfinished record instead.
        nonlocal ended
        ended = True
        yield ""

    try:
        text = _opened(watched)
        above = _up_to_first_text(text)
        reader = csv.reader(chain(above, text, end()), delimiter=_delimiter_of(above))
        left = max_rows
        for cells in reader:
            if ended and cells:
                raise BadFile(reason("sheet_cut_off", line=watched.line))
            if any(map(str.strip, cells)):
                if left < 0:
                    raise BadFile(reason("sheet_too_many_rows", most=max_rows))
                left -= 1
                yield watched.line, tuple(cells)
            watched.line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(reason("sheet_row_unreadable", line=watched.line)) from error
    except UnicodeError as error:
        raise BadFile("sheet_not_unicode") from error


def _up_to_first_text(lines: Iterable[str]) -> list[str]:
    taken: list[str] = []
    for line in lines:
        taken.append(line)
        if line.strip():
            break
    return taken


def _delimiter_of(above: Sequence[str]) -> str:
    bare = _QUOTED.sub("", above[-1]) if above else ""
    return max(",;\t", key=bare.count)


def _opened(watched: _Watched) -> io.TextIOWrapper:
    buffered = io.BufferedReader(watched, _BLOCK)
    head = buffered.peek()
    _refuse_archives(head)
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    _refuse_binary(head, encoding)
    return io.TextIOWrapper(buffered, encoding=encoding, newline="")


def _refuse_archives(head: bytes) -> None:
    if head.startswith(_OLD_WORKBOOK):
        raise BadFile("sheet_is_workbook")
    if head.startswith(_ARCHIVES):
        raise BadFile("sheet_is_workbook" if head[30:].startswith(_WORKBOOK_PARTS) else "sheet_is_zip")


def _refuse_binary(head: bytes, encoding: str) -> None:
    # Bytes first: a picture is "not text", not "text in an old encoding".
    start = head.decode(encoding, errors="ignore")
    if _CONTROLS.search(start):
        raise BadFile("sheet_not_text")
