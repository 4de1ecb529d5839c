"""Reads of jobs: the timed ones with their last run, what is at work, what failed, and all that ever ran."""

from collections.abc import Iterable

import peewee

from karmyogi.accounts.models import User
from karmyogi.schedule import table
from karmyogi.schedule.table import Timed
from karmyogi.store.jobs import JobRun, JobState

PAGE = 50
MOST_SHOWN = 20


def timed_jobs() -> list[tuple[Timed, JobRun | None]]:
    """Every timed job of this installation with the newest of its runs, by when they began; None if there was none."""
    names = [job.name for job in table.SCHEDULE]
    newest = JobRun.select(peewee.fn.MAX(JobRun.id)).where(JobRun.job.in_(names)).group_by(JobRun.job)
    last = {run.job: run for run in JobRun.select().where(JobRun.id.in_(newest))}
    return [(job, last.get(job.name)) for job in table.SCHEDULE if job.is_on()]


def at_work() -> list[JobRun]:
    """What runs or waits, in the order of asking; twenty pieces at most."""
    open_states = [JobState.RUNNING.value, JobState.QUEUED.value]
    rows = JobRun.select().where(JobRun.state.in_(open_states)).order_by(JobRun.queued_at, JobRun.id)
    return list(rows.limit(MOST_SHOWN))


def failed() -> list[JobRun]:
    """What failed and nobody has asked for again, the newest first; twenty pieces at most."""
    rows = JobRun.select().where(JobRun.state == JobState.FAILED.value)
    return list(rows.order_by(JobRun.queued_at.desc(), JobRun.id.desc()).limit(MOST_SHOWN))


def runs() -> peewee.ModelSelect:
    """Every run there is a row of, newest first."""
    return JobRun.select().order_by(JobRun.id.desc())


def history(*, job: str = "", state: str = "", before: int | None = None) -> list[JobRun]:
    """A page of all runs, newest first, and one more that tells whether there is a next page."""
    rows = runs().limit(PAGE + 1)
    if job:
        rows = rows.where(JobRun.job == job)
    if state:
        rows = rows.where(JobRun.state == state)
    if before:
        rows = rows.where(JobRun.id < before)
    return list(rows)


def is_open(job: str) -> bool:
    """True while a run of this job waits or is at work."""
    open_states = [JobState.RUNNING.value, JobState.QUEUED.value]
    return JobRun.select().where((JobRun.job == job) & JobRun.state.in_(open_states)).exists()


def askers(found: Iterable[JobRun]) -> dict[int, User]:
    """The people who asked for these runs, by their number, in one question."""
    wanted = {run.requested_by for run in found if run.requested_by}
    return {user.id: user for user in User.select().where(User.id.in_(wanted))} if wanted else {}
