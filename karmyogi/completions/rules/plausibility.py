"""Which completions people should look at, and what they may find. Nothing here takes a point from anybody.

The cause is a circular of the Department of Posts of 16 June 2025: officers had
finished several courses of twenty minutes within twenty seconds. A doubt is
raised as a flag, which counts for nothing until two people have found that the
completion is not credible.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from karmyogi.core.months import IST
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, declare
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow


class Doubt(StrEnum):
    """Why a completion was flagged; stored, so none changes its meaning."""

    TOO_FAST = "too_fast"  # several courses finished one after another, faster than their length
    BEFORE_ENROLLED = "before_enrolled"
    IN_FUTURE = "in_future"  # on a day after the file came in; a report that names its own date refuses such rows
    SAME_SECOND = "same_second"  # hundreds at the same second
    SHARED_CERTIFICATE = "shared_certificate"  # its certificate id stands in somebody else's row too


FASTER = 10  # times faster than their length
SAME_SECOND = 100  # completions told by one file

declare(
    flag_verdict_changed=N_("Some of these flags were judged by somebody else meanwhile. Look at them again."),
)

JUDGE, CONFIRM = Permission.FLAGS_JUDGE, Permission.FLAGS_CONFIRM

# fmt: off
FLAG = workflow("flag", "open", (
    #    action      from                to              who      guards / remark
    step("accept",   "open",             "credible",     JUDGE,   not_own_case),
    step("doubt",    "open",             "doubted",      JUDGE,   not_own_case, remark=True),
    step("confirm",  "doubted",          "not_credible", CONFIRM, not_own_case, not_same_hand, remark=True),
    step("dismiss",  "doubted",          "credible",     CONFIRM, not_own_case, not_same_hand, remark=True),
    step("reopen",   "credible doubted", "open",         JUDGE,   not_own_case),
    step("restore",  "not_credible",     "open",         CONFIRM, not_own_case, remark=True),
), ends="")
# fmt: on


@dataclass(frozen=True)
class Told:
    """What a file tells of a completion; moments are aware, the length of the course in seconds, 0 if it is unknown."""

    officer: Hashable
    course: Hashable
    completed_at: datetime
    enrolled_at: datetime | None = None
    length_seconds: int = 0


Key = tuple[Hashable, Hashable]  # officer and course


def doubts(told: Sequence[Told], *, came_on: date) -> dict[Key, set[Doubt]]:
    """The doubts about completions of one file that came in on that day in India, by officer and course.

    Of an officer and course it is told once. Midnight in India stands where a report names a day without a time: then
    nothing is said of seconds. What needs other files, or other people's rows, is decided in SQL alone.
    """
    found: defaultdict[Key, set[Doubt]] = defaultdict(set)
    seconds = Counter(one.completed_at for one in told if has_clock(one.completed_at))
    for one in told:
        found[one.officer, one.course] |= set(_alone(one, came_on))
        if seconds[one.completed_at] >= SAME_SECOND:
            found[one.officer, one.course].add(Doubt.SAME_SECOND)
    for officer, theirs in _by_officer(told).items():
        for course in too_fast(theirs):
            found[officer, course].add(Doubt.TOO_FAST)
    return {key: said for key, said in found.items() if said}


def _alone(one: Told, came_on: date) -> Iterable[Doubt]:
    if one.enrolled_at and is_before(one.completed_at, one.enrolled_at):
        yield Doubt.BEFORE_ENROLLED
    if one.completed_at.astimezone(IST).date() > came_on:
        yield Doubt.IN_FUTURE


def is_before(completed_at: datetime, enrolled_at: datetime) -> bool:
    """True on an earlier day; on the same day only where both name a time."""
    if completed_at.astimezone(IST).date() != enrolled_at.astimezone(IST).date():
        return completed_at < enrolled_at
    return has_clock(completed_at) and has_clock(enrolled_at) and completed_at < enrolled_at


def has_clock(at: datetime) -> bool:
    """False at midnight in India, which stands where a report names only the day."""
    return at.astimezone(IST).time() != time()


def _by_officer(told: Iterable[Told]) -> Mapping[Hashable, list[Told]]:
    theirs: defaultdict[Hashable, list[Told]] = defaultdict(list)
    for one in told:
        theirs[one.officer].append(one)
    return theirs


def too_fast(theirs: Iterable[Told]) -> set[Hashable]:
    """The courses of one officer that lie in a stretch."""
    return {one.course for stretch in stretches(theirs) for one in stretch}


def stretches(theirs: Iterable[Told]) -> list[list[Told]]:
    """The stretches of one officer, in the order of time: three courses or more, any three in a row done too fast.

    Too fast are the last two of three in a tenth of their length. The first of a stretch may have been begun days
    before, so its own length is not asked. Of two at the same moment that of the lower course is taken as the first.
    """
    timed = [one for one in theirs if one.length_seconds and has_clock(one.completed_at)]
    timed.sort(key=lambda one: (one.completed_at, one.course))
    found: list[list[Told]] = []
    for start, (first, middle, last) in enumerate(zip(timed, timed[1:], timed[2:], strict=False)):
        took = (last.completed_at - first.completed_at).total_seconds()
        if took * FASTER >= middle.length_seconds + last.length_seconds:
            continue
        if found and found[-1][-1] is middle:
            found[-1].append(last)
        else:
            found.append(timed[start : start + 3])
    return found
