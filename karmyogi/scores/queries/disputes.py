"""Disputes of points: whose they are, what waits for whom, and whether a line has one already."""

from datetime import date

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, can, scope_of
from karmyogi.people.models import Officer
from karmyogi.scores.models import Dispute, PolicyRule, ScoreMonth
from karmyogi.scores.rules import ANSWERED, DISPUTE, OPEN
from karmyogi.store.reach import within
from karmyogi.store.transitions import touched_by

# The last day of whatever step comes next.
DUE_ON = peewee.fn.COALESCE(Dispute.decide_by, Dispute.answer_by)


def disputes_for(actor: Actor, permission: Permission = Permission.DISPUTES_READ) -> peewee.ModelSelect:
    """Disputes within the actor's reach, each with its officer, the newest first."""
    reach = within(
        scope_of(actor, permission),
        line_path=Dispute.line_path,
        territory_path=Dispute.territory_path,
        officer=Dispute.officer,
    )
    return Dispute.select(Dispute, Officer).join(Officer).where(reach).order_by(Dispute.id.desc())


def disputes_waiting(actor: Actor, *, on: date) -> peewee.ModelSelect:
    """Disputes that this person is to answer or decide, the one with the earliest last day first: so the late lead.

    Whoever answers for the whole State is asked only where no unit could: for officers without a posting on the
    day, and where the unit has let its last day pass. Never one's own, nor one in which one had a hand.
    """
    mine = (Dispute.officer != (actor.officer_id or 0)) & ~touched_by(actor, DISPUTE, Dispute.id)
    rows = Dispute.select(Dispute, Officer).join(Officer)
    return rows.where((_to_answer(actor, on) | _to_decide(actor)) & mine).order_by(DUE_ON, Dispute.id)


def disputes_open(actor: Actor) -> peewee.ModelSelect:
    """Every dispute within reach that is not at its end, the one with the earliest last day first."""
    return disputes_for(actor).where(Dispute.state.in_(OPEN)).order_by(DUE_ON, Dispute.id)


def _to_answer(actor: Actor, on: date) -> peewee.Expression:
    scope = scope_of(actor, Permission.DISPUTES_ANSWER)
    reach = within(scope, line_path=Dispute.line_path, territory_path=Dispute.territory_path)
    left_to_the_state = (Dispute.line_path == "") | (Dispute.answer_by < on)
    return (Dispute.state == "raised") & (left_to_the_state if scope.everything else reach)


def _to_decide(actor: Actor) -> peewee.Expression:
    return Dispute.state.in_(ANSWERED if can(actor, Permission.DISPUTES_DECIDE) else ())


def disputes_of(officer_id: int, *, limit: int, month: Month | None = None) -> list[Dispute]:
    """An officer's disputes, the newest first; with a month only those of that month."""
    mine = Dispute.officer == officer_id
    if month:
        mine &= Dispute.month == str(month)
    return list(Dispute.select().where(mine).order_by(Dispute.id.desc()).limit(limit))


def open_dispute(officer_id: int, month: str, code: str) -> Dispute | None:
    """The dispute of this line that is not decided; None if there is none."""
    line = (Dispute.officer == officer_id) & (Dispute.month == month) & (Dispute.code == code)
    return Dispute.get_or_none(line & Dispute.state.in_(OPEN))


def lines_to_dispute(month: ScoreMonth) -> list[PolicyRule]:
    """Every line that a month's policy knows, also those that gave an officer nothing: something may be missing."""
    return list(PolicyRule.select().where(PolicyRule.policy == month.policy_id).order_by(PolicyRule.position))


def evidence_of(officer_id: int, *, limit: int) -> list[Achievement]:
    """What an officer can point to: own achievements that were not withdrawn, the newest first."""
    mine = (Achievement.officer == officer_id) & (Achievement.state != "withdrawn")
    return list(Achievement.select().where(mine).order_by(Achievement.id.desc()).limit(limit))
