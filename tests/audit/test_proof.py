"""The proof of the trail and the seals: made in the background, kept, and told to the auditor with its age."""

import re
from datetime import timedelta

import pytest

from karmyogi.audit import queries, service
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import service as scores
from karmyogi.scores.models import Correction, MonthlyScore, ScoreMonth
from karmyogi.store import jobs
from karmyogi.store.db import database, is_postgres
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry, broken_link
from tests import trails
from tests.factories import make_attendance
from tests.scores.board import statuses, those
from tests.visitors import words_of
from tests.web.site import opened_site

THOMAS = Actor(9, "Thomas", 109, (Grant(Role.AUDITOR),))
SUNITA = Actor(6, "Sunita Markam", 106, (Grant(Role.GAD),))
DECEMBER, JANUARY = Month(2025, 12), Month(2026, 1)
PAGE = "/trail/proof"


def prove(compared: str = "") -> JobRun:
    """A proof that Thomas asked for and the worker made."""
    run = service.ask_for_proof(compared, by=THOMAS)
    assert jobs.run_once(run.job, run.period, lambda held: service.prove(held, compared, by=THOMAS))
    return jobs.find(run.job, run.period)


def unlock() -> None:
    """Whoever owns the tables can take the engine's refusal away."""
    triggers = ["trail_is_append_only"] if is_postgres() else ["trail_no_update", "trail_no_delete"]
    for trigger in triggers:
        database.execute_sql(f"DROP TRIGGER {trigger}" + (" ON trail_entry" if is_postgres() else ""))


def main_of(browser) -> str:
    return browser.get(PAGE).text.partition("<main")[2]


def said(browser) -> list[str]:
    """The tones of what the page says of the proof."""
    return re.findall(r'<div class="notice" data-tone="(\w+)">', main_of(browser))


def badges(page: str) -> list[str]:
    return re.findall(r'<span class="badge" data-state="(\w+)"', page)


def tamper() -> MonthlyScore:
    """A sealed score of December made one point better, past every verb."""
    score = MonthlyScore.select().where(MonthlyScore.month == str(DECEMBER)).order_by(MonthlyScore.officer).first()
    MonthlyScore.update(points=MonthlyScore.points + 1).where(
        (MonthlyScore.month == score.month) & (MonthlyScore.officer == score.officer_id)
    ).execute()
    return score


# ── What the page says ──


def test_before_the_first_proof_the_page_says_that_nothing_is_proven(thomas):
    page = words_of(thomas.get(PAGE))

    assert badges(main_of(thomas)) == ["unproven", "unproven"]
    assert "The first proof is made tonight, or when you ask for it." in page
    assert "Every seal holds" not in page


def test_opening_the_page_proves_nothing_and_writes_nothing(thomas):
    before = TrailEntry.select().count()

    thomas.get(PAGE)

    assert (TrailEntry.select().count(), JobRun.select().count()) == (before, 0)


def test_a_whole_trail_and_whole_seals_are_said_to_be_whole(thomas):
    walked = TrailEntry.select().count()
    run = prove()

    page = words_of(thomas.get(PAGE))

    assert said(thomas) == ["good", "good"]
    assert badges(main_of(thomas)) == ["ok", "ok"]
    assert "Every seal holds December 2025" in page
    assert f"Entries of the trail walked {walked} Entries written since 0 Sealed months proven 1" in page
    assert (run.result["count"], run.progress) == (0, 1000)


def test_an_entry_that_was_changed_is_named_by_its_number(thomas):
    unlock()
    entry = TrailEntry.select().order_by(TrailEntry.id).offset(1).first()
    TrailEntry.update(remark="nothing happened").where(TrailEntry.id == entry.id).execute()
    prove()

    assert said(thomas)[0] == "bad"
    assert badges(main_of(thomas))[0] == "broken"
    assert f"Entry {entry.seq} does not follow from the one before it." in words_of(thomas.get(PAGE))


def test_a_sealed_score_that_was_changed_is_named_by_its_officer_and_counted_beside_its_month(thomas):
    score = tamper()
    run = prove()

    page = words_of(thomas.get(PAGE))

    assert said(thomas) == ["good", "bad"]
    assert badges(main_of(thomas)) == ["broken", "broken"]
    assert score.officer.employee_code in page
    count = run.result["count"]
    assert count >= 2  # the seal no longer fits, nor does the sum
    assert page.count(f"{count} faults found") == 2


def test_a_fault_is_seen_from_the_trail_and_in_the_list_of_jobs(thomas):
    assert badges(thomas.get("/trail").text) == ["unproven"]
    tamper()
    prove()

    assert badges(thomas.get("/trail").text) == ["broken"]
    assert "Sealed months proven: 1. Faults found: " in words_of(thomas.get(f"/jobs/{queries.last_proof().id}"))


def test_a_fault_that_an_older_program_kept_is_not_passed_over(thomas):
    run = prove()
    faults = [["seal_of_old", {"month": "2025-12", "row": 7}]]
    JobRun.update(result={**run.result, "faults": faults}).where(JobRun.id == run.id).execute()

    assert 'seal_of_old {"month": "2025-12", "row": 7}' in words_of(thomas.get(PAGE))


# ── Its age, and what came since ──


def test_an_old_proof_says_how_old_it_is_and_that_the_nights_made_none(thomas):
    run = prove()
    ago = now() - timedelta(days=3)
    JobRun.update(started_at=ago, finished_at=ago).where(JobRun.id == run.id).execute()

    page = words_of(thomas.get(PAGE))

    assert said(thomas) == ["good", "good", "warn"]
    assert "It was made 3 days ago, and the proof of the night has not been made since." in page


