"""Sealing a month: two persons, or the clock; once, and for good."""

import hashlib
from datetime import UTC, datetime

import peewee

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import IST, Month, now
from karmyogi.core.permissions import Actor, Role
from karmyogi.core.reasons import Reason, reason
from karmyogi.scores import rules
from karmyogi.scores.models import ScoreMonth, SealBlock
from karmyogi.scores.queries.months import current_inputs, months_due_to_seal, overtaken_by
from karmyogi.scores.queries.rows import Fingerprint, blocks_of, fingerprint_of, stored
from karmyogi.scores.queries.storing import remove_others
from karmyogi.scores.rules import SCORE_MONTH
from karmyogi.scores.service.checks import hold, refuse, refuse_sealed, scored
from karmyogi.scores.service.computing import COMPUTE, run_id_now, run_month
from karmyogi.scores.service.periods import ask_to_add_up
from karmyogi.scores.service.policies import terms_of
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import hold_month, lock_out_other_imports
from karmyogi.store.pace import Pace
from karmyogi.store.trail import record
from karmyogi.store.transitions import check, perform

SEALED = "scores.seal"
COMPUTED_SHARE = 0.7  # of sealing, when the month has been computed once more


def refuse_unready(
    row: ScoreMonth, action: str, *, by: Actor, remark: str = "", at: datetime, may_compute: bool = False
) -> None:
    """Raise what is known without computing against proposing or sealing: RuleBroken, NotAllowed, WrongState.

    Who may compute the month again before sealing it is not kept from it by later reports or a later policy.
    """
    if action == "seal":
        refuse_sealed(row)
    check(SCORE_MONTH, row, SCORE_MONTH.step(row.state, action), by=by, remark=remark)
    is_stale, overtaken = (False, None) if may_compute else (_has_newer_reports(row), overtaken_by(row, COMPUTE))
    refuse(_reasons_against_sealing(row, at, is_stale=is_stale, overtaken=overtaken))


def propose_seal(
    month: Month, *, by: Actor, remark: str = "", at: datetime | None = None, pace: Pace | None = None
) -> ScoreMonth:
    """Say that a month is right and ask a second person to seal it.

    The month is computed once more beside the stored one, so that nobody proposes what the facts have left behind.
    Raises RuleBroken if it is not over, stale, or an earlier month is open; NotAllowed, WrongState; Cancelled.
    """
    at, row = at or now(), scored(month)
    refuse_unready(row, "propose", by=by, remark=remark, at=at)
    _refuse_stale(row, at, pace or Pace())
    with database.atomic():
        hold()
        _refuse_moved(row)
        perform(SCORE_MONTH, row, "propose", by=by, remark=remark, at=at)
    return row


def withdraw_proposal(month: Month, *, by: Actor, remark: str = "", at: datetime | None = None) -> ScoreMonth:
    """Take a proposal to seal back. Raises WrongState if there is none, NotAllowed."""
    row = scored(month)
    perform(SCORE_MONTH, row, "withdraw", by=by, remark=remark, at=at)
    return row


def seal_month(
    month: Month, *, by: Actor, remark: str = "", at: datetime | None = None, pace: Pace | None = None
) -> ScoreMonth:
    """Freeze a month for good: its rows, policy and inputs under one hash, chained to the seal before it.

    A person seals what another has proposed; the system seals without a
    proposal, and first computes again what has become stale, or what a later
    version of the policy has overtaken. What counts is what is known while the
    month is computed for this once more: a certificate verified a moment later
    comes late. Raises RuleBroken if the month is not over, stale, overtaken,
    damaged, or an earlier one is open; NotAllowed, WrongState; Cancelled.
    """
    at, row = (at or now()).astimezone(UTC).replace(microsecond=0), scored(month)
    pace, by_clock = pace or Pace(), Role.SYSTEM in by.roles
    refuse_unready(row, "seal", by=by, remark=remark, at=at, may_compute=by_clock)
    if by_clock and overtaken_by(row, COMPUTE):
        row = run_month(month, by=by, at=at)
    elif by_clock and _is_stale(row, pace.part(0, COMPUTED_SHARE)):
        row = run_month(month, by=by, policy_number=row.policy.number, at=at)
    elif not by_clock:
        _refuse_stale(row, at, pace.part(0, COMPUTED_SHARE))
    found = _found_whole(row, pace.part(COMPUTED_SHARE, 1))  # long, so before the transaction
    with database.atomic():
        hold()
        lock_out_other_imports()  # none is applied or undone between the last look at the data and the seal
        _refuse_moved(row)
        overtaken = None if by_clock else overtaken_by(row, COMPUTE)
        refuse(_reasons_against_sealing(row, at, is_stale=_has_newer_reports(row), overtaken=overtaken))
        _seal(row, found, by=by, remark=remark, at=at)
    remove_others(month, row.run)  # left by a computation that was killed, or is about to be refused
    return row


