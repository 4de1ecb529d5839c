"""Running now, asking again and calling off: who may, when, and what the trail tells."""

from datetime import timedelta

import pytest

from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.schedule import service, table
from karmyogi.schedule.worker import work_off_queue
from karmyogi.store import jobs
from karmyogi.store.jobs import JobRun, enqueue, find
from karmyogi.store.trail import TrailEntry
from tests import trails
from tests.factories import AT

SUNITA = Actor(7, "Sunita", grants=(Grant(Role.GAD),))
KABIR = Actor(8, "Kabir", grants=(Grant(Role.GAD),))
THOMAS, GOPAL = Actor(9, "Thomas", grants=(Grant(Role.AUDITOR),)), Actor(10, "Gopal", grants=(Grant(Role.SYSADMIN),))


def acts() -> list[tuple[str, str, int]]:
    entries = trails.told(TrailEntry.subject == "job_run")
    return [(entry.action, entry.actor, entry.subject_id) for entry in entries]


def failed(job: str = "seal-due", period: str = "2026-01-20") -> JobRun:
    with pytest.raises(OSError, match="disk"):
        jobs.run_once(job, period, lambda _run: (_ for _ in ()).throw(OSError("disk")))
    return find(job, period)


def test_what_failed_is_queued_again_in_the_name_of_who_asked_and_then_done(installed_db):
    run = failed()

    service.retry(run, by=KABIR, at=AT)

    again = find("seal-due", "2026-01-20")
    assert (again.state, again.requested_by, again.attempts, again.error) == ("queued", KABIR.user_id, 0, None)
    assert acts() == [("job.retry", "Kabir", run.id)]
    assert work_off_queue(at=now()) == 1
    assert find("seal-due", "2026-01-20").state == "done"


def test_what_was_asked_for_again_by_one_is_not_asked_for_by_another(db):
    run = failed()
    service.retry(run, by=SUNITA)

    with pytest.raises(RuleBroken, match="job_not_to_retry"):
        service.retry(run, by=KABIR)

    assert len(acts()) == 1


def test_a_kind_of_job_that_is_no_more_is_not_asked_for_again(db):
    with pytest.raises(RuleBroken, match="job_unknown"):
        service.retry(failed(job="tea"), by=SUNITA)


def test_what_waits_is_called_off_once_and_may_be_asked_for_again(db):
    run = enqueue(table.SCORE, "2026-01@20260203101500", by=SUNITA)

    service.cancel(run, by=KABIR, at=AT)
    with pytest.raises(RuleBroken, match="job_not_to_cancel"):
        service.cancel(run, by=SUNITA)
    service.retry(run, by=SUNITA)

    assert [(action, who) for action, who, _run in acts()] == [("job.cancel", "Kabir"), ("job.retry", "Sunita")]
    assert find(run.job, run.period).state == "queued"


def test_what_runs_is_told_to_stop_and_what_is_done_cannot_be_called_off(db):
    jobs.claim("score-month", "1")
    run = find("score-month", "1")

    service.cancel(run, by=SUNITA)
    told = find("score-month", "1").cancel_asked
    jobs.finish(run, None)

    with pytest.raises(RuleBroken, match="job_not_to_cancel"):
        service.cancel(run, by=SUNITA)
    assert (told, len(acts())) == (True, 1)


def test_a_timed_job_is_run_now_though_its_night_is_done_but_not_twice_at_once(installed_db):
    jobs.run_once("score-night", "2026-04-06", lambda _run: None)
    at = AT.replace(year=2026, month=4, day=6, hour=9)

    first = service.run_now("score-night", by=SUNITA, at=at)
    with pytest.raises(RuleBroken, match="job_at_work"):
        service.run_now("score-night", by=KABIR, at=at + timedelta(seconds=1))
    done = work_off_queue(at=at)
    second = service.run_now("score-night", by=KABIR, at=at + timedelta(seconds=2))

    assert (done, find(first.job, first.period).result) == (1, {"computed": ["2026-03", "2026-04"]})
    assert first.period.startswith("2026-04-06@")
    assert second.id != first.id
    assert [(action, who) for action, who, _run in acts() if action == "job.run"] == [
        ("job.run", "Sunita"),
        ("job.run", "Kabir"),
    ]


def test_only_what_stands_in_the_table_can_be_run_now(db):
    for name in ("tea", table.SCORE, ""):
        with pytest.raises(NotThere):
            service.run_now(name, by=SUNITA)


@pytest.mark.parametrize("actor", [THOMAS, GOPAL], ids=lambda actor: actor.name)
def test_who_only_reads_jobs_does_nothing_to_them(db, actor):
    run, waiting = failed(), enqueue("score-month", "1", by=SUNITA)

    for act in (
        lambda: service.retry(run, by=actor),
        lambda: service.cancel(waiting, by=actor),
        lambda: service.run_now("score-night", by=actor),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert (find(run.job, run.period).state, find("score-month", "1").state, acts()) == ("failed", "queued", [])
