"""Files of Excel: typed cells, nothing that runs, and never all of the rows at once in memory."""

import io
import weakref
from datetime import UTC, date, datetime

import pytest

from karmyogi.core.errors import RuleBroken
from karmyogi.web import workbooks
from karmyogi.web.workbooks import LONGEST_TEXT, Sheet, refuse_too_many, widths, write_workbook, xlsx_response
from tests.sheets import formulas_in, part_of, rows_of
from tests.web.site import sqlite_site
from tests.web.test_exports import FORMULAS


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    yield from sqlite_site(engines, tmp_path_factory.mktemp("media"))


class Book:
    """A workbook written to memory, read like an answer."""

    def __init__(self, header, rows, facts=(), title="Officers"):
        file = io.BytesIO()
        write_workbook(file, Sheet(title, facts, header, rows))
        self.data = file.getvalue()


def test_title_facts_headings_and_rows_stand_under_each_other():
    book = Book(["Rank", "Name"], [[1, "आशा"], [2, None]], facts=[("Month", "2026-01"), ("Size", 12)])

    assert rows_of(book) == [
        ["Officers", None], ["Month", "2026-01"], ["Size", 12], [None, None], ["Rank", "Name"], [1, "आशा"], [2, None],
    ]  # fmt: skip


def test_numbers_days_and_moments_are_what_they_are_and_codes_stay_texts():
    at = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)
    book = Book(["a"] * 7, [[7, 75.5, date(2026, 4, 10), at, "00012", 10**16, date(1899, 1, 1)]])

    assert rows_of(book)[-1] == [7, 75.5, 46122, 46122.5, "00012", str(10**16), "1899-01-01"]
    assert "dd-mm-yyyy hh:mm" in part_of(book, "xl/styles.xml")


@pytest.mark.parametrize("text", [*FORMULAS, "http://evil.example", "mailto:a@b", "{=1+1}", "internal:A1"], ids=ascii)
def test_no_text_anywhere_runs_or_leads_away(text):
    book = Book([text], [[text]], facts=[(text, text)], title=text)

    assert formulas_in(book) == []
    assert {cell for row in rows_of(book) for cell in row if isinstance(cell, str)} == {text}


def test_the_headings_stay_in_sight_and_stand_on_every_printed_page():
    book = Book(["a"], [[1]], facts=[("Month", "2026-01")])

    assert 'xSplit="1" ySplit="4"' in part_of(book)
    assert "$4:$4" in part_of(book, "xl/workbook.xml")
    assert "&amp;P / &amp;N" in part_of(book)


def test_a_text_longer_than_a_cell_is_cut_and_not_lost():
    assert len(rows_of(Book(["a"], [["x" * 40_000]]))[-1][0]) == LONGEST_TEXT


def test_columns_are_as_wide_as_what_stands_in_them_within_reason():
    assert widths(["No.", "Designation", "Remark"], [[1, "x" * 20, "x" * 900]]) == [8, 22, 48]


def test_of_a_long_list_only_a_few_rows_are_held_at_a_time():
    class Row(list):
        """A list that can be watched."""

    alive, most = weakref.WeakSet(), 0

    def rows():
        nonlocal most
        for number in range(2_000):
            row = Row([number, "x"])
            alive.add(row)
            most = max(most, len(alive))
            yield row

    # A set forgets equal members: rows differ by their number, and lists hash by identity here.
    Row.__hash__ = object.__hash__
    Book(["n", "x"], rows())

    assert workbooks.MEASURED <= most <= workbooks.MEASURED + 5


def test_a_download_is_sent_in_pieces_and_says_what_it_is(site):
    with site.app.test_request_context("/"):
        answer = xlsx_response("अग्रणी सूची", Sheet("Board", [], ["n"], ([n] for n in range(3))))

        assert answer.is_streamed
        assert answer.mimetype == workbooks.TYPE
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Content-Disposition"].endswith('.xlsx"')
        assert [row[0] for row in rows_of(answer)] == ["Board", None, "n", 0, 1, 2]


def test_the_last_row_that_fits_is_not_one_too_many(monkeypatch):
    refuse_too_many(workbooks.MOST_ROWS)

    with pytest.raises(RuleBroken):
        refuse_too_many(workbooks.MOST_ROWS + 1)
