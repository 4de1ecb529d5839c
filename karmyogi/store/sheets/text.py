"""Reads a text table row by row, whatever program wrote it.

Comma, semicolon or tab; UTF-8 or UTF-16; any line ends; line breaks inside quotes.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import IO

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.sheets.table import MEGABYTE, Limits, Row, Sheet, headed

declare(
    sheet_not_text=N_(
        "This is no table that can be read. Send the report as the portal gave it, or as CSV or Excel (.xlsx)."
    ),
    sheet_not_unicode=N_(
        "The file's letters are in an old encoding that cannot be read safely. "
        "Open it in Excel, save it as “CSV UTF-8 (Comma delimited)” and send that file."
    ),
    sheet_row_unreadable=N_(
        "The row that begins on line %(line)s does not end where a row should. "
        "Probably a quotation mark was left open there; correct it, or download the report again."
    ),
    sheet_cut_off=N_(
        "The file ends in the middle of the row that begins on line %(line)s. It was cut off; download it again."
    ),
)


_BLOCK = 64 * 1024
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
_QUOTED = re.compile('"[^"]*"?')


def read_text(stream: IO[bytes], limits: Limits) -> Sheet:
    """The sheet in a text; rows keep the width they have in the file, and `stream` is not closed.

    Raises BadFile, here or while the rows are read: empty, not text, over a
    limit, or cut off inside a quoted cell.
    """
    return Sheet(*headed(_records(_Watched(stream, limits)), limits))


def rows_of_text(stream: IO[bytes], limits: Limits, numbers: Iterable[int]) -> Iterator[Row]:
    """Of a text that was read before the rows of these numbers, ascending: what lies between is passed over unread."""
    text = _opened(_Watched(stream, replace(limits, max_row_bytes=limits.max_bytes)))
    above = _up_to_first_text(text)
    lines, passed = chain(above, text), 0
    for number in numbers:
        rows = csv.reader(islice(lines, number - 1 - passed, None), delimiter=_delimiter_of(above))
        yield number, tuple(next(rows))
        passed = number - 1 + rows.line_num


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
            raise BadFile(reason("sheet_too_big", most=self._limits.max_bytes // MEGABYTE))
        if self.line != self._line_before:
            self._line_before, self._given_before = self.line, self._given
        elif self._given - self._given_before > self._limits.max_row_bytes:
            raise BadFile(reason("sheet_row_unreadable", line=self.line))


def _records(watched: _Watched) -> Iterator[Row]:
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
        for cells in reader:
            if ended and cells:
                raise BadFile(reason("sheet_cut_off", line=watched.line))
            if any(map(str.strip, cells)):
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
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    _refuse_binary(head, encoding)
    return io.TextIOWrapper(buffered, encoding=encoding, newline="")


def _refuse_binary(head: bytes, encoding: str) -> None:
    # Bytes first: a picture is "not text", not "text in an old encoding".
    start = head.decode(encoding, errors="ignore")
    if _CONTROLS.search(start):
        raise BadFile("sheet_not_text")
