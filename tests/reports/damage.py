"""Report files damaged as networks, spreadsheets and people damage them: one file for each number, always the same."""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from karmyogi.reports.reader import KINDS
from tests.reports.files import made
from tests.reports.test_kinds import ASHA, CASES, RAVI, row_of
from tests.store.books import book_of
from tests.store.zips import Packed, archive_of
from tests.worlds import DATA

PASSWORD = "Kṣetra-2026"
SAMPLES = ("roster.csv", "user-report.csv", "user-enrollment-report.csv", "cbp-report-mdo-enrolment.csv")
ROWS = 6  # of a file
Cells = list[list[str]]


@dataclass(frozen=True)
class Damaged:
    """A file as it arrives, and the password that is sent with it."""

    name: str
    content: bytes
    password: str = ""


def damaged(number: int) -> Damaged:
    """The damaged file of this number: cells are damaged, or the file that they were written into, or both."""
    draw = Random(number)
    cells = [list(row) for row in draw.choice(_whole_files())]
    for _time in range(draw.choice((0, 1, 1, 2, 6))):
        draw.choice(CELL_DAMAGES)(draw, cells)
    name, content, password = draw.choice(CONTAINERS)(draw, cells)
    for _time in range(draw.choice((0, 0, 0, 1, 3))):
        content = draw.choice(BYTE_DAMAGES)(draw, content)
    return Damaged(name, content, password)


@cache
def _whole_files() -> tuple[Cells, ...]:
    """A file of each kind and generation, and the first rows of the sample files."""
    texts = [
        made(case.kind, generation, row_of(case, ASHA), row_of(case, RAVI)).decode()
        for case in CASES
        for generation in KINDS[case.kind].generations
    ]
    texts += [(DATA / name).read_text(encoding="utf-8-sig") for name in SAMPLES] * 3
    return tuple(list(csv.reader(io.StringIO(text)))[:ROWS] for text in texts)


# Cells

NASTY = (
    *("", " ", "\x00", "\ufeff", "\u202e", "\n", "\r", '"', '",', "'", ";", "\t", "🙂", "आशा", "vk'kk", "�", "\ud7ff"),
    *("=1+1", "@SUM(A1)", "-1", "1e308", "1E+999", "NaN", "inf", "9" * 400, "0.1", "१२३", "9.87654E+09", "٣"),
    *("2026-02-30", "0000-00-00", "9999-12-31 23:59:59", "0001-01-01", "31/12/99", "99999999", "46051.5", "-46051"),
    *(
        "24:61:61",
        "999999999:00:00",
        "-01:00:00",
        "::",
        "true",
        "Yes",
        "completed",
        "VERIFIED",
        "Not Available",
        "null",
    ),
    *(
        "x" * 300,
        "x" * 40_000,
        "a,b" * 50,
        "a@b",
        "a@" + "b" * 300,
        "_x000D_",
        "<b>",
        "%(who)s",
        "{0}",
        "%s",
        "../..",
        "\\",
    ),
)


def _another_value(draw: Random, cells: Cells) -> None:
    row = draw.choice(cells)
    if row:
        row[draw.randrange(len(row))] = draw.choice(NASTY)


def _a_whole_column(draw: Random, cells: Cells) -> None:
    place, value = draw.randrange(len(cells[0]) or 1), draw.choice(NASTY)
    for row in cells[1:]:
        if place < len(row):
            row[place] = value


def _swapped(draw: Random, cells: Cells) -> None:
    row = draw.choice(cells)
    if row:
        one, other = draw.randrange(len(row)), draw.randrange(len(row))
        row[one], row[other] = row[other], row[one]


def _a_cell_less(draw: Random, cells: Cells) -> None:
    row = draw.choice(cells)
    if row:
        del row[draw.randrange(len(row)) :]


def _a_cell_more(draw: Random, cells: Cells) -> None:
    row = draw.choice(cells)
    row.insert(draw.randrange(len(row) + 1), draw.choice(NASTY))


def _a_row_twice(draw: Random, cells: Cells) -> None:
    cells.append(list(draw.choice(cells)))


def _a_column_gone(draw: Random, cells: Cells) -> None:
    place = draw.randrange(len(cells[0]) or 1)
    for row in cells:
        del row[place : place + 1]


