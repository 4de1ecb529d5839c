"""How a month's points come about, who is compared with whom, and when a month may be sealed.

One officer at a time, in plain Python: this is what a page explains. The room's
queries ask the same of everybody at once, and tests hold the two against each other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import cycle
from typing import Protocol, TypeVar

from karmyogi.core.errors import PolicyGap
from karmyogi.core.months import Month
from karmyogi.core.permissions import Permission, Role
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import Circumstances, not_same_hand, step, workflow

SECONDS_PER_HOUR = 3_600
MINIMUM_GROUP = 10  # a smaller group would let a person be inferred

declare(
    item_counted=N_("Counted."),
    item_over_cap=N_("Not counted: at most %(cap)s are counted in a month, the earliest first."),
    item_over_hours=N_("Not counted: the %(cap)s full hours of the month were already reached."),
    item_outside_posting=N_("Not counted: you held no posting on this day."),
    item_late=N_("Not counted as in time: the due date was %(due_on)s."),
    policy_gap=N_("No published scoring policy covers the month %(month)s."),
    policy_unknown=N_("There is no scoring policy with the number %(number)s."),
    policy_is_published=N_(
        "Scoring policy %(number)s is already published and never changes. Publish the change as a new version."
    ),
    policy_source_unknown=N_("The rule %(rule)s counts “%(counts)s”, and there is no such source."),
    policy_code_twice=N_("The rule %(rule)s stands twice in the policy."),
    policy_once_unknown=N_("The rule %(rule)s cannot be paid once only: its source happens more than once."),
    month_is_sealed=N_("The month %(month)s is sealed. Later data needs a correction."),
    month_not_scored=N_("The month %(month)s has not been computed yet. Run it first."),
    month_not_sealed=N_("The month %(month)s is not sealed, so there is no seal to prove."),
    month_is_empty=N_("Nobody has a score in the month %(month)s, so there is nothing to seal."),
    month_not_over=N_("The month %(month)s is not over yet, so it cannot be sealed."),
    month_is_stale=N_("Reports have come in since the month %(month)s was computed. Run it again first."),
    month_has_changed=N_("The month %(month)s was computed again meanwhile. Look at it and try again."),
    month_is_damaged=N_("The stored rows of %(month)s are not those that were computed. Run it again first."),
    earlier_month_open=N_("Months are sealed in order: seal %(month)s first."),
    seal_needs_proposal=N_("A person seals a month only after another person has proposed it."),
    seal_score_wrong=N_(
        "The sealed score of officer %(employee_code)s in %(month)s has been changed, removed or added since."
    ),
    seal_group_wrong=N_(
        "The sealed size of the group %(group)s in %(month)s has been changed, removed or added since."
    ),
    seal_run_wrong=N_("The sealed rows of %(month)s fit their digests, but not the run that was sealed."),
    seal_digests_wrong=N_("The digests kept with the seal of %(month)s have been changed since."),
    seal_header_wrong=N_(
        "The seal of %(month)s does not fit what it covers: its policy, inputs or dates have been changed since."
    ),
    seal_link_wrong=N_("The seal of %(month)s does not follow from the one sealed before it."),
    seal_off_trail=N_("The seal of %(month)s is not the one on the trail."),
    seal_missing=N_("The month %(month)s was sealed on the trail, and is sealed no longer."),
    state_unit_missing=N_("The State itself is missing among the units. Install the State's reference data first."),
)


# Policies


@dataclass(frozen=True)
class Rule:
    """One code of a policy. `cap` is the most items (for hours: full hours) paid in a month, None without limit."""

    code: str
    kind: str
    counts: str
    points: int
    cap: int | None = None
    once: bool = False
    label_hi: str = ""
    label_en: str = ""
    note_hi: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Policy:
    """A version of the State's own scoring policy, in the order in which a score is explained."""

    number: int
    effective_from: Month
    course_kinds: frozenset[str]
    grace_days: int
    rules: tuple[Rule, ...]


