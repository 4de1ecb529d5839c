import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import Reason, reason
from karmyogi.store.sheets import LIMITS, Limits, read_sheet, rows_of
from tests.store.books import book_of

HEADER = ("Full_Name", "Status", "Remarks")
ROWS = [
    ("आशा पटेल", "completed", "first, second"),
    ("Ravi; Kumar", "in-progress", 'said "yes"\nand left'),
    ("", "", "x"),
]


def written(rows, *, delimiter=",", ends="\n", quoting=csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ends, quoting=quoting).writerows(rows)
    return out.getvalue()


def refusal(source, limits=LIMITS) -> list[Reason]:
    with pytest.raises(BadFile) as refused:
        list(read_sheet(source, limits=limits).rows)
    assert all(told.text % told.facts for told in refused.value.reasons)
    return list(refused.value.reasons)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_an_officer_may_send_the_sheet_as_any_program_saved_it(encoding, ends, delimiter, quoting):
    text = written([HEADER, *ROWS], delimiter=delimiter, ends=ends, quoting=quoting)
    if encoding.endswith("-bom"):
        data = ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    else:
        data = text.encode(encoding)

    sheet = read_sheet(data)

    assert sheet.header == HEADER
    assert list(sheet.rows) == [(2, ROWS[0]), (3, ROWS[1]), (5, ROWS[2])]


cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from(' ",;\t\r\n='), max_size=12)
names = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=8)


@given(
    header=st.lists(names, min_size=2, max_size=6),
    data=st.data(),
    delimiter=st.sampled_from(",;\t"),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    ends_with_line_end=st.booleans(),
)
def test_any_rows_come_back_as_they_were_written_with_the_line_they_begin_on(
    header, data, delimiter, ends, encoding, ends_with_line_end
):
    rows = data.draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=8))
    text, expected = written([header], delimiter=delimiter, ends=ends), []
    for row in rows:
        line = len(re.findall("\r\n|\r|\n", text)) + 1
        broken = any(sign in cell for cell in row for sign in "\r\n")  # the writer leaves a lone \r unquoted
        text += written([row], delimiter=delimiter, ends=ends, quoting=csv.QUOTE_ALL if broken else csv.QUOTE_MINIMAL)
        if any(cell.strip() for cell in row):
            expected.append((line, tuple(row)))
    if not ends_with_line_end:
        text = text.removesuffix(ends)

    sheet = read_sheet(io.BytesIO(text.encode(encoding)))

    assert sheet.header == tuple(header)
    assert list(sheet.rows) == expected


def test_blank_lines_are_not_rows_but_are_counted_as_lines():
    sheet = read_sheet(b"\nname,status\n\nAsha,x\n , \n,,,,\nRavi,y\n\n\n")

    assert sheet.header == ("name", "status")
    assert list(sheet.rows) == [(4, ("Asha", "x")), (7, ("Ravi", "y"))]


def test_a_row_keeps_the_width_it_has_in_the_file():
    sheet = read_sheet(b"a,b,c\n1\n1,2,3,4\n")

    assert list(sheet.rows) == [(2, ("1",)), (3, ("1", "2", "3", "4"))]


def test_the_delimiter_is_told_by_the_header_line_outside_its_quotes():
    sheet = read_sheet(b'"Name, in full, please";Status\n"a;b,c";x,y,z\n')

    assert sheet.header == ("Name, in full, please", "Status")
    assert list(sheet.rows) == [(2, ("a;b,c", "x,y,z"))]


def test_a_sheet_of_one_column_is_a_sheet():
    assert list(read_sheet(b"name\nAsha\n").rows) == [(2, ("Asha",))]


def test_a_header_that_begins_like_an_archive_is_still_a_header():
    assert read_sheet(b"PK,name\n1,Asha\n").header == ("PK", "name")


def test_a_title_above_the_header_is_left_out_and_lines_keep_their_numbers():
    sheet = read_sheet(b"Problem rows of import 7,,,\nMade on,26-11-2026,,\n,,,\nname,status,reason,fix\nAsha,x,,\n")

    assert sheet.header == ("name", "status", "reason", "fix")
    assert list(sheet.rows) == [(5, ("Asha", "x", "", ""))]


