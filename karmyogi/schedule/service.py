"""Verbs of jobs: run a timed one now, ask again for what failed, call off what is no longer wanted."""

from datetime import datetime

from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken
from karmyogi.core.months import IST, Month, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.schedule import queries, table
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import record

declare(
    job_at_work=N_("This job already waits or is at work. Wait until it has ended."),
    job_not_to_retry=N_("This job has not failed, or somebody has asked for it again already."),
    job_not_to_cancel=N_("This job has ended meanwhile, or somebody has called it off already."),
    job_not_set_up=N_("This installation does not have this job: its setting is missing."),
    job_unknown=N_("This kind of job no longer exists, so it cannot be done again."),
)


def run_now(name: str, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue a timed job once more, for its last time: a run of its own, whether that time's is done or not.

    Raises NotThere if there is no timed job of this name, RuleBroken while a run of it is open, NotAllowed.
    """
    _require(by)
    job, at = table.timed(name), at or now()
    if job is None:
        raise NotThere("not_there")
    with database.atomic():
        if queries.is_open(name):
            raise RuleBroken("job_at_work")
        period = max(job.periods(job.last_ring(at).date()), default=str(Month.of(at).previous))
        run = jobs.enqueue(name, f"{period}{jobs.BY_HAND}{at.astimezone(IST):%Y%m%d%H%M%S}", by=by, at=at)
        record(by, "job.run", run, _told(run), at=at)
    return run


def retry(run: JobRun, *, by: Actor, at: datetime | None = None) -> None:
    """Queue work that failed or was called off once more, in one's own name.

    Raises RuleBroken if it is in another state by now or of a kind that is no more, NotAllowed.
    """
    _require(by)
    if table.work_of(run.job) is None:
        raise RuleBroken("job_unknown")
    with database.atomic():
        if not jobs.ask_again(run, by=by, at=at):
            raise RuleBroken("job_not_to_retry")
        record(by, "job.retry", run, _told(run), at=at)


def cancel(run: JobRun, *, by: Actor, at: datetime | None = None) -> None:
    """Call off work that waits or runs; what runs stops where it can be stopped without harm.

    Raises RuleBroken if it has ended or was called off before, NotAllowed.
    """
    _require(by)
    with database.atomic():
        if not jobs.ask_to_cancel(run, at=at):
            raise RuleBroken("job_not_to_cancel")
        record(by, "job.cancel", run, _told(run), at=at)


def _told(run: JobRun) -> dict[str, object]:
    return {"job": run.job, "period": run.period}


def _require(by: Actor) -> None:
    if not can(by, Permission.JOBS_RUN):
        raise NotAllowed(reason("not_allowed"))
