"""The scheduler: each job once for its night, however many ring it, and what people queued, in their name."""

import logging
import os
import signal
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from io import BytesIO

import peewee
import pytest

from app import create_app
from karmyogi.accounts.models import RoleGrant
from karmyogi.completions.models import Completion
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.reports import service as reports
from karmyogi.schedule import commands, table, worker
from karmyogi.schedule.table import SCHEDULE, Timed
from karmyogi.schedule.worker import ring
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.store import heartbeats, jobs
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.heartbeats import Scheduler
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.trail import TrailEntry, broken_link
from tests import trails
from tests.conftest import copy_of
from tests.factories import AT, JOINED, make_office, make_officer, make_user
from tests.processes import FORK, all_at_once
from tests.web.site import app_over
from tests.worlds import DATA

HEALTH = "Public Health and Family Welfare"
NIGHT = datetime(2026, 1, 5, 2, 30, tzinfo=IST)
SEALING = datetime(2026, 2, 20, 3, 30, tzinfo=IST)
SEAL_DUE, _PERIODS, MONTH_END, SCORE_NIGHT, *_OTHERS = SCHEDULE
REPORTED_AT = datetime(2026, 2, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def learned(installed_db) -> str:
    """Asha finished a course in December and another in January, and a report of February says so."""
    health, raipur = OrgUnit.get(OrgUnit.name_en == HEALTH), OrgUnit.get(OrgUnit.name_en == "Raipur")
    asha = make_officer(unit=make_office(health, raipur, "Health Office"))
    for month, day in (("2025-12", date(2025, 12, 9)), ("2026-01", date(2026, 1, 8))):
        course = Course.create(provider="iGOT", name=f"Noting {month}", kind="Course", duration_seconds=3600)
        at = datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC)
        Completion.create(month=month, officer=asha, course=course, completed_at=at, completed_on=day)
    Import.create(
        file_name="x.csv", sha256="a" * 64, size_bytes=1, kind="consumption", state="applied", received_at=REPORTED_AT,
        applied_at=REPORTED_AT, generated_at=REPORTED_AT,
    )  # fmt: skip
    return installed_db


def months() -> dict[str, tuple[str, int]]:
    return {row.month: (row.state, row.officer_count) for row in ScoreMonth.select().order_by(ScoreMonth.month)}


def runs() -> dict[str, str]:
    return {f"{run.job} {run.period}": run.state for run in JobRun.select().order_by(JobRun.id)}


def work_off() -> int:
    return worker.work_off_queue(at=now())


def acts(action: str) -> int:
    return TrailEntry.select().where(TrailEntry.action == action).count()


# ── Nights ──


def test_every_night_the_running_month_and_the_one_before_are_scored_for_the_time_being(learned):
    ring(SCORE_NIGHT, at=NIGHT)

    assert months() == {"2025-12": ("provisional", 1), "2026-01": ("provisional", 1)}
    assert runs() == {"score-night 2026-01-05": "done"}
    assert MonthlyScore.select().where(MonthlyScore.month == "2026-01").count() == 1


def test_a_night_is_rung_once_and_the_next_night_again(learned):
    ring(SCORE_NIGHT, at=NIGHT)
    ring(SCORE_NIGHT, at=NIGHT)
    once = acts("scores.run")

    ring(SCORE_NIGHT, at=NIGHT + timedelta(days=1))

    assert (once, acts("scores.run")) == (2, 4)
    assert runs() == {"score-night 2026-01-05": "done", "score-night 2026-01-06": "done"}


def test_before_the_first_policy_a_night_passes_quietly(db):
    ring(SCORE_NIGHT, at=NIGHT)

    assert (months(), runs()) == ({}, {"score-night 2026-01-05": "done"})


def ring_the_night() -> None:
    ring(SCORE_NIGHT, at=NIGHT)


def ring_the_sealing() -> None:
    ring(SEAL_DUE, at=SEALING)


def test_two_schedulers_score_a_night_once(learned):
    all_at_once(learned, ring_the_night, [(), ()])

    assert acts("scores.run") == 2
    assert runs() == {"score-night 2026-01-05": "done"}


# ── Sealing ──


def test_months_whose_grace_is_over_are_sealed_oldest_first_also_those_of_nights_that_nobody_rang(learned):
    ring_the_sealing()

    sealed = ScoreMonth.select().where(ScoreMonth.state == "sealed").order_by(ScoreMonth.seal_number)
    assert [month.month for month in sealed] == ["2025-12", "2026-01"]
    assert {state for month, (state, count) in months().items() if not count} == {"provisional"}
    assert JobRun.get(JobRun.job == "seal-due").result == {"sealed": ["2025-12", "2026-01"]}
    assert broken_link() is None


