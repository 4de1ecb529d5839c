"""The scheduler: each job once for its night, however many ring it, and what people queued, in their name."""

import logging
import os
import signal
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from app import create_app
from karmyogi import schedule
from karmyogi.accounts.models import RoleGrant
from karmyogi.completions.models import Completion
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.reports import service as reports
from karmyogi.schedule import SCHEDULE, Timed, ring, work_off_queue
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.trail import TrailEntry, broken_link
from tests.conftest import copy_of
from tests.factories import AT, JOINED, make_office, make_officer, make_user
from tests.processes import FORK, all_at_once
from tests.web.site import app_over
from tests.worlds import DATA

HEALTH = "Public Health and Family Welfare"
NIGHT = date(2026, 1, 20)
SCORE_NIGHT, SEAL_DUE = SCHEDULE
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


def acts(action: str) -> int:
    return TrailEntry.select().where(TrailEntry.action == action).count()


# ── Nights ──


def test_every_night_the_running_month_and_the_one_before_are_scored_for_the_time_being(learned):
    ring(SCORE_NIGHT, on=NIGHT)

    assert months() == {"2025-12": ("provisional", 1), "2026-01": ("provisional", 1)}
    assert runs() == {"score-night 2026-01-20": "done"}
    assert MonthlyScore.select().where(MonthlyScore.month == "2026-01").count() == 1


def test_a_night_is_rung_once_and_the_next_night_again(learned):
    ring(SCORE_NIGHT, on=NIGHT)
    ring(SCORE_NIGHT, on=NIGHT)
    once = acts("scores.run")

    ring(SCORE_NIGHT, on=date(2026, 1, 21))

    assert (once, acts("scores.run")) == (2, 4)
    assert runs() == {"score-night 2026-01-20": "done", "score-night 2026-01-21": "done"}


def test_before_the_first_policy_a_night_passes_quietly(db):
    ring(SCORE_NIGHT, on=NIGHT)

    assert (months(), runs()) == ({}, {"score-night 2026-01-20": "done"})


def ring_the_night() -> None:
    ring(SCORE_NIGHT, on=NIGHT)


def ring_the_sealing() -> None:
    ring(SEAL_DUE, on=date(2026, 2, 20))


def test_two_schedulers_score_a_night_once(learned):
    all_at_once(learned, ring_the_night, [(), ()])

    assert acts("scores.run") == 2
    assert runs() == {"score-night 2026-01-20": "done"}


# ── Sealing ──


def test_months_whose_grace_is_over_are_sealed_oldest_first_also_those_of_nights_that_nobody_rang(learned):
    ring_the_sealing()

    sealed = ScoreMonth.select().where(ScoreMonth.state == "sealed").order_by(ScoreMonth.seal_number)
    assert [month.month for month in sealed] == ["2025-12", "2026-01"]
    assert {state for month, (state, count) in months().items() if not count} == {"provisional"}
    assert JobRun.get(JobRun.job == "seal-due").result == ["2025-12", "2026-01"]
    assert broken_link() is None


def test_two_schedulers_seal_a_month_once(learned):
    all_at_once(learned, ring_the_sealing, [(), ()])

    assert acts("scores.seal") == 2
    assert runs() == {"seal-due 2026-02-20": "done"}


def test_a_sealed_month_is_not_scored_again_and_hinders_no_other(learned):
    ring_the_sealing()
    before = ScoreMonth.get(ScoreMonth.month == "2026-01").seal

    ring(SCORE_NIGHT, on=date(2026, 2, 3))

    assert ScoreMonth.get(ScoreMonth.month == "2026-01").seal == before
    assert months()["2026-02"] == ("provisional", 0)


def test_without_any_report_nothing_is_sealed(installed_db):
    ring_the_sealing()

    assert (months(), JobRun.get().result) == ({}, [])


# ── What goes wrong ──


def test_work_that_fails_is_kept_and_told_to_the_log_and_the_next_is_done(db, caplog, monkeypatch):
    def failing(_run: JobRun) -> None:
        raise ZeroDivisionError("no officers")

    monkeypatch.setattr(schedule, "QUEUED", {"bad": failing, "good": lambda _run: "done well"})
    enqueue("bad", "1", by=SYSTEM, at=AT)
    enqueue("good", "1", by=SYSTEM)

    with caplog.at_level(logging.WARNING, logger="karmyogi.schedule"):
        done = work_off_queue()

    assert done == 1
    assert runs() == {"bad 1": "failed", "good 1": "done"}
    assert [record.getMessage() for record in caplog.records] == ["bad 1 failed"]
    assert "ZeroDivisionError" in caplog.text


