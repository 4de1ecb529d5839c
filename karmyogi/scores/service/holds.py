"""Verbs of holds: one person proposes that a score is not ranked, another confirms, somebody releases it."""

from datetime import datetime

import peewee

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import IST, Month, now
from karmyogi.core.permissions import SYSTEM, Actor, Permission
from karmyogi.people.models import Officer
from karmyogi.people.queries import paths_of, posting_of
from karmyogi.scores.models import ScoreHold, ScoreMonth
from karmyogi.scores.queries.holds import standing_hold
from karmyogi.scores.rules import SCORE_HOLD
from karmyogi.scores.service.checks import find, hold, refuse_sealed, require
from karmyogi.scores.service.computing import ask_to_compute
from karmyogi.store.db import database
from karmyogi.store.trail import record
from karmyogi.store.transitions import perform, remember_hand


def propose_hold(
    officer: Officer, month: ScoreMonth, *, reason: str, by: Actor, at: datetime | None = None
) -> ScoreHold:
    """Ask that an officer's score of a month that is not sealed be left out of the ranks; nothing changes yet.

    Raises NotAllowed, or RuleBroken: for a sealed month, without a reason, about oneself, or if one stands already.
    """
    require(by, Permission.HOLDS_PROPOSE)
    at, why = at or now(), reason.strip()
    refuse_sealed(month)
    if officer.id == by.officer_id:
        raise RuleBroken("own_case")
    if not why:
        raise RuleBroken("hold_reason_missing")
    if standing_hold(officer.id, month.month):
        raise RuleBroken("hold_already_there")
    try:
        with database.atomic():
            return _open(officer, month.month, why, by, at)
    except peewee.IntegrityError as error:  # somebody else proposed the same in between
        raise RuleBroken("hold_already_there") from error


def _open(officer: Officer, month: str, why: str, by: Actor, at: datetime) -> ScoreHold:
    posting = posting_of(officer, on=at.astimezone(IST).date())
    case = ScoreHold.create(
        state=SCORE_HOLD.start,
        **paths_of(posting),
        officer=officer,
        month=month,
        reason=why,
        proposed_at=at,
    )
    remember_hand(SCORE_HOLD, case, "hold_propose", by=by, remark=why, at=at)
    record(by, "score_hold.propose", case, {"officer": officer.id, "month": month}, remark=why, at=at)
    return case


def confirm_hold(case: ScoreHold, *, by: Actor, remark: str = "", at: datetime | None = None) -> ScoreHold:
    """Leave the score out of the ranks, as the second person; the month is queued to be computed again.

    Raises NotAllowed, WrongState, or RuleBroken: about oneself, by who proposed it, or if the month was sealed since.
    """
    at, fresh = at or now(), ScoreHold.get_by_id(case.id)
    with database.atomic():
        hold()
        refuse_sealed(find(Month.parse(fresh.month)))
        perform(SCORE_HOLD, fresh, "hold_confirm", by=by, remark=remark, at=at, confirmed_at=at)
        _compute_again(fresh, at)
    return fresh


def dismiss_hold(case: ScoreHold, *, by: Actor, remark: str, at: datetime | None = None) -> ScoreHold:
    """Drop a proposal, also one's own, with the reason. Raises NotAllowed, WrongState, RuleBroken."""
    at, fresh = at or now(), ScoreHold.get_by_id(case.id)
    perform(SCORE_HOLD, fresh, "hold_dismiss", by=by, remark=remark, at=at, ended_at=at)
    return fresh


def release_hold(case: ScoreHold, *, by: Actor, remark: str, at: datetime | None = None) -> ScoreHold:
    """Let the score be ranked again, with the reason; a month that was sealed meanwhile stays without it.

    Raises NotAllowed, WrongState, or RuleBroken about oneself or without a remark.
    """
    at, fresh = at or now(), ScoreHold.get_by_id(case.id)
    with database.atomic():
        hold()
        perform(SCORE_HOLD, fresh, "hold_release", by=by, remark=remark, at=at, ended_at=at)
        _compute_again(fresh, at)
    return fresh


def _compute_again(case: ScoreHold, at: datetime) -> None:
    """In the system's name: whoever confirms may not compute."""
    row = find(Month.parse(case.month))
    if row is not None and row.state != "sealed":
        ask_to_compute(case.month, by=SYSTEM, at=at)
