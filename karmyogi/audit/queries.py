"""Reads of the trail, newest first, by key, and of its proofs."""

from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.trail import TrailEntry

PAGE = 50
PROVE, NIGHTLY = "prove-seals", "proof-night"  # what somebody asked for, and what the clock did
PROOFS = (PROVE, NIGHTLY)


def entries(*, before: int | None = None, action: str = "", subject: str = "", subject_id: int | None = None) -> list:
    """A page of entries and one more that tells whether there is a next; narrowed where a filter is given."""
    query = TrailEntry.select().order_by(TrailEntry.id.desc()).limit(PAGE + 1)
    if before:
        query = query.where(TrailEntry.id < before)
    if action:
        query = query.where(TrailEntry.action == action)
    if subject:
        query = query.where(TrailEntry.subject == subject)
    if subject_id is not None:
        query = query.where(TrailEntry.subject_id == subject_id)
    return list(query)


def actions() -> list[str]:
    """Every kind of act the trail knows, in order: one step in the index for each."""
    found: list[str] = []
    last = TrailEntry.select(TrailEntry.action).order_by(TrailEntry.action).limit(1).scalar()
    while last is not None:
        found.append(last)
        after = TrailEntry.select(TrailEntry.action).where(TrailEntry.action > last)
        last = after.order_by(TrailEntry.action).limit(1).scalar()
    return found


def last_proof() -> JobRun | None:
    """The proof that was last brought to its end, whatever it found."""
    done = JobRun.job.in_(PROOFS) & (JobRun.state == JobState.DONE)
    run: JobRun | None = JobRun.select().where(done).order_by(JobRun.finished_at.desc(), JobRun.id.desc()).first()
    return run


def proof_at_work() -> JobRun | None:
    """The proof that waits or is at work."""
    busy = JobRun.job.in_(PROOFS) & JobRun.state.in_([JobState.QUEUED, JobState.RUNNING])
    run: JobRun | None = JobRun.select().where(busy).order_by(JobRun.id.desc()).first()
    return run


def proof_that_failed(since: JobRun | None) -> JobRun | None:
    """The last proof that could not be brought to its end, if none was since."""
    failed = JobRun.job.in_(PROOFS) & (JobRun.state == JobState.FAILED)
    if since:
        failed &= JobRun.finished_at > since.finished_at
    run: JobRun | None = JobRun.select().where(failed).order_by(JobRun.finished_at.desc()).first()
    return run
