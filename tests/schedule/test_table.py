"""When a job rings and for which periods: nights, ends of months and leap days as the clock stands in India."""

from datetime import UTC, date, datetime, timedelta

import pytest

from karmyogi.completions.models import Completion
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.courses.models import Course
from karmyogi.people.models import OrgUnit
from karmyogi.schedule import table
from karmyogi.schedule.worker import ring
from karmyogi.scores import queries, service
from karmyogi.scores.models import ScoreMonth
from karmyogi.store import backups, jobs
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import TrailEntry
from tests.factories import make_office, make_officer
from tests.store.backups.scene import plan_in

SEAL_DUE, _PERIODS, MONTH_END, SCORE_NIGHT, TRIM, SWEEP, BACKUP, PROOF = table.SCHEDULE


def ist(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=IST)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "rang", "rings"),
    [
        (ist("2026-01-31 02:29:59"), "2026-01-30 02:30", "2026-01-31 02:30"),
        (ist("2026-01-31 02:30:00"), "2026-01-31 02:30", "2026-02-01 02:30"),
        (ist("2026-01-31 23:59:00"), "2026-01-31 02:30", "2026-02-01 02:30"),
        (ist("2026-02-28 12:00:00"), "2026-02-28 02:30", "2026-03-01 02:30"),
        (ist("2028-02-28 12:00:00"), "2028-02-28 02:30", "2028-02-29 02:30"),
        (ist("2028-02-29 12:00:00"), "2028-02-29 02:30", "2028-03-01 02:30"),
        (ist("2026-12-31 23:59:00"), "2026-12-31 02:30", "2027-01-01 02:30"),
        (utc("2026-12-31 20:59:00"), "2026-12-31 02:30", "2027-01-01 02:30"),
        (utc("2026-12-31 21:00:00"), "2027-01-01 02:30", "2027-01-02 02:30"),
    ],
    ids=str,
)
def test_the_night_is_the_one_in_india(at, rang, rings):
    assert f"{SCORE_NIGHT.last_ring(at):%Y-%m-%d %H:%M}" == rang
    assert f"{SCORE_NIGHT.next_ring(at):%Y-%m-%d %H:%M}" == rings


@pytest.mark.parametrize(
    ("at", "rang", "rings"),
    [
        (ist("2026-01-31 23:59:59"), "2026-01-01 01:30", "2026-02-01 01:30"),
        (ist("2026-02-01 01:29:59"), "2026-01-01 01:30", "2026-02-01 01:30"),
        (ist("2026-02-01 01:30:00"), "2026-02-01 01:30", "2026-03-01 01:30"),
        (ist("2026-03-31 23:59:59"), "2026-03-01 01:30", "2026-04-01 01:30"),
        (ist("2028-02-29 23:59:59"), "2028-02-01 01:30", "2028-03-01 01:30"),
        (utc("2026-12-31 19:59:59"), "2026-12-01 01:30", "2027-01-01 01:30"),
        (utc("2026-12-31 20:00:00"), "2027-01-01 01:30", "2027-02-01 01:30"),
    ],
    ids=str,
)
def test_a_month_ends_when_it_ends_in_india(at, rang, rings):
    assert f"{MONTH_END.last_ring(at):%Y-%m-%d %H:%M}" == rang
    assert f"{MONTH_END.next_ring(at):%Y-%m-%d %H:%M}" == rings


@pytest.mark.parametrize("job", table.SCHEDULE, ids=lambda job: job.name)
def test_every_job_has_rung_at_any_moment_of_a_leap_year_and_never_rings_in_the_past(job):
    at = utc("2028-01-01 00:00")
    while at < utc("2029-01-01 00:00"):
        assert job.last_ring(at) <= at < job.next_ring(at)
        at += timedelta(hours=31)


# ── Which months ──


@pytest.fixture
def learned(installed_db) -> None:
    """Asha finished a course in each month from November to February, and a report of 12 January says so."""
    health = OrgUnit.get(OrgUnit.name_en == "Public Health and Family Welfare")
    asha = make_officer(unit=make_office(health, OrgUnit.get(OrgUnit.name_en == "Raipur"), "Health Office"))
    for month in ("2025-11", "2025-12", "2026-01", "2026-02"):
        course = Course.create(provider="iGOT", name=f"Noting {month}", kind="Course", duration_seconds=3600)
        day = Month.parse(month).first_on + timedelta(days=3)
        Completion.create(month=month, officer=asha, course=course, completed_at=utc(f"{day} 06:00"), completed_on=day)
    report(utc("2026-01-12 06:00"))


def report(at: datetime) -> None:
    Import.create(
        file_name="x.csv", sha256=f"{at:%Y%m%d}" * 8, size_bytes=1, kind="consumption", state="applied",
        received_at=at, applied_at=at, generated_at=at,
    )  # fmt: skip


def computed() -> list[str]:
    """Each computation in order, as the trail tells it."""
    return [
        row.change["month"]
        for row in TrailEntry.select().where(TrailEntry.action == "scores.run").order_by(TrailEntry.id)
    ]


def sealed() -> list[str]:
    return [row.month for row in ScoreMonth.select().where(ScoreMonth.state == "sealed").order_by(ScoreMonth.month)]


def catch_up(at: datetime) -> None:
    """What a scheduler does at its first look."""
    for job in table.SCHEDULE:
        ring(job, at=at)