def test_a_refusal_is_no_fault_and_its_code_is_kept(installed_db, caplog):
    enqueue(schedule.SCORE, "2019-01@20260101000000", by=SYSTEM)

    with caplog.at_level(logging.WARNING, logger="karmyogi.schedule"):
        assert work_off_queue() == 0

    assert JobRun.get().error == "PolicyGap: policy_gap"
    assert "Traceback" not in caplog.text


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
    looked = work_off_queue(), Import.get().state, Officer.select().count()

    reports.ask_for(reports.APPLY, origin, by=sunita)
    applied = work_off_queue(), Import.get().state, Officer.select().count()

    assert (looked, applied) == ((1, "checked", 0), (1, "applied", 2))
    assert Import.get().applied_by == sunita.user_id
    entry = TrailEntry.get(TrailEntry.action == "import.apply")
    assert (entry.user_id, entry.actor) == (sunita.user_id, "Sunita")
    assert runs() == {f"import-check {origin.id}": "done", f"import-apply {origin.id}": "done"}


def test_a_month_is_computed_when_a_person_asks_and_again_when_they_ask_again(learned, sunita):
    enqueue(schedule.SCORE, "2026-01@20260203101500", by=sunita)
    enqueue(schedule.SCORE, "2026-01@20260203101500", by=sunita)
    first = work_off_queue()

    enqueue(schedule.SCORE, "2026-01@20260203111500", by=sunita)

    assert (first, work_off_queue(), work_off_queue()) == (1, 1, 0)
    assert months() == {"2026-01": ("provisional", 1)}
    assert {entry.actor for entry in TrailEntry.select().where(TrailEntry.action == "scores.run")} == {"Sunita"}


def test_who_may_no_longer_compute_is_refused_when_the_turn_comes(learned, sunita):
    enqueue(schedule.SCORE, "2026-01@20260203101500", by=sunita)
    RoleGrant.update(ended_at=AT).execute()

    assert work_off_queue() == 0
    assert (months(), JobRun.get().error) == ({}, "NotAllowed: not_allowed")


# ── The command line ──


@pytest.fixture
def run(learned, settings):
    runner = app_over(replace(settings, database_url=learned)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    yield lambda *words: runner.invoke(args=["schedule", *words])
    database.close_all()


def test_one_job_is_run_now_for_a_day_and_only_once(run):
    first, again = run("once", "score-night", "2026-01-20"), run("once", "score-night", "2026-01-20")

    assert (first.exit_code, first.output) == (0, "score-night 2026-01-20: done\n")
    assert (again.exit_code, again.output) == (0, "score-night 2026-01-20: nothing to do\n")


def test_the_queue_is_worked_off_from_the_command_line(run):
    enqueue(schedule.SCORE, "2026-01@20260203101500", by=SYSTEM)

    assert [run("once", "queue").output for _time in range(2)] == ["1\n", "0\n"]


def test_every_timed_job_is_listed_with_its_last_run(run):
    before = run("list").output
    run("once", "score-night", "2026-01-20")

    assert before == "score-night  -  never\nseal-due  -  never\n"
    assert run("list").output == "score-night  2026-01-20  done\nseal-due  -  never\n"


def test_a_job_or_a_day_that_there_is_none_of_is_wrong_usage_and_leaves_nothing(run):
    wrong = [
        run(*words).exit_code for words in (["once", "tea"], ["once"], ["once", "seal-due", "yesterday"], ["dance"])
    ]

    assert wrong == [2, 2, 2, 2]
    assert JobRun.select().count() == 0


# ── The process itself ──


def run_slow_scheduler(url: str, settings, started, go, *, timed: bool) -> None:
    """`flask schedule run` with one slow piece of work, which ends when the test says so."""

    def slow(_run: JobRun) -> str:
        started.set()
        go.wait()
        return "finished"

    schedule.LOOK_EVERY_SECONDS = 0.05
    schedule.QUEUED = {} if timed else {"slow": slow}
    schedule.SCHEDULE = (Timed("slow", schedule.AT_NIGHT, lambda _on: ["1", "2"], slow),) if timed else ()
    app = create_app(replace(settings, database_url=url))
    os._exit(app.test_cli_runner().invoke(args=["schedule", "run"]).exit_code)


@pytest.mark.parametrize("timed", [True, False], ids=["a job of the night", "queued work"])
def test_told_to_stop_it_finishes_what_it_does_and_leaves(engines, settings, timed):
    with copy_of("bare", engines, "sqlite") as url:
        enqueue("slow", "1", by=SYSTEM)
        database.close_all()
        started, go = FORK.Event(), FORK.Event()
        scheduler = FORK.Process(target=run_slow_scheduler, args=(url, settings, started, go), kwargs={"timed": timed})
        scheduler.start()
        assert started.wait(timeout=60)

        os.kill(scheduler.pid, signal.SIGTERM)
        go.set()
        scheduler.join(timeout=60)

        database.connect(reuse_if_open=True)
        assert scheduler.exitcode == 0
        assert jobs.find("slow", "1").result == "finished"
        assert jobs.find("slow", "1").state == "done"
