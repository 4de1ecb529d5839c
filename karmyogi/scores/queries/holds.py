"""Scores that are not ranked: whose, why, what waits for a second person, and what computing leaves out."""

import peewee

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Officer
from karmyogi.people.queries import records_of
from karmyogi.scores.models import MonthlyScore, ScoreHold, ScoreMonth, is_counting
from karmyogi.scores.rules import SCORE_HOLD, STANDING, TOLD
from karmyogi.store.reach import within
from karmyogi.store.transitions import touched_by


def holds_for(actor: Actor, permission: Permission = Permission.HOLDS_READ) -> peewee.ModelSelect:
    """Holds and proposals within the actor's reach, each with its officer, the newest first."""
    scope = scope_of(actor, permission)
    reach = within(scope, line_path=ScoreHold.line_path, territory_path=ScoreHold.territory_path)
    return ScoreHold.select(ScoreHold, Officer).join(Officer).where(reach).order_by(ScoreHold.id.desc())


def holds_to_confirm(actor: Actor) -> peewee.ModelSelect:
    """Proposals that wait for this person as the second one, the longest waiting first; never about themselves."""
    another = (ScoreHold.officer != (actor.officer_id or 0)) & ~touched_by(actor, SCORE_HOLD, ScoreHold.id)
    waiting = holds_for(actor, Permission.HOLDS_CONFIRM).where((ScoreHold.state == "hold_proposed") & another)
    return waiting.order_by(ScoreHold.proposed_at, ScoreHold.id)


def standing_hold(officer_id: int, month: str) -> ScoreHold | None:
    """The hold of an officer's month, or the proposal of one; None if there is neither."""
    its = (ScoreHold.officer == officer_id) & (ScoreHold.month == month) & ScoreHold.state.in_(STANDING)
    return ScoreHold.get_or_none(its)


def holds_told(officer_id: int, *, month: Month | None = None) -> list[ScoreHold]:
    """What an officer is told of own scores that are not ranked or were not, the newest first; no mere proposals."""
    its = ScoreHold.officer.in_(records_of(officer_id)) & ScoreHold.state.in_(TOLD)
    if month:
        its &= ScoreHold.month == str(month)
    return list(ScoreHold.select().where(its).order_by(ScoreHold.month.desc(), ScoreHold.id.desc()))


def months_left_out(officer_id: int, first: str, last: str) -> list[str]:
    """The sealed months of a period that an officer's rank and points are missing in, because they were on hold.

    One that a correction has brought in since, after the hold was released, is missing no longer.
    """
    at_seal = (ScoreHold.confirmed_at <= ScoreMonth.sealed_at) & (
        ScoreHold.ended_at.is_null() | (ScoreHold.ended_at > ScoreMonth.sealed_at)
    )
    rows = (
        ScoreHold.select(ScoreHold.month)
        .join(ScoreMonth, on=ScoreMonth.month == ScoreHold.month)
        .where(ScoreHold.officer.in_(records_of(officer_id)) & ScoreHold.month.between(first, last) & at_seal)
    )
    corrected = (
        MonthlyScore.select(MonthlyScore.month)
        .join(ScoreMonth, on=is_counting(MonthlyScore))
        .where(MonthlyScore.officer.in_(records_of(officer_id)) & (MonthlyScore.run != ScoreMonth.run))
    )
    return sorted({month for (month,) in rows.where(ScoreHold.month.not_in(corrected)).tuples()})
