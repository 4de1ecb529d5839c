"""Months as they are computed and sealed: who may ask, who proposes, who seals, and who only looks on."""

import re
from dataclasses import replace
from datetime import date

import pytest

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.core.profile import load_profile
from karmyogi.people.models import Officer
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import service
from karmyogi.scores.models import ScoreMonth
from karmyogi.store.db import database
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun, ask_to_cancel, enqueue, run_once
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import CaseStep
from tests.conftest import copy_of
from tests.factories import make_attendance
from tests.scores import board
from tests.scores.board import statuses, those
from tests.visitors import words_of
from tests.web.site import opened_site

NOT_THE_ADMINISTRATION = ("lakshmi", "thomas", "meena", "asha", "gopal")
REFUSED = {
    ("lakshmi", "propose"): 403,
    ("sunita", "seal"): 403,
    ("lakshmi", "seal"): 422,
    ("kabir", "seal"): 422,
    ("meena", "propose"): 403,
    ("thomas", "seal"): 403,
    ("gopal", "seal"): 403,
    ("sunita", "lapse"): 404,
    ("sunita", "unseal"): 404,
}
OFFICES = {"sunita": (Role.GAD,), "kabir": (Role.GAD, Role.APPROVER), "lakshmi": (Role.APPROVER,)}


@pytest.fixture
def site(engine, engines, settings):
    with copy_of("board", engines, engine) as url, opened_site(settings, url, board.cast()) as site:
        for login, roles in OFFICES.items():
            open_account(login, roles)
        yield site


def open_account(login: str, roles: tuple[Role, ...]) -> None:
    """The account behind a browser, with its roles of today: what the worker finds when it does what was asked."""
    user = User.create(id=board.cast()[login].user_id, login=login, name_en=login.title(), created_at=board.REPORTED_AT)
    for role in roles:
        RoleGrant.create(user=user, role=role.value, from_on=date(2026, 1, 1))


def test_before_the_first_month_is_scored_the_board_says_so(installed_db, settings):
    with opened_site(settings, installed_db) as site:
        page = site.browser("sunita").get("/leaderboards")

    assert page.status_code == 200
    assert words_of(page).count("No month has been scored yet") == 1


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
    done = work(site)
    finished = sunita.get(f"/months/progress/{JobRun.get().id}").json

    assert (asked.status_code, asked.location, done) == (302, "/months", 1)
    assert (waiting["finished"], finished["finished"], finished["done"], finished["url"]) == (
        False,
        True,
        1000,
        "/months",
    )
    assert JobRun.get().requested_by == board.cast()["sunita"].user_id


def test_the_page_says_that_a_later_version_has_overtaken_the_month_and_offers_no_seal(site):
    sunita = site.browser("sunita")
    before = forms_on(sunita.get("/months/2026-01"))
    with site.app.app_context():
        database.connect(reuse_if_open=True)
        later = replace(load_profile("chhattisgarh").policy, number=2, effective_from="2026-01")
        service.install_policy(later, by=SYSTEM)

    page = sunita.get("/months/2026-01")

    assert "/months/2026-01/propose" in before
    assert "/months/2026-01/propose" not in forms_on(page)
    assert "Version 2 takes effect in this month and was published since." in words_of(page)
    assert sunita.post("/months/2026-01/propose").status_code == 422
    assert "takes effect in this month" not in words_of(sunita.get("/months/2025-12"))


def test_what_the_clock_sealed_was_proposed_by_nobody_and_the_system_is_named_in_the_readers_language(site):
    page = {who: words_of(site.browser("sunita", language=who).get("/months/2025-12")) for who in ("en", "hi")}

    assert "Sealing proposed" not in page["en"]
    assert re.search(r"Steps taken Sealed .* System", page["en"])
    assert "प्रणाली" in page["hi"]
    assert "system" not in page["hi"]


def test_nobody_else_may_ask_for_one(site):
    asked = {who: site.browser(who).post("/months", {"month": "2026-01"}).status_code for who in NOT_THE_ADMINISTRATION}

    assert asked == dict.fromkeys(NOT_THE_ADMINISTRATION, 403)
    assert JobRun.select().count() == 0


def test_a_month_that_is_none_is_not_computed(site):
    sunita = site.browser("sunita")

    assert [sunita.post("/months", {"month": month}).status_code for month in ("", "2026-13", "x", "2026-01\x00")] == [
        404
    ] * 4
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
    """What the button is answered; the worker then does what was queued."""
    status = site.browser(who).post(f"/months/{month}/{action}").status_code
    work(site)
    return status