def _no_header(draw: Random, cells: Cells) -> None:
    if len(cells) > 1:
        del cells[0]


def _a_title_above(draw: Random, cells: Cells) -> None:
    cells.insert(0, [draw.choice(NASTY)])


CELL_DAMAGES: tuple[Callable[[Random, Cells], None], ...] = (
    *(_another_value, _another_value, _another_value, _a_whole_column, _swapped, _a_cell_less, _a_cell_more),
    *(_a_row_twice, _a_column_gone, _no_header, _a_title_above),
)


# Containers


def _text(cells: Cells, **how: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator=how.get("ends", "\n"), delimiter=how.get("between", ",")).writerows(cells)
    return out.getvalue()


def _as_csv(draw: Random, cells: Cells) -> tuple[str, bytes, str]:
    text = _text(cells, ends=draw.choice(("\n", "\r\n", "\r\n", "\r")), between=draw.choice((",", ",", ";", "\t", "|")))
    encoding = draw.choice((*["utf-8"] * 4, "utf-8-sig", "utf-16", "utf-16-le", "cp1252"))
    return "report.csv", text.encode(encoding, errors="replace"), ""


def _as_workbook(draw: Random, cells: Cells) -> tuple[str, bytes, str]:
    printable = [["".join(sign for sign in cell if sign >= " ")[:32_000] for cell in row] for row in cells]
    return "report.xlsx", book_of(printable, shared=draw.random() < 0.5), ""


def _as_damaged_workbook(draw: Random, cells: Cells) -> tuple[str, bytes, str]:
    """A workbook of which one part was damaged before it was packed, so that the archive itself is sound."""
    _name, book, _password = _as_workbook(draw, cells)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        hit = draw.choice(before.namelist())
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, draw.choice(BYTE_DAMAGES)(draw, part) if name == hit else part)
    return "report.xlsx", out.getvalue(), ""


def _as_archive(draw: Random, cells: Cells) -> tuple[str, bytes, str]:
    lock = draw.choice(("", "classic", "aes-1", "aes-2"))
    name, content, _password = draw.choice((_as_csv, _as_csv, _as_workbook))(draw, cells)
    member = Packed(name.encode(), content, lock, PASSWORD if lock else "", method=draw.choice((0, zlib.DEFLATED)))
    second = Packed(b"read me.txt", b"Downloaded from the portal.")
    return "reports.zip", archive_of(member, *([second] if draw.random() < 0.3 else [])), PASSWORD if lock else ""


CONTAINERS: tuple[Callable[[Random, Cells], tuple[str, bytes, str]], ...] = (
    *(_as_csv, _as_csv, _as_csv, _as_workbook, _as_workbook, _as_damaged_workbook, _as_archive, _as_archive),
)


# Bytes

CHUNKS = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"\n",
    b"\r",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x80" * 40,
    b"," * 300,
)
CHUNKS += (b"&#0;", b"<!DOCTYPE x [<!ENTITY a 'a'>]>", b"]]>", b"\xd8\x00", b"\xff\xff\xff\xff")


def _flipped(draw: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _time in range(draw.choice((1, 1, 8, 64)) if changed else 0):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _torn_off(draw: Random, content: bytes) -> bytes:
    return content[: draw.randrange(len(content) + 1)]


def _a_span_gone(draw: Random, content: bytes) -> bytes:
    start, length = _span(draw, content)
    return content[:start] + content[start + length :]


def _a_span_twice(draw: Random, content: bytes) -> bytes:
    start, length = _span(draw, content)
    return content[: start + length] + content[start:]


def _something_put_in(draw: Random, content: bytes) -> bytes:
    start, _length = _span(draw, content)
    return content[:start] + draw.choice(CHUNKS) + content[start:]


def _written_over(draw: Random, content: bytes) -> bytes:
    start, length = _span(draw, content)
    return content[:start] + draw.randbytes(min(length, 64)) + content[start + min(length, 64) :]


def _span(draw: Random, content: bytes) -> tuple[int, int]:
    start = draw.randrange(len(content) + 1)
    return start, draw.randrange(min(len(content) - start, 2_000) + 1)


BYTE_DAMAGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_flipped, _flipped, _torn_off, _a_span_gone, _a_span_twice, _something_put_in, _written_over),
)
