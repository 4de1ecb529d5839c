"""What an officer should do next, the most pressing that the records show; and which last days are near."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from karmyogi.completions.rules import Step, StepTaken, step_to_take
from karmyogi.core.months import Month

SOON_DAYS = 30
NEAR_DAYS = 7  # a working week: what ends within it is pressing
SHOWN = 5  # the next few; the rest stand in their own lists


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


# Last days


class Ends(StrEnum):
    """What comes to its end on a day."""

    CYCLE = "cycle"  # a round takes no more nominations
    SEAL = "seal"  # the scheduler seals a month by itself
    INTEGRITY = "integrity"  # an integrity certificate of a nominee
    COURSE = "course"  # a course of one's own plan
    DISPUTE = "dispute"  # somebody waits for an answer or a decision about points


STAYING = (Ends.SEAL, Ends.DISPUTE)  # what still waits after its last day


@dataclass(frozen=True)
class Deadline:
    """A last day, inclusive; `key` is the number or month of what ends, the names are what it is called."""

    what: Ends
    on: date
    key: int | str
    name_hi: str = ""
    name_en: str = ""

    def days_left(self, today: date) -> int:
        """Days from today to the last day: 0 on that day, below zero after it."""
        return (self.on - today).days

    def is_near(self, today: date) -> bool:
        """True from seven days before the last day on."""
        return self.days_left(today) <= NEAR_DAYS


def seal_by(month: Month, *, grace_days: int) -> date:
    """The last day on which people seal a month; on the next the scheduler does."""
    return month.last_on + timedelta(days=grace_days)


def next_deadlines(found: Iterable[Deadline], *, on: date, limit: int = SHOWN) -> list[Deadline]:
    """The soonest of these, the nearest first; what ended before `on` is no deadline any more.

    A month that nobody sealed in time stays, as does a dispute: it still waits, and the earlier the more.
    """
    ahead = [one for one in found if one.on >= on or one.what in STAYING]
    return sorted(ahead, key=lambda one: (one.on, one.what, str(one.key)))[:limit]
