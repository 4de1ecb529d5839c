"""Coverage: of the officers of each office, district or department, how many learn, and with what result."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import peewee

from karmyogi.awards.models import Award
from karmyogi.completions.models import Completion
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import IgotProfile, OrgUnit, Posting
from karmyogi.people.queries import is_held
from karmyogi.store.reach import within

LEFT = peewee.JOIN.LEFT_OUTER
HOUR = 3_600


class By(StrEnum):
    """What one row of the table is."""

    OFFICE = "office"
    DISTRICT = "district"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Covered:
    """One unit's officers: posted, registered on iGOT, with a course finished in the month, and their result.

    `hours` are whole learning hours of the courses finished in the month; `awards` are those that stand.
    """

    unit_id: int
    unit_hi: str
    unit_en: str
    officers: int
    registered: int
    finished: int
    hours: int
    awards: int

    @property
    def share(self) -> int:
        """Per cent of the officers who finished a course in the month, rounded down."""
        return 100 * self.finished // self.officers if self.officers else 0

    @property
    def unregistered(self) -> int:
        return self.officers - self.registered


def coverage(actor: Actor, by: By, month: Month, *, on: date) -> list[Covered]:
    """The units within the actor's reach with officers posted on that day, by name; one statement.

    Offices without a district or a department are left out of those two tables.
    """
    row = OrgUnit.alias("row")
    home = {By.OFFICE: OrgUnit.id, By.DISTRICT: OrgUnit.district, By.DEPARTMENT: OrgUnit.department}[by]
    learnt, honoured = _learnt(month), _honoured()
    total, count = peewee.fn.SUM, peewee.fn.COUNT
    rows = (
        Posting.select(
            row.id,
            row.name_hi,
            row.name_en,
            count(Posting.officer),
            count(IgotProfile.id),
            count(learnt.c.officer_id),
            peewee.fn.COALESCE(total(learnt.c.seconds), 0),
            peewee.fn.COALESCE(total(honoured.c.awards), 0),
        )
        .join(OrgUnit)
        .join(row, on=row.id == home)
        .switch(Posting)
        .join(IgotProfile, LEFT, on=IgotProfile.officer == Posting.officer)
        .switch(Posting)
        .join(learnt, LEFT, on=learnt.c.officer_id == Posting.officer)
        .switch(Posting)
        .join(honoured, LEFT, on=honoured.c.officer_id == Posting.officer)
        .where(is_held(on) & _within_reach(actor))
        .group_by(row.id, row.name_hi, row.name_en)
        .order_by(row.name_hi, row.name_en)
    )
    return [_covered(*one) for one in rows.tuples()]


def _covered(unit: int, name_hi: str, name_en: str, *numbers: int) -> Covered:
    officers, registered, finished, seconds, awards = (int(one) for one in numbers)
    return Covered(unit, name_hi, name_en, officers, registered, finished, seconds // HOUR, awards)


def total_of(rows: list[Covered]) -> Covered:
    """All rows together, under no name; hours are those of the rows."""
    sums = (
        sum(getattr(one, name) for one in rows) for name in ("officers", "registered", "finished", "hours", "awards")
    )
    return Covered(0, "", "", *sums)


def _learnt(month: Month) -> peewee.ModelSelect:
    """Who finished a course in the month, with the seconds of these courses."""
    return (
        Completion.select(
            Completion.officer.alias("officer_id"), peewee.fn.SUM(Completion.duration_seconds).alias("seconds")
        )
        .where(Completion.month == str(month))
        .group_by(Completion.officer)
        .alias("learnt")
    )


def _honoured() -> peewee.ModelSelect:
    return (
        Award.select(Award.officer.alias("officer_id"), peewee.fn.COUNT(Award.id).alias("awards"))
        .where(Award.state == "given")
        .group_by(Award.officer)
        .alias("honoured")
    )


def _within_reach(actor: Actor) -> peewee.Expression:
    scope = scope_of(actor, Permission.LEADERBOARD_READ)
    return within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path)
