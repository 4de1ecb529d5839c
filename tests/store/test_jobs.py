"""Work done exactly once, whoever claims it, whatever becomes of those who claimed it."""

from datetime import datetime, timedelta

import pytest

from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.people.models import Designation
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.jobs import (
    LEASE,
    MAX_ATTEMPTS,
    Cancelled,
    JobRun,
    JobState,
    ask_to_cancel,
    claim,
    enqueue,
    find,
    finish,
    progress,
    run_once,
    waiting,
)
from tests.factories import AT
from tests.processes import all_at_once

SUNITA, KABIR = Actor(7, "Sunita"), Actor(8, "Kabir")
LATER = AT + LEASE + timedelta(seconds=1)


def state_of(job: str = "score", period: str = "2026-01") -> tuple[str, int, str | None]:
    run = find(job, period)
    return run.state, run.attempts, run.error


def lose_the_holder(run: JobRun) -> None:
    """Whoever held it is gone: another process, whose lease has run out."""
    JobRun.update(owner="another:1:x", lease_until=now() - timedelta(seconds=1)).where(JobRun.id == run.id).execute()


def take_over(run: JobRun) -> None:
    JobRun.update(owner="another:1:x", lease_until=now() + LEASE).where(JobRun.id == run.id).execute()


def write_effect(run: JobRun) -> None:
    """Work with an effect in the database, in one transaction with its end."""
    with database.atomic():
        Designation.create(name_en=f"EFFECT OF {run.period} {Designation.select().count()}")
        finish(run, {"written": 1})


def effects() -> int:
    return Designation.select().count()


# ── Asking ──


def test_work_is_queued_once_however_often_it_is_asked_for(db):
    first = enqueue("score", "2026-01", by=SUNITA, at=AT)

    again = enqueue("score", "2026-01", by=KABIR, at=LATER)

    assert (again.id, again.requested_by, again.queued_at) == (first.id, SUNITA.user_id, AT)
    assert JobRun.select().count() == 1


def test_asking_for_what_runs_or_is_done_changes_nothing(db):
    claim("score", "2026-01")
    running = enqueue("score", "2026-01", by=SUNITA).state
    finish(find("score", "2026-01"), None)

    assert (running, enqueue("score", "2026-01", by=SUNITA).state) == ("running", "done")


