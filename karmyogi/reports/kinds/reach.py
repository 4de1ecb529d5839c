"""Which rows of a file lie within the unit that it is imported for, judged set-based before anything else is.

A row whose officer is known lies where that officer is posted: by the posting
held on the day, else the last one that ended, of any record of that person. Of
a row about anybody else, the organisation counts that it tells. A roster says where an officer shall be, so
both must lie within: moving officers between units is for whoever has the State.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from karmyogi.core.reasons import N_, declare
from karmyogi.people.models import IgotProfile, OrgUnit, UnitKind, UnitName
from karmyogi.reports.kinds import Within
from karmyogi.reports.rules import Node, Told, folded, units_meant
from karmyogi.store import staging
from karmyogi.store.db import database, is_postgres

TERRITORIES = {UnitKind.DIVISION.value, UnitKind.DISTRICT.value}
NODE = (OrgUnit.id, OrgUnit.kind, OrgUnit.line_path, OrgUnit.territory_path)
MOST_IDS = 500  # of organisations, looked up in one statement
OWNERS = "SELECT s.row_number, p.officer_id FROM staged s JOIN person p ON p.person = s.person"

declare(
    outside_reach=N_(
        "The row is about somebody outside the unit that this file was brought for, or names an organisation that is "
        "not known within it. Leave it to the nodal officer of that office; of an officer who has newly come to yours, "
        "GAD brings the posting first."
    ),
    no_row_within_reach=N_(
        "None of the rows is about your unit: their officers are posted elsewhere, or their organisations are not "
        "known within it. Download the report of your own organisation, or ask GAD to bring this file."
    ),
    report_of_the_state=N_(
        "This report says nothing of officers, but of iGOT's catalogue, which is one for the whole State. "
        "GAD brings it; you need not send it."
    ),
)


def nodes(ids: Collection[int]) -> dict[int, Node]:
    """These units with their places in the trees."""
    rows = OrgUnit.select(*NODE).where(OrgUnit.id.in_(list(ids)))
    return {row[0]: _node(*row) for row in rows.tuples()} if ids else {}


def _node(number: int, kind: str, line_path: str, territory_path: str) -> Node:
    return Node(number, kind in TERRITORIES, line_path, territory_path)


def by_names(told: Collection[Told]) -> dict[Told, tuple[Node, ...]]:
    """The units that each of these tellings may mean: by names, former ones too, else by iGOT's id of it.

    The id is known by what user reports called the organisation that had it.
    """
    called = _called()
    found = {one: units_meant(one, called) for one in told}
    names = _names_by_id({one.mdoid for one, units in found.items() if one.mdoid and not units})
    return {one: units or _by_id(one, names, called) for one, units in found.items()}


def _by_id(told: Told, names: Mapping[str, set[str]], called: Mapping[str, list[Node]]) -> tuple[Node, ...]:
    return tuple({unit for name in names.get(told.mdoid, ()) for unit in units_meant(Told(name=name), called)})


def _called() -> dict[str, list[Node]]:
    """Every folded name with the units that bear it; a former one only if nobody bears it now."""
    called = _by_name(OrgUnit.select(OrgUnit.name_en, OrgUnit.name_hi, *NODE).tuples())
    former = UnitName.select(UnitName.name_en, UnitName.name_hi, *NODE).join(OrgUnit).tuples()
    return _by_name(former) | called


def _by_name(rows: Iterable[tuple[str, str, int, str, str, str]]) -> dict[str, list[Node]]:
    called: dict[str, list[Node]] = defaultdict(list)
    for name_en, name_hi, *place in rows:
        for name in {folded(name_en), folded(name_hi)} - {""}:
            called[name].append(_node(*place))
    return dict(called)


def _names_by_id(ids: set[str]) -> dict[str, set[str]]:
    if not ids:
        return {}
    wanted = IgotProfile.mdoid.in_(sorted(ids)[:MOST_IDS]) & (IgotProfile.organisation != "")
    rows = IgotProfile.select(IgotProfile.mdoid, IgotProfile.organisation).where(wanted).distinct()
    names: dict[str, set[str]] = defaultdict(set)
    for number, name in rows.tuples():
        names[number].add(name)
    return names


# Judging


ROW_TOLD = {"row_number": "INTEGER", "place": "INTEGER"}


def tell_places(rows: Iterable[tuple[int, int]]) -> None:
    """Lay out `row_told`: of each row the number of what it tells of its place."""
    staging.create("row_told", ROW_TOLD)
    staging.load("row_told", len(ROW_TOLD), rows)


def set_apart(owners: str, top: Node, inside: Iterable[int], *, on: date, needs_both: bool) -> list[tuple[int, int]]:
    """Take the rows that lie outside `top` out of `staged` into `set_apart`; returns each with its place, in order.

    `owners` gives of every row the officer whom it is about, if known; `inside` are the places told that lie
    within. With `needs_both` a row must tell such a place besides its officer being posted within.
    """
    staging.create("place_within", {"place": "INTEGER"})
    staging.load("place_within", 1, ((place,) for place in inside))
    path = ("territory_path", top.territory_path) if top.is_territory else ("line_path", top.line_path)
    staging.create_as("unit_within", _units_below(*path))
    staging.create_as("set_apart", _outside(owners, needs_both, on))
    rows = database.execute_sql(
        "SELECT a.row_number, r.place FROM set_apart a JOIN row_told r ON r.row_number = a.row_number ORDER BY 1"
    ).fetchall()
    if rows:
        staging.index("set_apart", "row_number")
        database.execute_sql("DELETE FROM staged WHERE row_number IN (SELECT row_number FROM set_apart)")
        staging.analyze("staged")
    return list(rows)


def put_back() -> None:
    """Bring the rows that were set apart back into `staged`, to be judged once more."""
    database.execute_sql("INSERT INTO staged SELECT * FROM set_apart")


def _units_below(column: str, path: str) -> str:
    return f"SELECT id FROM org_unit WHERE SUBSTR({column}, 1, {len(path)}) = '{path}'"  # noqa: S608 - numbers and slashes


def _outside(owners: str, needs_both: bool, on: date) -> str:
    day = f"CAST('{on}' AS {'DATE' if is_postgres() else 'TEXT'})"
    posted = "w.id IS NOT NULL AND t.place IS NOT NULL" if needs_both else "w.id IS NOT NULL"
    return f"""
        WITH owned AS ({owners}),
        placed AS (
            SELECT o.officer_id, (
                SELECT q.unit_id FROM posting q
                WHERE q.from_on <= {day} AND q.officer_id IN (
                    SELECT r.id FROM officer r WHERE r.id = o.person_id OR r.merged_into_id = o.person_id
                )
                ORDER BY q.from_on DESC, q.id DESC LIMIT 1
            ) AS unit_id
            FROM (
                SELECT f.id AS officer_id, COALESCE(f.merged_into_id, f.id) AS person_id
                FROM officer f WHERE f.id IN (SELECT officer_id FROM owned)
            ) o
        )
        SELECT s.* FROM staged s
        JOIN owned o ON o.row_number = s.row_number
        JOIN row_told r ON r.row_number = s.row_number
        LEFT JOIN place_within t ON t.place = r.place
        LEFT JOIN placed p ON p.officer_id = o.officer_id
        LEFT JOIN unit_within w ON w.id = p.unit_id
        WHERE NOT (CASE WHEN p.unit_id IS NULL THEN t.place IS NOT NULL ELSE {posted} END)
        """  # noqa: S608 - statements and a date of ours


TELLS = {"mdoid": "mdoid", "name": "mdo_name", "organisation": "organization", "department": "department"}
OF_PERSONS = Within(OWNERS, by_names, TELLS)
OF_PERSONS_BY_ID = Within(OWNERS, by_names, {"mdoid": "mdoid"})
