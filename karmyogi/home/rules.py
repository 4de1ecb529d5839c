"""What an officer should do next: one thing, the most pressing that the records show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from karmyogi.completions.rules import Step, StepTaken, step_to_take

SOON_DAYS = 30


class Todo(StrEnum):
    """The kinds of next steps, the most pressing first."""

    CORRECT = "correct"  # a claim that came back
    FIRST_STEP = "first_step"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    SUBMIT = "submit"  # a certificate that nobody has seen yet
    GO_ON = "go_on"  # a course that was begun
    CHOOSE = "choose"


@dataclass(frozen=True)
class Owed:
    """A course that the plan still expects; without a due date it is never late."""

    course_name: str
    due_on: date | None


@dataclass(frozen=True)
class Situation:
    """What the records say of an officer today; titles are empty where there is nothing of the kind."""

    steps: tuple[StepTaken, ...]
    returned_title: str = ""
    owed: Sequence[Owed] = ()
    unsubmitted_course: str = ""
    begun_course: str = ""


@dataclass(frozen=True)
class NextStep:
    """One thing to do: what it is about, the first step it is, and the due date if it has one."""

    todo: Todo
    name: str = ""
    step: Step | None = None
    due_on: date | None = None


def next_step(situation: Situation, *, on: date) -> NextStep:
    """The one thing to do next; there always is one.

    A claim that was returned goes first, as somebody waits for it; then the first
    steps in their order, courses overdue, and those due within thirty days, both
    ends included. The due date itself is not late yet.
    """
    return (
        _returned(situation)
        or _first_step(situation)
        or _due(situation, on)
        or _submit(situation)
        or NextStep(Todo.GO_ON if situation.begun_course else Todo.CHOOSE, situation.begun_course)
    )


def _returned(situation: Situation) -> NextStep | None:
    return NextStep(Todo.CORRECT, situation.returned_title) if situation.returned_title else None


def _first_step(situation: Situation) -> NextStep | None:
    step = step_to_take(situation.steps)
    return NextStep(Todo.FIRST_STEP, step=step) if step else None


def _due(situation: Situation, on: date) -> NextStep | None:
    dated = sorted((one.due_on, one.course_name) for one in situation.owed if one.due_on)
    if not dated or (dated[0][0] - on).days > SOON_DAYS:
        return None
    due_on, name = dated[0]
    return NextStep(Todo.OVERDUE if due_on < on else Todo.DUE_SOON, name, due_on=due_on)


def _submit(situation: Situation) -> NextStep | None:
    return NextStep(Todo.SUBMIT, situation.unsubmitted_course) if situation.unsubmitted_course else None
