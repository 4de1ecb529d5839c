"""Computing a month: beside what is shown, step by step, then shown in one short transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import reason
from karmyogi.people.models import OrgUnit, UnitKind
from karmyogi.scores import rules
from karmyogi.scores.models import Correction, Policy, ScoreMonth, ScorePeriod
from karmyogi.scores.queries.computing import LINES, snapshot, stage_month, staged, staged_officers
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.queries.figuring import clear_run, stage_run
from karmyogi.scores.queries.months import Inputs, current_inputs, data_as_on
from karmyogi.scores.queries.rows import STAGED, Fingerprint, fingerprint_of, stored
from karmyogi.scores.queries.storing import remove_before, remove_run, tell_sizes, write_run
from karmyogi.scores.rules import SCORE_MONTH, SCORES_ALONE
from karmyogi.scores.service.checks import find, hold, refuse_sealed, require
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.pace import Pace
from karmyogi.store.trail import record
from karmyogi.store.transitions import perform

COMPUTE = "score-month"  # the job that computes one month
# How much of the work is done when the rows lie in temporary tables, the share of hashing them, and both.
STAGED_SHARE, HASHED_SHARE, WRITTEN_SHARE = 0.3, 0.2, 0.5


@dataclass(frozen=True)
class Run:
    """What computing a month came to, before it is stored."""

    month: Month
    number: int  # higher than that of every run that began before, on whichever machine
    policy: rules.Policy
    found: Fingerprint
    officers: int  # with a score; whose score is on hold has lines alone
    is_stored: bool
    inputs: Inputs
    data_as_on: date | None

    @property
    def facts(self) -> dict[str, object]:
        return {
            "policy": Policy.get(Policy.number == self.policy.number),
            "run_id": self.found.run_id,
            "officer_count": self.officers,
            "data_as_on": self.data_as_on,
            "inputs": self.inputs,
            "seal_version": rules.NEWEST_SEAL,
        }


def run_month(
    month: Month,
    *,
    by: Actor,
    policy_number: int | None = None,
    at: datetime | None = None,
    pace: Pace | None = None,
) -> ScoreMonth:
    """Compute a month's scores, ranks and groups from what is known now; the month stays provisional.

    The same facts and policy give the same rows and run id. A proposal to seal
    lapses if the rows change. Raises RuleBroken if the month is sealed, or a run
    that began later already stands; PolicyGap if no policy covers it;
    NotAllowed; Cancelled, and then nothing has changed.
    """
    require(by, Permission.SCORES_RUN)
    refuse_sealed(find(month))
    policy = rules.policy_for(month, published_policies(), number=policy_number)
    pace = pace or Pace()
    with cleared_stage():
        return _store(_compute(month, policy, pace), pace, by=by, at=at or now())


def ask_to_compute(month: str, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the computing of a month once more; the worker does it, since a whole State takes a while."""
    at = at or now()
    return enqueue(COMPUTE, f"{month}@{at:%Y%m%d%H%M%S}", by=by, at=at)


def run_id_now(row: ScoreMonth, pace: Pace | None = None, *, version: int = rules.NEWEST_SEAL) -> str:
    """The id that a run of this month under the same version would have if it were made now; nothing is stored."""
    month = Month.parse(row.month)
    policy = rules.policy_for(month, published_policies(), number=row.policy.number)
    with cleared_stage():
        with snapshot():
            stage = stage_month if version == SCORES_ALONE else stage_run
            stage(month, policy)
        return _staged_rows(pace or Pace(), version=version).run_id


@contextmanager
def cleared_stage() -> Iterator[None]:
    """Leave no temporary table of a month behind."""
    try:
        yield
    finally:
        if not database.in_transaction():  # inside one, the next run clears it
            clear_run()


def _compute(month: Month, policy: rules.Policy, pace: Pace) -> Run:
    """Everything long happens here, and nobody waits for it; the facts are read on one view of the data."""
    number = number_of(find(month))
    with snapshot():
        stage_run(month, policy)
        inputs, as_on = current_inputs(), data_as_on()
    found = _staged_rows(pace)
    if found.scores and not OrgUnit.select().where(OrgUnit.kind == UnitKind.STATE).exists():
        raise RuleBroken(reason("state_unit_missing"))
    return Run(month, number, policy, found, staged_officers(), _is_stored(month, found.run_id), inputs, as_on)


def _staged_rows(pace: Pace, *, version: int = rules.NEWEST_SEAL) -> Fingerprint:
    """What lies in the temporary tables; hashed outside of the view of the data, which a sign of life would end."""
    pace.at(STAGED_SHARE)
    officers = max(staged_officers(), 1)
    source = replace(STAGED, version=version)
    return fingerprint_of(source, told=lambda read: pace.at(STAGED_SHARE + HASHED_SHARE * read / officers))


def _is_stored(month: Month, run_id: str) -> bool:
    """True if these very rows already stand; the rows themselves are asked, not only what is said of them."""
    row = find(month)
    return row is not None and row.run_id == run_id and fingerprint_of(stored(month)).run_id == run_id


def _store(run: Run, pace: Pace, *, by: Actor, at: datetime) -> ScoreMonth:
    """Write the rows beside those that are shown, then show them; who reads meanwhile sees one run or the other."""
    if run.is_stored:
        return _show(run, by=by, at=at)
    lines = max(staged(LINES), 1)
    try:
        for done in write_run(run.month, run.number):
            pace.at(WRITTEN_SHARE + (1 - WRITTEN_SHARE) * done / lines)
        row = _show(run, by=by, at=at)
    except BaseException:
        remove_run(run.month, run.number)
        raise
    remove_before(run.month, run.number)
    tell_sizes()
    return row


def number_of(row: ScoreMonth | Correction | ScorePeriod | None) -> int:
    """The number of a run that begins now: higher than that of the rows it goes by, whatever the clock says."""
    return max(time.time_ns() // 1_000_000, row.run + 1 if row else 0)


def _show(run: Run, *, by: Actor, at: datetime) -> ScoreMonth:
    """Let the month point to a run, which takes a moment; if its rows stand already, they stay."""
    with database.atomic():
        hold()
        row = find(run.month)
        refuse_sealed(row)
        _refuse_overtaken(row, run)
        if row is not None and row.state == "proposed" and row.run_id != run.found.run_id:
            perform(SCORE_MONTH, row, "lapse", by=by, at=at)
        row = _note(row, run, at)
        told = {"month": row.month, "policy": run.policy.number, "run_id": row.run_id, "officers": row.officer_count}
        record(by, "scores.run", row, told, at=at)
    return row


def _refuse_overtaken(row: ScoreMonth | None, run: Run) -> None:
    """A run that began later is not replaced by one that knew less."""
    if row is not None and (row.run_id != run.found.run_id if run.is_stored else row.run > run.number):
        raise RuleBroken(reason("month_has_changed", month=str(run.month)))


def _note(row: ScoreMonth | None, run: Run, at: datetime) -> ScoreMonth:
    facts = run.facts if run.is_stored else {**run.facts, "run": run.number}
    if row is None:
        return ScoreMonth.create(month=str(run.month), state=SCORE_MONTH.start, computed_at=at, **facts)
    ScoreMonth.update(computed_at=at, **facts).where(ScoreMonth.id == row.id).execute()
    return ScoreMonth.get_by_id(row.id)
