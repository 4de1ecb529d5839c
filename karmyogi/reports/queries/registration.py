"""Officers in service whom no user report has named yet, and what keeps each out of iGOT's bulk-upload file."""

from collections.abc import Iterator
from datetime import date

import peewee

from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Designation, KeyKind, Officer, OfficerKey, OrgUnit, Posting, UnitKind
from karmyogi.people.queries import is_held, is_on_igot, units_within
from karmyogi.reports.rules import Lack, Unregistered

REGISTER = Permission.REPORTS_REGISTER
BATCH = 5_000


def departments_to_register(actor: Actor) -> list[OrgUnit]:
    """Departments among which an actor for the whole State chooses; an actor for a unit has but that unit."""
    if not scope_of(actor, REGISTER).everything:
        return []
    is_open = (OrgUnit.kind == UnitKind.DEPARTMENT) & OrgUnit.closed_on.is_null()
    return list(OrgUnit.select().where(is_open).order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id))


def counts_to_register(actor: Actor, department: OrgUnit | None, *, on: date) -> dict[Lack | None, int]:
    """How many are not on iGOT, by what keeps them out of the file; under None those who stand in it. One statement."""
    lacking = _unregistered(actor, department, on).select(_lack().alias("lack")).alias("lacking")
    rows = Officer.select(lacking.c.lack, peewee.fn.COUNT(1)).from_(lacking).group_by(lacking.c.lack)
    return {Lack(code) if code else None: count for code, count in rows.tuples()}


def officers_to_complete(
    actor: Actor, department: OrgUnit | None, *, on: date, after: int = 0, limit: int = 50
) -> list[Unregistered]:
    """Those who cannot stand in the file, by number; one more than the limit if there are more."""
    rows = _facts(_unregistered(actor, department, on)).where(_lack() != "", Officer.id > after)
    return [_told(row) for row in rows.order_by(Officer.id).limit(limit + 1).tuples()]


def officers_to_register(actor: Actor, department: OrgUnit | None, *, on: date) -> Iterator[Unregistered]:
    """Those who stand in the file, by number, read in batches so that any number needs little memory."""
    rows, after = _facts(_unregistered(actor, department, on)).where(_lack() == ""), 0
    while batch := [_told(row) for row in rows.where(Officer.id > after).order_by(Officer.id).limit(BATCH).tuples()]:
        yield from batch
        after = batch[-1].officer_id


def _unregistered(actor: Actor, department: OrgUnit | None, on: date) -> peewee.ModelSelect:
    """Officers within the actor's reach posted on the day; the unit and nobody is named twice."""
    scope = scope_of(actor, REGISTER)
    posted = Posting.select(Posting.officer).join(OrgUnit).where(is_held(on))
    if not scope.everything:
        posted = posted.where(Posting.unit.in_(units_within(scope)))
    if department:
        posted = posted.where(OrgUnit.department == department)
    return Officer.select().where(Officer.id.in_(posted) & Officer.merged_into.is_null() & ~is_on_igot(Officer.id))


def _facts(officers: peewee.ModelSelect) -> peewee.ModelSelect:
    return officers.select(
        Officer.id, Officer.employee_code, Officer.name_hi, Officer.name_en, Officer.email, Officer.mobile,
        Officer.igot_group, Officer.state_class, Designation.name_en, Officer.gender, Officer.birth_on, _lack(),
    ).join(Designation, peewee.JOIN.LEFT_OUTER)  # fmt: skip


def _told(row: tuple[object, ...]) -> Unregistered:
    facts = Unregistered(*row)  # type: ignore[arg-type]
    return facts._replace(lack=Lack(facts.lack) if facts.lack else None)


def _lack() -> peewee.ColumnBase:
    """The first thing that keeps an officer out; blank if nothing does."""
    return peewee.Case(
        None,
        [
            (Officer.name_en == "", Lack.NAME.value),
            (Officer.email == "", Lack.EMAIL.value),
            (Officer.mobile == "", Lack.MOBILE.value),
            (_is_shared(KeyKind.EMAIL, Officer.email), Lack.SHARED_EMAIL.value),
            (_is_shared(KeyKind.PHONE, Officer.mobile), Lack.SHARED_MOBILE.value),
        ],
        "",
    )


def _is_shared(kind: KeyKind, value: peewee.Field) -> peewee.Expression:
    """The condition that the value is another officer's key as well."""
    other = OfficerKey.alias()
    shared = (other.kind == kind.value) & (other.value == value) & (other.officer != Officer.id)
    return peewee.fn.EXISTS(other.select(other.id).where(shared))
