"""Reads of people: units and officers within reach, postings on a day."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.core.permissions import Actor, Permission, Scope, Tree, scope_of
from karmyogi.people.models import (
    Designation,
    IgotProfile,
    NameCorrection,
    Officer,
    OrgUnit,
    Posting,
    UnitKind,
    UnitName,
)
from karmyogi.people.rules import READ, REVIEW
from karmyogi.store.db import canonical
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


# The structure of the State

BRANCH = {Tree.LINE: OrgUnit.line_parent, Tree.TERRITORY: OrgUnit.territory_parent}
VERSIONED = ("kind", "name_hi", "name_en", "line_parent", "territory_parent", "closed_on")


def version_of(unit: OrgUnit) -> str:
    """Sixteen characters that change with anything a verb of the structure may change of a unit."""
    told = canonical([unit.__data__.get(name) for name in VERSIONED])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def units_with_parents() -> peewee.ModelSelect:
    """Units, each with the two it stands below."""
    line, territory = OrgUnit.alias(), OrgUnit.alias()
    return (
        OrgUnit.select(OrgUnit, line, territory)
        .join(line, peewee.JOIN.LEFT_OUTER, on=OrgUnit.line_parent == line.id, attr="line_parent")
        .switch(OrgUnit)
        .join(territory, peewee.JOIN.LEFT_OUTER, on=OrgUnit.territory_parent == territory.id, attr="territory_parent")
    )


def units_above(unit: OrgUnit, tree: Tree) -> list[OrgUnit]:
    """The units above one, from the State down, in one of the trees."""
    ids = [int(part) for part in getattr(unit, PATHS[tree].name).split("/") if part][:-1]
    found = {one.id: one for one in OrgUnit.select().where(OrgUnit.id.in_(ids))}
    return [found[one] for one in ids if one in found]


def children_of(unit: OrgUnit, tree: Tree) -> peewee.ModelSelect:
    """The units right below one in a tree: open ones first, then by kind and name.

    The territory of the State is its divisions and what hangs there directly; departments belong to the line.
    """
    below = OrgUnit.select().where(BRANCH[tree] == unit)
    if unit.kind == UnitKind.STATE:
        wanted = (UnitKind.DEPARTMENT,) if tree is Tree.LINE else (UnitKind.DIVISION, UnitKind.DISTRICT)
        below = below.where(OrgUnit.kind.in_(wanted))
    return below.order_by(OrgUnit.closed_on.is_null(False), OrgUnit.kind, OrgUnit.name_en, OrgUnit.id)


def officers_below(unit: OrgUnit, tree: Tree, *, on: date) -> dict[int, int]:
    """How many officers each unit right below one has on that day, all below it included; one query."""
    path = getattr(unit, PATHS[tree].name)
    rows = (
        Posting.select(PATHS[tree], peewee.fn.COUNT(Posting.id))
        .join(OrgUnit)
        .where(is_held(on) & (peewee.fn.SUBSTR(PATHS[tree], 1, len(path)) == path))
        .group_by(PATHS[tree])
    )
    counts: Counter[int] = Counter()
    for below, count in rows.tuples():
        child = below[len(path) :].partition("/")[0]
        if child:
            counts[int(child)] += count
    return dict(counts)


@dataclass(frozen=True)
class Branch:
    """What hangs on a unit: the units below it in either tree, itself not counted, and the officers posted in all."""

    units: int
    officers: int


def branch_of(unit: OrgUnit, *, on: date) -> Branch:
    """How much a change of a unit touches, on that day; two queries."""
    below = OrgUnit.select(OrgUnit.id).where(_is_below(unit))
    return Branch(
        units=below.where(OrgUnit.id != unit.id).count(),
        officers=officers_posted_in(below, on=on).count(),
    )


def _is_below(unit: OrgUnit) -> peewee.Expression:
    paths = [(field, getattr(unit, field.name)) for field in PATHS.values()]
    return _any([peewee.fn.SUBSTR(field, 1, len(path)) == path for field, path in paths])


def open_units_right_below(unit: OrgUnit) -> peewee.ModelSelect:
    """Open units that stand right below one in either tree."""
    below = (OrgUnit.line_parent == unit) | (OrgUnit.territory_parent == unit)
    return OrgUnit.select().where(below & OrgUnit.closed_on.is_null() & (OrgUnit.id != unit.id))


def posted_after(unit: OrgUnit, day: date) -> peewee.ModelSelect:
    """Postings in a unit that go on after a day."""
    return Posting.select().where((Posting.unit == unit) & (Posting.to_on.is_null() | (Posting.to_on > day)))


def twin_of(
    kind: str, name_en: str, *, line: OrgUnit, territory: OrgUnit, besides: int | None = None
) -> OrgUnit | None:
    """The open unit that a roster could not tell from one of this kind and English name in this place.

    Rosters name departments, districts and divisions by their name alone, others by
    department and district as well.
    """
    same = (OrgUnit.kind == kind) & (OrgUnit.name_en == name_en) & OrgUnit.closed_on.is_null()
    if kind in (UnitKind.OFFICE, UnitKind.DIRECTORATE):
        same &= OrgUnit.department.is_null() if line.department_id is None else OrgUnit.department == line.department_id
        same &= (
            OrgUnit.district.is_null() if territory.district_id is None else OrgUnit.district == territory.district_id
        )
    if besides is not None:
        same &= OrgUnit.id != besides
    return OrgUnit.select().where(same).first()


def former_names(unit: OrgUnit) -> list[UnitName]:
    """What a unit was called before, the newest first."""
    return list(UnitName.select().where(UnitName.unit == unit).order_by(UnitName.ended_on.desc(), UnitName.id.desc()))


def named_since(unit: OrgUnit) -> date | None:
    """The first day of a unit's present name; None if it never had another."""
    return UnitName.select(peewee.fn.MAX(UnitName.ended_on)).where(UnitName.unit == unit).scalar()


def units_to_stand_below(kinds: Sequence[str]) -> list[OrgUnit]:
    """Open units of these kinds, by kind and English name."""
    return list(
        OrgUnit.select()
        .where(OrgUnit.kind.in_(kinds) & OrgUnit.closed_on.is_null())
        .order_by(OrgUnit.kind, OrgUnit.name_en, OrgUnit.id)
    )


def units_like(text: str, kinds: Sequence[str], *, number: int | None) -> list[OrgUnit]:
    """Open units of these kinds with this number, or with this very name in either script; two at most."""
    is_meant = OrgUnit.id == number if number is not None else (OrgUnit.name_en == text) | (OrgUnit.name_hi == text)
    return list(OrgUnit.select().where(is_meant & OrgUnit.kind.in_(kinds) & OrgUnit.closed_on.is_null()).limit(2))


def posted_after_with_officers(unit: OrgUnit, day: date) -> peewee.ModelSelect:
    """Postings in a unit that go on after a day, each with its officer, by employee code."""
    held = posted_after(unit, day).select(Posting, Officer).join(Officer)
    return held.order_by(Officer.employee_code)


def officers_in(unit: OrgUnit, *, on: date) -> int:
    """How many officers are posted in the unit itself on that day."""
    return Posting.select().where((Posting.unit == unit) & is_held(on)).count()
