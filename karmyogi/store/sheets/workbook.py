"""Reads a workbook of today's Excel (.xlsx), and what other programs save under that name, row by row.

The rows stream from the zip as they are asked for, so that memory does not grow
with the file. Formulas are never computed: a cell is what was saved of it.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare
from karmyogi.store.sheets.cells import Meaning, rows_in
from karmyogi.store.sheets.package import blocks_of, leaf_of, opened_package
from karmyogi.store.sheets.strings import Strings, texts_in
from karmyogi.store.sheets.table import TITLE_CELLS, TITLE_ROWS, Limits, Row, Sheet, headed
from karmyogi.store.sheets.values import Style, Values, styles_in

declare(
    sheet_workbook_strange=N_(
        "The workbook is built in a way that is not read here. Open it in Excel, save it as a new "
        "“Excel Workbook (.xlsx)” and send that file."
    ),
)

MOST_PARTS = 2_000
MOST_SHEETS = 50
MAIN, SHEET, STRINGS, STYLES = "/officeDocument", "/worksheet", "/sharedStrings", "/styles"


def read_workbook(stream: IO[bytes], limits: Limits) -> Sheet:
    """The first sheet of the workbook that holds a table; hidden sheets only if no other does.

    A table is a header of three cells or more; where no sheet has one, the
    first sheet that is not blank is read. Raises BadFile: damaged, a bomb, over
    a limit, no sheet with anything in it.
    """
    book = _Book(stream, limits)
    kept: tuple[int, _Tab] | None = None
    tables = []
    for tab in book.tabs:
        filled = _widest(book.rows(tab))
        if filled > TITLE_CELLS:
            tables.append(tab)
        if filled and (kept is None or filled > TITLE_CELLS >= kept[0]):
            kept = filled, tab
    if kept is None:
        raise BadFile("sheet_empty")
    header, rows = headed(book.rows(kept[1]), limits)
    others = tuple(tab.name for tab in tables if tab is not kept[1])
    return Sheet(header, _as_wide_as(len(header), rows), kept[1].name, others, container="workbook")


def _widest(rows: Iterator[Row]) -> int:
    """How many cells the fullest of the rows near the top fills."""
    near_the_top = zip(range(TITLE_ROWS + 1), rows, strict=False)
    return max((sum(1 for cell in cells if cell.strip()) for _, (_number, cells) in near_the_top), default=0)


def _as_wide_as(width: int, rows: Iterator[Row]) -> Iterator[Row]:
    for number, cells in rows:
        yield number, cells if len(cells) >= width else (*cells, *[""] * (width - len(cells)))


@dataclass(frozen=True)
class _Tab:
    name: str
    part: zipfile.ZipInfo
    is_hidden: bool


class _Book:
    """The parts of one workbook that matter to a reader of rows."""

    def __init__(self, stream: IO[bytes], limits: Limits):
        self._package = opened_package(stream)
        self._limits = limits
        self._parts = self._checked_parts()
        main = self._target("", MAIN)
        if main is None:
            raise BadFile("sheet_workbook_strange")
        self._main = main.filename
        self._named = self._relations(self._main)
        about = leaf_of(self._package, main)
        self.tabs = sorted(self._tabs(about), key=lambda tab: tab.is_hidden)
        values = Values(self._styles(), counts_from_1904=_counts_from_1904(about))
        self._meaning = Meaning(values, Strings(self._shared_texts()).text)

    def rows(self, tab: _Tab) -> Iterator[Row]:
        blocks = blocks_of(self._package, tab.part, self._limits.max_part_bytes)
        return (row for row in rows_in(blocks, self._meaning, self._limits) if any(map(str.strip, row[1])))

    def _shared_texts(self) -> Iterator[str]:
        part = self._target(self._main, STRINGS)
        if part is None:
            return iter(())
        blocks = blocks_of(self._package, part, self._limits.max_part_bytes)
        return texts_in(blocks, longest=self._limits.max_row_bytes)

    def _styles(self) -> list[Style]:
        part = self._target(self._main, STYLES)
        return styles_in(leaf_of(self._package, part) if part else None)

    def _checked_parts(self) -> Mapping[str, zipfile.ZipInfo]:
        listed = self._package.infolist()
        if len(listed) > MOST_PARTS:
            raise BadFile("sheet_package_too_big")
        for part in listed:
            climbs = part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/")
            if climbs or part.flag_bits & 1:
                raise BadFile("sheet_workbook_strange")
        return {part.filename.lower(): part for part in listed}

    def _tabs(self, about: Element) -> list[_Tab]:
        told = [sheet for sheet in about.iter() if _local(sheet.tag) == "sheet"]
        tabs = []
        for sheet in told[:MOST_SHEETS]:
            kind, target = self._named.get(_relation_of(sheet), ("", ""))
            if kind.endswith(SHEET) and target.lower() in self._parts:
                is_hidden = sheet.get("state", "visible") != "visible"
                tabs.append(_Tab(sheet.get("name", ""), self._parts[target.lower()], is_hidden))
        return tabs

    def _target(self, source: str, kind: str) -> zipfile.ZipInfo | None:
        """The part that `source` is related to in this way; "" is the workbook as a whole."""
        related = self._relations(source).values()
        return next((self._parts.get(target.lower()) for its, target in related if its.endswith(kind)), None)

    def _relations(self, source: str) -> dict[str, tuple[str, str]]:
        """Kinds and targets of a part's relations by their ids; what lies outside the file is not followed."""
        folder, name = posixpath.split(source)
        part = self._parts.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
        found = leaf_of(self._package, part) if part else ()
        return {
            each.get("Id", ""): (each.get("Type", ""), _resolved(folder, each.get("Target", "")))
            for each in found
            if each.get("TargetMode") != "External"
        }


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _local(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _relation_of(sheet: Element) -> str:
    """`r:id`, whose prefix stands for one address in Excel's own form and another in the strict one."""
    return next((value for name, value in sheet.items() if name.endswith("}id")), "")


def _counts_from_1904(about: Element) -> bool:
    told = next((part.get("date1904", "") for part in about if _local(part.tag) == "workbookPr"), "")
    return told in ("1", "true")
