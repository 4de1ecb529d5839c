"""Nominations within an actor's reach: who sees what, with whom each waits, and what moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import peewee

from karmyogi.accounts.models import User
from karmyogi.core.months import IST, as_utc
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.workflow import Step, not_own_case, not_same_hand
from karmyogi.nominations.models import STATES, Category, Cycle, Nomination, Scheme
from karmyogi.nominations.rules import (
    CREATE,
    LATE_AFTER,
    NOMINATION,
    UNDECIDED,
    WAITING,
    Hand,
)
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.reach import NO_ROW, within
from karmyogi.store.transitions import CaseStep, steps_taken

ONWARD = frozenset({"submit", "verify", "select", "release", "award"})  # the steps that carry a case onward


def nominations_for(actor: Actor) -> peewee.ModelSelect:
    """The nominations within the actor's reach, newest cycle first, then by department and priority.

    `shown` is the state as this actor may know it; filter and count by it, not by `state`.
    """
    return (
        _with_names(as_shown_to(actor).alias("shown"))
        .where(_within_reach(actor, Permission.NOMINATIONS_READ))
        .order_by(Cycle.opens_on.desc(), Cycle.id.desc(), Department.name_en, Nomination.priority, Nomination.id)
    )


Department = OrgUnit.alias("department")


def _with_names(*more: peewee.Node) -> peewee.ModelSelect:
    return (
        Nomination.select(Nomination, Officer, Cycle, Scheme, Category, Department, *more)
        .join(Officer)
        .switch(Nomination)
        .join(Cycle)
        .join(Scheme)
        .switch(Nomination)
        .join(Category, on=Nomination.category == Category.id)
        .switch(Nomination)
        .join(Department, on=Nomination.department == Department.id, attr="department")
    )


def as_shown_to(actor: Actor) -> peewee.Node:
    """The state as this actor may know it: outside GAD a choice not yet released still reads as verified."""
    if sees_decisions(actor):
        return Nomination.state
    return peewee.Case(None, [(Nomination.state == UNDECIDED, "verified")], Nomination.state)


def sees_decisions(actor: Actor) -> bool:
    """True for those who may know a choice before it is released: GAD, its second person, the auditor."""
    return scope_of(actor, Permission.DECISIONS_READ).everything


def _within_reach(actor: Actor, permission: Permission) -> peewee.Expression:
    return within(
        scope_of(actor, permission),
        line_path=Nomination.line_path,
        territory_path=Nomination.territory_path,
        officer=Nomination.officer,
    )


def pending_with(actor: Actor) -> peewee.ModelSelect:
    """The nominations that wait for this actor: some step onward is theirs to take, remark and rules aside.

    Drafts and returned ones wait for the head, then each state for the next hand;
    a case the actor may not touch (own case, earlier hand) does not wait for them.
    """
    waiting = NO_ROW
    for step in NOMINATION.steps:
        if step.action in ONWARD:
            waiting = waiting | _waits_for(actor, step)
    return _with_names(as_shown_to(actor).alias("shown")).where(waiting).order_by(Nomination.opened_at, Nomination.id)


def _waits_for(actor: Actor, step: Step) -> peewee.Expression:
    reached = _headed_by(actor) if step.permission is CREATE else _within_reach(actor, step.permission)
    mine = Nomination.state.in_(sorted(step.sources)) & reached
    if not_own_case in step.guards and actor.officer_id is not None:
        mine = mine & (Nomination.officer != actor.officer_id)
    if not_same_hand in step.guards:
        mine = mine & ~_touched_by(actor)
    return mine


def _headed_by(actor: Actor) -> peewee.Expression:
    """True for nominations of departments that this actor heads."""
    return within(scope_of(actor, CREATE), line_path=Department.line_path, territory_path=Department.territory_path)


def _touched_by(actor: Actor) -> peewee.Expression:
    """True if any earlier step of the nomination was taken by this account or this person."""
    mine = CaseStep.user_id == (actor.user_id if actor.user_id is not None else -1)
    if actor.officer_id is not None:
        mine = mine | (CaseStep.officer_id == actor.officer_id)
    earlier = CaseStep.select(CaseStep.id).where(
        (CaseStep.workflow == NOMINATION.name) & (CaseStep.case_id == Nomination.id) & mine
    )
    return peewee.fn.EXISTS(earlier)


def moved_since(actor: Actor, at: datetime) -> peewee.Expression:
    """The condition that somebody else took a step, after that moment, that this actor may know of."""
    by_another = CaseStep.user_id.is_null() | (CaseStep.user_id != (actor.user_id or 0))
    return Nomination.id.in_(_known_steps(actor).where((CaseStep.at > at) & by_another))


def unmoved_since(actor: Actor, at: datetime) -> peewee.Expression:
    """The condition that a nomination begun by that moment has taken no step since that this actor may know of.

    Outside GAD a choice not yet released is no step: else the length of a wait would tell of it.
    """
    return (Nomination.opened_at <= at) & Nomination.id.not_in(_known_steps(actor).where(CaseStep.at > at))


def _known_steps(actor: Actor) -> peewee.ModelSelect:
    """The cases of the steps that this actor may know of."""
    steps = CaseStep.select(CaseStep.case_id).where(CaseStep.workflow == NOMINATION.name)
    return steps if sees_decisions(actor) else steps.where(CaseStep.to_state != UNDECIDED)


@dataclass(frozen=True)
class StateCount:
    """How many nominations of a cycle stand in a state, as the reader may know it."""

    cycle_id: int
    state: str
    count: int


def state_counts(actor: Actor, within_cycles: Sequence[Cycle]) -> list[StateCount]:
    """The nominations of these cycles within the actor's reach, by cycle and state, in the order of the road."""
    shown = as_shown_to(actor)
    rows = (
        Nomination.select(Nomination.cycle, shown, peewee.fn.COUNT(Nomination.id))
        .where(Nomination.cycle.in_(within_cycles) & _within_reach(actor, Permission.NOMINATIONS_READ))
        .group_by(Nomination.cycle, shown)
    )
    found = [StateCount(*row) for row in rows.tuples()]
    return sorted(found, key=lambda one: (one.cycle_id, STATES.index(one.state)))


