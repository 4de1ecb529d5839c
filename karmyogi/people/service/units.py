"""Verbs of the structure: create, rename, move and reopen a unit, each dated, in one transaction with its trail entry.

Sealed scores, orders, nominations and postings are not rewritten: they keep the
units, names and paths of their day. Whoever changes the structure comes one
after the other, so that no unit is hung below one that is just being moved.
"""

from datetime import date, datetime

import peewee

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import Reason, reason
from karmyogi.people.models import OrgUnit, UnitKind, UnitName
from karmyogi.people.queries import named_since, twin_of, version_of
from karmyogi.people.rules import MOVABLE, Above, placing_reasons, tidy_name, unit_name_reasons
from karmyogi.people.service.state import hold_structure, make_unit
from karmyogi.store.db import database
from karmyogi.store.trail import record


def create_unit(
    kind: UnitKind,
    *,
    name_hi: str,
    name_en: str,
    line_parent: OrgUnit | None,
    territory_parent: OrgUnit | None,
    by: Actor,
    at: datetime | None = None,
) -> OrgUnit:
    """Add a unit below two others. Raises NotAllowed, or RuleBroken with everything that is wrong."""
    _must_write(by)
    names = {"name_hi": tidy_name(name_hi), "name_en": tidy_name(name_en)}
    with database.atomic():
        hold_structure()
        line, territory = _fresh_or_none(line_parent), _fresh_or_none(territory_parent)
        _refuse(
            [
                *unit_name_reasons(**names),
                *placing_reasons(kind.value, _above(line, "line_path"), _above(territory, "territory_path")),
                *(_twin_reasons(kind.value, names["name_en"], line, territory) if line and territory else []),
            ]
        )
        unit = make_unit(kind, **names, line_parent=line, territory_parent=territory)
        record(by, "org_unit.create", unit, {"kind": kind.value, **names, **_parents(unit)}, at=at)
    return unit


def rename_unit(
    unit: OrgUnit,
    *,
    name_hi: str,
    name_en: str,
    seen: str,
    by: Actor,
    since: date | None = None,
    at: datetime | None = None,
) -> OrgUnit:
    """Give a unit new names from a day on; its old ones are kept with their last day.

    Without a day it is a correction of the spelling, which leaves no former name.
    `seen` is the version the page was drawn from. Raises NotAllowed, WrongState
    when somebody else was faster, or RuleBroken.
    """
    _must_write(by)
    at, names = at or now(), {"name_hi": tidy_name(name_hi), "name_en": tidy_name(name_en)}
    with database.atomic():
        fresh = _seen(unit, seen)
        _refuse(_reasons_against_names(fresh, names, since, on=at.astimezone(IST).date()))
        change: dict[str, object] = {name: [getattr(fresh, name), text] for name, text in names.items()}
        if since is not None:
            UnitName.create(unit=fresh, name_hi=fresh.name_hi, name_en=fresh.name_en, ended_on=since)
            change["since"] = since
        OrgUnit.update(names).where(OrgUnit.id == fresh.id).execute()
        record(by, "org_unit.rename" if since else "org_unit.correct", fresh, change, at=at)
    return OrgUnit.get_by_id(unit.id)


def _reasons_against_names(unit: OrgUnit, names: dict[str, str], since: date | None, *, on: date) -> list[Reason]:
    found = unit_name_reasons(**names)
    if (unit.name_hi, unit.name_en) == (names["name_hi"], names["name_en"]):
        found.append(reason("unit_name_unchanged"))
    if since is not None and since > on:
        found.append(reason("unit_day_in_future"))
    last = named_since(unit)
    if since is not None and last is not None and since < last:
        found.append(reason("unit_day_before_last", since=last.isoformat()))
    if names["name_en"] != unit.name_en:
        found += _twin_reasons(unit.kind, names["name_en"], unit.line_parent, unit.territory_parent, besides=unit.id)
    return found


def move_unit(
    unit: OrgUnit,
    *,
    line_parent: OrgUnit | None,
    territory_parent: OrgUnit | None,
    seen: str,
    by: Actor,
    at: datetime | None = None,
) -> OrgUnit:
    """Hang a unit, with all below it, under other units from now on.

    Paths, department, district and division of the whole branch follow. Raises
    NotAllowed, WrongState when somebody else was faster, or RuleBroken.
    """
    _must_write(by)
    with database.atomic():
        fresh = _seen(unit, seen)
        line, territory = _fresh_or_none(line_parent), _fresh_or_none(territory_parent)
        _refuse(_reasons_against_move(fresh, line, territory))
        before = _parents(fresh)
        moved = _rehang(fresh, line, territory)
        after = {"line_parent": line.id, "territory_parent": territory.id}
        change = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        record(by, "org_unit.move", fresh, {**change, "units": moved}, at=at)
    return OrgUnit.get_by_id(unit.id)


