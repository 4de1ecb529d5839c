"""How the points of a month are spread over the officers of a group: numbers of officers, nobody's name."""

from dataclasses import dataclass

import peewee

from karmyogi.core.months import Month
from karmyogi.scores.models import MonthlyScore, in_month
from karmyogi.scores.queries.groups import Group, is_in
from karmyogi.scores.rules import width_of_steps


@dataclass(frozen=True)
class Step:
    """The officers with so many points, both ends included."""

    first: int
    last: int
    officers: int


def spread(month: Month, group: Group) -> list[Step]:
    """The group by points, fewest first, in at most ten steps of equal width; empty steps between others are kept."""
    points, officers = MonthlyScore.points, peewee.fn.COUNT(MonthlyScore.officer)
    rows = (
        MonthlyScore.select(points, officers)
        .where(in_month(month, MonthlyScore, group.run) & is_in(group, MonthlyScore))
        .group_by(points)
    )
    counted = dict(rows.tuples())
    width = width_of_steps(max(counted, default=1))
    found: dict[int, int] = {}
    for value, count in counted.items():
        found[(value - 1) // width] = found.get((value - 1) // width, 0) + count
    return [Step(n * width + 1, (n + 1) * width, found.get(n, 0)) for n in range(max(found, default=-1) + 1)]
