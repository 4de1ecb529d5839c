"""Boards of quarters and years on the page and as files: which months, who sees whom, in both languages."""

import csv
import io
import re

import pytest

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.scores import service
from karmyogi.scores.models import ScorePeriod
from karmyogi.store.trail import TrailEntry
from tests.conftest import ENGINES, copy_of, require_postgres
from tests.scores import board
from tests.scores.board import HEALTH_COURSES, REVENUE, statuses, those, unit
from tests.scores.test_files import sheet_of
from tests.scores.test_views import rows_on
from tests.visitors import words_of
from tests.web.site import opened_site, settings_for

QUARTER, YEAR, BEFORE = "2025-Q4", "2025-FY", "2025-Q3"


@pytest.fixture(scope="module", params=ENGINES)
def site(request, engines, tmp_path_factory):
    """December and January are sealed and added up: the year has both, each of its last two quarters one."""
    if request.param == "postgres":
        require_postgres()
    settings = settings_for(tmp_path_factory.mktemp("media"))
    with copy_of("board", engines, request.param) as url, opened_site(settings, url, board.cast()) as site:
        service.seal_month(Month(2026, 1), by=SYSTEM)
        service.add_up(by=SYSTEM)
        yield site


def page_of(site, who: str = "sunita", *, of: str = "", language: str = "hi", **query: object):
    query = {"month": YEAR, **query}
    return site.browser(who, language=language).get(f"/leaderboards{of}", query_string=query)


def file_of(site, who: str = "sunita", kind: str = "csv", *, of: str = "", language: str = "en", **query: object):
    query = {"month": YEAR, **query}
    return site.browser(who, language=language).get(f"/leaderboards{of}/file/{kind}", query_string=query, buffered=True)


def table_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


# ── The choice ──


@pytest.mark.parametrize("of", ["", "/units"])
def test_months_quarters_and_years_stand_in_one_choice_and_a_month_is_shown_first(site, of):
    text = site.browser("sunita", language="en").get(f"/leaderboards{of}").text
    choice = text.partition('id="filter-month"')[2].partition("</select>")[0]

    assert re.findall(r'<optgroup label="([^"]+)"', choice) == ["Months", "Quarters", "Financial years"]
    assert re.findall(r'value="([^"]+)"', choice) == ["2026-01", "2025-12", QUARTER, BEFORE, YEAR]
    assert re.findall(r'value="([^"]+)" selected', choice) == ["2026-01"]
    assert "Financial year 2025-26 (So far)" in choice


@pytest.mark.parametrize(
    ("month", "hindi", "english"),
    [
        (YEAR, "वित्तीय वर्ष 2025-26", "Financial year 2025-26"),
        (QUARTER, "वित्तीय वर्ष 2025-26 की चौथी तिमाही", "Fourth quarter of 2025-26"),
        (BEFORE, "वित्तीय वर्ष 2025-26 की तीसरी तिमाही", "Third quarter of 2025-26"),
    ],
)
def test_a_quarter_and_a_year_are_called_by_their_names(site, month, hindi, english):
    for language, name in (("hi", hindi), ("en", english)):
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page_of(site, language=language, month=month).text, re.S)[1]
        assert name in heading


def test_what_was_never_added_up_is_no_choice(site):
    for month in ("2025-Q1", "2024-FY", "2025-Q9", "2026-FY"):
        assert "January 2026" in words_of(page_of(site, language="en", month=month))


# ── What is counted ──


def test_the_page_says_which_months_are_counted_and_which_are_not(site):
    told = words_of(page_of(site, language="en"))
    hindi = words_of(page_of(site))

    assert "Counted so far: December 2025, January 2026." in told
    assert "not counted: April 2025 to November 2025, February 2026, March 2026." in told
    assert "अब तक गिने गए माह: दिसंबर 2025, जनवरी 2026।" in hindi
    assert "So far" in told


def test_a_quarter_with_all_its_months_is_complete_and_says_what_counts_as_corrected(site, undone):
    counted = [["2026-01", 2], ["2026-02", None], ["2026-03", None]]
    ScorePeriod.update(counted=counted).where(ScorePeriod.period == QUARTER).execute()

    told = words_of(page_of(site, language="en", month=QUARTER))

    assert "All its months are sealed and counted: January 2026 to March 2026." in told
    assert "As corrected: January 2026 (no. 2)." in told
    assert "Complete" in told
    assert "As corrected" not in words_of(page_of(site, language="en", month=QUARTER, of="/units"))


