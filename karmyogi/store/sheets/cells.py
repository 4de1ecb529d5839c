"""Rows of a worksheet: the cells that stand in the file, put in their places, as text."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from karmyogi.core.errors import BadFile
from karmyogi.store.sheets.pieces import Pieces, events_in, unescaped
from karmyogi.store.sheets.strings import spelt_out
from karmyogi.store.sheets.table import Limits, Row, refuse_too_wide
from karmyogi.store.sheets.values import Values, plain_number

# A cell as it is written: column, style, type, formula, value, text in place, and what follows in no plain form.
Cell = tuple[str, str, str, str, str, str, str]
Text = Callable[[str], str]

WIDEST = 16_384  # columns of a sheet of Excel
LAST_ROW = 1_048_576
SURE_DIGITS = 15  # as many as Excel keeps of a number
TRUTHS = {"1": "TRUE", "0": "FALSE"}
_EMPTY_ROWS = re.compile(r"\s*(?:<row(?: [^<>]*)?/>\s*)*")
_ROW = re.compile(r"<row((?: [^<>]*[^<>/])?)>")
_NUMBER = re.compile(r' r="([0-9]{1,7})"')
_CELL = re.compile(
    r'\s*<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r"(?:\s*/>|>(?:<f(?: [^<>]*)?/>|<f(?: [^<>]*)?>([^<]*)</f>)?"
    r"(?:<v(?: [^<>]*)?/>|<v(?: [^<>]*)?>([^<]*)</v>|<is><t(?: [^<>]*)?>([^<]*)</t></is>)?</c>)"
    r"|\s*\Z|(.+)",
    re.DOTALL,
)
_PLACE = re.compile("([A-Z]{1,3})[0-9]+")


@dataclass(frozen=True)
class Meaning:
    """What the cells of one workbook refer to: its styles, and its shared texts by their numbers."""

    values: Values
    text: Text


def rows_in(blocks: Iterable[bytes], meaning: Meaning, limits: Limits) -> Iterator[Row]:
    """The rows that hold anything, with the numbers Excel shows; blank cells at their ends are left out.

    Raises BadFile: damaged, rows out of their order, or wider than sheets may be.
    """
    last = 0
    pieces = Pieces(blocks, around="sheetData", each="row", longest=limits.max_row_bytes)
    for piece in pieces:
        number, cells = _plain(piece) or _any(piece, last, pieces.prefix)
        if not last < number <= LAST_ROW:
            raise BadFile("sheet_package_damaged")
        last = number
        if row := _laid_out(cells, meaning, limits):
            yield number, tuple(row)


def _plain(piece: str) -> tuple[int, list[Cell]] | None:
    """The row's number and cells, if the piece is written in the plain form from its first sign to its last."""
    start = _ROW.match(piece) or _ROW.match(piece, _EMPTY_ROWS.match(piece).end())  # type: ignore[union-attr]
    told = start and _NUMBER.search(start[1])
    if not start or not told:
        return None
    cells = _CELL.findall(piece, start.end())
    cells.pop()  # the end: nothing, or what the form does not cover
    if cells and cells[-1][-1]:
        return None
    if "&" in piece:
        cells = [tuple(map(unescaped, cell)) for cell in cells]
    return int(told[1]), cells


def _any(piece: str, last: int, prefix: str) -> tuple[int, list[Cell]]:
    """The same of a piece in any form, as the XML parser sees it; places that are left out follow the ones before."""
    cells: list[Cell] = []
    formula = value = ""
    number = last
    for name, attributes, told in events_in(piece, prefix=prefix, each="row"):
        match name:
            case "f":
                formula = told
            case "v" | "t":
                value += told
            case "rPh":
                value = ""
            case "c":
                column = _column_of(attributes.get("r", ""), cells)
                cells.append((column, attributes.get("s", ""), attributes.get("t", ""), formula, value, "", ""))
                formula = value = ""
            case "row":
                number = _number_of(attributes.get("r", ""), number)
    return number, cells


def _column_of(place: str, before: list[Cell]) -> str:
    if not place:
        return letters(INDEX.get(before[-1][0], WIDEST) + 1 if before else 0)
    found = _PLACE.fullmatch(place)
    if not found:
        raise BadFile("sheet_package_damaged")
    return found[1]


def _number_of(told: str, before: int) -> int:
    if not told:
        return before + 1
    return int(told) if told.isdecimal() and len(told) < 8 else 0


def _laid_out(cells: list[Cell], meaning: Meaning, limits: Limits) -> list[str]:
    """The row's texts in their places. Hot: a report of 50,000 rows has two million cells."""
    row: list[str] = []
    text, number, special = meaning.text, meaning.values.number, meaning.values.special
    for column, style, kind, formula, value, inline, _other in cells:
        told = value or inline
        if kind == "s" and told:
            told = text(told)
        elif not told:
            told = f"={formula}" if formula else ""
        elif kind and kind != "n":
            told = TRUTHS.get(told, told) if kind == "b" else spelt_out(told)
        elif style in special:
            told = number(told, style)
        elif len(told) > SURE_DIGITS or not told.isdecimal():
            told = _plain_number(told)
        if told:
            place = INDEX.get(column, WIDEST)
            if place != len(row):
                _leave_out(row, place, limits)
            row.append(told)
    refuse_too_wide(len(row), limits)
    return row


def _leave_out(row: list[str], place: int, limits: Limits) -> None:
    """Blank cells up to `place`."""
    refuse_too_wide(place + 1, limits)
    if place < len(row):
        raise BadFile("sheet_package_damaged")
    row.extend([""] * (place - len(row)))


_plain_number = lru_cache(maxsize=32_768)(plain_number)


def letters(place: int) -> str:
    """The letters of a column from its place: 0 is A, 26 is AA."""
    told = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        told = chr(65 + rest) + told
    return told


INDEX = {letters(place): place for place in range(WIDEST)}