def test_two_schedulers_seal_a_month_once(learned):
    all_at_once(learned, ring_the_sealing, [(), ()])

    assert acts("scores.seal") == 2
    asked = dict.fromkeys(("add-up-periods 2025-12@0", "add-up-periods 2026-01@0"), "queued")
    assert runs() == {"seal-due 2026-02-20": "done", **asked}


def test_a_sealed_month_is_not_scored_again_and_hinders_no_other(learned):
    ring_the_sealing()
    before = ScoreMonth.get(ScoreMonth.month == "2026-01").seal

    ring(SCORE_NIGHT, at=datetime(2026, 2, 3, 2, 30, tzinfo=IST))

    assert ScoreMonth.get(ScoreMonth.month == "2026-01").seal == before
    assert months()["2026-02"] == ("provisional", 0)


def test_without_any_report_nothing_is_sealed(installed_db):
    ring_the_sealing()

    assert (months(), JobRun.get().result) == ({}, {"sealed": []})


# ── What goes wrong ──


def test_work_that_fails_is_kept_and_told_to_the_log_and_the_next_is_done(db, caplog, monkeypatch):
    def failing(_run: JobRun, _files) -> None:
        raise ZeroDivisionError("no officers")

    monkeypatch.setattr(table, "QUEUED", {"bad": failing, "good": lambda _run, _files: "done well"})
    enqueue("bad", "1", by=SYSTEM, at=AT)
    enqueue("good", "1", by=SYSTEM)

    with caplog.at_level(logging.WARNING, logger="karmyogi.schedule"):
        done = work_off()

    assert done == 1
    assert runs() == {"bad 1": "failed", "good 1": "done"}
    assert [record.getMessage() for record in caplog.records] == ["bad 1 failed"]
    assert "ZeroDivisionError" in caplog.text


def test_a_refusal_is_no_fault_and_its_code_is_kept(installed_db, caplog):
    enqueue(table.SCORE, "2019-01@20260101000000", by=SYSTEM)

    with caplog.at_level(logging.WARNING, logger="karmyogi.schedule"):
        assert work_off() == 0

    assert JobRun.get().error == "PolicyGap: policy_gap"
    assert JobRun.get().reasons == [["policy_gap", {"month": "2019-01"}]]
    assert "Traceback" not in caplog.text


def test_a_timed_job_that_failed_is_tried_again_after_a_quarter_of_an_hour_and_queued_work_is_not(db, monkeypatch):
    tries = []

    def failing_once(run: JobRun, _files) -> None:
        tries.append(run.job)
        if tries.count(run.job) == 1:
            raise OSError("the disk")

    monkeypatch.setattr(table, "SCHEDULE", (Timed("timed", table.AT_NIGHT, table.tonight, failing_once, "", ""),))
    monkeypatch.setattr(table, "QUEUED", {"asked": failing_once})
    enqueue("asked", "1", by=SYSTEM)
    ring(table.SCHEDULE[0], at=NIGHT)
    worker.work_off_queue(at=NIGHT)
    failed_at = JobRun.get(JobRun.job == "timed").finished_at

    done = [worker.work_off_queue(at=failed_at + timedelta(minutes=minutes)) for minutes in (14, 15, 30)]

    assert done == [0, 1, 0]
    assert runs() == {"asked 1": "failed", "timed 2026-01-05": "done"}


def test_the_night_of_a_scheduler_that_vanished_is_taken_over_when_its_lease_has_run_out(learned):
    jobs.claim("score-night", "2026-01-05", at=NIGHT)
    JobRun.update(owner="another:1:x").execute()

    done = [worker.work_off_queue(at=NIGHT + timedelta(minutes=minutes)) for minutes in (29, 31)]

    assert (done, runs()) == ([0, 1], {"score-night 2026-01-05": "done"})


def test_a_database_that_takes_no_claim_is_asked_again_at_the_next_look(db, settings, monkeypatch):
    begun = []
    monkeypatch.setattr(
        table, "SCHEDULE", (Timed("timed", table.AT_NIGHT, table.tonight, lambda *_: begun.append(1), "", ""),)
    )
    one = worker.Worker(app=None, clock=lambda: NIGHT)
    database.execute_sql("ALTER TABLE job_run RENAME TO job_run_away")

    with pytest.raises(peewee.PeeweeException):
        one.look_at_the_clock()
    database.execute_sql("ALTER TABLE job_run_away RENAME TO job_run")
    for _look in range(3):
        one.look_at_the_clock()

    assert begun == [1]


