"""Proposing and sealing by people as work for the worker, since the month is computed once more for either.

What is known without computing is refused at once; the work asks everything
again, in the name of the person and with the roles they hold by then.
"""

from datetime import datetime

from karmyogi.core.errors import NotAllowed
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Actor, Role
from karmyogi.core.reasons import reason
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import SCORE_MONTH
from karmyogi.scores.service.checks import scored
from karmyogi.scores.service.sealing import propose_seal, refuse_unready, seal_month
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.pace import Pace
from karmyogi.store.transitions import steps_taken

PROPOSE, SEAL = "propose-month", "seal-month"
VERBS = {PROPOSE: propose_seal, SEAL: seal_month}


def ask_to_propose(month: Month, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the proposal to seal a month. Raises what `propose_seal` knows without computing."""
    return _ask(PROPOSE, "propose", month, by=by, at=at or now())


def ask_to_seal(month: Month, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the sealing of a month that another person proposed. Raises what `seal_month` knows without computing."""
    return _ask(SEAL, "seal", month, by=by, at=at or now())


def take_step(run: JobRun, *, by: Actor) -> ScoreMonth:
    """Propose or seal the month that a person asked for. Raises NotAllowed if it is no person; what the verbs raise."""
    if Role.SYSTEM in by.roles:
        raise NotAllowed(reason("not_allowed"))
    month = Month.parse(run.about)
    return VERBS[run.job](month, by=by, pace=Pace(run))


def _ask(job: str, action: str, month: Month, *, by: Actor, at: datetime) -> JobRun:
    """One piece of work for each step of a month, however often it is asked for: two clicks are one."""
    row = scored(month)
    refuse_unready(row, action, by=by, at=at)
    return enqueue(job, f"{month}@{len(steps_taken(SCORE_MONTH, row))}", by=by, at=at)
