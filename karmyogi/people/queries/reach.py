"""Units and officers within reach, and postings on a day."""

import operator
from collections.abc import Iterable
from datetime import date
from functools import reduce

import peewee

from karmyogi.core.permissions import Actor, Permission, Scope, Tree, scope_of
from karmyogi.people.models import Designation, Honour, IgotProfile, Officer, OrgUnit, Posting, UnitKind
from karmyogi.people.queries.merging import own_records, records_of

PATHS = {Tree.LINE: OrgUnit.line_path, Tree.TERRITORY: OrgUnit.territory_path}


def units_within(scope: Scope) -> peewee.ModelSelect:
    """Ids of the units a scope's paths cover, each path's own unit included."""
    return OrgUnit.select(OrgUnit.id).where(is_within(scope))


def unit_ids_within(scope: Scope) -> list[int]:
    """The same, fetched: PostgreSQL knows how few they are, where of a condition on paths it can only guess.

    For a statement that would otherwise be planned for the whole State.
    """
    return [unit_id for (unit_id,) in units_within(scope).tuples()]


def is_within(scope: Scope) -> peewee.Expression:
    """The condition that a unit lies under one of a scope's paths, asked of the unit's own row."""
    return any_of([peewee.fn.SUBSTR(PATHS[tree], 1, len(path)) == path for tree, path in sorted(scope.paths, key=str)])


def any_of(conditions: list[peewee.Expression]) -> peewee.Expression:
    """True where one of the conditions is; false where there are none.

    One condition stands alone: SQLite would answer “never, or this” without the index of this.
    """
    return reduce(operator.or_, conditions) if conditions else peewee.Value(1) == peewee.Value(0)


def officers_posted_in(units: peewee.ModelSelect, *, on: date) -> peewee.ModelSelect:
    """Ids of officers with a posting in these units on that day."""
    return Posting.select(Posting.officer).where(Posting.unit.in_(units) & is_held(on))


def is_held(on: date) -> peewee.Expression:
    """The condition that a posting is held on a day; both ends inclusive."""
    return (Posting.from_on <= on) & (Posting.to_on.is_null() | (Posting.to_on >= on))


def officers_for(actor: Actor, permission: Permission, *, on: date) -> peewee.ModelSelect:
    """Officers within the actor's reach on that day."""
    return Officer.select().where(officer_within(scope_of(actor, permission), Officer.id, on=on))


def officer_within(scope: Scope, officer: peewee.Field, *, on: date) -> peewee.Expression:
    """The condition that `officer` (a column of officer ids) lies in the scope on that day."""
    if scope.everything:
        return peewee.Value(1) == peewee.Value(1)
    own = own_records(scope, officer)
    if not scope.paths:
        return own
    return own | officer.in_(officers_posted_in(units_within(scope), on=on))


def posting_of(officer: Officer | int, *, on: date) -> Posting | None:
    """The posting an officer holds on that day, with its unit and designation; None if there is none.

    Of several records of the person, that of the one that stands goes before.
    """
    return (
        Posting.select(Posting, OrgUnit, Designation)
        .join(OrgUnit, on=Posting.unit == OrgUnit.id)
        .switch(Posting)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Posting.designation == Designation.id)
        .where(Posting.officer.in_(records_of(officer)) & is_held(on))
        .order_by(peewee.Case(None, [(Posting.officer == officer, 0)], 1), Posting.from_on.desc())
        .first()
    )


NOWHERE = ""  # the path of a case that no unit reaches: whoever reaches the whole State acts on it


def paths_of(posting: Posting | None) -> dict[str, str]:
    """The paths of the unit in which an officer is posted, as a case about them keeps; NOWHERE without a posting."""
    if posting is None:
        return {"line_path": NOWHERE, "territory_path": NOWHERE}
    return {"line_path": posting.unit.line_path, "territory_path": posting.unit.territory_path}


def postings_of(officer: Officer | int) -> list[Posting]:
    """Every posting of an officer, on whichever record, the latest first, with its unit and designation."""
    return list(
        Posting.select(Posting, OrgUnit, Designation)
        .join(OrgUnit)
        .switch(Posting)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Posting.designation == Designation.id)
        .where(Posting.officer.in_(records_of(officer)))
        .order_by(Posting.from_on.desc(), Posting.id.desc())
    )


