"""Verbs of corrections: a sealed month is computed from today's records beside itself, and two people approve it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import peewee

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import SYSTEM, Actor, Permission
from karmyogi.core.reasons import reason
from karmyogi.scores import rules
from karmyogi.scores.models import CorrectedLine, CorrectedScore, Correction, CorrectionBlock, ScoreMonth
from karmyogi.scores.queries.basis import basis_since
from karmyogi.scores.queries.computing import LINES, snapshot, stage_month, staged, staged_officers
from karmyogi.scores.queries.corrections import last_correction, open_correction
from karmyogi.scores.queries.differences import (
    clear_differences,
    digests_of_changes,
    figures,
    keep_differences,
    lay_differences,
)
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.queries.months import Inputs, current_inputs, data_as_on
from karmyogi.scores.queries.rows import STAGED, Fingerprint, digest_blocks, fingerprint_of, stored
from karmyogi.scores.queries.storing import remove_orphans, remove_run, tell_sizes, write_run
from karmyogi.scores.rules import CORRECTION, SCORES_ALONE
from karmyogi.scores.service.checks import hold, require, scored
from karmyogi.scores.service.computing import cleared_stage, number_of, run_id_now
from karmyogi.scores.service.periods import ask_to_add_up
from karmyogi.scores.service.policies import terms_of
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import hold_correction, lock_out_other_imports, number_correction, release_correction
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.pace import Pace
from karmyogi.store.trail import record
from karmyogi.store.transitions import check, perform, remember_hand, steps_taken

CORRECT, APPROVE = "correct-month", "approve-correction"
APPROVED = "corrections.approve"
OF_CORRECTION = (CorrectedLine, CorrectedScore, CorrectionBlock)
# How much of the work is done when the month is staged and compared, and when it is hashed.
STAGED_SHARE, HASHED_SHARE = 0.4, 0.6


@dataclass(frozen=True)
class Draft:
    """What correcting a month came to, before it is kept."""

    base: ScoreMonth | Correction
    run: int
    found: Fingerprint
    officers: int
    changes: str
    digests: dict[int, str]
    figures: rules.Figures
    basis: rules.Basis
    inputs: Inputs
    data_as_on: date | None

    @property
    def facts(self) -> dict[str, object]:
        return {
            "month": self.base.month,
            "policy": self.base.policy_id,
            "base_run": self.base.run,
            "base_run_id": self.base.run_id,
            "run": self.run,
            "run_id": self.found.run_id,
            "officer_count": self.officers,
            "data_as_on": self.data_as_on,
            "inputs": self.inputs,
            "basis": self.basis.as_data(),
            "figures": self.figures.as_data(),
            "changes": self.changes,
        }


def ask_for_correction(row: ScoreMonth, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the computing of a correction of a sealed month; asked for twice it is made once.

    Raises NotAllowed, or RuleBroken if none may be opened.
    """
    require(by, Permission.CORRECTIONS_OPEN)
    _refuse_to_open(row)
    earlier = Correction.select().where(Correction.month == row.month).count()
    return enqueue(CORRECT, f"{row.month}@{earlier}", by=by, at=at)


def draft_correction(month: Month, *, by: Actor, at: datetime | None = None, pace: Pace | None = None) -> Correction:
    """Compute a sealed month from today's records under its own policy, and keep what that changes, for nobody yet.

    The sealed rows, or those of the last correction, stay as they are; the corrected ones stand beside them. Raises
    NotAllowed; RuleBroken if the month is not sealed, a correction is open already, or nothing differs; Cancelled.
    """
    require(by, Permission.CORRECTIONS_OPEN)
    at, row, pace = (at or now()).astimezone(UTC).replace(microsecond=0), scored(month), pace or Pace()
    _refuse_to_open(row)
    remove_orphans(month)
    with _cleared():
        draft = _computed(row, pace)
        return _kept(draft, pace, by=by, at=at)


