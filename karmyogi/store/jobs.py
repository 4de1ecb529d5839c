"""Work that takes long or has a time: one row per job and period, done exactly once.

A row is claimed by inserting it or by taking over one that failed or whose
lease ran out; whoever holds the lease may finish it. Pages poll the row.
"""

import datetime as dt
import os
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

import peewee

from karmyogi.core.errors import KarmyogiError, in_short
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.store.db import JsonText, Moment, Table, database, one_of

LEASE = dt.timedelta(minutes=30)
AGAIN_AFTER = dt.timedelta(minutes=15)
AGAIN_WITHIN = dt.timedelta(days=1)
MAX_ATTEMPTS = 5
GAVE_UP = "gave up"
BY_HAND = "@"  # between a job's period and what tells apart that somebody asked for it once more
STARTED = f"{socket.gethostname()}:{secrets.token_hex(4)}"


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobRun(Table):
    """One piece of work for one period or object, with its progress and result."""

    job = peewee.TextField()
    period = peewee.TextField()  # a month, a day, or the id of what is worked on
    state = peewee.TextField(default=JobState.QUEUED.value)
    progress = peewee.IntegerField(default=0)  # thousandths
    owner = peewee.TextField(null=True)
    lease_until = Moment(null=True)
    attempts = peewee.IntegerField(default=0)
    cancel_asked = peewee.BooleanField(default=False)
    requested_by = peewee.IntegerField(null=True)
    queued_at = Moment()
    started_at = Moment(null=True)
    finished_at = Moment(null=True)
    result = JsonText(null=True)
    error = peewee.TextField(null=True)
    reasons = JsonText(null=True)  # why it was refused, as [code, facts]; a fault of the program has none

    class Meta:
        indexes = ((("job", "period"), True), (("state", "queued_at"), False), (("finished_at",), False))
        constraints = [
            one_of("state", [s.value for s in JobState]),
            peewee.Check("progress BETWEEN 0 AND 1000"),
            peewee.Check("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)"),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"

    @property
    def is_busy(self) -> bool:
        """True while it waits for the worker or is at work."""
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def about(self) -> str:
        """The period without what tells askings of the same work apart: the moment, or how often it was asked for."""
        return self.period.partition(BY_HAND)[0]


AFRESH = {
    "attempts": 0,
    "progress": 0,
    "cancel_asked": False,
    "finished_at": None,
    "error": None,
    "reasons": None,
}


class Cancelled(Exception):
    """The person who asked for the work no longer wants it."""


def enqueue(job: str, period: str, *, by: Actor, at: dt.datetime | None = None) -> JobRun:
    """Ask for a job; asking again for one that is queued, running or done changes nothing.

    One that failed or was called off is queued afresh.
    """
    asked = {"requested_by": by.user_id, "queued_at": at or now()}
    JobRun.insert(job=job, period=period, **asked).on_conflict_ignore().execute()
    _queue_again(_is(job, period), asked)
    return find(job, period)


def ask_again(run: JobRun, *, by: Actor, at: dt.datetime | None = None) -> bool:
    """Queue work afresh that failed or was called off; False if it is in another state by now."""
    return bool(_queue_again(_is(run.job, run.period), {"requested_by": by.user_id, "queued_at": at or now()}))


def _queue_again(which: peewee.Expression, asked: Mapping[str, object]) -> int:
    ended = JobRun.state.in_([JobState.FAILED, JobState.CANCELLED])
    queued: int = JobRun.update(state=JobState.QUEUED, **asked, **AFRESH).where(which & ended).execute()
    return queued


def ask_to_cancel(run: JobRun, *, at: dt.datetime | None = None) -> bool:
    """Call work off: at once while it is queued, at its next sign of life while it runs.

    False once it has ended, or if somebody has called it off before.
    """
    gone = (
        JobRun.update(state=JobState.CANCELLED, finished_at=at or now())
        .where((JobRun.id == run.id) & (JobRun.state == JobState.QUEUED))
        .execute()
    )
    told = (
        JobRun.update(cancel_asked=True)
        .where((JobRun.id == run.id) & (JobRun.state == JobState.RUNNING) & ~JobRun.cancel_asked)
        .execute()
    )
    return bool(gone or told)


def find(job: str, period: str) -> JobRun:
    """The row of this job and period. Raises JobRun.DoesNotExist."""
    return JobRun.get(_is(job, period))


def _is(job: str, period: str) -> peewee.Expression:
    return (JobRun.job == job) & (JobRun.period == period)


def claim(job: str, period: str, *, at: dt.datetime | None = None) -> bool:
    """True if this process now holds the job: it was new, queued, failed, or its holder is gone.

    What five holders could not finish is not tried again until somebody asks for it.
    """
    at = at or now()
    with database.atomic():
        JobRun.insert(job=job, period=period, queued_at=at).on_conflict_ignore().execute()
        _give_up(job, period, at)
        return bool(_take(job, period, at))


def _give_up(job: str, period: str, at: dt.datetime) -> None:
    """Close work whose last holder is gone as well, so that nobody waits for it."""
    is_lost = (JobRun.state == JobState.RUNNING) & (JobRun.lease_until < at) & (JobRun.attempts >= MAX_ATTEMPTS)
    JobRun.update(state=JobState.FAILED, finished_at=at, error=f"{GAVE_UP} after {MAX_ATTEMPTS} attempts").where(
        _is(job, period) & is_lost
    ).execute()


def _take(job: str, period: str, at: dt.datetime) -> int:
    free = (JobRun.state.in_([JobState.QUEUED, JobState.FAILED])) | (
        (JobRun.state == JobState.RUNNING) & (JobRun.lease_until < at)
    )
    mine = _is(job, period) & (JobRun.attempts < MAX_ATTEMPTS)
    taken: int = (
        JobRun.update(
            state=JobState.RUNNING,
            owner=me(),
            lease_until=at + LEASE,
            attempts=JobRun.attempts + 1,
            started_at=at,
            finished_at=None,
            error=None,
            reasons=None,
        )
        .where(mine & free)
        .execute()
    )
    return taken


def me() -> str:
    """This very process, also when it was forked from another that runs."""
    return f"{STARTED}:{os.getpid()}"


def held(run: JobRun) -> peewee.Expression:
    """The condition that this process still holds the job."""
    return (JobRun.id == run.id) & (JobRun.owner == me()) & (JobRun.state == JobState.RUNNING)


def progress(run: JobRun, thousandths: int) -> None:
    """Show how far the work is and keep the lease.

    Raises Cancelled if somebody asked for it, or if the lease was lost.
    """
    kept = (
        JobRun.update(progress=min(thousandths, 1000), lease_until=now() + LEASE)
        .where(held(run) & ~JobRun.cancel_asked)
        .execute()
    )
    if not kept:
        raise Cancelled(str(run))


def finish(run: JobRun, result: object) -> None:
    """Mark the job done, in the transaction of its effects.

    Raises Cancelled if another process has taken the job over: the effects must not stand.
    """
    kept = (
        JobRun.update(state=JobState.DONE, progress=1000, finished_at=now(), result=result).where(held(run)).execute()
    )
    if not kept:
        raise Cancelled(str(run))


def run_once(job: str, period: str, work: Callable[[JobRun], object], *, at: dt.datetime | None = None) -> bool:
    """Do `work` for this job and period unless it is done or held by another; True if done here.

    `work` must call `finish` in the transaction of its effects, or return a
    result to be stored after it. What it raises is kept on the row and raised again.
    `at` is the moment of the claim, which the work finds as `started_at`.
    """
    return claim(job, period, at=at) and carry_out(find(job, period), work)


def carry_out(run: JobRun, work: Callable[[JobRun], object]) -> bool:
    """Do work that this process has claimed; False if it was called off or taken over. Raises what the work raises."""
    try:
        result = work(run)
        if find(run.job, run.period).state == JobState.RUNNING:
            finish(run, result)
    except Cancelled:
        _close(run, JobState.CANCELLED)
        return False
    except BaseException as error:
        _close(run, JobState.FAILED, error)
        raise
    return True


def _close(run: JobRun, state: JobState, error: BaseException | None = None) -> None:
    reasons = [[each.code, dict(each.facts)] for each in error.reasons] if isinstance(error, KarmyogiError) else None
    told = error and in_short(error)
    JobRun.update(state=state, finished_at=now(), error=told, reasons=reasons).where(held(run)).execute()


def waiting(jobs: Sequence[str], *, again: Sequence[str] = (), at: dt.datetime | None = None) -> list[JobRun]:
    """Queued work of these kinds, and work whose holder is gone, oldest first; twenty pieces at most.

    Of the kinds in `again` also what failed a quarter of an hour to a day ago and has attempts left.
    """
    at = at or now()
    lost = (JobRun.state == JobState.RUNNING) & (JobRun.lease_until < at)
    ended = JobRun.finished_at.between(at - AGAIN_WITHIN, at - AGAIN_AFTER)
    failed = (JobRun.state == JobState.FAILED) & ended & (JobRun.attempts < MAX_ATTEMPTS) & JobRun.job.in_(again)
    ready = (JobRun.state == JobState.QUEUED) | lost | failed
    return list(JobRun.select().where(JobRun.job.in_(jobs) & ready).order_by(JobRun.queued_at, JobRun.id).limit(20))


def trim(before: dt.datetime) -> int:
    """Take away what ended before this moment; returns how many rows. What waits or runs stays, however old."""
    removed: int = JobRun.delete().where(JobRun.finished_at < before).execute()
    return removed