@pytest.mark.parametrize("source", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n  \n,,,\n"])
def test_a_file_without_a_header_is_refused_as_empty(source):
    assert refusal(source) == [reason("sheet_empty")]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "sheet_not_text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00\x01", "sheet_not_text"),
        (b"name,status\nAsha\x00,x\n", "sheet_not_text"),
        ("name,status\nAsha,x\n".encode("utf-16-le"), "sheet_not_text"),
        ("name,status\nAsha\x00,x\n".encode("utf-16"), "sheet_not_text"),
        ("name,status\nRené,x\n".encode("cp1252"), "sheet_not_unicode"),
        ("name,status\nAsha,x\n".encode("utf-16")[:-1], "sheet_not_unicode"),
    ],
)
def test_what_is_no_text_table_is_refused_with_what_to_do(source, code):
    assert refusal(source) == [reason(code)]


def test_old_letters_far_down_the_file_are_found_while_reading():
    source = b"name,status\n" + b"Asha,x\n" * 50_000 + "René,y\n".encode("cp1252")

    assert refusal(source) == [reason("sheet_not_unicode")]


def test_as_many_columns_as_allowed_are_taken_and_one_more_is_refused():
    allowed = ",".join(f"c{number}" for number in range(200))

    assert len(read_sheet(allowed.encode()).header) == 200
    assert refusal(f"{allowed},more".encode()) == [reason("sheet_too_many_columns", columns=201, most=200)]


def test_as_many_rows_as_allowed_are_taken_and_one_more_is_refused():
    limits = Limits(max_rows=3)

    assert len(list(read_sheet(b"a,b\n1,\n\n2,\n3,\n\n", limits=limits).rows)) == 3
    assert refusal(b"a,b\n1,\n2,\n3,\n4,\n", limits) == [reason("sheet_too_many_rows", most=3)]


def test_a_file_over_the_size_is_refused_while_it_is_read():
    limits = Limits(max_bytes=1024 * 1024)
    row = b"Asha,completed\n"
    exactly = b"name,status\n" + row * ((1024 * 1024 - 12) // len(row))

    assert len(list(read_sheet(exactly, limits=limits).rows)) == exactly.count(row)
    assert refusal(exactly + row * 2, limits) == [reason("sheet_too_big", most=1)]


class Endless(io.RawIOBase):
    """A stream that never ends and never ends a row."""

    def __init__(self, start: bytes, more: bytes):
        self.given, self.start, self.more = 0, start, more

    def read(self, size=-1):
        chunk, self.start = self.start or (self.more * size)[:size], b""
        self.given += len(chunk)
        return chunk


@pytest.mark.parametrize("more", [b"x", b",", b"\n,", b'"",\n'])
def test_a_row_that_never_ends_is_refused_before_it_fills_the_memory(more):
    stream = Endless(b'a,b\nAsha,"', more)

    assert refusal(stream) == [reason("sheet_row_unreadable", line=2)]
    assert stream.given < 2 * LIMITS.max_row_bytes


def test_an_endless_header_is_refused_too():
    assert refusal(Endless(b'"', b"a\n")) == [reason("sheet_row_unreadable", line=1)]


@pytest.mark.parametrize("tail", ['Ravi,"cut', 'Ravi,"cut\n', 'Ravi,"'])
def test_a_file_cut_off_inside_quotes_is_refused_instead_of_losing_its_last_rows(tail):
    assert refusal(f"name,status\nAsha,x\n{tail}".encode()) == [reason("sheet_cut_off", line=3)]


def test_a_file_cut_off_inside_the_header_is_refused():
    assert refusal(b'name,"sta') == [reason("sheet_cut_off", line=1)]


def test_rows_are_read_only_as_they_are_asked_for_and_the_stream_stays_open():
    stream = io.BytesIO(b"name,status\n" + b"Asha,x\n" * 200_000)

    sheet = read_sheet(stream)
    first = next(sheet.rows)

    assert first == (2, ("Asha", "x"))
    assert stream.tell() < 200_000
    del sheet
    assert not stream.closed


@given(
    data=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12),
    numbers=st.data(),
    delimiter=st.sampled_from(",;\t"),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_rows_that_are_looked_up_again_are_those_that_were_read(data, numbers, delimiter, ends, encoding):
    content = written([HEADER, *data], delimiter=delimiter, ends=ends).encode(encoding)
    found = list(read_sheet(content).rows)
    wanted = numbers.draw(st.sets(st.sampled_from([number for number, _cells in found]))) if found else set()

    again = list(rows_of(io.BytesIO(content), wanted))

    assert again == [row for row in found if row[0] in wanted]


def test_rows_of_a_workbook_are_looked_up_again_too():
    content = book_of([HEADER, *ROWS])
    found = list(read_sheet(content).rows)

    assert list(rows_of(io.BytesIO(content), {4, 2})) == [found[0], found[2]]
    assert list(rows_of(io.BytesIO(content), set())) == []
