"""Problem rows go out with the reason and the remedy, come back corrected, and the earlier import knows it."""

import csv
import io

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.reports import queries, service
from karmyogi.reports.rules import ADDED_COLUMNS, FIX, REASON, in_two, row_meant, without_guard
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from tests.reports.scene import HEADER, officer, outcomes, row, take, take_bytes
from tests.reports.test_views import CAST
from tests.sheets import rows_of
from tests.store.books import book_of
from tests.store.test_sheets import written
from tests.web.site import opened_site


@pytest.fixture
def site(db, settings):
    with opened_site(settings, db, CAST) as site:
        yield site


@pytest.fixture
def files(site, settings):
    return open_files(settings.media_url)


def problems_of(site, origin) -> str:
    return site.browser("sunita").get(f"/imports/{origin.id}/problems.csv").data.decode("utf-8-sig")


def corrected(text: str, change) -> bytes:
    """The file after a clerk has changed its cells, as Excel saves it."""
    lines = list(csv.reader(io.StringIO(text)))
    out = io.StringIO()
    csv.writer(out).writerows(
        [lines[0], *(change(dict(zip(lines[0], line, strict=True))).values() for line in lines[1:])]
    )
    return out.getvalue().encode("utf-8-sig")


def test_problem_rows_go_out_as_they_came_with_two_more_columns(site, files):
    first = take(files, row(email="n@x.in"), row(email="m@x.in", on="2025-99-99"))

    lines = list(csv.DictReader(io.StringIO(problems_of(site, first))))

    assert list(lines[0]) == [*HEADER.split(","), *ADDED_COLUMNS]
    assert [line["Email"] for line in lines] == ["n@x.in", "m@x.in"]
    assert [dict(zip(HEADER.split(","), one.split(","), strict=True)) for one in (row(email="n@x.in"),)] == [
        {name: lines[0][name] for name in HEADER.split(",")}
    ]
    assert lines[1][REASON].startswith(f"[{first.id}/3] Completed_On में “2025-99-99 10:00:00”")
    assert lines[1][FIX].endswith("/ Write it like 2026-01-29 16:02:11 and send the row again.")


def test_corrected_rows_that_are_sent_again_are_taken_and_the_first_import_says_so(site, files):
    asha = officer(email="asha@x.in")
    first = take(
        files, row(email="asha@x.in"), row(email="asha@x.in", course="Ethics", on="2025-99-99"), row(email="n@x.in")
    )

    def correct(line):
        return line | {"Email": "asha@x.in", "Completed_On": "2025-08-20 10:00:00"}

    again = take_bytes(files, corrected(problems_of(site, first), correct))

    assert (again.kind, outcomes(again), again.unknown_columns) == ("consumption", {"created": 1, "updated": 1}, [])
    assert [sorted(one.extra) for one in asha.enrolments] == [[], []]
    assert queries.open_problems_of(Import.get_by_id(first.id)) == []
    assert queries.settled_in(first, SYSTEM) == [(again.id, "again.csv", 2)]
    assert queries.waiting_for(SYSTEM).count() == 0


def test_rows_that_are_still_wrong_stay_problems_of_both_imports(site, files):
    first = take(files, row(email="n@x.in", on="2025-99-99"))

    again = take_bytes(files, corrected(problems_of(site, first), lambda line: line))

    assert outcomes(again) == {"rejected": 1}
    assert [len(queries.open_problems_of(one)) for one in (first, again)] == [1, 1]


def test_a_cell_made_harmless_for_excel_comes_back_as_it_was(site, files):
    first = take(files, row("=HYPERLINK(1)", phone="+91 9000000001"))

    text = problems_of(site, first)
    again = take_bytes(files, corrected(text, lambda line: line))

    assert "'=HYPERLINK(1)" in text
    told = ImportRow.get((ImportRow.origin == again) & (ImportRow.outcome == "queued")).told
    assert (told["Full_Name"], told["Phone_Number"]) == ("=HYPERLINK(1)", "+91 9000000001")


def test_a_header_that_stands_twice_loses_neither_of_its_cells(site, files):
    first = take(files, f"{row(email='n@x.in')},left,right", header=f"{HEADER},Note,Note")

    [_header, line] = csv.reader(io.StringIO(problems_of(site, first)))

    assert line[-4:-2] == ["left", "right"]


