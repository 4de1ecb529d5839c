"""Leaderboards and months as each of the cast sees them: their own units, the whole group's ranks, and who seals."""

import re
from urllib.parse import urlsplit

import pytest

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.schedule import work_off_queue
from karmyogi.scores import service, views
from karmyogi.scores.models import ScoreMonth
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun, run_once
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import CaseStep
from tests.conftest import copy_of
from tests.scores import board
from tests.scores.board import HEALTH, HEALTH_COURSES, REVENUE, REVENUE_COURSES, unit
from tests.visitors import words_of
from tests.web.site import opened_site

EVERYBODY = ("", "asha", "ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas", "pooja", "gopal")


@pytest.fixture
def site(engine, engines, settings):
    with copy_of("board", engines, engine) as url, opened_site(settings, url, board.cast()) as site:
        yield site


def statuses(site, path: str) -> dict[str, int]:
    return {who: site.browser(who).get(path).status_code for who in EVERYBODY}


def those(found: dict[str, int], status: int) -> set[str]:
    return {who for who, answer in found.items() if answer == status}


# ── Leaderboards ──


def rows_on(page) -> list[tuple[str, str]]:
    """The rank, with the sign of a tie, and the name of every row of a board."""
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    ranks = re.findall(r'data-place="(\d+)".*?(<span aria-hidden="true">=</span>)?</span></span>', table)
    names = re.findall(r'<span class="person">.*?</span><span>([^<]+)<', table)
    return [(f"{place}{'=' if tie else ''}", name) for (place, tie), name in zip(ranks, names, strict=True)]


def board_of(site, who: str, **query: object):
    return site.browser(who, language="hi").get("/leaderboards", query_string={"month": "2026-01", **query})


def choices_on(page) -> list[str]:
    select = page.text.partition('id="filter-unit"')[2].partition("</select>")[0]
    return re.findall(r'<option value="(\d+)"', select)


def test_a_board_is_open_to_those_who_look_after_people_and_to_nobody_else(site):
    found = statuses(site, "/leaderboards")

    assert those(found, 200) == {"ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas"}
    assert those(found, 302) == {""}
    assert those(found, 403) == {"asha", "pooja", "gopal"}


def test_the_administration_sees_the_whole_state_and_equal_points_share_a_rank_and_the_next_skips(site):
    page = board_of(site, "sunita")

    shown = rows_on(page)
    assert shown[:5] == [("1", "अनिल"), ("2=", "उमा"), ("2=", "कमल"), ("4=", "गीता"), ("4=", "जय")]
    assert [rank for rank, _name in shown[5:]] == ["6="] * 10
    assert words_of(page).count("इस समूह में अंक प्राप्त अधिकारी: 15") == 1
    assert len(choices_on(page)) == 1 + 5 + 33 + 46


def test_a_head_sees_the_ranks_of_the_department_and_only_its_officers(site):
    page = board_of(site, "meena")

    assert rows_on(page)[:4] == [("1", "अनिल"), ("2=", "उमा"), ("2=", "कमल"), ("4", "गीता")]
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)
    assert choices_on(page) == [str(unit(HEALTH).id)]


def test_the_unit_of_another_is_not_there_for_a_head_however_it_is_asked_for(site):
    others = [unit(REVENUE).id, unit("Durg").id, unit("Raipur").id, unit("Chhattisgarh").id, unit("Raipur Office").id]

    asked = [board_of(site, "meena", unit=number).status_code for number in [*others, 0, -1, 10**9, 2**63, 2**200]]

    assert asked == [404] * 10
    assert board_of(site, "meena", unit=unit(HEALTH).id).status_code == 200


def test_a_collector_chooses_among_the_units_of_the_district(site):
    page = board_of(site, "devendra")

    assert choices_on(page) == [str(unit("Raipur").id)]
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)


def test_a_group_too_small_to_hide_anybody_is_shown_with_a_wider_one_and_the_page_says_so(site):
    page = board_of(site, "imran")

    assert rows_on(page) == [("4", "जय"), ("6=", "तारा"), ("6=", "दीपक")]
    assert page.text.count("छत्तीसगढ़") > 2
    assert len(re.findall(r'class="notice" data-tone="info"', page.text)) == 1
    assert [name for name in HEALTH_COURSES if name in page.text] == []


def test_a_group_large_enough_has_no_such_notice(site):
    assert 'class="notice" data-tone="info"' not in board_of(site, "meena").text


def test_a_class_nobody_is_in_is_shown_with_a_wider_group(site):
    page = board_of(site, "meena", **{"class": "I"})

    assert len(re.findall(r'class="notice" data-tone="info"', page.text)) == 1
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)


@pytest.mark.parametrize("query", [{"class": "V"}, {"class": "' OR 1=1"}, {"month": "1999-01"}, {"month": "x\x00"}])
def test_what_cannot_be_chosen_is_as_if_nothing_had_been(site, query):
    assert board_of(site, "sunita", **query).status_code == 200


