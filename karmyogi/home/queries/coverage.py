"""Coverage: of the officers of each office, district or department, how many learn, and with what result."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import peewee

from karmyogi.awards.models import Award
from karmyogi.completions.models import Completion
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import OrgUnit, Posting
from karmyogi.people.queries import counts_once, is_held, is_on_igot, unit_ids_within
from karmyogi.scores.rules import MINIMUM_GROUP
from karmyogi.store.reach import EVERY_ROW, within

HOUR = 3_600


class By(StrEnum):
    """What one row of the table is."""

    OFFICE = "office"
    DISTRICT = "district"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Covered:
    """One unit's officers: posted, registered on iGOT, with a course finished in the month, and their result.

    `seconds` are the learning time of the courses finished in the month; `awards` are those that stand.
    """

    unit_id: int
    unit_hi: str
    unit_en: str
    officers: int
    registered: int
    finished: int
    seconds: int
    awards: int

    @property
    def share(self) -> int:
        """Per cent of the officers who finished a course in the month, rounded down."""
        return 100 * self.finished // self.officers if self.officers else 0

    @property
    def may_be_plotted(self) -> bool:
        """True for ten officers or more: the share of fewer tells of persons."""
        return self.officers >= MINIMUM_GROUP

    @property
    def hours(self) -> int:
        """Whole learning hours."""
        return self.seconds // HOUR

    @property
    def unregistered(self) -> int:
        return self.officers - self.registered


NUMBERS = ("officers", "registered", "finished", "seconds", "awards")


def offices_covered(actor: Actor, month: Month, *, on: date) -> list[Covered]:
    """The units within the actor's reach in which officers are posted on that day, by name; at most four statements."""
    here = is_held(on) & counts_once(Posting.officer, on=on) & _posted_within(actor)
    posted = Posting.select(Posting.unit).join(OrgUnit).where(here).group_by(Posting.unit)
    learnt, honoured = _learnt(posted, month), _honoured(posted)
    named = peewee.fn.SUM(peewee.Case(None, [(is_on_igot(Posting.officer), 1)], 0))
    rows = (
        posted.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en, peewee.fn.COUNT(Posting.officer), named)
        .group_by(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en)
        .order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id)
    )
    return [Covered(*row, *learnt.get(row[0], (0, 0)), honoured.get(row[0], 0)) for row in rows.tuples()]


def _learnt(posted: peewee.ModelSelect, month: Month) -> dict[int, tuple[int, int]]:
    """By unit: how many finished a course in the month, and the seconds of these courses."""
    done = (Completion.officer == Posting.officer) & (Completion.month == str(month))
    finished = peewee.fn.COUNT(Completion.officer.distinct()), peewee.fn.SUM(Completion.duration_seconds)
    rows = posted.select(Posting.unit, *finished).switch(Posting).join(Completion, on=done)
    return {unit: (officers, int(seconds)) for unit, officers, seconds in rows.tuples()}


def _honoured(posted: peewee.ModelSelect) -> dict[int, int]:
    """By unit: the awards that stand of the officers posted there."""
    given = (Award.officer == Posting.officer) & (Award.state == "given")
    return dict(posted.select(Posting.unit, peewee.fn.COUNT(Award.id)).switch(Posting).join(Award, on=given).tuples())


def rolled_up(offices: list[Covered], by: By) -> list[Covered]:
    """The same officers by district or by department, by name; offices that have none are left out."""
    if by is By.OFFICE:
        return offices
    column = {By.DISTRICT: OrgUnit.district, By.DEPARTMENT: OrgUnit.department}[by]
    homes = dict(OrgUnit.select(OrgUnit.id, column).where(column.is_null(False)).tuples())
    groups: dict[int, list[Covered]] = {}
    for one in offices:
        if one.unit_id in homes:
            groups.setdefault(homes[one.unit_id], []).append(one)
    units = OrgUnit.select().where(OrgUnit.id.in_(list(groups))).order_by(OrgUnit.name_hi, OrgUnit.name_en)
    return [
        replace(total_of(groups[unit.id]), unit_id=unit.id, unit_hi=unit.name_hi, unit_en=unit.name_en)
        for unit in units
    ]


def total_of(rows: list[Covered]) -> Covered:
    """All these together, under no name."""
    return Covered(0, "", "", *(sum(getattr(one, name) for one in rows) for name in NUMBERS))


def districts_within(actor: Actor) -> int:
    """In how many districts the actor's reach has offices."""
    there = _within_reach(actor) & OrgUnit.district.is_null(False)
    return OrgUnit.select(OrgUnit.district).where(there).distinct().count()


def _posted_within(actor: Actor) -> peewee.Expression:
    scope = scope_of(actor, Permission.LEADERBOARD_READ)
    return EVERY_ROW if scope.everything else Posting.unit.in_(unit_ids_within(scope))


def _within_reach(actor: Actor) -> peewee.Expression:
    scope = scope_of(actor, Permission.LEADERBOARD_READ)
    return within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path)