def test_problem_rows_as_an_excel_file_begin_with_their_header(site, files):
    first = take(files, row(email="n@x.in"))

    sheet = rows_of(site.browser("sunita").get(f"/imports/{first.id}/problems.xlsx"))

    assert sheet[0] == [*HEADER.split(","), *ADDED_COLUMNS]
    assert (len(sheet), sheet[1][2]) == (2, "n@x.in")


@pytest.mark.parametrize(
    "saved_as", ["the workbook as it came", "a workbook under a title", "semicolons", "tabs in UTF-16"]
)
def test_problem_rows_come_back_in_whatever_way_they_were_saved(site, files, saved_as):
    first = take(files, row(email="n@x.in"))
    sunita = site.browser("sunita")
    rows = list(csv.reader(io.StringIO(problems_of(site, first))))
    officer(email="n@x.in")  # meanwhile the officer is known

    again = take_bytes(
        files,
        {
            "the workbook as it came": lambda: sunita.get(f"/imports/{first.id}/problems.xlsx").data,
            "a workbook under a title": lambda: book_of([("Problem rows",), (), *rows]),
            "semicolons": lambda: written(rows, delimiter=";", ends="\r\n").encode("utf-8-sig"),
            "tabs in UTF-16": lambda: written(rows, delimiter="\t").encode("utf-16"),
        }[saved_as](),
    )

    assert (outcomes(again), again.unknown_columns) == ({"created": 1}, [])
    assert queries.open_problems_of(Import.get_by_id(first.id)) == []


def test_a_row_of_another_kind_of_import_is_not_settled_by_its_mark(site, files):
    first = take(files, row(email="n@x.in"))
    officer(email="asha@x.in")
    stolen = f"{row(email='asha@x.in')},[{first.id + 7}/2] x,"
    forged = f"{row(email='asha@x.in', course='Ethics')},[999999999/2] x,"

    take_bytes(files, "\n".join([",".join([HEADER, *ADDED_COLUMNS]), stolen, forged]).encode())

    assert len(queries.open_problems_of(first)) == 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Wrong. Do this. And that.", ("Wrong.", "Do this. And that.")),
        ("ग़लत है। ऐसा करें।", ("ग़लत है।", "ऐसा करें।")),
        ("Only this.", ("Only this.", "")),
    ],
)
def test_a_reason_says_first_what_is_wrong_and_then_what_to_do(text, parts):
    assert in_two(text) == parts


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("[12/34] x", (12, 34)),
        (" [1/2]", (1, 2)),
        ("", None),
        ("12/34", None),
        ("[12/x]", None),
        ("[9999999999/1]", None),
    ],
)
def test_a_line_says_which_row_it_was(cell, meant):
    assert row_meant(cell) == meant


@pytest.mark.parametrize(("cell", "was"), [("'=1", "=1"), ("'+91", "+91"), ("'tis", "'tis"), ("=1", "=1"), ("", "")])
def test_the_apostrophe_goes_only_where_it_was_put(cell, was):
    assert without_guard(cell) == was


def test_an_import_of_the_first_release_whose_header_was_not_kept_still_gives_its_problem_rows(site, files):
    first = take(files, row(email="n@x.in"))
    Import.update(header=None).where(Import.id == first.id).execute()

    [line] = csv.DictReader(io.StringIO(problems_of(site, first)))

    assert (line["Email"], line["Content_Name"]) == ("n@x.in", "Noting")
    assert service.header_of(Import.get_by_id(first.id))[0] == "Full_Name"


def test_problem_rows_come_back_as_an_excel_file_too(site, files):
    officer(email="asha@x.in")
    first = take(files, row(email="n@x.in"))
    book = site.browser("sunita").get(f"/imports/{first.id}/problems.xlsx").data
    officer("Bela", email="n@x.in")

    again = take_bytes(files, book, "problems.xlsx")

    assert (outcomes(again), again.unknown_columns) == ({"created": 1}, [])
    assert queries.settled_in(first, SYSTEM) == [(again.id, "problems.xlsx", 1)]
