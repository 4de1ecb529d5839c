"""Workbooks are read as a report would have been: whatever program saved them, and whatever is hidden in them."""

import io
import os
import random
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date, datetime
from datetime import time as clock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import reason
from karmyogi.store.sheets import LIMITS, Limits, read_sheet
from karmyogi.store.sheets.cells import INDEX, letters
from karmyogi.store.sheets.values import Shown, plain_number, style_of
from tests.store.books import book_of, old_office, packed, parts_of, raw_book, worksheet
from tests.store.test_sheets import refusal

HEADER = ("Full_Name", "Phone_Number", "Completed_On")


def read(source: bytes, limits: Limits = LIMITS):
    sheet = read_sheet(source, limits=limits)
    return sheet.header, list(sheet.rows)


# ── What a clerk's Excel makes of a report ──


def test_a_report_saved_as_a_workbook_says_what_the_report_said():
    book = book_of(
        [
            HEADER,
            ("आशा पटेल", 9876543210, datetime.fromisoformat("2026-01-29T16:02:11")),
            (),
            ("Ravi", "०९८७६५४३२१०", date(2025, 8, 14)),
        ],
    )

    header, rows = read(book)

    assert header == HEADER
    assert [number for number, _cells in rows] == [2, 4]
    assert rows[0][1][:2] == ("आशा पटेल", "9876543210")
    assert rows[1][1] == ("Ravi", "०९८७६५४३२१०", "2025-08-14")


@pytest.mark.parametrize(
    ("code", "value", "told"),
    [
        ("dd-mm-yyyy", 45883, "2025-08-14"),
        ("[$-409]d-mmm-yy;@", 45883, "2025-08-14"),
        ("mmm-yy", 45883, "2025-08-14"),
        ("dd/mm/yyyy hh:mm", 45883.66818287037, "2025-08-14 16:02:11"),
        ("dd/mm/yyyy", 45883.66818287037, "2025-08-14 16:02:11"),
        ("mm:ss.0", 45883.66818287037, "2025-08-14 16:02:11"),  # how Excel shows a date-time it was not sure of
        ("yyyy-mm-dd hh:mm:ss", 45883, "2025-08-14 00:00:00"),
        ("h:mm:ss", 0.0625, "01:30:00"),
        ("[h]:mm:ss", 1.8958333333333333, "45:30:00"),
        ("[h]:mm:ss", 0, "00:00:00"),
        ("000000", 123, "000123"),
        ("0.00", 93.5, "93.5"),
        ('0 "days"', 7, "7"),
        ("[Red]0", 7, "7"),
        ("#,##0", 1234567, "1234567"),
        ("General", 9876543210, "9876543210"),
        ("0.00E+00", 9876543210, "9876543210"),
        ("dd-mm-yyyy", 59, "1900-02-28"),
        ("dd-mm-yyyy", 61, "1900-03-01"),
        ("dd-mm-yyyy", 99999999, "99999999"),
        ("dd-mm-yyyy", -5, "-5"),
    ],
)
def test_a_number_is_told_as_its_format_means_it(code, value, told):
    out = io.BytesIO()
    with Workbook(out) as book:
        page = book.add_worksheet()
        for column, name in enumerate(HEADER):
            page.write(0, column, name)
        page.write_number(1, 0, value, book.add_format({"num_format": code}))

    assert read(out.getvalue())[1] == [(2, (told, "", ""))]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("9876543210", "9876543210"),
        ("9.87654321E9", "9876543210"),
        ("93.5", "93.5"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("93.0", "93"),
        ("-0", "0"),
        ("123456789012345678", "1.23456789012346E+17"),
        ("1E+30", "1.00000000000000E+30"),
        ("1E-7", "1e-07"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("what", "what"),
    ],
)
def test_a_number_keeps_all_digits_that_excel_kept(written, told):
    assert plain_number(written) == told


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    book = book_of([HEADER, ("Asha", "1", date(2025, 8, 14))], date_1904=True)

    assert read(book)[1] == [(2, ("Asha", "1", "2025-08-14"))]


