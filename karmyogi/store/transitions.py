"""The only door through which a case changes state."""

from collections import defaultdict
from collections.abc import Container, Sequence
from datetime import datetime
from typing import ClassVar

import peewee

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, covers
from karmyogi.core.reasons import Reason, reason
from karmyogi.core.workflow import Circumstances, Step, Workflow
from karmyogi.store.db import Moment, Table, database
from karmyogi.store.trail import record


class CaseStep(Table):
    """One step taken on one case: every earlier hand, for the guards and for the reader."""

    workflow = peewee.TextField()
    case_id = peewee.BigIntegerField()
    action = peewee.TextField()
    from_state = peewee.TextField()
    to_state = peewee.TextField()
    user_id = peewee.IntegerField(null=True)
    officer_id = peewee.IntegerField(null=True)
    actor = peewee.TextField()
    at = Moment()
    remark = peewee.TextField(default="")

    class Meta:
        indexes = ((("workflow", "case_id"), False), (("workflow", "at"), False))

    def __str__(self) -> str:
        return f"{self.workflow} {self.case_id}: {self.action}"


class Case(Table):
    """A row that goes through a workflow; its paths are those of the unit when the case was opened."""

    officer_id: ClassVar[int | None] = None  # a case about an officer shadows this with its column

    line_path = peewee.TextField(default="/")
    territory_path = peewee.TextField(default="/")
    state = peewee.TextField(index=True)


def perform(
    workflow: Workflow,
    case: Case,
    action: str,
    *,
    by: Actor,
    remark: str = "",
    at: datetime | None = None,
    **facts: object,
) -> None:
    """Take one step of `workflow` on `case`, storing `facts` in the same row.

    Raises NotAllowed, RuleBroken, or WrongState (also when someone else moved
    the case first). Nothing is written when it raises.
    """
    step = workflow.step(case.state, action)
    check(workflow, case, step, by=by, remark=remark)
    at = at or now()
    with database.atomic():
        _move(case, step, facts)
        _remember(workflow, case, step, by, remark, at)
    changed = {"state": step.target, **facts}
    for name, value in changed.items():
        setattr(case, name, value)
    # They are stored: saving the row later must not write them over somebody else's step.
    case._dirty.difference_update(changed)  # type: ignore[attr-defined]


def remember_hand(
    workflow: Workflow, case: Case, action: str, *, by: Actor, from_state: str = "", remark: str = "", at: datetime
) -> None:
    """Keep that somebody had a hand in a case by an act that is no step of its workflow: opening it, or rewriting it.

    Guards then count them among the earlier hands. `from_state` is empty for a case just opened. It stands in the
    caller's transaction, and the caller tells the trail, as only it knows what was written.
    """
    _keep_step(workflow, case, action, (from_state, case.state), by, remark, at)


def check(workflow: Workflow, case: Case, step: Step, *, by: Actor, remark: str = "") -> None:
    """Raise what `perform` would raise before it writes: no reach, or a guard that says no."""
    if not _covered(case, step, by):
        raise NotAllowed(reason("not_allowed"))
    reasons = step.reasons_against(_circumstances(case, by, remark, steps_taken(workflow, case)))
    if reasons:
        raise RuleBroken(*reasons)


def open_steps(workflow: Workflow, case: Case, *, by: Actor) -> list[Step]:
    """The steps this actor could take now, given a remark: what the page draws as buttons."""
    return open_steps_each(workflow, [case], by=by)[case.id]


def open_steps_each(workflow: Workflow, cases: Sequence[Case], *, by: Actor) -> dict[int, list[Step]]:
    """The same of many cases, by their number; one query for all their hands."""
    hands: defaultdict[int, list[CaseStep]] = defaultdict(list)
    for hand in steps_of_each(workflow, [case.id for case in cases]):
        hands[hand.case_id].append(hand)
    return {case.id: _open(workflow, case, by, hands[case.id]) for case in cases}


def _open(workflow: Workflow, case: Case, by: Actor, hands: Sequence[CaseStep]) -> list[Step]:
    here = _circumstances(case, by, "given", hands)
    return [s for s in workflow.actions_from(case.state) if _covered(case, s, by) and not s.reasons_against(here)]


def reasons_barring(workflow: Workflow, case: Case, actions: Container[str], *, by: Actor) -> list[Reason]:
    """Why this actor may not take the first of these steps that leads on from here, a remark given.

    Empty if they may, if none does, and for whoever it lies beyond the reach of: nobody asks them for it.
    """
    step = next((one for one in workflow.actions_from(case.state) if one.action in actions), None)
    if step is None or not _covered(case, step, by):
        return []
    return step.reasons_against(_circumstances(case, by, "given", steps_taken(workflow, case)))


def steps_taken(workflow: Workflow, case: Case) -> list[CaseStep]:
    """Every step taken on the case, oldest first."""
    return steps_of_each(workflow, [case.id])


def steps_of_each(workflow: Workflow, numbers: Sequence[int]) -> list[CaseStep]:
    """Every step taken on any of these cases, oldest first."""
    theirs = (CaseStep.workflow == workflow.name) & CaseStep.case_id.in_(list(numbers))
    return list(CaseStep.select().where(theirs).order_by(CaseStep.id))


def touched_by(actor: Actor, workflow: Workflow, case: peewee.Field) -> peewee.Function:
    """True for cases on which this account or person has acted before: another hand takes the next step."""
    mine = CaseStep.user_id == (actor.user_id or 0)
    if actor.officer_id is not None:
        mine = mine | (CaseStep.officer_id == actor.officer_id)
    steps = (CaseStep.workflow == workflow.name) & (CaseStep.case_id == case) & mine
    return peewee.fn.EXISTS(CaseStep.select(CaseStep.id).where(steps))


def _covered(case: Case, step: Step, by: Actor) -> bool:
    return covers(
        by,
        step.permission,
        officer_id=case.officer_id,
        line_path=case.line_path,
        territory_path=case.territory_path,
    )


def _circumstances(case: Case, by: Actor, remark: str, hands: Sequence[CaseStep]) -> Circumstances:
    return Circumstances(
        actor=by,
        officer_id=case.officer_id,
        earlier_users=frozenset(h.user_id for h in hands if h.user_id is not None),
        earlier_officers=frozenset(h.officer_id for h in hands if h.officer_id is not None),
        remark=remark,
    )


def _move(case: Case, step: Step, facts: dict[str, object]) -> None:
    model, before = type(case), case.state
    moved = (
        model.update({"state": step.target, **facts}).where((model.id == case.id) & (model.state == before)).execute()
    )
    if not moved:
        current = model.select(model.state).where(model.id == case.id).scalar()
        raise WrongState(reason("moved_on", state=current))


def _remember(workflow: Workflow, case: Case, step: Step, by: Actor, remark: str, at: datetime) -> None:
    _keep_step(workflow, case, step.action, (case.state, step.target), by, remark, at)
    record(by, f"{workflow.name}.{step.action}", case, {"state": [case.state, step.target]}, remark=remark, at=at)


def _keep_step(
    workflow: Workflow, case: Case, action: str, states: tuple[str, str], by: Actor, remark: str, at: datetime
) -> None:
    CaseStep.create(
        workflow=workflow.name,
        case_id=case.id,
        action=action,
        from_state=states[0],
        to_state=states[1],
        user_id=by.user_id,
        officer_id=by.officer_id,
        actor=by.name,
        at=at,
        remark=remark,
    )