def work(site) -> int:
    with site.app.app_context():
        done = work_off_queue(at=now())
        database.connect(reuse_if_open=True)
    return done


def state_of(month: str = "2026-01") -> str:
    return ScoreMonth.get(ScoreMonth.month == month).state


def test_gad_proposes_and_the_approver_seals_and_each_finds_the_button(site):
    sunita, lakshmi = site.browser("sunita"), site.browser("lakshmi")
    first = forms_on(sunita.get("/months/2026-01")), forms_on(lakshmi.get("/months/2026-01"))

    assert press(site, "sunita", "propose") == 302
    second = forms_on(sunita.get("/months/2026-01")), forms_on(lakshmi.get("/months/2026-01"))
    assert press(site, "lakshmi", "seal") == 302
    third = forms_on(sunita.get("/months/2026-01")), forms_on(lakshmi.get("/months/2026-01"))

    again = "/months"  # GAD also finds how to compute it once more
    assert first == ({"/months/2026-01/propose", again}, set())
    assert second == ({"/months/2026-01/withdraw", again}, {"/months/2026-01/seal"})
    assert third == ({"/months/2026-01/corrections"}, set())  # what comes now is entered by a correction
    assert state_of() == "sealed"
    assert service.verify_seals().faults == ()
    steps = [(step.action, step.actor) for step in CaseStep.select().order_by(CaseStep.id)][-2:]
    assert steps == [("propose", "Sunita"), ("seal", "Lakshmi")]


def test_what_has_changed_is_computed_again_from_the_very_page_that_refused_it(site):
    make_attendance(Officer.get(Officer.name_hi == "जय"), date(2026, 1, 20))

    pressed = press(site, "sunita", "propose")
    refused = site.browser("sunita").get("/months/2026-01")
    site.browser("sunita").post("/months", {"month": "2026-01"})
    work(site)

    assert (pressed, forms_on(refused)) == (302, {"/months/2026-01/propose", "/months"})
    assert words_of(refused).count("has changed since it was computed") == 1
    assert words_of(site.browser("sunita").get("/months/2026-01")).count("has changed since it was computed") == 0
    assert (press(site, "sunita", "propose"), press(site, "lakshmi", "seal"), state_of()) == (302, 302, "sealed")


def test_a_proposal_can_be_taken_back(site):
    assert [press(site, "sunita", action) for action in ("propose", "withdraw")] == [302, 302]

    assert state_of() == "provisional"
    assert press(site, "lakshmi", "seal") == 422


def test_a_step_that_is_not_theirs_or_not_due_is_refused_and_writes_nothing(site):
    before = TrailEntry.select().count()

    assert {(who, action): press(site, who, action) for who, action in REFUSED} == REFUSED
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

    assert work(site) == 0
    assert JobRun.get().error == "RuleBroken: month_is_sealed"


def test_a_month_computed_anew_with_other_rows_loses_its_proposal(site):
    press(site, "sunita", "propose")
    Officer.update(state_class="II").where(Officer.name_hi == "जय").execute()
    database.execute_sql("UPDATE posting SET state_class = 'II'")

    service.run_month(Month(2026, 1), by=SYSTEM)

    assert state_of() == "provisional"


# ── Steps that people ask for and the worker takes ──


def ask(site, who: str, action: str) -> int:
    return site.browser(who).post(f"/months/2026-01/{action}").status_code


def user_of(login: str) -> User:
    return User.get(User.login == login)


def test_two_clicks_are_one_piece_of_work_and_one_step_by_who_asked(site):
    asked = [ask(site, "sunita", "propose") for _click in range(2)]
    proposals = JobRun.select().count()
    work(site)
    asked += [ask(site, "lakshmi", "seal") for _click in range(2)]
    work(site)
    late = ask(site, "lakshmi", "seal")

    steps = JobRun.select().where(JobRun.job != service.ADD_UP).count()
    assert (asked, proposals, steps, late) == ([302] * 4, 1, 2, 422)
    steps = [(step.action, step.actor, step.user_id) for step in CaseStep.select().order_by(CaseStep.id)][-2:]
    assert steps == [("propose", "Sunita", user_of("sunita").id), ("seal", "Lakshmi", user_of("lakshmi").id)]
    sealed = TrailEntry.select().where(TrailEntry.action == "scores.seal").order_by(TrailEntry.id.desc()).get()
    assert (sealed.user_id, state_of()) == (user_of("lakshmi").id, "sealed")


