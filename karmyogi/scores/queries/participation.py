"""How many of the officers posted in a unit have a score in a month, from what the month itself has stored."""

from dataclasses import dataclass
from fractions import Fraction

import peewee

from karmyogi.core.months import Month
from karmyogi.people.models import OrgUnit, Posting
from karmyogi.people.queries import counts_once, is_held
from karmyogi.scores.models import PeerGroup, in_month
from karmyogi.scores.rules import MINIMUM_GROUP, BoardScope

HOME = {BoardScope.DIVISION: OrgUnit.division, BoardScope.DEPARTMENT: OrgUnit.department}


@dataclass(frozen=True)
class Participation:
    """A unit's officers on the last day of a month, those with a score in it, and all their points."""

    unit_id: int
    unit_hi: str
    unit_en: str
    officers: int
    scored: int
    points: int

    @property
    def share(self) -> int:
        """Per cent of the posted officers who have a score, rounded down; never above 100.

        An officer who moved within the month may be counted where they were, so there may be more than are posted.
        """
        return min(100 * self.scored // self.officers, 100) if self.officers else 0

    @property
    def points_per_officer(self) -> Fraction:
        """Points of the unit for each of its posted officers; zero where nobody is posted."""
        return Fraction(self.points, self.officers) if self.officers else Fraction(0)


def participation(month: Month) -> dict[BoardScope, list[Participation]]:
    """Every division and every department with ten or more officers on the month's last day, by name.

    Three statements, whatever the number of officers.
    """
    posted, stored = _posted(month), _stored(month)
    names = OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en).order_by(OrgUnit.name_hi, OrgUnit.name_en)
    named = names.where(OrgUnit.id.in_(list({unit for _scope, unit in posted}))).tuples()
    found: dict[BoardScope, list[Participation]] = {scope: [] for scope in HOME}
    for unit_id, name_hi, name_en in named:
        for scope in HOME:
            if (officers := posted.get((scope, unit_id), 0)) >= MINIMUM_GROUP:
                scored, points = stored.get((scope.value, unit_id), (0, 0))
                found[scope].append(Participation(unit_id, name_hi, name_en, officers, scored, points))
    return found


def _posted(month: Month) -> dict[tuple[BoardScope, int], int]:
    """Officers by division and by department: postings are counted by office, then offices are added up."""
    by_office = (
        Posting.select(Posting.unit.alias("unit_id"), peewee.fn.COUNT(Posting.officer.distinct()).alias("officers"))
        .where(is_held(month.last_on) & counts_once(Posting.officer, on=month.last_on))
        .group_by(Posting.unit)
        .alias("by_office")
    )
    rows = OrgUnit.select(OrgUnit.division, OrgUnit.department, by_office.c.officers).join(
        by_office, on=OrgUnit.id == by_office.c.unit_id
    )
    found: dict[tuple[BoardScope, int], int] = {}
    for division, department, officers in rows.tuples():
        for key in ((BoardScope.DIVISION, division), (BoardScope.DEPARTMENT, department)):
            if key[1] is not None:
                found[key] = found.get(key, 0) + officers
    return found


def _stored(month: Month) -> dict[tuple[str, int], tuple[int, int]]:
    """Size and points of the groups of a month that hold all classes."""
    rows = PeerGroup.select(PeerGroup.scope, PeerGroup.unit, PeerGroup.size, PeerGroup.total_points).where(
        in_month(month, PeerGroup) & (PeerGroup.state_class == "") & PeerGroup.scope.in_([s.value for s in HOME])
    )
    return {(scope, unit): (size, points) for scope, unit, size, points in rows.tuples()}