def test_without_a_month_the_newest_sealed_one_is_shown(site):
    page = site.browser("sunita").get("/leaderboards")

    assert re.search(r'<option value="([\d-]+)" selected>', page.text)[1] == "2025-12"
    assert {rank for rank, _name in rows_on(page)} == {"1="}


def test_leafing_through_a_board_shows_every_row_once_in_order_and_ties_across_pages(site, monkeypatch):
    whole = rows_on(board_of(site, "sunita"))
    monkeypatch.setattr(views, "PAGE", 2)
    browser, seen, address = site.browser("sunita", language="hi"), [], "/leaderboards?month=2026-01"

    while address:
        page = browser.get(address)
        seen += rows_on(page)
        found = re.search(r'<a rel="next" href="([^"]+)"', page.text)
        address = found and found[1].replace("&amp;", "&")

    assert seen == whole
    assert len(seen) == len(HEALTH_COURSES) + len(REVENUE_COURSES)


def test_a_reader_may_change_the_language_in_the_middle_of_a_board(site, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    browser = site.browser("sunita", language="hi")
    first = browser.get("/leaderboards?month=2026-01")
    second = re.search(r'<a rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")

    switch = re.search(r'<a href="([^"]+)" lang="en"', browser.get(second).text)[1].replace("&amp;", "&")

    assert browser.get(switch).location == second


@pytest.mark.parametrize(
    "query",
    [
        {"_external": "1", "_scheme": "javascript"},
        {"endpoint": "home.front"},
        {"_anchor": "x"},
        {"after_rank": "9" * 30, "after_id": "1"},
        {"after_rank": "1", "after_id": "9" * 30},
        {"after_rank": "0", "after_id": "0", "after_name": "\x00"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_what_somebody_writes_into_the_address_neither_breaks_the_page_nor_leads_anywhere(site, monkeypatch, query):
    monkeypatch.setattr(views, "PAGE", 2)

    page = board_of(site, "sunita", **query)

    assert page.status_code == 200
    next_page = urlsplit(re.search(r'<a rel="next" href="([^"]+)"', page.text)[1])
    assert (next_page.scheme, next_page.netloc, next_page.path, next_page.fragment) == ("", "", "/leaderboards", "")


def test_before_the_first_month_is_scored_the_board_says_so(installed_db, settings):
    with opened_site(settings, installed_db) as site:
        page = site.browser("sunita").get("/leaderboards")

    assert page.status_code == 200
    assert words_of(page).count("No month has been scored yet") == 1


# ── Months ──


def test_months_are_open_to_those_who_compute_seal_or_prove_them(site):
    for path in ("/months", "/months/2025-12", "/months/2026-01"):
        found = statuses(site, path)

        assert those(found, 200) == {"sunita", "lakshmi", "thomas"}, path
        assert those(found, 302) == {""}, path


@pytest.mark.parametrize("month", ["2019-01", "2026-13", "x", "0000-00", "2026-1", "२०२६-०१", "2026-01%00"])
def test_a_month_that_was_never_scored_is_not_there(site, month):
    assert site.browser("sunita").get(f"/months/{month}").status_code == 404


def forms_on(page) -> set[str]:
    actions = re.findall(r'<form method="post"(?: action="([^"]*)")?', page.text.partition("<main")[2])
    return set(actions)


def test_the_auditor_reads_everything_and_can_press_nothing(site):
    thomas = site.browser("thomas")

    assert [forms_on(thomas.get(path)) for path in ("/months", "/months/2025-12", "/months/2026-01")] == [set()] * 3
    tried = ("/months", "/months/2026-01/propose", "/months/2026-01/seal", "/months/2026-01/withdraw")
    assert [thomas.post(path, {"month": "2026-01"}).status_code for path in tried] == [403] * 4
    assert (JobRun.select().count(), CaseStep.select().where(CaseStep.action != "seal").count()) == (0, 0)


def test_sunita_asks_for_a_month_and_the_worker_computes_it(site):
    sunita = site.browser("sunita")

    asked = sunita.post("/months", {"month": "2026-01"})
    waiting = sunita.get(f"/months/progress/{JobRun.get().id}").json
    with site.app.app_context():
        done = work_off_queue()
        database.connect(reuse_if_open=True)
    finished = sunita.get(f"/months/progress/{JobRun.get().id}").json

    assert (asked.status_code, asked.location, done) == (302, "/months", 1)
    assert (waiting["finished"], finished["finished"], finished["done"], finished["url"]) == (
        False,
        True,
        1000,
        "/months",
    )
    assert JobRun.get().requested_by == board.cast()["sunita"].user_id


@pytest.mark.parametrize("who", ["lakshmi", "thomas", "meena", "asha", "gopal"])
def test_nobody_else_may_ask_for_one(site, who):
    assert site.browser(who).post("/months", {"month": "2026-01"}).status_code == 403
    assert JobRun.select().count() == 0


@pytest.mark.parametrize("month", ["", "2026-13", "x", "2026-01\x00"])
def test_a_month_that_is_none_is_not_computed(site, month):
    assert site.browser("sunita").post("/months", {"month": month}).status_code == 404
    assert JobRun.select().count() == 0


def test_how_far_it_is_can_be_followed_by_all_who_see_the_page_and_only_for_months(site):
    JobRun.insert(job="score-month", period="2026-01@1", queued_at=board.REPORTED_AT).execute()
    JobRun.insert(job="import-check", period="1", queued_at=board.REPORTED_AT).execute()
    months, other = JobRun.select().order_by(JobRun.id)

    found = statuses(site, f"/months/progress/{months.id}")

    assert those(found, 200) == {"sunita", "lakshmi", "thomas"}
    assert [
        site.browser("sunita").get(f"/months/progress/{number}").status_code for number in (other.id, 0, 2**70)
    ] == [404] * 3


def test_what_stopped_a_computation_is_named_without_what_it_said(site):
    def failing(_run: JobRun) -> None:
        raise ValueError("duplicate key (email)=(asha@example.in) in SELECT secret FROM officer")

    with pytest.raises(ValueError, match="secret"):
        run_once("score-month", "2026-01@1", failing)

    page = site.browser("sunita").get("/months")

    assert words_of(page).count("The last computation stopped: ValueError") == 1
    assert [word for word in ("asha@example.in", "SELECT", "duplicate") if word in page.text] == []


# ── Sealing ──


def press(site, who: str, action: str, month: str = "2026-01") -> int:
    return site.browser(who).post(f"/months/{month}/{action}").status_code


def state_of(month: str = "2026-01") -> str:
    return ScoreMonth.get(ScoreMonth.month == month).state


def test_gad_proposes_and_the_approver_seals_and_each_finds_the_button(site):
    sunita, lakshmi = site.browser("sunita"), site.browser("lakshmi")
    first = forms_on(sunita.get("/months/2026-01")), forms_on(lakshmi.get("/months/2026-01"))

    assert press(site, "sunita", "propose") == 302
    second = forms_on(sunita.get("/months/2026-01")), forms_on(lakshmi.get("/months/2026-01"))
    assert press(site, "lakshmi", "seal") == 302
    third = forms_on(sunita.get("/months/2026-01")), forms_on(lakshmi.get("/months/2026-01"))

    assert first == ({"/months/2026-01/propose"}, set())
    assert second == ({"/months/2026-01/withdraw"}, {"/months/2026-01/seal"})
    assert third == (set(), set())
    assert state_of() == "sealed"
    assert service.verify_seals().faults == ()
    steps = [(step.action, step.actor) for step in CaseStep.select().order_by(CaseStep.id)][-2:]
    assert steps == [("propose", "Sunita"), ("seal", "Lakshmi")]


def test_a_proposal_can_be_taken_back(site):
    assert [press(site, "sunita", action) for action in ("propose", "withdraw")] == [302, 302]

    assert state_of() == "provisional"
    assert press(site, "lakshmi", "seal") == 422


@pytest.mark.parametrize(
    ("who", "action", "status"),
    [
        ("lakshmi", "propose", 403),
        ("sunita", "seal", 403),
        ("lakshmi", "seal", 422),
        ("kabir", "seal", 422),
        ("meena", "propose", 403),
        ("thomas", "seal", 403),
        ("gopal", "seal", 403),
        ("sunita", "lapse", 404),
        ("sunita", "unseal", 404),
    ],
)
def test_a_step_that_is_not_theirs_or_not_due_is_refused_and_writes_nothing(site, who, action, status):
    before = TrailEntry.select().count()

    assert press(site, who, action) == status

    assert (state_of(), TrailEntry.select().count()) == ("provisional", before)


def test_one_person_with_both_roles_does_not_seal_what_they_proposed(site):
    assert [press(site, "kabir", "propose"), press(site, "kabir", "seal")] == [302, 422]
    assert state_of() == "proposed"


def test_whoever_presses_second_is_told_that_somebody_was_faster(site):
    press(site, "sunita", "propose")

    assert press(site, "sunita", "propose") == 409


def test_a_sealed_month_takes_no_step_and_is_not_computed_again(site):
    assert [press(site, "sunita", "propose", "2025-12"), press(site, "lakshmi", "seal", "2025-12")] == [409, 422]
    site.browser("sunita").post("/months", {"month": "2025-12"})

    with site.app.app_context():
        assert work_off_queue() == 0
        database.connect(reuse_if_open=True)

    assert JobRun.get().error == "RuleBroken: month_is_sealed"


def test_a_month_computed_anew_with_other_rows_loses_its_proposal(site):
    press(site, "sunita", "propose")
    Officer.update(state_class="II").where(Officer.name_hi == "जय").execute()
    database.execute_sql("UPDATE posting SET state_class = 'II'")

    service.run_month(Month(2026, 1), by=SYSTEM)

    assert state_of() == "provisional"


# ── The policy ──


def test_the_policy_is_open_to_everybody_whose_score_it_makes_or_who_looks_after_them(site):
    found = statuses(site, "/score-policy")

    assert those(found, 200) == {"asha", "ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas"}
    assert those(found, 403) == {"pooja", "gopal"}