def test_while_it_is_computed_the_page_shows_how_far_it_is_and_offers_the_step_no_more(site):
    sunita = site.browser("sunita")
    ask(site, "sunita", "propose")
    run = JobRun.get()

    page = sunita.get("/months/2026-01")
    told = sunita.get(f"/months/progress/{run.id}").json

    assert f'data-url="/months/progress/{run.id}"' in page.text
    assert forms_on(page) == set()
    assert (told["finished"], told["url"], state_of()) == (False, "/months/2026-01", "provisional")


@pytest.mark.parametrize("language", ["en", "hi"])
def test_what_was_refused_meanwhile_is_told_with_what_to_do_next(site, language):
    ask(site, "sunita", "propose")
    make_attendance(Officer.get(Officer.name_hi == "जय"), date(2026, 1, 20))
    work(site)

    page = words_of(site.browser("sunita", language=language).get("/months/2026-01"))

    assert state_of() == "provisional"
    assert page.count("Compute it again" if language == "en" else "पुनः गणना करें") >= 1


def test_whose_role_was_taken_away_meanwhile_proposes_nothing(site):
    ask(site, "sunita", "propose")
    RoleGrant.update(ended_at=now()).where(RoleGrant.user == user_of("sunita")).execute()

    assert work(site) == 0
    assert (state_of(), JobRun.get().reasons) == ("provisional", [["not_allowed", {}]])


def test_whose_account_was_closed_meanwhile_seals_nothing(site):
    press(site, "sunita", "propose")
    ask(site, "lakshmi", "seal")
    User.update(is_active=False).where(User.id == user_of("lakshmi").id).execute()

    assert work(site) == 0
    assert state_of() == "proposed"


def test_work_that_nobody_asked_for_does_not_seal_past_a_second_person(site):
    enqueue("seal-month", "2026-01@0", by=SYSTEM)

    assert work(site) == 0
    assert (state_of(), JobRun.get().reasons) == ("provisional", [["not_allowed", {}]])


def test_a_sealing_that_is_called_off_leaves_the_month_as_it_was_and_can_be_asked_for_again(site):
    press(site, "sunita", "propose")
    ask(site, "lakshmi", "seal")
    ask_to_cancel(JobRun.get(JobRun.job == "seal-month"))
    off = site.browser("lakshmi").get("/months/2026-01")

    again = press(site, "lakshmi", "seal")

    assert words_of(off).count("was called off") == 1
    assert forms_on(off) == {"/months/2026-01/seal"}
    assert (again, state_of()) == (302, "sealed")


# ── What an auditor reads ──


def test_thomas_finds_every_report_a_sealed_month_rests_on_with_its_fingerprint(site):
    report = Import.get()

    page = site.browser("thomas").get("/months/2025-12")

    table = page.text.partition("Reports it rests on</dt>")[2]
    assert [f'href="/imports/{report.id}"' in table, report.sha256 in table] == [True, True]
    assert site.browser("thomas").get(f"/imports/{report.id}").text.count(report.sha256) == 1


def test_of_many_reports_fifty_stand_on_a_page_and_every_one_can_be_reached(site):
    ScoreMonth.update(inputs=[[number, "consumption", f"{number:064x}"] for number in range(1, 121)]).execute()
    thomas, seen, path = site.browser("thomas"), [], "/months/2025-12"

    while path:
        page = thomas.get(path).text
        seen.append([int(number, 16) for number in re.findall(r"<code>([0-9a-f]{64})</code>", page)])
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = onward and onward[1]

    assert [len(numbers) for numbers in seen] == [50, 50, 20]
    assert [number for numbers in seen for number in numbers] == list(range(120, 0, -1))


def test_work_that_nobody_has_begun_waits_for_the_worker_and_not_to_be_matched(site):
    site.browser("sunita").post("/months/2026-01/propose")

    page = words_of(site.browser("sunita", language="hi").get("/months/2026-01"))

    told = ("कार्यकारी प्रक्रिया की प्रतीक्षा है", "मिलान की प्रतीक्षा में")
    assert [words in page for words in told] == [True, False]