def late_counts(actor: Actor, *, on: date) -> list[tuple[str, int]]:
    """By state, the nominations within reach that wait for somebody's step and took none for `LATE_AFTER` days."""
    shown = as_shown_to(actor)
    rows = (
        Nomination.select(shown, peewee.fn.COUNT(Nomination.id))
        .where(_within_reach(actor, Permission.NOMINATIONS_READ) & is_late(actor, on=on))
        .group_by(shown)
    )
    return sorted(rows.tuples(), key=lambda row: STATES.index(row[0]))


def is_late(actor: Actor, *, on: date) -> peewee.Expression:
    """The condition that a case waits for somebody and took no step, as far as one may know, for too many days."""
    begin = as_utc(datetime.combine(on - timedelta(days=LATE_AFTER), time()))
    return Nomination.state.in_(WAITING) & unmoved_since(actor, begin)


def steps(nomination: Nomination, actor: Actor) -> list[CaseStep]:
    """Every step taken, oldest first; outside GAD without a choice that is not yet released."""
    taken = steps_taken(NOMINATION, nomination)
    if nomination.state != UNDECIDED or sees_decisions(actor):
        return taken
    return [one for one in taken if one.to_state != UNDECIDED]


def hands(nomination: Nomination) -> list[Hand]:
    """Every earlier hand on a nomination, oldest first."""
    return [
        Hand(one.action, one.from_state, one.user_id, one.officer_id) for one in steps_taken(NOMINATION, nomination)
    ]


def returned_on(nomination: Nomination) -> date | None:
    """The day, in India, of the latest return; None if it was never returned."""
    taken = [one.at for one in steps_taken(NOMINATION, nomination) if one.to_state == "returned"]
    return taken[-1].astimezone(IST).date() if taken else None


def accounts_of(taken: Sequence[CaseStep]) -> list[User]:
    """The accounts that took these steps, each with its officer, in one statement."""
    ids = {step.user_id for step in taken if step.user_id is not None}
    return list(User.select(User, Officer).join(Officer, peewee.JOIN.LEFT_OUTER).where(User.id.in_(ids)))
