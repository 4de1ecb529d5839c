"""Reads back what an Excel file says, cell by cell, with nothing but the standard library."""

import io
import re
import zipfile
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEET = "xl/worksheets/sheet1.xml"


def part_of(answer, name: str = SHEET) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        return book.read(name).decode()


def rows_of(answer) -> list[list[object]]:
    """Every row from the first: texts as texts, numbers as numbers, blank cells as None."""
    rows = {}
    for row in ElementTree.fromstring(part_of(answer)).iter(f"{MAIN}row"):
        rows[int(row.get("r"))] = {column_of(cell): value_of(cell) for cell in row.iter(f"{MAIN}c")}
    width = 1 + max(max(cells, default=0) for cells in rows.values())
    return [[rows.get(line, {}).get(column) for column in range(width)] for line in range(1, max(rows) + 1)]


def column_of(cell) -> int:
    letters = re.match("[A-Z]+", cell.get("r"))[0]
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def value_of(cell) -> object:
    if cell.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in cell.iter(f"{MAIN}t"))
        return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
    value = cell.find(f"{MAIN}v")
    return None if value is None else float(value.text)


def rows_above(rows: list[list[object]]) -> int:
    """How many rows stand over the headings: the title, its facts and a blank one."""
    return 1 + next(line for line, row in enumerate(rows) if not any(row))


def formulas_in(answer) -> list[str]:
    """What Excel would run or follow."""
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        texts = [book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))]
    return [found for text in texts for found in re.findall(r"<f[ >]|<hyperlink|externalLink|TargetMode", text)]
