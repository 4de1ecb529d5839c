"""What every sheet has, whatever its container: limits, and a header to be found under a title."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare, reason

Row = tuple[int, tuple[str, ...]]
MEGABYTE = 1024 * 1024

declare(
    sheet_empty=N_("The file is empty. Download the report again and send the new file."),
    sheet_too_big=N_("The file is larger than %(most)s MB. Divide it into smaller files and send them one by one."),
    sheet_too_many_columns=N_(
        "The file has %(columns)s columns; at most %(most)s are taken. Delete the columns that are not of the report."
    ),
    sheet_too_many_rows=N_(
        "The file has more than %(most)s rows. Divide it into smaller files and send them one by one."
    ),
)


@dataclass(frozen=True)
class Limits:
    """How much of a file is taken at most: bytes, rows under the header, columns, bytes in one row.

    A workbook says the same in more bytes than a text does: `max_part_bytes` is
    for one part of it, unpacked. Archives hold at most `max_members` files, and
    together no more bytes than one file.
    """

    max_bytes: int = 300 * MEGABYTE
    max_rows: int = 1_000_000
    max_columns: int = 200
    max_row_bytes: int = 4_000_000
    max_part_bytes: int = 1024 * MEGABYTE
    max_members: int = 100


LIMITS = Limits()
TITLE_ROWS = 20  # a header is looked for as far down as this
TITLE_CELLS = 2  # a title fills one cell of its row, a fact about the list two


@dataclass(frozen=True)
class Sheet:
    """A header, and rows that are read from the file only as they are asked for.

    Of a workbook also the name of the sheet that was read, and of the others that hold tables.
    """

    header: tuple[str, ...]
    rows: Iterator[Row]
    name: str = ""
    unread: tuple[str, ...] = ()
    container: str = "text"


def headed(records: Iterator[Row], limits: Limits) -> tuple[tuple[str, ...], Iterator[Row]]:
    """The header and the rows below it, of records none of which is blank.

    The header is the first row that fills more cells than a title does; where
    there is none near the top, it is the first row. Raises BadFile if there is
    no row at all or the header is too wide; the rows raise it if they are too many.
    """
    above: list[Row] = []
    for record in records:
        above.append(record)
        if _filled(record) > TITLE_CELLS or len(above) > TITLE_ROWS:
            break
    if not above:
        raise BadFile("sheet_empty")
    place = len(above) - 1 if _filled(above[-1]) > TITLE_CELLS else 0
    header = above[place][1]
    refuse_too_wide(len(header), limits)
    return header, _counted(chain(above[place + 1 :], records), limits.max_rows)


def refuse_too_wide(columns: int, limits: Limits) -> None:
    """Raise BadFile if a sheet is wider than the limit; exactly the limit is taken."""
    if columns > limits.max_columns:
        raise BadFile(reason("sheet_too_many_columns", columns=columns, most=limits.max_columns))


def _filled(record: Row) -> int:
    return sum(1 for cell in record[1] if cell.strip())


def _counted(rows: Iterator[Row], most: int) -> Iterator[Row]:
    for count, row in enumerate(rows):
        if count == most:
            raise BadFile(reason("sheet_too_many_rows", most=most))
        yield row