class _Version(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def effective_from(self) -> Month: ...


_V = TypeVar("_V", bound=_Version)


def policy_for(month: Month, policies: Iterable[_V], *, number: int | None = None) -> _V:
    """The policy that scores a month: the latest version in force by then, or the one with `number`.

    Raises PolicyGap if none is in force yet, or if the one asked for is not.
    """
    known = [policy for policy in policies if number is None or policy.number == number]
    if number is not None and not known:
        raise PolicyGap(reason("policy_unknown", number=number))
    in_force = [policy for policy in known if policy.effective_from <= month]
    if not in_force:
        raise PolicyGap(reason("policy_gap", month=str(month)))
    return max(in_force, key=lambda policy: policy.number)


def faults_of(policy: Policy) -> list[Reason]:
    """Why a policy cannot be published; empty if it can."""
    faults = []
    for position, rule in enumerate(policy.rules):
        if rule.counts not in SOURCES:
            faults.append(reason("policy_source_unknown", rule=rule.code, counts=rule.counts))
        elif rule.once and not SOURCES[rule.counts].happens_once:
            faults.append(reason("policy_once_unknown", rule=rule.code))
        if rule.code in {earlier.code for earlier in policy.rules[:position]}:
            faults.append(reason("policy_code_twice", rule=rule.code))
    return faults


# What an officer did


@dataclass(frozen=True)
class Posting:
    """Days in service, both inclusive; `to_on` None is until further notice."""

    from_on: date
    to_on: date | None = None

    def is_held(self, on: date) -> bool:
        """True on every day from the first to the last, both included."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class Completion:
    """A finished course, with what a plan expected of it; `completed_on` is the day in India."""

    course_name: str
    completed_at: datetime
    completed_on: date
    provider: str = ""
    kind: str = ""
    is_planned: bool = False
    due_on: date | None = None
    has_certificate: bool = False  # iGOT's own, which counts the hours
    is_verified: bool = False  # an achievement with a certificate image that was verified
    is_rated: bool = False
    duration_seconds: int = 0


@dataclass(frozen=True)
class Assessment:
    """A course assessment as last attempted."""

    name: str
    attempted_on: date
    is_passed: bool


@dataclass(frozen=True)
class Attendance:
    """A session attended or taught."""

    title_hi: str
    title_en: str
    held_on: date
    part: str = "attended"


@dataclass(frozen=True)
class Facts:
    """Everything about one officer that a score may rest on; other months' facts do no harm."""

    postings: tuple[Posting, ...] = ()
    completions: tuple[Completion, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    registered_on: date | None = None
    first_enrolled_on: date | None = None


# What counts: one source for each name that a rule's `counts` may give


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
    return None if is_in_time(item.on, due_on=item.due_on) else reason("item_late", due_on=str(item.due_on))


def _passed_assessments(facts: Facts, policy: Policy) -> list[Item]:
    return [Item(on=a.attempted_on, order=(a.name,), name_en=a.name) for a in facts.assessments if a.is_passed]


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
    return Item(on=attendance.held_on, order=(title_en, title_hi), name_hi=title_hi, name_en=title_en)


def _registration(facts: Facts, policy: Policy) -> list[Item]:
    return [Item(on=facts.registered_on)] if facts.registered_on else []


def _first_enrolment(facts: Facts, policy: Policy) -> list[Item]:
    return [Item(on=facts.first_enrolled_on)] if facts.first_enrolled_on else []


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


# Lines: what is counted, and why the rest is not


@dataclass(frozen=True)
class Entry:
    """An item of a line, and why it was counted or not."""

    item: Item
    why: Reason

    @property
    def is_counted(self) -> bool:
        return self.why.code == "item_counted"


@dataclass(frozen=True)
class Line:
    """A code's points of a month: `found` before the cap, `items` after it, and every item with its reason."""

    code: str
    found: int
    items: int
    points: int
    entries: tuple[Entry, ...] = ()


def lines_for(facts: Facts, policy: Policy, month: Month) -> list[Line]:
    """The lines that make up an officer's month, in the order of the policy; a code without points gives none.

    Months and days are Indian. An item counts only on a day with a posting,
    both ends included; a cap takes the earliest; hours are rounded down after
    adding up the month.
    """
    return [line for line in explained(facts, policy, month) if line.points]


def explained(facts: Facts, policy: Policy, month: Month) -> list[Line]:
    """Every line for which there is something to say, also where nothing was counted."""
    lines = [line_of(rule, facts, policy, month) for rule in policy.rules]
    return [line for line in lines if line.entries]


def line_of(rule: Rule, facts: Facts, policy: Policy, month: Month) -> Line:
    """What one rule makes of an officer's month; zero points if nothing counts."""
    source, amount, entries = SOURCES[rule.counts], 0, []
    for item in _offered(source, facts, policy, month):
        bar = _bar(source, item, facts)
        entries.append(Entry(item, bar or _verdict(rule, source, amount)))
        amount += 0 if bar else item.amount
    found = amount // source.amount_each
    items = found if rule.cap is None else min(found, rule.cap)
    return Line(rule.code, found, items, items * rule.points, tuple(entries))


def _offered(source: Source, facts: Facts, policy: Policy, month: Month) -> list[Item]:
    in_month = [item for item in source.items(facts, policy) if Month.of(item.on) == month]
    return sorted(in_month, key=lambda item: (item.on, item.order))


def _bar(source: Source, item: Item, facts: Facts) -> Reason | None:
    """Why an item is none for this source, whatever the cap."""
    if not any(posting.is_held(item.on) for posting in facts.postings):
        return reason("item_outside_posting")
    return source.bar(item)


def _verdict(rule: Rule, source: Source, amount_before: int) -> Reason:
    """An item counts unless those before it have already filled the cap."""
    if rule.cap is None or amount_before // source.amount_each < rule.cap:
        return reason("item_counted")
    return reason("item_over_cap" if source.amount_each == 1 else "item_over_hours", cap=rule.cap)


# Ranks and peer groups


def shared_ranks(values: Sequence[int | Fraction]) -> list[int]:
    """The rank of each value, highest first; equal values share a rank and the next one skips: 1, 2, 2, 4."""
    first_place: dict[int | Fraction, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first_place.setdefault(value, place)
    return [first_place[value] for value in values]


def width_of_steps(most: int, *, steps: int = 10) -> int:
    """How many points wide each of at most `steps` equal steps is, so that they reach `most`: 1, 2 or 5, 10, 20 …"""
    width, factors = 1, cycle((2, Fraction(5, 2), 2))
    while width * steps < most:
        width = int(width * next(factors))
    return width


def bands_from(smallest: int, largest: Sequence[int]) -> list[tuple[int, int | None]]:
    """Bands of size from `smallest` on, one up to each of `largest` inclusive, and one without an end."""
    ends = sorted(size for size in set(largest) if size >= smallest)
    return list(zip([smallest, *(size + 1 for size in ends)], [*ends, None], strict=True))


class BoardScope(StrEnum):
    """How wide a board is drawn."""

    OFFICE = "office"
    DISTRICT = "district"
    DIVISION = "division"
    DEPARTMENT = "department"
    STATE = "state"


WIDER = {
    BoardScope.OFFICE: BoardScope.DISTRICT,
    BoardScope.DISTRICT: BoardScope.DIVISION,
    BoardScope.DIVISION: BoardScope.STATE,
    BoardScope.DEPARTMENT: BoardScope.STATE,
}


@dataclass(frozen=True)
class Peers:
    """Officers who are compared: those of a State class within a scope, or all of it where the class is empty."""

    scope: BoardScope
    state_class: str = ""


def wider_groups(wanted: Peers) -> list[Peers]:
    """The group itself, then what it is merged into step by step: without class, then the wider scopes."""
    groups, scope = [wanted, Peers(wanted.scope)], wanted.scope
    while scope in WIDER:
        scope = WIDER[scope]
        groups.append(Peers(scope))
    return list(dict.fromkeys(groups))


def group_shown(wanted: Peers, sizes: Mapping[Peers, int]) -> Peers | None:
    """The group in which an officer is shown: the first of at least ten; None if even the State has fewer.

    `sizes` counts officers with a score; a group that is missing there, as the
    district of a State office, is passed over.
    """
    for group in wider_groups(wanted):
        if sizes.get(group, 0) >= MINIMUM_GROUP:
            return group
    return None


# Sealing


def only_the_system(here: Circumstances) -> Reason | None:
    """Without a proposal only the scheduler or the command line seals: two persons, or none."""
    return None if Role.SYSTEM in here.actor.roles else reason("seal_needs_proposal")


# fmt: off
SCORE_MONTH = workflow("score_month", "provisional", (
    #    action       from           to             who may                         guards
    step("propose",   "provisional", "proposed",    Permission.SCORES_PROPOSE_SEAL),
    step("withdraw",  "proposed",    "provisional", Permission.SCORES_PROPOSE_SEAL),
    step("lapse",     "proposed",    "provisional", Permission.SCORES_RUN),
    step("seal",      "proposed",    "sealed",      Permission.SCORES_SEAL,         not_same_hand),
    step("seal",      "provisional", "sealed",      Permission.SCORES_SEAL,         only_the_system),
), ends="sealed")
# fmt: on


@dataclass(frozen=True)
class Readiness:
    """What sealing a computed month depends on; `earlier_open` is the first unsealed month with scores before it."""

    month: Month
    officer_count: int
    is_stale: bool = False
    earlier_open: str | None = None


def reasons_against_sealing(readiness: Readiness, *, on: date) -> list[Reason]:
    """Why a month may not be proposed or sealed on that day in India; empty if it may.

    The last day of the month is still part of it.
    """
    month, reasons = str(readiness.month), []
    if on <= readiness.month.last_on:
        reasons.append(reason("month_not_over", month=month))
    if not readiness.officer_count:
        reasons.append(reason("month_is_empty", month=month))
    if readiness.is_stale:
        reasons.append(reason("month_is_stale", month=month))
    if readiness.earlier_open:
        reasons.append(reason("earlier_month_open", month=readiness.earlier_open))
    return reasons


def is_due_to_seal(month: Month, *, grace_days: int, on: date) -> bool:
    """True once the policy's grace days after the month's end have passed: with ten days, from the eleventh."""
    return on > month.last_on + timedelta(days=grace_days)