def seal_due_months(*, by: Actor, at: datetime | None = None) -> list[str]:
    """Compute and seal every month that is due, oldest first; returns the months sealed. Nobody's month is passed over.

    Raises what `seal_month` raises at the first month that cannot be sealed: those before it stay sealed.
    """
    at = at or now()
    due = months_due_to_seal(at.astimezone(IST).date())
    computed = [run_month(month, by=by, at=at) for month in due]
    return [seal_month(Month.parse(row.month), by=by, at=at).month for row in computed if row.officer_count]


def _seal(row: ScoreMonth, found: Fingerprint, *, by: Actor, remark: str, at: datetime) -> None:
    last = _last_sealed()
    row.sealed_at, row.seal_number = at, last.seal_number + 1 if last else 1
    row.previous_seal = last.seal if last else None
    facts = {name: getattr(row, name) for name in ("sealed_at", "seal_number", "previous_seal")}
    perform(SCORE_MONTH, row, "seal", by=by, remark=remark, at=at, **facts, seal=seal_of(row))
    hold_month(row.month, at=at)
    SealBlock.insert_many(blocks_of(Month.parse(row.month), found)).execute()
    # On the keyed trail, so that a seal computed anew after tampering does not pass.
    record(by, SEALED, row, {"month": row.month, "number": row.seal_number, "seal": row.seal}, at=at)
    ask_to_add_up(row.month, by=by, at=at)


def seal_of(row: ScoreMonth) -> str:
    """SHA-256 over what is sealed: the rows by their run id, the policy's terms, the inputs, and the seal before."""
    covered = {
        "month": row.month,
        "number": row.seal_number,
        "policy": terms_of(row.policy),
        "run_id": row.run_id,
        "officer_count": row.officer_count,
        "data_as_on": row.data_as_on,
        "inputs": row.inputs,
        "computed_at": row.computed_at.isoformat(),
        "sealed_at": row.sealed_at.isoformat(),
        "previous_seal": row.previous_seal,
        **({"version": row.seal_version} if row.seal_version > 1 else {}),
    }
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def _last_sealed() -> ScoreMonth | None:
    return (
        ScoreMonth.select().where(ScoreMonth.seal_number.is_null(False)).order_by(ScoreMonth.seal_number.desc()).first()
    )


def _reasons_against_sealing(
    row: ScoreMonth, at: datetime, *, is_stale: bool, overtaken: int | None = None
) -> list[Reason]:
    earlier = ScoreMonth.select(peewee.fn.MIN(ScoreMonth.month)).where(
        (ScoreMonth.month < row.month) & (ScoreMonth.state != "sealed") & (ScoreMonth.officer_count > 0)
    )
    readiness = rules.Readiness(Month.parse(row.month), row.officer_count, is_stale, earlier.scalar(), overtaken)
    return rules.reasons_against_sealing(readiness, on=at.astimezone(IST).date())


def _refuse_stale(row: ScoreMonth, at: datetime, pace: Pace) -> None:
    refuse(_reasons_against_sealing(row, at, is_stale=_is_stale(row, pace)))


def _is_stale(row: ScoreMonth, pace: Pace) -> bool:
    """True if the month would come to something else if it were computed now, or would rest on other reports.

    Only computing tells: points also come from sessions, verified certificates
    and obligations, and go with postings, merged records and what was found not credible.
    """
    return _has_newer_reports(row) or run_id_now(row, pace) != row.run_id


def _found_whole(row: ScoreMonth, pace: Pace) -> Fingerprint:
    """The month's rows as they stand. Raises RuleBroken if they are not those that were computed."""
    officers = max(row.officer_count, 1)
    found = fingerprint_of(stored(Month.parse(row.month)), told=lambda read: pace.at(read / officers))
    if found.run_id != row.run_id:
        raise RuleBroken(reason("month_is_damaged", month=row.month))
    return found


def _has_newer_reports(row: ScoreMonth) -> bool:
    """True if reports have been applied, or taken back, since the month was computed."""
    return row.inputs != current_inputs()


def _refuse_moved(row: ScoreMonth) -> None:
    current = ScoreMonth.get_by_id(row.id)
    if (current.run_id, current.computed_at) != (row.run_id, row.computed_at):
        raise RuleBroken(reason("month_has_changed", month=row.month))