def test_formulas_are_told_by_what_was_saved_of_them_and_never_computed():
    rows = (
        '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c><c r="C1" t="str"><v>c</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>3</v></c><c r="B2" t="str"><f>A1&amp;"x"</f><v>ax</v></c>'
        '<c r="C2"><f>HYPERLINK("http://elsewhere.example","x")</f></c></row>'
        '<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="B3" t="b"><v>1</v></c><c r="C3" t="b"><v>0</v></c></row>'
    )

    assert read(raw_book(rows))[1] == [
        (2, ("3", "ax", '=HYPERLINK("http://elsewhere.example","x")')),
        (3, ("#DIV/0!", "TRUE", "FALSE")),
    ]


def test_a_title_above_the_header_is_left_out():
    book = book_of([("Problem rows of import 7",), ("Made on", "26-11-2026"), (), HEADER, ("Asha", 1, "x")])

    assert read(book) == (HEADER, [(5, ("Asha", "1", "x"))])


def test_blank_rows_and_columns_at_the_end_are_no_part_of_the_table():
    book = book_of([(*HEADER, "", ""), ("Asha", 1, "x", "", " "), (" ", "", ""), ("", "")])

    header, rows = read(book)

    assert header == HEADER
    assert [(number, cells[:3]) for number, cells in rows] == [(2, ("Asha", "1", "x"))]


def test_the_first_sheet_that_holds_a_table_is_read_and_the_others_are_named():
    book = book_of(
        [("Read me first",)],
        [HEADER, ("Old", 1, "x")],
        [HEADER, ("Asha", 1, "x")],
        [],
        [HEADER, ("Ravi", 2, "y")],
        names=("Notes", "Hidden", "उपयोगकर्ता", "Blank", "More"),
        hidden=(1,),
    )

    sheet = read_sheet(book)

    assert (sheet.name, sheet.unread) == ("उपयोगकर्ता", ("More", "Hidden"))
    assert list(sheet.rows) == [(2, ("Asha", "1", "x"))]


@pytest.mark.parametrize("book", [book_of([]), book_of([("", " ")], [()])])
def test_a_workbook_without_anything_in_it_is_refused_as_empty(book):
    assert refusal(book) == [reason("sheet_empty")]


# ── In any form that XML allows ──

ROWS = [("a", "b", "c"), ("आशा & <co>", "1", "x"), ("", "", " y ")]
PLAIN = (
    '<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>3</v></c><c r="B2"><v>1</v></c><c r="C2" t="str"><v>x</v></c></row>'
    '<row r="3"/><row r="4" ht="15"><c r="A4" s="0"/>'
    '<c r="C4" t="inlineStr"><is><t xml:space="preserve"> y </t></is></c></row>'
)
STRINGS = (
    "<sst><si><t>a</t></si><si><r><t>b</t></r><rPh sb='0'><t>bee</t></rPh></si><si><t>c</t></si>"
    "<si><r><rPr><b/></rPr><t>आशा </t></r><r><t>&amp; &lt;co&gt;</t></r></si></sst>"
)


def prefixed(xml: str) -> str:
    for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t", "sst", "si", "r", "rPh", "rPr", "b"):
        xml = (
            xml.replace(f"<{name}>", f"<x:{name}>")
            .replace(f"<{name} ", f"<x:{name} ")
            .replace(f"</{name}>", f"</x:{name}>")
        )
        xml = xml.replace(f"<{name}/>", f"<x:{name}/>")
    return xml


