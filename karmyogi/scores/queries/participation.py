"""How many of the officers posted in a unit have a score in a month, from what the month itself keeps."""

from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.people.models import OrgUnit
from karmyogi.scores.queries.figures import figures_in
from karmyogi.scores.rules import MINIMUM_GROUP, BoardScope, UnitFigures

SHOWN = (BoardScope.DIVISION, BoardScope.DEPARTMENT)


@dataclass(frozen=True)
class Participation:
    """A unit and its figures of a month."""

    unit_id: int
    unit_hi: str
    unit_en: str
    figures: UnitFigures


def participation(month: Month) -> dict[BoardScope, list[Participation]]:
    """Every division and every department with ten or more officers on the month's last day, by name.

    Also where few have a score: for readers who may read everybody's.
    """
    kept = {scope: figures_in(month, scope) for scope in SHOWN}
    ids = {unit for units in kept.values() for unit, one in units.items() if one.officers >= MINIMUM_GROUP}
    named = OrgUnit.select().where(OrgUnit.id.in_(list(ids))).order_by(OrgUnit.name_hi, OrgUnit.name_en)
    units = list(named)
    return {
        scope: [
            Participation(unit.id, unit.name_hi, unit.name_en, kept[scope][unit.id])
            for unit in units
            if unit.id in kept[scope]
        ]
        for scope in SHOWN
    }
