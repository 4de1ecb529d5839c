"""Boards as files: what the page shows and within the same reach, typed, harmless, from the top, and with a trace."""

import csv
import io

import pytest

from karmyogi.people.models import Officer
from karmyogi.scores.models import ScoreMonth, UnitFigure
from karmyogi.scores.views import boards
from karmyogi.web import workbooks
from tests import trails
from tests.conftest import ENGINES, copy_of, require_postgres
from tests.scores import board
from tests.scores.board import HEALTH, HEALTH_COURSES, REVENUE, REVENUE_COURSES, statuses, those, unit
from tests.sheets import formulas_in, rows_above, rows_of
from tests.web.site import opened_site, settings_for

FORMULA = '=HYPERLINK("http://evil.example")'


@pytest.fixture(scope="module", params=ENGINES)
def site(request, engines, tmp_path_factory):
    """One State for all that is only read here, on each engine."""
    if request.param == "postgres":
        require_postgres()
    settings = settings_for(tmp_path_factory.mktemp("media"))
    with copy_of("board", engines, request.param) as url, opened_site(settings, url, board.cast()) as site:
        yield site


def file_of(site, who: str, kind: str = "csv", *, of: str = "", language: str = "hi", **query: object):
    query = {"month": "2026-01", **query}
    return site.browser(who, language=language).get(f"/leaderboards{of}/file/{kind}", query_string=query, buffered=True)


def table_of(answer) -> list[list[str]]:
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def sheet_of(answer) -> tuple[dict[str, object], list[list[object]]]:
    """The facts over the list, and the list with its headings."""
    rows = rows_of(answer)
    top = rows_above(rows)
    return {row[0]: row[1] for row in rows[1 : top - 1]}, rows[top:]


def names_in(answer) -> list[str]:
    return [row[3] for row in table_of(answer)[1:]]


# ── Officers ──


@pytest.mark.parametrize("path", ["/leaderboards/file/csv", "/leaderboards/file/xlsx", "/leaderboards/units/file/csv"])
def test_a_board_is_taken_by_those_who_may_open_it_and_by_nobody_else(site, undone, path):
    found = statuses(site, path)

    assert those(found, 200) == {"ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas"}
    assert those(found, 302) == {""}
    assert those(found, 403) == {"asha", "pooja", "gopal"}


def test_a_file_has_the_rows_of_the_page_from_its_top(site, undone):
    rows = table_of(file_of(site, "sunita", language="en"))

    assert rows[0][:4] == ["Rank", "Officers in the group", "Employee code", "Name"]
    assert {row[1] for row in rows[1:]} == {str(len(rows) - 1)}
    assert [row[0] for row in rows[1:7]] == ["1", "2", "2", "4", "4", "6"]
    assert len(rows) == 1 + len(HEALTH_COURSES) + len(REVENUE_COURSES)


@pytest.mark.parametrize("asked", [{"sort": 0}, {"desc": 1}, {"order": "-rank"}, {"after_rank": 6, "after_id": 1}])
def test_nothing_in_the_address_turns_a_board_round_or_begins_it_lower(site, undone, asked):
    assert file_of(site, "sunita", **asked).text == file_of(site, "sunita").text


def test_a_head_takes_only_the_officers_of_the_department_and_their_ranks_in_the_group(site, undone):
    taken = file_of(site, "meena")

    assert set(names_in(taken)) == set(HEALTH_COURSES)
    assert [row[0] for row in table_of(taken)[1:5]] == ["1", "2", "2", "4"]


def test_a_group_shown_with_a_wider_one_brings_no_stranger_into_the_file(site, undone):
    files = [file_of(site, "imran", kind) for kind in ("csv", "xlsx")]

    assert names_in(files[0]) == ["जय", "तारा", "दीपक"]
    facts, rows = sheet_of(files[1])
    assert facts["जिनके साथ दिखाया गया"] == "छत्तीसगढ़"
    assert [row[3] for row in rows[1:]] == ["जय", "तारा", "दीपक"]