def test_a_month_sealed_since_is_not_said_to_be_proven(thomas):
    prove()
    scores.seal_month(JANUARY, by=SYSTEM)

    page = words_of(thomas.get(PAGE))

    assert said(thomas) == ["good", "good", "warn"]
    assert "Sealed since it began, and not proven: January 2026" in page
    assert badges(main_of(thomas)) == ["ok", "unproven", "ok"]
    prove()
    assert said(thomas) == ["good", "good"]


def test_a_correction_approved_since_is_not_said_to_be_proven(thomas):
    prove()
    make_attendance(MonthlyScore.get().officer, DECEMBER.first_on)
    case = scores.propose_correction(scores.draft_correction(DECEMBER, by=SUNITA), by=SUNITA, remark="late")
    scores.approve_correction(case, by=Actor(7, "Lakshmi", 107, (Grant(Role.APPROVER),)))

    assert Correction.get().number == 1
    assert "not proven: Correction 1 of December 2025" in words_of(thomas.get(PAGE))
    prove()
    assert "Correction 1 of December 2025" not in words_of(thomas.get(PAGE))


# ── Asking for it ──


def test_only_the_auditor_opens_the_proof_and_asks_for_it(site):
    assert those(statuses(site, PAGE), 200) == {"thomas"}
    with pytest.raises(NotAllowed):
        service.ask_for_proof(by=SUNITA)
    assert JobRun.select().count() == 0


def test_whoever_asks_twice_waits_for_one_proof(thomas):
    thomas.post(PAGE)
    thomas.post(PAGE, {"compared": "all"})

    page = thomas.get(PAGE)

    assert JobRun.select().count() == 1
    assert f'data-url="{PAGE}/progress/{JobRun.get().id}"' in page.text
    assert 'method="post"' not in page.text.partition("<main")[2]


def test_the_page_asks_how_far_a_proof_is_and_no_other_work(thomas):
    run = service.ask_for_proof(by=THOMAS)
    other = jobs.enqueue("score-night", "2026-02-01", by=SYSTEM)
    jobs.claim(run.job, run.period)
    jobs.progress(run, 250)

    assert thomas.get(f"{PAGE}/progress/{run.id}").json | {"text": ""} == {
        "done": 250, "total": 1000, "text": "", "finished": False, "url": PAGE,
    }  # fmt: skip
    assert thomas.get(f"{PAGE}/progress/{other.id}").status_code == 404


@pytest.mark.parametrize("compared", ["2026-01", "2019-01", "x", "'"])
def test_a_month_that_is_not_sealed_is_not_compared(site, compared):
    with pytest.raises(RuleBroken):
        service.ask_for_proof(compared, by=THOMAS)


@pytest.mark.parametrize("compared", ["2025-12", "all"])
def test_a_sealed_month_is_laid_beside_todays_records(thomas, compared):
    make_attendance(MonthlyScore.get().officer, DECEMBER.first_on)
    run = prove(compared)

    [[month, officers, differing]] = run.result["today"]
    assert (month, officers, differing >= 1) == ("2025-12", 15, True)
    assert f"December 2025 15 {differing}" in words_of(thomas.get(PAGE))
    assert said(thomas) == ["good", "good"]


def test_a_proof_that_was_called_off_or_failed_leaves_the_one_before_and_says_so(thomas):
    kept = prove()
    for state in ("cancelled", "failed"):
        later = now() + timedelta(seconds=1)
        JobRun.create(job="proof-night", period=state, state=state, queued_at=later, finished_at=later)

        page = words_of(thomas.get(PAGE))

        assert {"cancelled": "was called off", "failed": "did not come to its end"}[state] in page
        assert queries.last_proof() == kept
        assert said(thomas) == ["warn", "good", "good"]


def test_what_a_proof_came_to_stands_on_the_trail_with_who_asked(site):
    tamper()
    run = prove()

    entry = trails.told_last(TrailEntry.action == "trail.prove")

    assert (entry.actor, entry.change["months"], entry.change["faults"]) == ("Thomas", 1, run.result["count"])
    assert broken_link() is None


def test_a_proof_that_is_called_off_keeps_nothing(site):
    run = service.ask_for_proof(by=THOMAS)

    def called_off(held: JobRun) -> None:
        jobs.ask_to_cancel(held)
        service.prove(held, by=THOMAS)

    assert not jobs.run_once(run.job, run.period, called_off)
    assert queries.last_proof() is None
    assert TrailEntry.select().where(TrailEntry.action == "trail.prove").count() == 0


def test_before_anything_is_sealed_there_is_nothing_to_prove_but_the_trail(installed_db, settings):
    with opened_site(settings, installed_db, {"thomas": THOMAS}) as site:
        page = site.browser("thomas").get(PAGE)

    assert words_of(page).count("No month has been sealed yet.") == 1


def test_the_worker_proves_a_whole_story_for_the_one_who_asked_and_again_at_night(visit):
    thomas = visit("thomas", language="en")
    thomas.get(PAGE)
    thomas.post(PAGE, {"compared": "all"})
    work_off_queue(at=now())

    page = words_of(thomas.get(PAGE))
    sealed = ScoreMonth.select().where(ScoreMonth.state == "sealed").count()

    assert "Asked for by Thomas" in page
    assert page.count("No fault found") == sealed + 1
    assert page.count("none, equal to the byte") == sealed


def test_the_proof_is_read_in_hindi(site):
    prove()

    page = words_of(site.browser("thomas", language="hi").get(PAGE))

    assert "कोई दोष नहीं मिला" in page
    assert "फिर से प्रमाणित करें" in page