def _refuse_to_open(row: ScoreMonth) -> None:
    if row.state != "sealed":
        raise RuleBroken(reason("correction_needs_seal", month=row.month))
    if open_correction(row.month):
        raise RuleBroken(reason("correction_is_open", month=row.month))


@contextmanager
def _cleared() -> Iterator[None]:
    with cleared_stage():
        try:
            yield
        finally:
            if not database.in_transaction():
                clear_differences()


def _computed(row: ScoreMonth, pace: Pace) -> Draft:
    """Everything long, on one view of the data. Raises RuleBroken if it comes to the same rows."""
    month, base = Month.parse(row.month), last_correction(row.month) or row
    run = number_of(base)
    with snapshot():
        stage_month(month, rules.policy_for(month, published_policies(), number=row.policy.number))
        lay_differences(month, base.run)
        inputs, as_on = current_inputs(), data_as_on()
        basis, counted = basis_since(base, inputs), figures(month, base.run)
    pace.at(STAGED_SHARE)
    found, (changes, digests) = fingerprint_of(replace(STAGED, version=SCORES_ALONE)), digests_of_changes()
    if not digests:
        raise RuleBroken(reason("correction_changes_nothing", month=row.month))
    pace.at(HASHED_SHARE)
    return Draft(base, run, found, staged_officers(), changes, digests, counted, basis, inputs, as_on)


def _kept(draft: Draft, pace: Pace, *, by: Actor, at: datetime) -> Correction:
    """Write the corrected rows in steps, then the case with all that it says; refused, nothing is left."""
    month, lines = Month.parse(draft.base.month), max(staged(LINES), 1)
    try:
        for done in write_run(month, draft.run, scores_alone=True):
            pace.at(HASHED_SHARE + (1 - HASHED_SHARE) * done / lines)
        with database.atomic():
            hold()
            case = _opened(draft, by=by, at=at)
    except peewee.IntegrityError as error:  # another worker has opened one
        remove_run(month, draft.run)
        raise RuleBroken(reason("correction_is_open", month=str(month))) from error
    except BaseException:
        remove_run(month, draft.run)
        raise
    tell_sizes()
    return case


def _opened(draft: Draft, *, by: Actor, at: datetime) -> Correction:
    _refuse_to_open(scored(Month.parse(draft.base.month)))
    case = Correction.create(state=CORRECTION.start, computed_at=at, **draft.facts)
    keep_differences(case.id)
    blocks = digest_blocks(score=draft.found.scores, group=draft.found.groups, change=draft.digests)
    CorrectionBlock.insert_many([{"correction": case.id, **block} for block in blocks]).execute()
    remember_hand(CORRECTION, case, "correction_open", by=by, at=at)
    told = {"month": case.month, "run_id": case.run_id, "officers": draft.figures.officers}
    record(by, "correction.open", case, told, at=at)
    return case


def propose_correction(case: Correction, *, by: Actor, remark: str, at: datetime | None = None) -> Correction:
    """Ask a second person to approve it, saying what it rests on. Raises NotAllowed, WrongState, RuleBroken."""
    fresh = Correction.get_by_id(case.id)
    with database.atomic():
        lock_out_other_imports()
        perform(CORRECTION, fresh, "correction_propose", by=by, remark=remark, at=at)
        hold_correction(fresh.id, fresh.month, counts=[number for number, *_kind_and_hash in fresh.inputs])
    return fresh


def return_correction(case: Correction, *, by: Actor, remark: str, at: datetime | None = None) -> Correction:
    """Send a proposal back with the reason, which ends it. Raises NotAllowed, WrongState, RuleBroken."""
    return _dropped(case, "correction_return", by=by, remark=remark, at=at)


def withdraw_correction(case: Correction, *, by: Actor, remark: str = "", at: datetime | None = None) -> Correction:
    """Take a correction back that nobody has approved. Raises NotAllowed, WrongState."""
    return _dropped(case, "correction_withdraw", by=by, remark=remark, at=at)