def test_the_rows_are_the_sums_with_shared_ranks_and_the_rank_of_the_period_before(site):
    year, quarter = page_of(site), page_of(site, language="en", month=QUARTER)

    assert rows_on(year)[:5] == [("1", "अनिल"), ("2=", "उमा"), ("2=", "कमल"), ("4=", "गीता"), ("4=", "जय")]
    assert "Previous quarter" in words_of(quarter)  # in December all 15 shared the first place
    assert "1 place down" in words_of(quarter)
    assert "नया" in words_of(year)


# ── Reach ──


def test_boards_of_periods_are_open_to_those_of_months_and_to_nobody_else(site):
    for path in (f"/leaderboards?month={YEAR}", f"/leaderboards/units?month={QUARTER}"):
        found = statuses(site, path)
        assert those(found, 200) == {"ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas"}
        assert those(found, 403) == {"asha", "pooja", "gopal"}


def test_a_head_sees_the_own_department_alone_with_the_ranks_of_the_group(site):
    page = page_of(site, "meena")

    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)
    assert rows_on(page)[:4] == [("1", "अनिल"), ("2=", "उमा"), ("2=", "कमल"), ("4", "गीता")]
    assert page_of(site, "meena", unit=unit(REVENUE).id).status_code == 404


def test_a_group_of_three_is_shown_with_the_state_and_brings_no_stranger(site):
    page = page_of(site, "imran", language="en", unit=unit(REVENUE).id)

    assert "have a score in the months counted. It is shown together with" in words_of(page)
    assert [rank for rank, _name in rows_on(page)] == ["4", "6=", "6="]  # among all fifteen


def test_somebody_is_found_on_a_board_of_a_year_and_whoever_is_out_of_reach_is_not(site):
    code = Officer.get(Officer.name_hi == "जय").employee_code

    found = page_of(site, "sunita", find=code)
    hidden = page_of(site, "meena", find=code)

    assert found.status_code == 302
    assert f"month={YEAR}" in found.location
    assert hidden.status_code == 200
    assert "जय" not in {name for _rank, name in rows_on(hidden)}


# ── Files and paper ──


@pytest.mark.parametrize("month", [YEAR, QUARTER])
def test_a_file_has_the_rows_of_the_page(site, month):
    page, rows = page_of(site, language="en", month=month), table_of(file_of(site, month=month))

    shown = [int(rank.rstrip("=")) for rank, _name in rows_on(page)]
    assert [int(row[0]) for row in rows[1:]] == shown
    assert rows[0][7] == "Rank in the period before"
    assert [row[6] for row in rows[1:3]] == (["25", "20"] if month == YEAR else ["20", "15"])


def test_an_excel_file_says_what_was_counted_and_leaves_a_trace(site):
    facts, rows = sheet_of(file_of(site, kind="xlsx"))

    assert facts["Financial year"] == "Financial year 2025-26"
    assert facts["Status"] == "So far"
    assert facts["Months counted"] == "December 2025, January 2026"
    assert facts["Months not sealed yet"] == "April 2025 to November 2025, February 2026, March 2026"
    assert len(rows) == 16
    entry = TrailEntry.select().where(TrailEntry.action == "leaderboard.export").order_by(TrailEntry.id.desc()).get()
    assert (entry.subject, entry.change["month"], entry.change["rows"]) == ("score_period", YEAR, 15)


# ── Units ──


def test_the_board_of_units_tells_how_officers_are_counted_and_why_none_is_listed(site):
    page = words_of(page_of(site, of="/units", language="en"))

    assert "Leaderboard of units: Financial year 2025-26" in page
    assert "None of the units within your reach is listed in every month counted" in page  # Revenue has three
    assert "Officers posted, and officers with a score, are the average of these months" in page
    assert "posted on the last day of the month" not in page


def test_a_file_of_units_names_the_averages_and_no_day_on_which_somebody_was_counted(site):
    header = table_of(file_of(site, of="/units"))[0]
    facts, _rows = sheet_of(file_of(site, kind="xlsx", of="/units"))

    assert header[4:7] == [
        "Officers posted, average of the months",
        "With a score, average of the months",
        "With a score, per cent",
    ]
    assert "Counted on" not in header
    assert header[-2:] == ["Rank in the period before", "Places gained or lost"]
    assert facts["Officers posted, counted on"] == "Average of the months counted"
    assert "Counted as corrected" not in facts


def test_nobody_else_takes_it(site):
    assert file_of(site, "asha").status_code == 403
    assert {row[3] for row in table_of(file_of(site, "meena"))[1:]} <= {
        officer.name_en for officer in Officer.select() if officer.name_hi in HEALTH_COURSES
    }
