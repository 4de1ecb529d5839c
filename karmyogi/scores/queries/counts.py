"""How many officers of a group have how many points, as a month keeps it."""

import peewee

from karmyogi.core.periods import When
from karmyogi.scores.models import PointCount, in_month
from karmyogi.scores.queries.figures import keeps_figures
from karmyogi.scores.queries.groups import Group
from karmyogi.scores.rules import BoardScope


def keeps_counts(month: When, group: Group) -> bool:
    """Whether it is kept of a group: not of an office, of a correction, or of a month computed by older code."""
    return group.run is None and group.scope is not BoardScope.OFFICE and keeps_figures(month)


def kept_counts(month: When, group: Group) -> peewee.ModelSelect:
    """The points that somebody of the group has, with how many officers have them; in no order."""
    here = (PointCount.scope == group.scope.value) & (PointCount.unit == group.unit_id)
    same = here & (PointCount.state_class == group.state_class)
    return PointCount.select(PointCount.points, PointCount.officers).where(in_month(month, PointCount) & same)
