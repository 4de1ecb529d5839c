"""What counts: one source for each name that a rule's `counts` may give."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from karmyogi.core.reasons import N_, Day, Reason, declare, reason
from karmyogi.scores.rules.facts import NOWHERE, Attendance, Completion, Facts, Origin
from karmyogi.scores.rules.policies import Policy

SECONDS_PER_HOUR = 3_600

declare(
    item_late=N_("Not counted as in time: the due date was %(due_on)s."),
)


@dataclass(frozen=True)
class Item:
    """One thing that a source offers; `amount` is 1, or the seconds of learning.

    Items are counted by day, then by `order`, so that nothing is left to chance.
    """

    on: date
    order: tuple[str, ...] = ()
    amount: int = 1
    name_hi: str = ""
    name_en: str = ""
    due_on: date | None = None
    done: Completion | None = field(default=None, compare=False)  # what was finished, where it is a completion
    origin: Origin = field(default=NOWHERE, compare=False)


def _nothing_bars(_item: Item) -> None:
    return None


@dataclass(frozen=True)
class Source:
    """Where a rule's items come from, what bars one of them, and how much of `amount` makes one item."""

    items: Callable[[Facts, Policy], list[Item]]
    bar: Callable[[Item], Reason | None] = _nothing_bars
    amount_each: int = 1
    happens_once: bool = False


def _of_completion(completion: Completion, *, amount: int = 1) -> Item:
    """Counted by the time of completion, then normalised name, provider and type."""
    at = completion.completed_at.astimezone(UTC).isoformat()
    return Item(
        on=completion.completed_on,
        order=(at, completion.course_name, completion.provider, completion.kind),
        amount=amount,
        name_en=completion.course_name,
        due_on=completion.due_on,
        done=completion,
        origin=completion.origin,
    )


def _courses(facts: Facts, policy: Policy, *, planned: bool) -> list[Completion]:
    return [c for c in facts.completions if c.kind in policy.course_kinds and c.is_planned == planned]


def _free_courses(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_completion(c) for c in _courses(facts, policy, planned=False)]


def _plan_courses(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_completion(c) for c in _courses(facts, policy, planned=True)]


def _dated_plan_courses(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_completion(c) for c in _courses(facts, policy, planned=True) if c.due_on]


def is_in_time(completed_on: date, *, due_on: date | None) -> bool:
    """True for a course finished before 00:00 in India of the day after it was due.

    A day in India tells this exactly: 23:59:59 of the due date is in time, a second later is not.
    """
    return due_on is not None and completed_on < due_on + timedelta(days=1)


def _lateness(item: Item) -> Reason | None:
    return None if is_in_time(item.on, due_on=item.due_on) else reason("item_late", due_on=Day(item.due_on))


def _passed_assessments(facts: Facts, policy: Policy) -> list[Item]:
    passed = [a for a in facts.assessments if a.is_passed]
    return [Item(on=a.attempted_on, order=(a.name,), name_en=a.name, origin=a.origin) for a in passed]


def _verified(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_completion(c) for c in facts.completions if c.is_verified]


def _learning_time(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_completion(c, amount=c.duration_seconds) for c in facts.completions if c.has_certificate]


def _rated(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_completion(c) for c in facts.completions if c.is_rated]


def _attended(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_session(a) for a in facts.attendances if a.part == "attended"]


def _taught(facts: Facts, policy: Policy) -> list[Item]:
    return [_of_session(a) for a in facts.attendances if a.part == "taught"]


def _of_session(attendance: Attendance) -> Item:
    title_hi, title_en = attendance.title_hi, attendance.title_en
    order = (title_en, title_hi)
    return Item(attendance.held_on, order, name_hi=title_hi, name_en=title_en, origin=attendance.origin)


def _registration(facts: Facts, policy: Policy) -> list[Item]:
    return [Item(on=facts.registered_on, origin=facts.registered_by)] if facts.registered_on else []


def _first_enrolment(facts: Facts, policy: Policy) -> list[Item]:
    first_on = facts.first_enrolled_on
    return [Item(on=first_on, origin=facts.first_enrolled_by)] if first_on else []


SOURCES: Mapping[str, Source] = {
    "course": Source(_free_courses),
    "plan_course": Source(_plan_courses),
    "plan_in_time": Source(_dated_plan_courses, bar=_lateness),
    "assessment": Source(_passed_assessments),
    "certificate": Source(_verified),
    "hours": Source(_learning_time, amount_each=SECONDS_PER_HOUR),
    "rating": Source(_rated),
    "session": Source(_attended),
    "taught": Source(_taught),
    "registered": Source(_registration, happens_once=True),
    "first_enrolment": Source(_first_enrolment, happens_once=True),
}