FORMS = {
    "as Excel writes": worksheet(PLAIN),
    "prefixed": prefixed(worksheet(PLAIN)).replace("xmlns=", "xmlns:x="),
    "without places": worksheet(
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row>'
        '<row><c t="s"><v>3</v></c><c><v>1</v></c><c t="str"><v>x</v></c></row>'
        '<row/><row><c/><c/><c t="inlineStr"><is><t> y </t></is></c></row>'
    ),
    "otherwise quoted": worksheet(PLAIN.replace('"', "'")),
    "attributes in another order": worksheet(PLAIN.replace('r="A1" t="s"', 't="s" r="A1"')),
    "with a marked section": worksheet(PLAIN.replace("<v>x</v>", "<v ><![CDATA[x]]></v>")),
    "with spaces": worksheet(PLAIN.replace("<c ", "\r\n  <c ").replace("</row>", "\n</row>\n")),
    "with a comment": worksheet(PLAIN.replace("<c ", "<!-- a cell --><c ")),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_says_the_same_in_whatever_form_its_xml_is_written(form):
    header, rows = read(packed(parts_of(FORMS[form], strings=STRINGS)))

    assert header == ROWS[0]
    assert rows == [(2, ROWS[1]), (4, ROWS[2])]


def test_strings_in_a_prefixed_part_and_blank_ones_keep_their_numbers():
    strings = '<x:sst xmlns:x="x"><x:si/><x:si><x:t/></x:si><x:si><x:t>c</x:t></x:si></x:sst>'
    plain = "<sst><si/><si><t/></si><si><t>c</t></si></sst>"
    rows = '<row r="1"><c r="A1" t="s"><v>2</v></c><c r="B1" t="s"><v>0</v></c>'
    rows += '<c r="C1" t="s"><v>1</v></c><c r="D1"><v>7</v></c></row>'

    assert read(raw_book(rows, strings=strings))[0] == read(raw_book(rows, strings=plain))[0] == ("c", "", "", "7")


def test_a_sheet_may_be_named_from_the_root_of_the_package():
    assert read(packed(parts_of(worksheet(PLAIN), strings=STRINGS, target="/xl/worksheets/sheet1.xml")))[0] == ROWS[0]


def test_columns_are_counted_by_letters():
    assert [INDEX[name] for name in ("A", "Z", "AA", "AZ", "BA", "XFD")] == [0, 25, 26, 51, 52, 16_383]
    assert letters(16_383) == "XFD"


@pytest.mark.parametrize(
    ("code", "style"),
    [("General", None), ("", None), ("@", None), ('"d"0', None), ("\\d0", None), ("yyyy", Shown.DAY), ("0", None)],
)
def test_a_format_is_known_by_what_it_shows(code, style):
    assert style_of(code) == style


# ── The same cells in every container ──

cells = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]) | st.sampled_from('\t\n<&"=_x'), max_size=12
)
names = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=8)


@given(header=st.lists(names, min_size=3, max_size=6), data=st.data(), shared=st.booleans())
def test_any_table_comes_back_from_a_workbook_cell_by_cell(header, data, shared):
    rows = data.draw(st.lists(st.lists(cells, min_size=len(header), max_size=len(header)), max_size=8))
    expected = [(place, tuple(row)) for place, row in enumerate(rows, 2) if any(map(str.strip, row))]

    assert read(book_of([header, *rows], shared=shared)) == (tuple(header), expected)


numbers = st.integers(-(10**14), 10**14) | st.floats(-1e9, 1e9).map(lambda value: round(value, 4))
moments = st.datetimes(datetime.fromisoformat("1901-01-01"), datetime.fromisoformat("2199-01-01")).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(st.lists(st.tuples(numbers, moments, st.booleans(), cells), min_size=1, max_size=6))
def test_another_reader_sees_the_same_values(rows):
    book = book_of([("a", "b", "c", "d"), *rows])
    told = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()

    _header, ours = read(book)

    assert [cells for _number, cells in ours] == [tuple(map(as_text, row)) for row in told[1:]]


def as_text(value) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != clock() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return plain_number(repr(value)) if isinstance(value, float | int) else value


# ── Refused ──


def sheet_of(rows: str):
    return packed(parts_of(worksheet(rows), strings="<sst><si><t>a</t></si></sst>"))


