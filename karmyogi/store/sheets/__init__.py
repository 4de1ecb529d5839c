"""Sheets: a header and its rows, whatever program saved the file and whatever container it came in.

`read_sheet` is the one door, and `rows_of` lets in again. What the cells mean is no concern of this package.
"""

import io
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import IO

from karmyogi.core.errors import BadFile
from karmyogi.store.sheets.container import Container, container_of
from karmyogi.store.sheets.table import LIMITS, Limits, Row, Sheet
from karmyogi.store.sheets.text import read_text, rows_of_text
from karmyogi.store.sheets.workbook import read_workbook

__all__ = ["LIMITS", "Container", "Limits", "Row", "Sheet", "container_of", "read_sheet", "rows_of"]


def rows_of(source: IO[bytes], numbers: Iterable[int], *, limits: Limits = LIMITS) -> Iterator[Row]:
    """The rows with these numbers, in their order, of a source whose sheet was read to its end before."""
    wanted = sorted(numbers)
    container, stream = container_of(source)
    if container is Container.TEXT:
        return rows_of_text(stream, limits, wanted)
    upto, among = wanted[-1] if wanted else 0, set(wanted)
    rows = takewhile(lambda row: row[0] <= upto, read_workbook(stream, limits).rows)
    return (row for row in rows if row[0] in among)


def read_sheet(source: IO[bytes] | bytes, *, limits: Limits = LIMITS) -> Sheet:
    """The sheet in `source`: its header and a lazy iterator of (row number, cells as text).

    A text table's row number is the physical line (ended by LF, CRLF or CR) on
    which the row begins; a workbook's is the one Excel shows. The header stands
    first, under at most a few lines of title. Rows in which every cell is blank
    are left out. Memory stays bounded by the longest row and a workbook's
    strings; `source` is not closed, and must be seekable if it is a workbook.

    Raises BadFile, here or while the rows are read: empty, neither a text table
    nor a workbook, an archive, over a limit, damaged, or cut off.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    container, stream = container_of(stream)
    if container is Container.WORKBOOK:
        return read_workbook(stream, limits)
    if container is Container.ARCHIVE:
        raise BadFile("sheet_is_zip")
    return read_text(stream, limits)
