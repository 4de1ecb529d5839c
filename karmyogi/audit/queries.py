"""Reads of the trail, newest first, by key, and of its proofs."""

from dataclasses import dataclass

import peewee

from karmyogi.audit.rules import Found
from karmyogi.scores.queries import approved_corrections, sealed_months
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.trail import TrailEntry

PAGE = 50
PROVE, NIGHTLY = "prove-seals", "proof-night"  # what somebody asked for, and what the clock did
PROOFS = (PROVE, NIGHTLY)
PROVEN = "trail.prove"


def entries(*, before: int | None = None, action: str = "", subject: str = "", subject_id: int | None = None) -> list:
    """A page of the trail older than `before`, narrowed to an action, a kind of record or one record."""
    query = TrailEntry.select().order_by(TrailEntry.id.desc())
    if before is not None:
        query = query.where(TrailEntry.id < before)
    if action:
        query = query.where(TrailEntry.action == action)
    if subject:
        query = query.where(TrailEntry.subject == subject)
    if subject_id is not None:
        query = query.where(TrailEntry.subject_id == subject_id)
    return list(query.limit(PAGE + 1))


def actions() -> list[str]:
    """Every action that has ever been recorded, each found by one step in the index, however long the trail is."""
    found: list[str] = []
    last = TrailEntry.select(TrailEntry.action).order_by(TrailEntry.action).limit(1).scalar()
    while last is not None:
        found.append(last)
        after = TrailEntry.select(TrailEntry.action).where(TrailEntry.action > last)
        last = after.order_by(TrailEntry.action).limit(1).scalar()
    return found


def last_proof() -> JobRun | None:
    """The proof that was last brought to its end, whatever it found."""
    return _newest(JobRun.state == JobState.DONE, JobRun.finished_at)


def proof_at_work() -> JobRun | None:
    """The proof that waits or is at work."""
    return _newest(JobRun.state.in_([JobState.QUEUED, JobState.RUNNING]), JobRun.queued_at)


def proof_given_up(since: JobRun | None) -> JobRun | None:
    """The last proof that failed or was called off after the one that was brought to its end."""
    ended = JobRun.state.in_([JobState.FAILED, JobState.CANCELLED])
    later = JobRun.finished_at > since.finished_at if since else JobRun.finished_at.is_null(False)
    return _newest(ended & later, JobRun.finished_at)


def _newest(which: peewee.Expression, moment: peewee.Field) -> JobRun | None:
    rows = JobRun.select().where(JobRun.job.in_(PROOFS) & which)
    run: JobRun | None = rows.order_by(moment.desc(), JobRun.id.desc()).first()
    return run


@dataclass(frozen=True)
class Since:
    """What came after a proof began, of which it says nothing: months, numbers of corrections, entries but its own."""

    months: tuple[str, ...]
    corrections: tuple[tuple[str, int], ...]
    entries: int


def since_proof(found: Found) -> Since:
    """What was sealed, approved and written on the trail since this proof began."""
    months = tuple(row.month for row in sealed_months() if row.month not in found.months)
    written = TrailEntry.select().where((TrailEntry.seq > found.upto) & (TrailEntry.action != PROVEN))
    corrections = tuple(one for one in approved_corrections() if one not in found.corrections)
    return Since(months, corrections, written.count())