def test_a_clock_that_goes_on_rings_each_night_once(db, monkeypatch):
    nights, at = [], [NIGHT]
    monkeypatch.setattr(
        table,
        "SCHEDULE",
        (Timed("timed", table.AT_NIGHT, table.tonight, lambda run, _files: nights.append(run.period), "", ""),),
    )
    one = worker.Worker(app=None, clock=lambda: at[0])

    for hours in range(0, 76, 5):
        at[0] = NIGHT + timedelta(hours=hours)
        one.look_at_the_clock()

    assert nights == ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"]


# ── What people queued ──


@pytest.fixture
def office(installed_db, settings):
    """The application where the worker runs, so that it finds the private files."""
    with app_over(replace(settings, database_url=installed_db)).app_context():
        database.connect(reuse_if_open=True)
        yield open_files(settings.media_url)
    database.close_all()


@pytest.fixture
def sunita(installed_db) -> Actor:
    user = make_user("Sunita")
    RoleGrant.create(user=user, role="gad", from_on=JOINED)
    return Actor(user.id, "Sunita")


def small_roster():
    header, first, second, *_others = (DATA / "roster.csv").read_text(encoding="utf-8").splitlines()
    return BytesIO(f"{header}\n{first}\n{second}\n".encode())


def test_an_import_is_looked_at_and_then_applied_in_the_name_of_the_person_who_asked(office, sunita):
    origin = reports.receive(small_roster(), office, name="roster.csv", by=sunita, creates_units=True)
    reports.ask_for(reports.CHECK, origin, by=sunita)
    looked = work_off(), Import.get().state, Officer.select().count()

    reports.ask_for(reports.APPLY, origin, by=sunita)
    applied = work_off(), Import.get().state, Officer.select().count()

    assert (looked, applied) == ((1, "checked", 0), (1, "applied", 2))
    assert Import.get().applied_by == sunita.user_id
    entry = trails.told_last(TrailEntry.action == "import.apply")
    assert (entry.user_id, entry.actor) == (sunita.user_id, "Sunita")
    assert runs() == {f"import-check {origin.id}": "done", f"import-apply {origin.id}": "done"}


def test_a_month_is_computed_when_a_person_asks_and_again_when_they_ask_again(learned, sunita):
    enqueue(table.SCORE, "2026-01@20260203101500", by=sunita)
    enqueue(table.SCORE, "2026-01@20260203101500", by=sunita)
    first = work_off()

    enqueue(table.SCORE, "2026-01@20260203111500", by=sunita)

    assert (first, work_off(), work_off()) == (1, 1, 0)
    assert months() == {"2026-01": ("provisional", 1)}
    assert {entry.actor for entry in trails.told(TrailEntry.action == "scores.run")} == {"Sunita"}


def test_who_may_no_longer_compute_is_refused_when_the_turn_comes(learned, sunita):
    enqueue(table.SCORE, "2026-01@20260203101500", by=sunita)
    RoleGrant.update(ended_at=AT).execute()

    assert work_off() == 0
    assert (months(), JobRun.get().error) == ({}, "NotAllowed: not_allowed")


# ── The process itself ──


def run_slow_scheduler(url: str, settings, started, *, timed: bool) -> None:
    """`flask schedule run` with one slow piece of work, which ends once the process was told to stop."""
    told = threading.Event()
    commands.Worker = partial(worker.Worker, stop=told)

    def slow(_run: JobRun, _files) -> str:
        started.set()
        told.wait()
        return "finished"

    worker.LOOK_EVERY_SECONDS = 0.05
    table.QUEUED = {} if timed else {"slow": slow}
    table.SCHEDULE = (Timed("slow", table.AT_NIGHT, lambda _on: ["1", "2"], slow, "", ""),) if timed else ()
    app = create_app(replace(settings, database_url=url))
    os._exit(app.test_cli_runner().invoke(args=["schedule", "run"]).exit_code)


@pytest.mark.parametrize("timed", [True, False], ids=["a job of the night", "queued work"])
def test_told_to_stop_it_finishes_what_it_does_begins_nothing_new_and_leaves(engines, settings, timed):
    with copy_of("bare", engines, "sqlite") as url:
        for period in () if timed else ("1", "2"):
            enqueue("slow", period, by=SYSTEM)
        database.close_all()
        started = FORK.Event()
        scheduler = FORK.Process(target=run_slow_scheduler, args=(url, settings, started), kwargs={"timed": timed})
        scheduler.start()
        assert started.wait(timeout=60)

        os.kill(scheduler.pid, signal.SIGTERM)
        scheduler.join(timeout=60)

        database.connect(reuse_if_open=True)
        assert scheduler.exitcode == 0
        assert jobs.find("slow", "1").result == "finished"
        assert runs() == {"slow 1": "done"} | ({} if timed else {"slow 2": "queued"})
        seen = Scheduler.get()
        assert (seen.stopped_at is None, heartbeats.alive()) == (False, [])
