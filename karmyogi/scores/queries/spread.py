"""How the points of a month are spread over the officers of a group: numbers of officers, nobody's name."""

from dataclasses import dataclass

import peewee

from karmyogi.core.periods import When
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import OrgUnit
from karmyogi.people.queries import units_within
from karmyogi.scores.models import MonthlyScore, in_month
from karmyogi.scores.queries.counts import keeps_counts, kept_counts
from karmyogi.scores.queries.groups import Group, is_in
from karmyogi.scores.rules import in_steps, told_steps, width_of_steps


@dataclass(frozen=True)
class Step:
    """The officers with so many points, both ends included; None is fewer than ten, or what would give these away."""

    first: int
    last: int
    officers: int | None


def spread(month: When, group: Group, *, by: Actor) -> list[Step]:
    """The group by points, fewest first, in at most ten steps of equal width; empty steps between others are kept.

    Who may read the points of the whole group reads every number, others none of a step of fewer than ten.
    """
    counted = _kept(month, group) if keeps_counts(month, group) else _counted(month, group)
    width = width_of_steps(max(counted, default=1))
    steps = in_steps(counted, width)
    numbers = [steps.get(n, 0) for n in range(max(steps, default=-1) + 1)]
    told = numbers if _reads_all(by, group) else told_steps(numbers)
    return [Step(n * width + 1, (n + 1) * width, officers) for n, officers in enumerate(told)]


def _kept(month: When, group: Group) -> dict[int, int]:
    return dict(kept_counts(month, group).tuples())


def _counted(month: When, group: Group) -> dict[int, int]:
    """Of an office, which is small, of a correction, or of a month computed by older code."""
    points, officers = MonthlyScore.points, peewee.fn.COUNT(MonthlyScore.officer)
    here = in_month(month, MonthlyScore, group.run) & is_in(group, MonthlyScore)
    return dict(MonthlyScore.select(points, officers).where(here).group_by(points).tuples())


def _reads_all(by: Actor, group: Group) -> bool:
    scope = scope_of(by, Permission.LEADERBOARD_READ)
    return scope.everything or units_within(scope).where(OrgUnit.id == group.unit_id).exists()