def _dropped(case: Correction, action: str, *, by: Actor, remark: str = "", at: datetime | None = None) -> Correction:
    """End a correction without approval: the case and its figures stay, what it would have said of anybody goes."""
    fresh = Correction.get_by_id(case.id)
    with database.atomic():
        perform(CORRECTION, fresh, action, by=by, remark=remark, at=at)
        release_correction(fresh.id)
        for table in OF_CORRECTION:
            table.delete().where(table.correction == fresh.id).execute()
    remove_run(Month.parse(fresh.month), fresh.run)
    return fresh


def ask_to_approve(case: Correction, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the approval: the month is computed once more first. Raises what approving would."""
    fresh = Correction.get_by_id(case.id)
    check(CORRECTION, fresh, CORRECTION.step(fresh.state, "correction_approve"), by=by)
    return enqueue(APPROVE, f"{fresh.id}@{len(steps_taken(CORRECTION, fresh))}", by=by, at=at)


def approve_correction(case: Correction, *, by: Actor, at: datetime | None = None) -> Correction:
    """Approve a correction as the second person: it takes the month's next number and is chained to what it corrects.

    The month is computed once more; if the records have moved since the proposal, the proposal lapses instead, and
    the case is given back in that state. Raises NotAllowed, WrongState, or RuleBroken: by a hand that has acted on it,
    if its rows are damaged, or if reports come in at this very moment.
    """
    at, fresh = (at or now()).astimezone(UTC).replace(microsecond=0), Correction.get_by_id(case.id)
    check(CORRECTION, fresh, CORRECTION.step(fresh.state, "correction_approve"), by=by)
    month, inputs = scored(Month.parse(fresh.month)), current_inputs()
    if run_id_now(month, version=SCORES_ALONE) != fresh.run_id:
        return _dropped(fresh, "correction_lapse", by=SYSTEM, at=at)
    _refuse_damaged(fresh)
    with database.atomic():
        hold()
        lock_out_other_imports()
        if current_inputs() != inputs:
            raise RuleBroken("correction_overtaken")
        _approve(fresh, month, by=by, at=at)
    return fresh


def _refuse_damaged(case: Correction) -> None:
    """Raise RuleBroken if the rows that stand are not those that were computed: nothing else is worth a hash."""
    rows = fingerprint_of(stored(Month.parse(case.month), case.run)).run_id
    if (rows, digests_of_changes(case.id)[0]) != (case.run_id, case.changes):
        raise RuleBroken("correction_is_damaged")


def _approve(case: Correction, month: ScoreMonth, *, by: Actor, at: datetime) -> None:
    before = last_correction(case.month)
    case.number, case.approved_at = before.number + 1 if before else 1, at
    case.previous = before.hash if before else month.seal
    facts = {name: getattr(case, name) for name in ("number", "approved_at", "previous")}
    perform(CORRECTION, case, "correction_approve", by=by, at=at, **facts, hash=hash_of(case))
    number_correction(case.id, case.number)
    # On the keyed trail, so that a hash computed anew after tampering does not pass.
    record(by, APPROVED, case, {"month": case.month, "number": case.number, "hash": case.hash}, at=at)
    ask_to_add_up(case.month, case.number, by=by, at=at)


def hash_of(case: Correction) -> str:
    """SHA-256 over what is approved: the rows by their run id, what it says of each officer, and what came before."""
    names = ("month", "number", "base_run_id", "run_id", "officer_count", "data_as_on", "inputs", "basis", "figures")
    covered = {
        **{name: getattr(case, name) for name in names},
        "changes": case.changes,
        "policy": terms_of(case.policy),
        "computed_at": case.computed_at.isoformat(),
        "approved_at": case.approved_at.isoformat(),
        "previous": case.previous,
    }
    return hashlib.sha256(canonical(covered).encode()).hexdigest()