def honours_of(officer: Officer | int) -> list[Honour]:
    """The honours on an officer's service record, the latest first; withdrawn ones stay there."""
    its = Honour.officer.in_(records_of(officer))
    return list(Honour.select().where(its).order_by(Honour.given_on.desc(), Honour.id.desc()))


def profile_of(officer: Officer | int) -> IgotProfile | None:
    """What iGOT last said of an officer as a learner; None for who is not registered there.

    Of several records of the person, what was said of the one that stands goes before.
    """
    rows = IgotProfile.select().where(IgotProfile.officer.in_(records_of(officer)))
    return rows.order_by(peewee.Case(None, [(IgotProfile.officer == officer, 0)], 1), IgotProfile.id).first()


def state() -> OrgUnit:
    """The State itself, the root of both trees. Raises OrgUnit.DoesNotExist before installation."""
    return OrgUnit.get(OrgUnit.kind == UnitKind.STATE)


def units_of_kind(kind: UnitKind) -> list[OrgUnit]:
    """All units of a kind, by Hindi name."""
    return list(OrgUnit.select().where(OrgUnit.kind == kind).order_by(OrgUnit.name_hi, OrgUnit.name_en))


def units_called(text: str) -> peewee.ModelSelect:
    """Ids of units with this text in their own name, or in that of their department or district, in either script."""
    department, district = OrgUnit.alias(), OrgUnit.alias()
    names = [name for unit in (OrgUnit, department, district) for name in (unit.name_hi, unit.name_en)]
    return (
        OrgUnit.select(OrgUnit.id)
        .join(department, peewee.JOIN.LEFT_OUTER, on=OrgUnit.department == department.id)
        .switch(OrgUnit)
        .join(district, peewee.JOIN.LEFT_OUTER, on=OrgUnit.district == district.id)
        .where(any_of([name.contains(text) for name in names]))
    )


def officers_in_units_called(text: str, *, on: date) -> peewee.ModelSelect:
    """Ids of officers posted, on that day, in a unit called so."""
    return officers_posted_in(units_called(text), on=on)


def postings_on(officers: list[Officer], *, on: date) -> dict[int, Posting]:
    """The posting of each of these officers on that day, with its unit, by officer; one query."""
    held = (
        Posting.select(Posting.officer, Posting.from_on, OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en)
        .join(OrgUnit)
        .where(Posting.officer.in_([officer.id for officer in officers]) & is_held(on))
        .order_by(Posting.from_on)
    )
    return {posting.officer_id: posting for posting in held}


def is_on_igot(officer: peewee.Field) -> peewee.Expression:
    """The condition that a user report has named this officer (a column of ids): they are registered on iGOT.

    One who gave way to another counts for that one, too.
    """
    other = Officer.alias()
    through = other.select(other.merged_into).join(IgotProfile, on=IgotProfile.officer == other.id)
    by_other = officer.in_(through.where(other.merged_into.is_null(False)))
    return officer.in_(IgotProfile.select(IgotProfile.officer)) | by_other


def postings_with_places(ids: list[int], *, on: date) -> dict[int, Posting]:
    """The posting of each of these officers on that day, with its unit, department and district; one query."""
    department, district = OrgUnit.alias(), OrgUnit.alias()
    held = (
        Posting.select(Posting, OrgUnit, department, district)
        .join(OrgUnit)
        .join(department, peewee.JOIN.LEFT_OUTER, on=OrgUnit.department == department.id, attr="department")
        .switch(OrgUnit)
        .join(district, peewee.JOIN.LEFT_OUTER, on=OrgUnit.district == district.id, attr="district")
        .where(Posting.officer.in_(ids) & is_held(on))
        .order_by(Posting.from_on)
    )
    return {posting.officer_id: posting for posting in held}


def within_reach(ids: Iterable[int], actor: Actor, permission: Permission, *, on: date) -> set[int]:
    """Which of these officers lie in the actor's reach on that day; one query."""
    reached = Officer.select(Officer.id).where(Officer.id.in_(list(ids)))
    found = reached.where(officer_within(scope_of(actor, permission), Officer.id, on=on))
    return {officer_id for (officer_id,) in found.tuples()}