def test_the_unit_of_another_is_not_there_for_a_head(site, undone):
    assert file_of(site, "meena", unit=unit(REVENUE).id).status_code == 404
    assert file_of(site, "meena", unit=unit(HEALTH).id).status_code == 200


def test_a_file_has_only_the_officers_of_the_department_that_the_page_is_narrowed_to(site, undone):
    revenue = unit(REVENUE).id

    plain, sheet = (file_of(site, "sunita", kind, department=revenue) for kind in ("csv", "xlsx"))

    assert names_in(plain) == ["जय", "तारा", "दीपक"]
    assert [row[:2] for row in table_of(plain)[1:]] == [["4", "15"], ["6", "15"], ["6", "15"]]
    assert sheet_of(sheet)[0]["केवल इनके अधिकारी"]
    assert names_in(file_of(site, "meena", department=revenue)) == names_in(file_of(site, "meena"))


@pytest.mark.parametrize("asked", [{"at": 10**6}, {"find": "जय"}, {"unit": None, "at": 1}])
def test_looking_for_somebody_brings_nobody_into_a_file(site, undone, asked):
    jay = Officer.get(Officer.name_hi == "जय").id
    asked = {name: jay if name == "at" else value for name, value in asked.items() if value}

    assert file_of(site, "meena", **asked).text == file_of(site, "meena").text


@pytest.mark.parametrize("kind", ["pdf", "CSV", "xls", "..%2fcsv"])
def test_there_is_no_other_kind_of_file(site, kind):
    assert file_of(site, "sunita", kind).status_code == 404


def test_an_excel_file_says_what_must_be_known_of_the_board(site, undone):
    facts, rows = sheet_of(file_of(site, "sunita", "xlsx", language="en", month="2025-12"))
    open_facts, _rows = sheet_of(file_of(site, "sunita", "xlsx", language="en"))

    assert (facts["Month"], facts["Status"], facts["Officers with a score in this group"]) == (
        "December 2025", "Sealed", 15,
    )  # fmt: skip
    assert len(facts["Hash of the seal"]) == 64
    assert (open_facts["Status"], "Hash of the seal" in open_facts) == ("Provisional", False)
    assert [type(cell) for cell in rows[1][:4]] == [float, float, str, str]


def test_a_name_that_looks_like_a_formula_stays_a_text_in_both_files(site, undone):
    Officer.update(name_hi=FORMULA).where(Officer.name_hi == "अनिल").execute()

    plain, sheet = file_of(site, "sunita"), file_of(site, "sunita", "xlsx")

    assert names_in(plain)[0] == f"'{FORMULA}"
    assert sheet_of(sheet)[1][1][3] == FORMULA
    assert formulas_in(sheet) == []


def test_a_long_board_is_read_a_part_at_a_time_and_no_officer_is_lost_or_told_twice(site, undone, monkeypatch):
    whole = table_of(file_of(site, "sunita"))
    monkeypatch.setattr(boards, "BATCH", 2)

    taken = file_of(site, "sunita")

    assert table_of(taken) == whole


def test_a_board_too_long_for_excel_is_refused_and_the_other_file_named(site, undone, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 14)

    refused = file_of(site, "sunita", "xlsx", language="en")

    assert refused.status_code == 422
    assert "take the CSV file" in refused.text
    assert file_of(site, "meena", "xlsx").status_code == 200


def test_taking_a_board_leaves_a_trace(site, undone):
    file_of(site, "meena", "xlsx", **{"class": "III"})

    entry = trails.told_last()
    assert (entry.actor, entry.action, entry.subject) == ("Meena", "leaderboard.export", "score_month")
    assert entry.change == {
        "month": "2026-01", "unit": unit(HEALTH).id, "class": "III", "kind": "xlsx", "rows": len(HEALTH_COURSES),
    }  # fmt: skip


# ── Units ──


