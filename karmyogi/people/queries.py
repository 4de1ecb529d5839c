"""Reads of people: units and officers within reach, postings on a day."""

from datetime import date

import peewee

from karmyogi.core.permissions import Actor, Permission, Scope, Tree, scope_of
from karmyogi.people.models import Designation, IgotProfile, NameCorrection, Officer, OrgUnit, Posting, UnitKind
from karmyogi.people.rules import READ, REVIEW
from karmyogi.store.reach import within

PATHS = {Tree.LINE: OrgUnit.line_path, Tree.TERRITORY: OrgUnit.territory_path}


def units_within(scope: Scope) -> peewee.ModelSelect:
    """Ids of the units a scope's paths cover, each path's own unit included."""
    under = [peewee.fn.SUBSTR(PATHS[tree], 1, len(path)) == path for tree, path in sorted(scope.paths, key=str)]
    return OrgUnit.select(OrgUnit.id).where(_any(under))


def _any(conditions: list[peewee.Expression]) -> peewee.Expression:
    """True where one of the conditions is; false where there are none."""
    found: peewee.Expression = peewee.Value(1) == peewee.Value(0)
    for condition in conditions:
        found = found | condition
    return found


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
    own = officer == (scope.officer_id or 0)
    if not scope.paths:
        return own
    return own | officer.in_(officers_posted_in(units_within(scope), on=on))


def posting_of(officer: Officer | int, *, on: date) -> Posting | None:
    """The posting an officer holds on that day, with its unit and designation; None if there is none."""
    return (
        Posting.select(Posting, OrgUnit, Designation)
        .join(OrgUnit, on=Posting.unit == OrgUnit.id)
        .switch(Posting)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Posting.designation == Designation.id)
        .where((Posting.officer == officer) & is_held(on))
        .order_by(Posting.from_on.desc())
        .first()
    )


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
        .where(_any([name.contains(text) for name in names]))
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
    """The condition that a user report has named this officer (a column of ids): they are registered on iGOT."""
    return officer.in_(IgotProfile.select(IgotProfile.officer))


# Corrections of names


def corrections_for(actor: Actor, permission: Permission = READ) -> peewee.ModelSelect:
    """Requests to correct a name within the actor's reach, each with its officer, the newest first."""
    reach = within(
        scope_of(actor, permission),
        line_path=NameCorrection.line_path,
        territory_path=NameCorrection.territory_path,
        officer=NameCorrection.officer,
    )
    return NameCorrection.select(NameCorrection, Officer).join(Officer).where(reach).order_by(NameCorrection.id.desc())


def corrections_to_review(actor: Actor) -> peewee.ModelSelect:
    """Open requests that the actor may decide, the longest waiting first; never the actor's own."""
    waiting = corrections_for(actor, REVIEW).where(NameCorrection.state == "requested")
    if actor.officer_id is not None:
        waiting = waiting.where(NameCorrection.officer != actor.officer_id)
    return waiting.order_by(NameCorrection.requested_at, NameCorrection.id)


def open_correction_of(officer: Officer | int) -> NameCorrection | None:
    """The officer's request that still waits; None if there is none."""
    mine = (NameCorrection.officer == officer) & (NameCorrection.state == "requested")
    return NameCorrection.get_or_none(mine)


def last_correction_of(officer: Officer | int) -> NameCorrection | None:
    """The officer's newest request, whatever became of it; None if there never was one."""
    mine = NameCorrection.officer == officer
    return NameCorrection.select().where(mine).order_by(NameCorrection.id.desc()).first()


def open_corrections_of(officer_ids: list[int]) -> dict[int, NameCorrection]:
    """The waiting requests of these officers, by officer; one query."""
    waiting = NameCorrection.officer.in_(officer_ids) & (NameCorrection.state == "requested")
    return {case.officer_id: case for case in NameCorrection.select().where(waiting)}


def held_corrections(officer: Officer | int) -> peewee.ModelSelect:
    """Ids of approved corrections that keep the roster from changing the officer's names."""
    held = (NameCorrection.state == "approved") & NameCorrection.released_at.is_null()
    return NameCorrection.select(NameCorrection.id).where((NameCorrection.officer == officer) & held)