def _reasons_against_move(unit: OrgUnit, line: OrgUnit | None, territory: OrgUnit | None) -> list[Reason]:
    if unit.closed_on is not None:
        return [reason("unit_is_closed")]
    if unit.kind not in MOVABLE:
        return [reason("unit_is_root" if unit.kind == UnitKind.STATE else "unit_stands_fast")]
    found = placing_reasons(unit.kind, _above(line, "line_path"), _above(territory, "territory_path"), unit_id=unit.id)
    if found or line is None or territory is None:
        return found
    if (line.id, territory.id) == (unit.line_parent_id, unit.territory_parent_id):
        return [reason("unit_parents_unchanged")]
    return _twin_reasons(unit.kind, unit.name_en, line, territory, besides=unit.id)


def _rehang(unit: OrgUnit, line: OrgUnit, territory: OrgUnit) -> int:
    """Write the new place of a branch, one statement for each tree; returns how many units changed at most."""
    old_line, old_territory = unit.line_path, unit.territory_path
    OrgUnit.update(line_parent=line, territory_parent=territory).where(OrgUnit.id == unit.id).execute()
    in_line = _follow(
        OrgUnit.line_path, old_line, f"{line.line_path}{unit.id}/", {OrgUnit.department: line.department_id}
    )
    around: dict[peewee.Field, object] = {OrgUnit.division: territory.division_id}
    if unit.kind != UnitKind.DISTRICT:  # what stands in a district stays in it wherever the district goes
        around[OrgUnit.district] = territory.district_id
    in_territory = _follow(OrgUnit.territory_path, old_territory, f"{territory.territory_path}{unit.id}/", around)
    return max(in_line, in_territory)


def _follow(path: peewee.Field, old: str, new: str, facts: dict[peewee.Field, object]) -> int:
    rest = peewee.fn.SUBSTR(path, len(old) + 1)
    below = peewee.fn.SUBSTR(path, 1, len(old)) == old
    return OrgUnit.update({path: peewee.Value(new).concat(rest), **facts}).where(below).execute()


def set_closed(unit: OrgUnit, *, on: date, seen: str) -> OrgUnit:
    """Mark a unit as closed after its last day `on`, and give it as it was before.

    The caller holds the transaction, has asked whether it may close, and writes
    the trail. Raises WrongState or RuleBroken.
    """
    fresh = _seen(unit, seen)
    if fresh.kind == UnitKind.STATE:
        raise RuleBroken("unit_is_root")
    if fresh.closed_on is not None:
        raise RuleBroken("unit_is_closed")
    OrgUnit.update(closed_on=on).where(OrgUnit.id == fresh.id).execute()
    return fresh


def reopen_unit(unit: OrgUnit, *, seen: str, by: Actor, at: datetime | None = None) -> OrgUnit:
    """Open a closed unit again where it stood; roles that ended with it are given anew by hand.

    Raises NotAllowed, WrongState, or RuleBroken: nothing opens below a closed unit, nor beside one of its name.
    """
    _must_write(by)
    with database.atomic():
        fresh = _seen(unit, seen)
        if fresh.closed_on is None:
            raise RuleBroken("unit_is_open")
        line, territory = fresh.line_parent, fresh.territory_parent
        closed = [one for one in (line, territory) if one.closed_on is not None]
        _refuse([reason("unit_parent_closed", name=str(one)) for one in dict.fromkeys(closed)])
        _refuse(_twin_reasons(fresh.kind, fresh.name_en, line, territory, besides=fresh.id))
        OrgUnit.update(closed_on=None).where(OrgUnit.id == fresh.id).execute()
        record(by, "org_unit.reopen", fresh, {"closed_on": [fresh.closed_on, None]}, at=at)
    return OrgUnit.get_by_id(unit.id)


def _must_write(by: Actor) -> None:
    if not can(by, Permission.UNITS_WRITE):
        raise NotAllowed("not_allowed")


def _seen(unit: OrgUnit, seen: str) -> OrgUnit:
    """The unit as it is now, held; raises WrongState if that is not what the page showed."""
    hold_structure()
    fresh = OrgUnit.get_by_id(unit.id)
    if version_of(fresh) != seen:
        raise WrongState("unit_changed")
    return fresh


def _fresh_or_none(unit: OrgUnit | None) -> OrgUnit | None:
    return None if unit is None else OrgUnit.get_by_id(unit.id)


def _above(unit: OrgUnit | None, path: str) -> Above | None:
    return unit and Above(unit.kind, str(unit), getattr(unit, path), unit.closed_on is None)


def _twin_reasons(
    kind: str, name_en: str, line: OrgUnit, territory: OrgUnit, *, besides: int | None = None
) -> list[Reason]:
    """Rosters name a unit by its English name: two open ones in one place could not be told apart."""
    twin = twin_of(kind, name_en, line=line, territory=territory, besides=besides)
    return [reason("unit_name_taken", name=name_en, where=str(twin.line_parent))] if twin else []


def _parents(unit: OrgUnit) -> dict[str, object]:
    return {"line_parent": unit.line_parent_id, "territory_parent": unit.territory_parent_id}


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise RuleBroken(*reasons)
