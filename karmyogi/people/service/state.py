"""Verbs of people: the State's own units and designations, from the profile of the installation."""

from karmyogi.core.permissions import Actor
from karmyogi.core.profile import Profile
from karmyogi.people.models import Designation, OrgUnit, UnitKind
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import record

STRUCTURE_LOCK = 727277  # any number, the same in every process


def hold_structure() -> None:
    """One change of the structure at a time, until the caller's transaction ends; SQLite has one writer anyway."""
    if is_postgres():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (STRUCTURE_LOCK,))


def install_state(profile: Profile, *, by: Actor) -> int:
    """Create the units and designations of the profile that are not there yet; returns how many were.

    What a person has renamed or added since stays as it is.
    """
    with database.atomic():
        before = OrgUnit.select().count() + Designation.select().count()
        root = _install_root(profile)
        _install_territory(profile, root)
        _install_departments(profile, root)
        _install_designations(profile)
        made = OrgUnit.select().count() + Designation.select().count() - before
        if made:
            record(by, "people.install", "org_unit", {"profile": profile.name, "created": made})
    return made


def _install_root(profile: Profile) -> OrgUnit:
    root = OrgUnit.get_or_none(OrgUnit.kind == UnitKind.STATE)
    state = profile.state
    return root or make_unit(UnitKind.STATE, name_hi=state.name_hi, name_en=state.name_en)


def _install_territory(profile: Profile, root: OrgUnit) -> None:
    known = _by_name(UnitKind.DIVISION), _by_name(UnitKind.DISTRICT)
    for division in profile.divisions:
        above = known[0].get(division.name_en) or make_unit(
            UnitKind.DIVISION,
            name_hi=division.name_hi,
            name_en=division.name_en,
            line_parent=root,
            territory_parent=root,
        )
        for district in division.districts:
            if district.name_en not in known[1]:
                make_unit(
                    UnitKind.DISTRICT,
                    name_hi=district.name_hi,
                    name_en=district.name_en,
                    line_parent=root,
                    territory_parent=above,
                )


def _install_departments(profile: Profile, root: OrgUnit) -> None:
    known = _by_name(UnitKind.DEPARTMENT)
    for department in profile.departments:
        if department.name_en not in known:
            make_unit(
                UnitKind.DEPARTMENT,
                name_hi=department.name_hi,
                name_en=department.name_en,
                line_parent=root,
                territory_parent=root,
            )


def _install_designations(profile: Profile) -> None:
    rows = [{"name_en": row.name_en, "name_hi": row.name_hi} for row in profile.designations]
    Designation.insert_many(rows).on_conflict_ignore().execute()


def _by_name(kind: UnitKind) -> dict[str, OrgUnit]:
    return {unit.name_en: unit for unit in OrgUnit.select().where(OrgUnit.kind == kind)}


def make_unit(
    kind: UnitKind,
    *,
    name_hi: str,
    name_en: str,
    line_parent: OrgUnit | None = None,
    territory_parent: OrgUnit | None = None,
) -> OrgUnit:
    """Create a unit below its parents in both trees; its paths and its department and district follow from them.

    The caller holds the transaction and writes the trail.
    """
    unit = OrgUnit.create(
        kind=kind, name_hi=name_hi, name_en=name_en, line_parent=line_parent, territory_parent=territory_parent
    )
    place(unit)
    unit.save()
    return unit


def place(unit: OrgUnit) -> None:
    """Set what follows from a unit's parents: its two paths, department, district and division."""
    line, territory = unit.line_parent, unit.territory_parent
    unit.line_path = f"{line.line_path if line else '/'}{unit.id}/"
    unit.territory_path = f"{territory.territory_path if territory else '/'}{unit.id}/"
    unit.department = unit if unit.kind == UnitKind.DEPARTMENT else (line and line.department)
    unit.district = unit if unit.kind == UnitKind.DISTRICT else (territory and territory.district)
    unit.division = unit if unit.kind == UnitKind.DIVISION else (territory and territory.division)


def place_new_offices() -> None:
    """Give units that were inserted in one go their paths, department, district and division; set-based.

    A new unit is known by its path, which is still that of nobody.
    """
    hold_structure()  # a unit above that is just being moved has its new path first
    database.execute_sql(
        """
        UPDATE org_unit SET
            line_path = l.line_path || org_unit.id || '/',
            territory_path = t.territory_path || org_unit.id || '/',
            department_id = CASE WHEN org_unit.kind = 'department' THEN org_unit.id ELSE l.department_id END,
            district_id = CASE WHEN org_unit.kind = 'district' THEN org_unit.id ELSE t.district_id END,
            division_id = CASE WHEN org_unit.kind = 'division' THEN org_unit.id ELSE t.division_id END
        FROM org_unit l, org_unit t
        WHERE l.id = org_unit.line_parent_id AND t.id = org_unit.territory_parent_id
            AND org_unit.line_path = '/' AND l.line_path <> '/' AND t.territory_path <> '/'
        """
    )