@pytest.fixture
def two_large(undone):
    """Revenue with ten of ten who scored, as kept with January: its three would hide Health as well."""
    of = (UnitFigure.month == "2026-01") & (UnitFigure.scope.in_(["department", "district"]))
    revenue = of & UnitFigure.unit.in_([unit(REVENUE), unit("Durg", "district")])
    UnitFigure.update(officers=10, scored=10, learners=10, seconds=18_000).where(revenue).execute()


def page_of(site, who: str, **query: object):
    query = {"month": "2026-01", **query}
    return site.browser(who, language="en").get("/leaderboards/units", query_string=query)


def test_a_board_of_units_is_taken_with_its_bands_and_within_reach(site, two_large):
    taken = {who: table_of(file_of(site, who, of="/units", language="en"))[1:] for who in ("sunita", "meena", "imran")}

    band = "Units with 10 to 50 officers"
    assert [row[:3] for row in taken["sunita"]] == [[band, "1", HEALTH], [band, "2", REVENUE]]
    assert (taken["meena"], taken["imran"]) == (taken["sunita"][:1], taken["sunita"][1:])


def test_three_of_revenue_hide_health_where_there_is_no_third(site, undone):
    assert table_of(file_of(site, "sunita", of="/units"))[1:] == []
    assert "No unit to show" in page_of(site, "meena").text


def test_a_board_of_units_has_its_facts_in_excel(site, two_large):
    facts, rows = sheet_of(file_of(site, "sunita", "xlsx", of="/units", kind_of="x", language="en"))

    assert (facts["Status"], facts["Officers posted, counted on"]) == ("Provisional", "31 January 2026")
    assert rows[1][4:9] == [12, "2026-01-31", 12, 100, None]
    assert rows[1][10:] == [rows[1][10], None, None]


def test_the_page_of_units_shows_what_the_file_holds_and_nothing_out_of_reach(site, two_large):
    offices = page_of(site, "sunita", department=unit(HEALTH).id)
    assert HEALTH in page_of(site, "meena").text
    assert "Units with 10 to 50 officers" in page_of(site, "meena").text
    assert HEALTH not in table_in(page_of(site, "imran"))
    assert "Raipur Office" in offices.text
    assert page_of(site, "sunita", department=10**9).status_code == 404


def table_in(answer) -> str:
    return answer.text.partition("<table")[2].partition("</table>")[0]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("average", HEALTH),
        ("share", HEALTH),
        ("hours", REVENUE),
        ("points", HEALTH),
        ("on_time", HEALTH),
        ("x", HEALTH),
    ],
)
def test_units_are_sorted_from_the_best_down_on_the_page_as_in_the_file(site, two_large, sort, first):
    rows = table_of(file_of(site, "sunita", of="/units", language="en", sort=sort))[1:]
    page = table_in(page_of(site, "sunita", sort=sort))

    assert rows[0][2] == first
    assert page.index(rows[0][2]) < page.index(rows[1][2])
    assert page.count('aria-sort="descending"') == 1
    assert "ascending" not in page.replace("descending", "")


def test_a_month_that_kept_no_figures_says_whose_roster_was_counted(site, two_large):
    ScoreMonth.update(seal_version=1).where(ScoreMonth.month == "2026-01").execute()
    facts, _rows = sheet_of(file_of(site, "sunita", "xlsx", of="/units", language="en"))

    assert "counted by the roster of today" in page_of(site, "sunita").text
    assert facts["Officers posted, counted on"] == "31 January 2026, by the roster of today"
    assert "counted by the roster of today" not in page_of(site, "sunita", month="2025-12").text


def test_the_months_of_a_unit_are_read_within_reach(site, two_large):
    path = f"/leaderboards/units/{unit(HEALTH).id}"
    told = site.browser("meena", language="en").get(path)

    assert [told.status_code, site.browser("imran").get(path).status_code] == [200, 404]
    assert "January 2026" in told.text
    assert "1 of 2" in told.text
    assert those(statuses(site, path), 200) == {"ravi", "meena", "sunita", "lakshmi", "thomas"}