def test_what_failed_can_be_asked_for_again(db):
    with pytest.raises(ZeroDivisionError):
        run_once("score", "2026-01", lambda _run: 1 // 0)
    assert waiting(["score"]) == []

    again = enqueue("score", "2026-01", by=KABIR, at=LATER)

    assert (again.state, again.attempts, again.error, again.finished_at) == ("queued", 0, None, None)
    assert (again.requested_by, again.queued_at) == (KABIR.user_id, LATER)
    assert [run.id for run in waiting(["score"])] == [again.id]


def test_the_queue_is_worked_off_in_the_order_of_asking_and_only_in_its_own_kinds(db):
    for minutes, (job, period) in enumerate([("score", "2"), ("check", "1"), ("other", "1"), ("score", "1")]):
        enqueue(job, period, by=SUNITA, at=AT + timedelta(minutes=minutes))

    assert [(run.job, run.period) for run in waiting(["score", "check"])] == [
        ("score", "2"),
        ("check", "1"),
        ("score", "1"),
    ]


# ── Exactly once ──


def test_work_is_done_once_and_its_result_is_kept(db):
    done = [run_once("score", "2026-01", lambda _run: {"officers": 5}) for _time in range(3)]

    run = find("score", "2026-01")
    assert done == [True, False, False]
    assert (run.state, run.progress, run.attempts, run.result) == ("done", 1000, 1, {"officers": 5})
    assert run.finished_at >= run.started_at


def test_each_period_is_work_of_its_own(db):
    assert [run_once("score", period, lambda _run: None) for period in ("2026-01", "2026-02", "2026-01")] == [
        True,
        True,
        False,
    ]


def test_what_one_holds_no_other_can_claim_until_the_lease_has_run_out(db):
    assert claim("score", "2026-01", at=AT)

    assert not claim("score", "2026-01", at=AT + LEASE)
    assert claim("score", "2026-01", at=LATER)
    assert state_of() == ("running", 2, None)


def claim_score() -> bool:
    return claim("score", "2026-01")


def do_score() -> bool:
    return run_once("score", "2026-01", write_effect)


def test_of_four_processes_that_claim_at_once_one_holds_it(db):
    assert sorted(all_at_once(db, claim_score, [()] * 4)) == [False, False, False, True]
    assert state_of() == ("running", 1, None)


def test_four_processes_that_work_at_once_leave_one_effect(db):
    enqueue("score", "2026-01", by=SUNITA)

    assert sorted(all_at_once(db, do_score, [()] * 4)) == [False, False, False, True]
    assert (effects(), state_of()) == (1, ("done", 1, None))


def test_a_lease_that_ran_out_is_taken_over_by_one_of_four_processes(db):
    claim("score", "2026-01")
    lose_the_holder(find("score", "2026-01"))

    assert sorted(all_at_once(db, do_score, [()] * 4)) == [False, False, False, True]
    assert (effects(), state_of()) == (1, ("done", 2, None))


def who_holds() -> str:
    claim("score", "2026-01")
    return find("score", "2026-01").owner


def test_processes_made_from_one_another_are_not_taken_for_the_same(db):
    [theirs] = all_at_once(db, who_holds, [()])

    assert theirs != jobs.me()
    assert theirs.rpartition(":")[0] == jobs.me().rpartition(":")[0]


# ── A holder that is gone, or was thought to be ──


def test_work_that_was_taken_over_leaves_no_effect_of_the_first_holder(db):
    def slow(run: JobRun) -> None:
        take_over(run)  # while we were busy
        write_effect(run)

    assert run_once("score", "2026-01", slow) is False
    assert effects() == 0
    assert find("score", "2026-01").owner == "another:1:x"
    assert state_of()[0] == "running"


def test_a_result_that_comes_too_late_is_not_kept(db):
    def slow(run: JobRun) -> str:
        take_over(run)
        return "too late"

    assert run_once("score", "2026-01", slow) is False
    assert find("score", "2026-01").result is None


def test_a_sign_of_life_keeps_the_lease_and_shows_how_far_the_work_is(db):
    claim("score", "2026-01", at=now() - LEASE + timedelta(minutes=1))
    run = find("score", "2026-01")

    progress(run, 250)

    kept = find("score", "2026-01")
    assert kept.progress == 250
    assert kept.lease_until - run.lease_until > LEASE / 2
    progress(run, 5_000)
    assert find("score", "2026-01").progress == 1000


def test_who_lost_the_lease_is_told_at_the_next_sign_of_life(db):
    claim("score", "2026-01")
    run = find("score", "2026-01")
    take_over(run)

    with pytest.raises(Cancelled):
        progress(run, 500)

    assert find("score", "2026-01").progress == 0


# ── Failing ──


def test_what_work_raises_is_kept_and_raised_and_its_effects_are_undone(db):
    def failing(_run: JobRun) -> None:
        with database.atomic():
            Designation.create(name_en="EFFECT")
            raise KeyError("आशा")

    with pytest.raises(KeyError):
        run_once("score", "2026-01", failing)

    assert state_of() == ("failed", 1, "KeyError: 'आशा'")
    assert (effects(), find("score", "2026-01").finished_at is None) == (0, False)


def test_work_that_failed_may_be_claimed_again_and_then_says_nothing_of_it(db):
    with pytest.raises(ZeroDivisionError):
        run_once("score", "2026-01", lambda _run: 1 // 0)

    assert run_once("score", "2026-01", lambda _run: None)
    assert state_of() == ("done", 2, None)


def test_a_long_complaint_is_cut_short(db):
    def complaining(_run: JobRun) -> None:
        raise ValueError("x" * 10_000)

    with pytest.raises(ValueError, match="xxx"):
        run_once("score", "2026-01", complaining)

    assert len(find("score", "2026-01").error) == 500


def test_of_a_complaint_of_the_database_the_row_it_tells_of_is_not_kept(db):
    def complaining(_run: JobRun) -> None:
        raise ValueError('duplicate key value violates "user_email"\nDETAIL:  Key (email)=(asha@example.in) exists.')

    with pytest.raises(ValueError, match="asha"):
        run_once("score", "2026-01", complaining)

    assert find("score", "2026-01").error == 'ValueError: duplicate key value violates "user_email"'


def test_a_process_told_to_stop_leaves_the_work_to_be_done_again(db):
    def stopped(_run: JobRun) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        run_once("score", "2026-01", stopped)

    assert claim("score", "2026-01")


def test_work_that_fails_five_times_is_left_alone_until_somebody_asks(db):
    for _time in range(MAX_ATTEMPTS):
        with pytest.raises(ZeroDivisionError):
            run_once("score", "2026-01", lambda _run: 1 // 0)

    assert run_once("score", "2026-01", lambda _run: None) is False
    assert state_of() == ("failed", 5, "ZeroDivisionError: integer division or modulo by zero")

    enqueue("score", "2026-01", by=SUNITA)
    assert run_once("score", "2026-01", lambda _run: None)


def test_work_whose_holders_vanish_five_times_ends_as_failed_and_nobody_waits_for_it(db):
    for _time in range(MAX_ATTEMPTS):
        assert claim("score", "2026-01")
        lose_the_holder(find("score", "2026-01"))

    assert claim("score", "2026-01") is False
    assert state_of() == ("failed", 5, "gave up after 5 attempts")
    assert waiting(["score"]) == []


def test_work_whose_holder_vanished_waits_in_the_queue(db):
    claim("score", "2026-01")
    assert waiting(["score"]) == []

    lose_the_holder(find("score", "2026-01"))

    assert [run.period for run in waiting(["score"])] == ["2026-01"]


# ── Calling off ──


def test_queued_work_is_called_off_at_once(db):
    ask_to_cancel(enqueue("score", "2026-01", by=SUNITA))

    assert waiting(["score"]) == []
    assert run_once("score", "2026-01", lambda _run: None) is False
    assert state_of() == ("cancelled", 0, None)


def test_running_work_is_called_off_at_its_next_sign_of_life(db):
    def long(run: JobRun) -> None:
        progress(run, 100)
        ask_to_cancel(run)  # somebody presses the button
        progress(run, 200)
        write_effect(run)

    assert run_once("score", "2026-01", long) is False
    assert (effects(), find("score", "2026-01").progress) == (0, 100)
    assert state_of() == ("cancelled", 1, None)


def test_what_is_done_cannot_be_called_off(db):
    run_once("score", "2026-01", write_effect)

    ask_to_cancel(find("score", "2026-01"))

    assert (state_of(), find("score", "2026-01").cancel_asked) == (("done", 1, None), False)


def test_work_that_was_called_off_can_be_asked_for_again_and_then_runs_to_its_end(db):
    run_once("score", "2026-01", lambda run: (ask_to_cancel(run), progress(run, 1)))

    enqueue("score", "2026-01", by=SUNITA)

    assert run_once("score", "2026-01", lambda run: progress(run, 500))
    assert state_of() == ("done", 1, None)


# ── The row ──


def test_the_database_keeps_state_and_times_together(db):
    run = enqueue("score", "2026-01", by=SYSTEM, at=datetime.fromisoformat("2026-04-10T12:00:00+05:30"))

    assert (run.state, run.progress, run.owner, run.finished_at, run.requested_by) == ("queued", 0, None, None, None)
    assert run.queued_at == AT
    assert {state.value for state in JobState} == {"queued", "running", "done", "failed", "cancelled"}


@pytest.mark.parametrize("period", ["2026-01", "2026-01@3", "2026-01@20260202060000"])
def test_a_job_is_about_the_same_however_often_it_was_asked_for(period):
    assert JobRun(period=period).about == "2026-01"
