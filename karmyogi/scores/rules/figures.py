"""The figures of a unit for a month, what they come to for each officer, and which units may be told of."""

from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from math import floor

from karmyogi.core.months import Month
from karmyogi.scores.rules.facts import Facts
from karmyogi.scores.rules.groups import MINIMUM_GROUP
from karmyogi.scores.rules.policies import Policy
from karmyogi.scores.rules.sources import SECONDS_PER_HOUR, is_in_time


@dataclass(frozen=True)
class UnitFigures:
    """Numbers of a unit for a month; what was never kept of a month is None.

    `officers` were posted on the month's last day, `scored` have a score and `points` together. `learners` finished
    something that counts, with or without a certificate, `seconds` long altogether; `planners` of them finished
    `plan_courses` that a plan expected, `in_time` of these before they were overdue. Who moved within the month is
    posted in one unit and has a score in another, so that more may have scored than are posted.
    """

    officers: int = 0
    scored: int = 0
    points: int = 0
    learners: int | None = 0
    seconds: int | None = 0
    planners: int | None = 0
    plan_courses: int | None = 0
    in_time: int | None = 0

    def __add__(self, other: "UnitFigures") -> "UnitFigures":
        return UnitFigures(
            *((mine or 0) + (theirs or 0) for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )

    def over(self, months: int) -> "UnitFigures":
        """Sums of so many months as figures of them all: numbers of officers become the average, half rounded up.

        What was earned and learnt stays the sum.
        """
        counts = ("officers", "scored", "learners", "planners")
        return replace(self, **{name: (2 * (getattr(self, name) or 0) + months) // (2 * months) for name in counts})

    def without_learning(self) -> "UnitFigures":
        """The same, told nothing of what was learnt."""
        return replace(self, learners=0, seconds=0, planners=0, plan_courses=0, in_time=0)

    @property
    def average(self) -> Fraction:
        """Points for each posted officer, without rounding; zero where nobody is posted."""
        return Fraction(self.points, self.officers) if self.officers else Fraction(0)

    @property
    def each(self) -> float:
        """The same with two decimals, rounded down, as it is shown."""
        return floor(self.average * 100) / 100

    @property
    def share(self) -> int:
        """Per cent of the posted officers who have a score, rounded down; never above 100."""
        return min(100 * self.scored // self.officers, 100) if self.officers else 0

    @property
    def hours(self) -> Fraction | None:
        """Learning hours for each posted officer, not rounded; None if fewer than ten learnt, or it was not kept."""
        if self.seconds is None or (self.learners or 0) < MINIMUM_GROUP or not self.officers:
            return None
        return Fraction(self.seconds, self.officers * SECONDS_PER_HOUR)

    @property
    def on_time(self) -> int | None:
        """Per cent of the courses of the plan that were finished in time, rounded down.

        None if fewer than ten officers finished any, so that nobody's lateness is told, or if it was not kept.
        """
        if not self.plan_courses or (self.planners or 0) < MINIMUM_GROUP:
            return None
        return 100 * (self.in_time or 0) // self.plan_courses

    @property
    def is_enough(self) -> bool:
        """Whether ten or more are posted, and ten or more have a score."""
        return self.officers >= MINIMUM_GROUP and self.scored >= MINIMUM_GROUP


def learnt_by(facts: Facts, policy: Policy, month: Month) -> UnitFigures:
    """What an officer finished in a month, on days with a posting, as figures of one."""
    finished = [
        one
        for one in facts.completions
        if Month.of(one.completed_on) == month and any(posting.is_held(one.completed_on) for posting in facts.postings)
    ]
    planned = [one for one in finished if one.is_planned and one.kind in policy.course_kinds]
    return UnitFigures(
        learners=min(len(finished), 1),
        seconds=sum(one.duration_seconds for one in finished),
        planners=min(len(planned), 1),
        plan_courses=len(planned),
        in_time=sum(is_in_time(one.completed_on, due_on=one.due_on) for one in planned),
    )


def told_units(units: Mapping[int, UnitFigures]) -> set[int]:
    """Which parts of a whole may be told of, given all of its parts: none that is small, nor one that gives it away.

    Whoever knows the whole and the parts that are told knows the rest together. That rest must be nobody, ten or more
    with a score, or ten or more of whom none has one; else the smallest of the told ones goes with it, and the next.
    """
    return _told(units, [unit for unit, one in units.items() if one.is_enough], _is_large, _size)


def told_hours(units: Mapping[int, UnitFigures]) -> set[int]:
    """Of which parts the hours may be told as well: as `told_units`, by the officers who learnt."""
    told = [unit for unit in told_units(units) if (units[unit].learners or 0) >= MINIMUM_GROUP]
    return _told(units, told, _have_learnt_enough, lambda one: (one.learners or 0, *_size(one)))


def _told(
    units: Mapping[int, UnitFigures],
    enough: list[int],
    is_safe: Callable[[UnitFigures], bool],
    size: Callable[[UnitFigures], tuple[int, ...]],
) -> set[int]:
    rest = sum((units[unit] for unit in units.keys() - set(enough)), UnitFigures())
    told = sorted(enough, key=lambda unit: (*(-number for number in size(units[unit])), unit))
    while told and not is_safe(rest):
        rest += units[told.pop()]
    return set(told)


def _size(one: UnitFigures) -> tuple[int, ...]:
    return one.scored, one.officers


def _have_learnt_enough(rest: UnitFigures) -> bool:
    return not rest.learners or rest.learners >= MINIMUM_GROUP


def _is_large(rest: UnitFigures) -> bool:
    """Nobody, ten or more with a score, or ten or more of whom none has one."""
    if rest.scored:
        return rest.scored >= MINIMUM_GROUP
    return not rest.officers or rest.officers >= MINIMUM_GROUP
