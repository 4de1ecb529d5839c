"""The structure of the State: what stands below what, what a change touches, and what units were called before."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.core.permissions import Tree
from karmyogi.people.models import Officer, OrgUnit, Posting, UnitKind, UnitName
from karmyogi.people.queries.merging import counts_once
from karmyogi.people.queries.reach import PATHS, any_of, is_held, officers_posted_in
from karmyogi.store.db import canonical

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
    below = _with_department().where(BRANCH[tree] == unit)
    if unit.kind == UnitKind.STATE:
        wanted = (UnitKind.DEPARTMENT,) if tree is Tree.LINE else (UnitKind.DIVISION, UnitKind.DISTRICT)
        below = below.where(OrgUnit.kind.in_(wanted))
    return below.order_by(
        OrgUnit.closed_on.is_null(False), OrgUnit.kind, OrgUnit.name_en, Department.name_en, OrgUnit.id
    )


def officers_below(unit: OrgUnit, tree: Tree, *, on: date) -> dict[int, int]:
    """How many officers each unit right below one has on that day, all below it included; one query."""
    path = getattr(unit, PATHS[tree].name)
    rows = (
        Posting.select(PATHS[tree], peewee.fn.COUNT(Posting.id))
        .join(OrgUnit)
        .where(
            is_held(on) & counts_once(Posting.officer, on=on) & (peewee.fn.SUBSTR(PATHS[tree], 1, len(path)) == path)
        )
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
        officers=officers_posted_in(below, on=on).where(counts_once(Posting.officer, on=on)).count(),
    )


def _is_below(unit: OrgUnit) -> peewee.Expression:
    paths = [(field, getattr(unit, field.name)) for field in PATHS.values()]
    return any_of([peewee.fn.SUBSTR(field, 1, len(path)) == path for field, path in paths])


def open_units_right_below(unit: OrgUnit) -> peewee.ModelSelect:
    """Open units that stand right below one in either tree."""
    below = (OrgUnit.line_parent == unit) | (OrgUnit.territory_parent == unit)
    rows = _with_department().where(below & OrgUnit.closed_on.is_null() & (OrgUnit.id != unit.id))
    return rows.order_by(OrgUnit.kind, OrgUnit.name_en, Department.name_en)


Department = OrgUnit.alias("department")


def _with_department() -> peewee.ModelSelect:
    """Units, each with its department: two offices of a district may have the same name."""
    return OrgUnit.select(OrgUnit, Department).join(
        Department, peewee.JOIN.LEFT_OUTER, on=OrgUnit.department == Department.id, attr="department"
    )


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
    return Posting.select().where((Posting.unit == unit) & is_held(on) & counts_once(Posting.officer, on=on)).count()