TURNED_ROUND = '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (old_office(stream="Workbook"), "sheet_is_old_workbook"),
        (old_office(stream="EncryptedPackage"), "sheet_is_locked_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "sheet_is_old_workbook"),
        (packed({"user-report.csv": "a,b"}), "sheet_is_zip"),
        (packed({}), "sheet_is_zip"),
        (packed({"[Content_Types].xml": "", "word/document.xml": ""}), ("sheet_is_document", "DOCX")),
        (packed({"[Content_Types].xml": "", "xl/workbook.bin": ""}), ("sheet_is_other_workbook", "XLSB")),
        (packed({"mimetype": "application/vnd.oasis", "content.xml": ""}), ("sheet_is_other_workbook", "ODS")),
        (packed({"[Content_Types].xml": "<Types/>"}), "sheet_workbook_strange"),
        (packed({"[Content_Types].xml": "<Types/>", "../../etc/passwd": "x"}), "sheet_workbook_strange"),
        (packed({"[Content_Types].xml": "<Types/>", "/etc/passwd": "x"}), "sheet_workbook_strange"),
        (sheet_of('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "sheet_package_damaged"),
        (sheet_of('<row r="1"><c r="A1" t="s"><v>x</v></c></row>'), "sheet_package_damaged"),
        (sheet_of('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "sheet_package_damaged"),
        (sheet_of(TURNED_ROUND), "sheet_package_damaged"),
        (sheet_of('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'), "sheet_package_damaged"),
        (sheet_of('<row r="9999999"><c r="A9999999"><v>1</v></c></row>'), "sheet_package_damaged"),
        (sheet_of('<row r="0"><c r="A0"><v>1</v></c></row>'), "sheet_package_damaged"),
        (sheet_of('<row r="1"><c r="A1"><v>&unknown;</v><x/></c></row>'), "sheet_package_damaged"),
        (sheet_of('<row r="1"><c r="A1"><v>1</v></c>'), "sheet_package_damaged"),
        (packed(parts_of(worksheet("").encode("utf-16"))), "sheet_package_damaged"),
        (packed(parts_of("<!DOCTYPE x [<!ENTITY a 'b'>]>" + worksheet(""))), "sheet_package_damaged"),
        (packed(parts_of(worksheet(""), about="<!DOCTYPE x>")), "sheet_package_damaged"),
        (packed(parts_of("<worksheet/>")), "sheet_package_damaged"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_with_what_to_do(source, code):
    code, *kind = (code,) if isinstance(code, str) else code

    assert refusal(source) == [reason(code, kind=kind[0]) if kind else reason(code)]


def test_a_sheet_that_lies_outside_the_file_is_never_followed():
    parts = parts_of(worksheet(""))
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        'Target="', 'TargetMode="External" Target="file:///etc/'
    )

    assert refusal(packed(parts)) == [reason("sheet_empty")]


def test_limits_hold_for_workbooks_as_for_texts():
    wide = book_of([[f"c{number}" for number in range(201)]])
    stray = book_of([HEADER, ("Asha", *[""] * 300, "x")])
    long = book_of([HEADER, *[("Asha", 1, "x")] * 4])

    assert refusal(wide) == [reason("sheet_too_many_columns", columns=201, most=200)]
    assert refusal(stray) == [reason("sheet_too_many_columns", columns=302, most=200)]
    assert refusal(long, Limits(max_rows=3)) == [reason("sheet_too_many_rows", most=3)]
    assert len(read(long, Limits(max_rows=4))[1]) == 4


# ── Bombs: refused within seconds, and within bounds of memory that are measured from outside ──

MEASURE = """
import sys, time
from karmyogi.core.errors import BadFile
from karmyogi.store.sheets import read_sheet
start = time.process_time()
try:
    for _row in read_sheet(open(sys.argv[1], "rb")).rows:
        pass
    told = "taken"
except BadFile as error:
    told = error.reasons[0].code
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))  # of this program alone
print(told, int(peak) // 1024, time.process_time() - start)
"""


def measured(path) -> tuple[str, int, float]:
    """What became of a file in a process of its own: the refusal, megabytes at most, seconds of work."""
    told = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    code, megabytes, seconds = told.stdout.split()
    return code, int(megabytes), float(seconds)


def stretched(name: str, start: bytes, repeated: bytes, times: int, end: bytes, parts) -> bytes:
    """A package with one part of any size, written without ever being held."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for part, content in parts.items():
            if part != name:
                archive.writestr(part, content)
        with archive.open(name, "w", force_zip64=True) as stream:
            stream.write(start)
            for _ in range(times):
                stream.write(repeated)
            stream.write(end)
    return out.getvalue()


SHEET_1, SHARED = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
OPENING, ENDING = (part.encode() for part in worksheet("@").split("@"))
FIRST = b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>1</v></c><c r="C1"><v>1</v></c></row>'
NOISE = random.Random(1).randbytes(300_000).hex().encode()


def bombs():
    """Every bomb by its name, with the refusal it meets."""
    parts = parts_of(worksheet(""), strings="<sst/>")
    yield (
        "a sheet of gigabytes",
        stretched(SHEET_1, OPENING + FIRST, b" " * 2**20, 1200, ENDING, parts),
        "sheet_package_too_big",
    )
    yield (
        "a tight sheet",
        stretched(SHEET_1, OPENING + FIRST, b"<row><c/></row>" * 70_000, 60, ENDING, parts),
        "sheet_package_too_big",
    )
    yield "a row without end", stretched(SHEET_1, OPENING + b"<row>", NOISE, 40, ENDING, parts), "sheet_package_damaged"
    yield (
        "a head without end",
        stretched(SHEET_1, b"<worksheet><cols>", NOISE, 40, ENDING, parts),
        "sheet_package_damaged",
    )
    columns = b"".join(b'<c r="%s1"><v>1</v></c>' % letters(place).encode() for place in range(16_384))
    yield (
        "a row of all columns",
        packed(parts_of(OPENING + b'<row r="1">' + columns + b"</row>" + ENDING)),
        "sheet_too_many_columns",
    )
    million = OPENING + b'<row r="1">' + b"<c><v>1</v></c>" * 260_000 + b"</row>" + ENDING
    yield "a row of a quarter million columns", packed(parts_of(million)), "sheet_too_many_columns"
    claimed = worksheet(FIRST.decode(), before='<dimension ref="A1:XFD1048576"/>')
    yield "a sheet that claims to be full", packed(parts_of(claimed, strings="<sst><si><t>a</t></si></sst>")), "taken"
    full = parts | {SHEET_1: OPENING + FIRST + ENDING}
    texts = b"".join(b"<si><t>%s</t></si>" % NOISE[place : place + 900] for place in range(0, len(NOISE), 900))
    yield "strings that fill a disk", stretched(SHARED, b"<sst>", texts, 100, b"</sst>", full), "taken"
    many = stretched(SHARED, b"<sst>", b"<si/>" * 50_000, 300, b"</sst>", full)
    yield "strings by the million", many, "sheet_package_too_big"
    yield (
        "a list of contents without end",
        packed({f"xl/{number:060}": "" for number in range(20_000)}, method=0),
        "sheet_package_too_big",
    )
    lol = (
        "<!DOCTYPE x [<!ENTITY a 'aaaa'>"
        + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
    )
    yield (
        "a billion laughs",
        packed(parts_of(lol + worksheet('<row r="1"><c r="A1" t="str"><v>&i;</v></c></row>'))),
        "sheet_package_damaged",
    )


@pytest.mark.parametrize(
    ("content", "code"), [pytest.param(*rest, id=name.replace(" ", "-")) for name, *rest in bombs()]
)
def test_a_bomb_is_refused_within_seconds_and_bounds_of_memory(content, code, tmp_path):
    (tmp_path / "bomb.xlsx").write_bytes(content)

    told, megabytes, seconds = measured(tmp_path / "bomb.xlsx")

    assert told == code
    assert megabytes < 200
    assert seconds < 10


# ── Files that were spoilt on their way ──


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with a few bytes changed, a stretch taken out, doubled or blanked, or its end cut off."""
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(spoilt))
        end = min(start + chance.choice((1, 1, 8, 200)), len(spoilt))
        match chance.randrange(4):
            case 0:
                spoilt[start:end] = chance.randbytes(end - start)
            case 1:
                del spoilt[start:end]
            case 2:
                spoilt[start:start] = spoilt[start:end]
            case 3:
                del spoilt[max(start, 8) :]
        if len(spoilt) < 9:
            break
    return bytes(spoilt)


MUTATIONS = int(os.environ.get("KARMYOGI_MUTATIONS", "150"))  # of each kind of file


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED], ids=["packed", "plain"])
def test_a_spoilt_workbook_is_read_or_refused_and_nothing_else(method):
    chance = random.Random(7)
    with zipfile.ZipFile(io.BytesIO(book_of([HEADER, *[("आशा", n, "x & y") for n in range(40)]]))) as good:
        content = packed({name: good.read(name) for name in good.namelist()}, method=method)

    told = Counter(outcome_of(mutated(content, chance)) for _ in range(MUTATIONS))

    assert sum(told.values()) == MUTATIONS
    assert set(told) <= {"read", "refused"}


def outcome_of(source: bytes) -> str:
    try:
        read(source)
    except BadFile:
        return "refused"
    return "read"