@pytest.mark.parametrize(
    ("on", "months"),
    [
        (date(2026, 1, 31), ["2025-12"]),
        (date(2026, 2, 1), ["2025-12", "2026-01"]),
        (date(2026, 2, 28), ["2025-12", "2026-01"]),
        (date(2026, 3, 1), ["2025-12", "2026-01", "2026-02"]),
    ],
)
def test_months_that_are_over_are_finished_from_the_first_that_was_ever_computed(learned, on, months):
    service.run_month(Month(2025, 12), by=SYSTEM)

    assert [str(month) for month in queries.months_to_finish(on)] == months


def test_a_new_installation_finishes_the_month_before_and_no_years_without_data(learned):
    assert [str(month) for month in queries.months_to_finish(date(2026, 2, 1))] == ["2026-01"]


def test_before_the_first_policy_there_is_no_month_to_finish(db):
    assert queries.months_to_finish(date(2026, 2, 1)) == []


def test_on_the_first_the_past_month_is_computed_once_and_then_only_as_long_as_it_is_open(learned):
    for at in ("2026-01-31 23:59", "2026-02-01 01:30", "2026-02-01 02:30"):
        for job in (MONTH_END, SCORE_NIGHT):
            ring(job, at=ist(at))

    # December is left to the sealing, which is due; on the 1st, January is finished and February begins.
    assert computed() == ["2026-01", "2026-01", "2026-02"]


def test_forty_days_without_a_scheduler_cost_one_computation_of_each_month(learned):
    for job in table.SCHEDULE:
        ring(job, at=ist("2026-01-05 04:30"))
    before = len(computed())
    report(utc("2026-02-13 06:00"))

    catch_up(ist("2026-02-14 09:00"))

    # Sealed with their days of grace over: those computed before, and January; the running month once.
    assert sealed() == ["2025-11", "2025-12", "2026-01"]
    again = computed()[before:]
    assert again.count("2026-01") == again.count("2026-02") == again.count("2025-12") == 1
    nights = JobRun.select().where(JobRun.job == "score-night").order_by(JobRun.id)
    assert [run.period for run in nights] == ["2026-01-05", "2026-02-14"]


def test_downtime_within_the_days_of_grace_leaves_the_past_month_open_and_computed_once(learned):
    service.run_month(Month(2026, 1), by=SYSTEM, at=ist("2026-01-20 02:30"))
    before = len(computed())

    catch_up(ist("2026-02-06 09:00"))

    again = computed()[before:]
    assert again.count("2026-01") == again.count("2026-02") == 1
    assert "2026-01" not in sealed()


def test_a_second_scheduler_that_starts_the_same_day_finds_nothing_to_catch_up(learned):
    catch_up(ist("2026-02-06 09:00"))
    before = computed()

    catch_up(ist("2026-02-06 18:00"))

    assert computed() == before


def test_what_a_person_asks_for_by_hand_is_computed_again_the_same_day(learned):
    catch_up(ist("2026-02-06 09:00"))
    before = computed()

    jobs.run_once(
        "month-end", "2026-01@20260206180000", lambda run: table.finish_month(run, lambda: None),
        at=ist("2026-02-06 18:00"),
    )  # fmt: skip

    assert computed() == [*before, "2026-01"]


def test_what_ended_more_than_four_hundred_days_ago_is_removed_and_nothing_else(db):
    at = ist("2028-02-29 04:30")
    for period, state, days in (("1", "done", 401), ("2", "failed", 401), ("3", "done", 399), ("4", "queued", 500)):
        ended = None if state == "queued" else at - timedelta(days=days)
        JobRun.create(job="x", period=period, state=state, queued_at=at - timedelta(days=days), finished_at=ended)

    ring(TRIM, at=at)

    assert [run.period for run in JobRun.select().where(JobRun.job == "x").order_by(JobRun.period)] == ["3", "4"]
    assert JobRun.get(JobRun.job == "trim-jobs").result == {"removed": 2}


# ── Backups, for who has a place for them ──


@pytest.fixture
def place(installed_db, tmp_path):
    """A folder for backups, where a good one of two years ago lies; it is nobody's after the test."""
    files = open_files(str(tmp_path / "media"))
    plan = plan_in(tmp_path / "backups")
    backups.make(files, plan, by=SYSTEM, at=ist("2024-04-06 05:00"))
    backups.use(plan)
    yield files, plan
    backups.use(backups.Plan())


def test_each_night_ends_with_a_backup_and_old_ones_go(place):
    files, plan = place

    run = jobs.find(BACKUP.name, done_by_hand(files, ist("2026-04-06 05:00")))

    assert run.state == "done"
    assert [folder.name for folder in plan.folder.iterdir()] == [run.result["backup"]]
    assert run.result == run.result | {"backup": "karmyogi-20260405T233000Z", "files": 0, "damaged": 0, "removed": 1}
    assert backups.check(plan.folder / run.result["backup"], plan)


def done_by_hand(files, at):
    jobs.run_once(BACKUP.name, f"{at:%Y-%m-%d}", lambda run: BACKUP.work(run, lambda: files), at=at)
    return f"{at:%Y-%m-%d}"


def test_without_a_folder_there_is_no_such_job_at_all(db):
    ring(BACKUP, at=ist("2026-04-06 05:00"))

    assert (table.timed(BACKUP.name), JobRun.select().count()) == (None, 0)
