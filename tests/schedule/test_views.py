"""The pages of jobs: what GAD, the approver, the auditor and the system administrator see, and what GAD may do."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM
from karmyogi.schedule import table
from karmyogi.schedule.worker import work_off_queue
from karmyogi.store import heartbeats, jobs
from karmyogi.store.heartbeats import Scheduler
from karmyogi.store.jobs import JobRun, enqueue, find
from karmyogi.store.trail import TrailEntry
from karmyogi.web import installed
from tests.visitors import words_of

SECRET = "connection to server as karmyogi failed"


@pytest.fixture
def sunita(visit):
    return visit("sunita", language="en")


def failed(error: str, reasons: object = None, job: str = "score-month", period: str = "2026-02@x") -> JobRun:
    at = now()
    return JobRun.create(
        job=job, period=period, state="failed", attempts=1, owner="host:1:77", queued_at=at,
        started_at=at - timedelta(seconds=75), finished_at=at, error=error, reasons=reasons,
    )  # fmt: skip


def test_every_timed_job_is_shown_with_what_it_does_its_last_run_and_its_next(sunita):
    jobs.run_once("score-night", "2026-04-06", lambda _run: {"computed": ["2026-03", "2026-04"]})

    page = words_of(sunita.get("/jobs/"))

    shown = [job for job in table.SCHEDULE if job.is_on()]
    for job in shown:
        assert job.what in page
        assert f"{job.next_ring(now()):%d %B %Y, %H:%M}" in page
    assert "Computed: March 2026 and April 2026" in page
    assert page.count("Never yet") == len(shown) - 1
    assert f"process {find('score-night', '2026-04-06').owner.split(':')[-1]}" in page


def test_without_a_scheduler_the_page_says_so_in_red_and_since_when(sunita):
    before = words_of(sunita.get("/jobs/"))
    Scheduler.create(name="gone", started_at=now(), seen_at=now() - timedelta(hours=3))
    gone = sunita.get("/jobs/")
    heartbeats.beat()

    assert "No scheduler has been seen yet" in before
    assert "No scheduler has been seen since" in words_of(gone)
    assert 'data-tone="bad"' in gone.text
    assert "1 scheduler is at work" in words_of(sunita.get("/jobs/"))


def test_work_that_waits_shows_how_far_it_is_in_an_address_that_the_page_asks(sunita):
    run = enqueue("score-month", "2026-02@x", by=SYSTEM)
    page = sunita.get("/jobs/")
    waiting = sunita.get(f"/jobs/{run.id}/progress").json
    jobs.claim(run.job, run.period)
    jobs.progress(run, 250)
    running = sunita.get(f"/jobs/{run.id}/progress").json
    jobs.finish(run, None)

    assert f'data-url="/jobs/{run.id}/progress"' in page.text
    assert (waiting["done"], waiting["text"], waiting["finished"]) == (0, "Waiting for the worker", False)
    assert (running["done"], running["text"], running["finished"]) == (250, "At work", False)
    assert sunita.get(f"/jobs/{run.id}/progress").json["finished"] is True


@pytest.mark.parametrize(
    ("error", "reasons", "said"),
    [
        ("PolicyGap: x", [["policy_gap", {"month": "2019-01"}]], "No published scoring policy covers the month"),
        (f"OperationalError: {SECRET}", None, "The database could not be reached"),
        (f"KeyError: {SECRET}", None, "The program met a fault that it did not foresee."),
        ("gave up after 5 attempts", None, "Five processes began this and none came to its end."),
        ("PolicyGap: gone", [["a_reason_of_an_older_release", {}]], "a_reason_of_an_older_release"),
    ],
)  # fmt: skip
def test_a_failure_is_told_in_plain_words_and_never_in_the_words_of_the_fault(sunita, error, reasons, said):
    run = failed(error, reasons)

    for path in ("/jobs/", f"/jobs/{run.id}", "/jobs/history"):
        page = sunita.get(path)
        assert said in words_of(page)
        assert SECRET not in page.text


def test_sunita_asks_again_for_what_failed_and_the_page_of_the_job_follows_it(sunita):
    run = failed("OSError: x", job="score-month", period="2026-02@x")
    sunita.get(f"/jobs/{run.id}")

    page = sunita.post(f"/jobs/{run.id}/retry", follow_redirects=True)

    assert "The job is queued again." in words_of(page)
    assert (find(run.job, run.period).state, page.request.path) == ("queued", f"/jobs/{run.id}")
    assert TrailEntry.select().where(TrailEntry.action == "job.retry").count() == 1


def test_a_job_is_called_off_after_a_question(sunita):
    run = enqueue("score-month", "2026-02@x", by=SYSTEM)

    asked = sunita.get(f"/jobs/{run.id}/cancel")
    untouched = find(run.job, run.period).state
    page = sunita.post(f"/jobs/{run.id}/cancel", follow_redirects=True)

    assert "Call off “Computation of a month, February 2026”?" in words_of(asked)
    assert (untouched, find(run.job, run.period).state) == ("queued", "cancelled")
    assert "It was called off." in words_of(page)


def test_a_timed_job_is_run_now_and_done_by_the_next_look(sunita):
    sunita.get("/jobs/")

    sunita.post("/jobs/run", {"job": "trim-jobs"})
    waits = words_of(sunita.get("/jobs/"))
    work_off_queue(at=now())

    assert "Asked for by Sunita Markam" in waits
    assert "0 old jobs removed" in words_of(sunita.get("/jobs/history"))


@pytest.mark.parametrize("who", ["lakshmi", "thomas", "gopal"])
def test_who_reads_jobs_sees_them_and_no_button(visit, who):
    reader = visit(who, language="en")
    run = failed("OSError: x")
    enqueue("score-month", "2026-03@x", by=SYSTEM)

    for path in ("/jobs/", f"/jobs/{run.id}", "/jobs/history"):
        page = reader.get(path)
        assert page.status_code == 200
        assert not re.search(r"/retry|/cancel|/jobs/run", page.text)


@pytest.mark.parametrize("who", ["asha", "ravi", "meena", "devendra", "pooja"])
def test_others_find_the_page_closed_and_not_in_their_menu(visit, who):
    visitor = visit(who)

    assert visitor.get("/jobs/").status_code == 403
    assert 'href="/jobs/"' not in visitor.get("/").text


def test_the_history_is_filtered_and_paged_by_key(sunita):
    for number in range(52):
        enqueue("import-check", str(1000 + number), by=SYSTEM)
    failed("OSError: x")

    first = sunita.get("/jobs/history?job=import-check&state=queued")
    next_page = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = sunita.get(next_page)

    assert (first.text.count("<tr>"), second.text.count("<tr>")) == (51, 3)
    assert "Import 1051" in first.text
    assert "Import 1000" in second.text
    assert "Import 1001" not in first.text
    assert "No job matches." in words_of(sunita.get("/jobs/history?state=%00nothing&before=x"))


def test_a_job_of_an_import_leads_to_it_for_those_who_may_open_it(visit):
    run = enqueue("import-check", "1", by=SYSTEM)

    assert 'href="/imports/1"' in visit("thomas").get(f"/jobs/{run.id}").text
    assert 'href="/imports/1"' not in visit("gopal").get(f"/jobs/{run.id}").text


def test_while_nothing_is_backed_up_at_night_the_page_says_so_but_in_the_demo(sunita, app):
    in_demo = words_of(sunita.get("/jobs/"))
    here = app.extensions[installed.NAME]
    app.extensions[installed.NAME] = replace(here, settings=replace(here.settings, demo=False))
    page = sunita.get("/jobs/")

    assert "Nothing is backed up at night" not in in_demo
    assert "Nothing is backed up at night" in words_of(page)
    assert "/guide/technician" in page.text


def test_what_a_backup_came_to_is_said_in_words(sunita):
    result = {"backup": "karmyogi-20260405T233000Z", "bytes": 1_234_567_890, "files": 123_456, "damaged": 2}
    JobRun.create(job="backup", period="2026-04-06", state="done", queued_at=now(), finished_at=now(), result=result)

    page = words_of(sunita.get("/jobs/history"))

    assert "karmyogi-20260405T233000Z: 1,235 MB with 1,23,456 private files." in page
    assert "Damaged files that could not be backed up: 2." in page
