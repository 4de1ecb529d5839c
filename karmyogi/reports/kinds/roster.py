"""The State's own roster: officers, the units they are posted in, and their postings with dates."""

from collections.abc import Collection

from karmyogi.core.reasons import N_, declare, reason
from karmyogi.people.models import KeyKind, Officer
from karmyogi.people.service import keep_words, place_new_offices
from karmyogi.reports.kinds import Kind, Numbers, Within, day, fingerprint
from karmyogi.reports.kinds.reach import nodes
from karmyogi.reports.kinds.tables import DESIGNATION, OFFICER, OFFICER_KEY, POSTING, UNIT
from karmyogi.reports.rules import Fault, Node, RosterRow, Told
from karmyogi.store import history, staging
from karmyogi.store.db import canonical, database, day_before, is_postgres
from karmyogi.store.imports import Import

declare(
    retires_before_joining=N_(
        "The date of retirement lies before the date of joining. Correct one of them and send the row again."
    ),
    unit_unknown=N_(
        "The department, district or office of this row is not among the State's units. "
        "Correct the name, or import again and let missing units be created."
    ),
    unit_closed=N_(
        "The department, district or office of this row is closed, and the officer is still serving. "
        "Correct the unit and send the row again, or let GAD reopen it."
    ),
)

COLUMNS = {
    "row_number": "INTEGER",
    "employee_code": "TEXT",
    "name_hi": "TEXT",
    "name_en": "TEXT",
    "designation": "TEXT",
    "designation_hi": "TEXT",
    "state_class": "TEXT",
    "department": "TEXT",
    "office": "TEXT",
    "office_hi": "TEXT",
    "district": "TEXT",
    "email": "TEXT",
    "mobile": "TEXT",
    "gender": "TEXT",
    "birth_on": "DATE",
    "joined_on": "DATE",
    "posted_on": "DATE",
    "retires_on": "DATE",
    "cadre": "TEXT",
    "cadre_on": "DATE",
    "fingerprint": "TEXT",
    "extra": "TEXT",
}
NAMES = ("name_hi", "name_en")
TAKEN = ["name_hi", "name_en", "gender", "birth_on", "joined_on", "retires_on", "cadre", "cadre_on", "fingerprint"]


def staged(row: RosterRow, _numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    mapped = (
        row.employee_code,
        row.name_hi,
        row.name_en,
        row.designation,
        row.designation_hi,
        row.state_class or None,
        row.department,
        row.office,
        row.office_hi,
        row.district,
        row.email or "",
        row.phone or "",
        row.gender,
        day(row.birth_on),
        day(row.joined_on),
        day(row.posted_on),
        day(row.retires_on),
        row.cadre,
        day(row.cadre_on),
    )
    return row.line_number, *mapped, fingerprint(*mapped), canonical(row.extra)


def judge(origin: Import) -> None:
    """Compare each row with the officer it names.

    A row whose unit is unknown is rejected unless units are created; one that posts an officer to a closed unit is too.
    """
    _find_units()
    known = "1 = 1" if origin.creates_units else "n.unit_id IS NOT NULL"
    staging.create_as(
        "usable",
        f"""
        SELECT s.*, n.unit_id, o.id AS officer_id, o.fingerprint AS stored,
            LAG(s.fingerprint) OVER same AS fingerprint_before,
            LEAD(s.row_number) OVER same IS NULL AS is_last
        FROM staged s
        JOIN named n ON n.department = s.department AND n.office = s.office AND n.district = s.district
        LEFT JOIN officer o ON o.employee_code = s.employee_code
        WHERE {known} AND {IS_OPEN} AND (s.retires_on IS NULL OR s.retires_on >= s.joined_on)
        WINDOW same AS (PARTITION BY s.employee_code ORDER BY s.row_number)
        """,  # noqa: S608 - one of two conditions of ours
    )
    staging.index("usable", "row_number")
    staging.index("usable", "employee_code")
    staging.analyze("usable")
    staging.create_as(
        "judged",
        f"""
        SELECT s.row_number, 0 AS person,
            CASE
                WHEN s.retires_on < s.joined_on OR u.row_number IS NULL THEN 'rejected'
                WHEN u.fingerprint_before = u.fingerprint THEN 'unchanged'
                WHEN u.fingerprint_before IS NOT NULL THEN 'updated'
                WHEN u.officer_id IS NULL THEN 'created'
                WHEN u.stored = u.fingerprint THEN 'unchanged'
                ELSE 'updated'
            END AS outcome,
            CASE
                WHEN s.retires_on < s.joined_on THEN 'retires_before_joining'
                WHEN u.row_number IS NULL AND NOT {IS_OPEN} THEN 'unit_closed'
                WHEN u.row_number IS NULL THEN 'unit_unknown'
                ELSE ''
            END AS code
        FROM staged s
        JOIN named n ON n.department = s.department AND n.office = s.office AND n.district = s.district
        LEFT JOIN usable u ON u.row_number = s.row_number
        """,  # noqa: S608 - a condition of ours
    )


# Whoever left before the last day of a unit may still be told to have served in it.
IS_OPEN = "(n.closed_on IS NULL OR COALESCE(s.retires_on <= n.closed_on, false))"

# An approved correction of a name wins over the roster until GAD releases it.
NAME_IS_HELD = """EXISTS (
    SELECT 1 FROM name_correction c
    WHERE c.officer_id = officer.id AND c.state = 'approved' AND c.released_at IS NULL
)"""


def remarks() -> list[Fault]:
    """Changed rows that would call an officer otherwise than the approved correction of the name does."""
    each = [
        f"""
        SELECT u.row_number, '{name}', u.{name}, officer.{name}
        FROM usable u
        JOIN judged j ON j.row_number = u.row_number AND j.outcome = 'updated'
        JOIN officer ON officer.id = u.officer_id
        WHERE u.{name} <> '' AND u.{name} <> officer.{name} AND {NAME_IS_HELD}"""  # noqa: S608 - column names of ours
        for name in NAMES
    ]
    found = database.execute_sql(f"{' UNION ALL '.join(each)} ORDER BY 1, 2 DESC").fetchall()
    return [
        Fault(number, column, told, reason("name_kept", value=told, kept=kept)) for number, column, told, kept in found
    ]


def _find_units() -> None:
    """Every combination of department, office and district in the file, with its unit if there is one.

    A unit is found by its former names too, unless another bears them now; an
    open one is preferred to a closed one of the same name.
    """
    _tell_names()
    staging.create_as(
        "named",
        """
        SELECT t.department, t.office, t.district, MAX(t.office_hi) AS office_hi,
            COALESCE(MIN(CASE WHEN u.closed_on IS NULL THEN u.id END), MIN(u.id)) AS unit_id,
            MIN(d.id) AS department_id, MIN(t2.id) AS district_id,
            CASE
                WHEN COUNT(u.id) = 0 THEN COALESCE(MIN(d.closed_on), MIN(t2.closed_on))
                WHEN COUNT(u.closed_on) = COUNT(u.id) THEN MAX(u.closed_on)
            END AS closed_on
        FROM staged t
        LEFT JOIN called d ON d.kind = 'department' AND d.name_en = t.department
        LEFT JOIN called t2 ON t2.kind = 'district' AND t2.name_en = t.district
        LEFT JOIN called u ON u.kind = 'office' AND u.name_en = t.office
            AND u.department_id = d.id AND u.district_id = t2.id
        GROUP BY t.department, t.office, t.district
        """,
    )
    staging.index("named", "office", "department", "district")
    staging.analyze("named")  # else PostgreSQL takes it for a few rows, and reads the whole roster once for each office


def _tell_names() -> None:
    """Every name by which a unit may be meant: its own, and those it bore before that nobody of its place bears now."""
    staging.create_as(
        "called",
        """
        SELECT id, kind, name_en, department_id, district_id, closed_on FROM org_unit
        UNION
        SELECT u.id, u.kind, f.name_en, u.department_id, u.district_id, u.closed_on
        FROM unit_name f JOIN org_unit u ON u.id = f.unit_id
        WHERE NOT EXISTS (
            SELECT 1 FROM org_unit x
            WHERE x.kind = u.kind AND x.name_en = f.name_en
                AND (u.kind <> 'office' OR (x.department_id = u.department_id AND x.district_id = u.district_id))
        )
        """,
    )
    staging.index("called", "kind", "name_en")
    staging.analyze("called")


def write(origin: Import) -> None:
    """Missing units and designations, officers, keys, then postings."""
    if origin.creates_units:
        _create_units(origin)
    _create_designations(origin)
    _write_officers(origin)
    keep_words(Officer.import_id == origin.id)
    _teach_keys(origin)
    _write_postings(origin)
    for table in ("officer", "officer_word", "officer_key", "posting"):
        staging.analyze(table)  # so that pages find their way before the server looks by itself


def _create_units(origin: Import) -> None:
    for kind in ("department", "district"):
        made = database.execute_sql(
            f"""
            INSERT INTO org_unit (kind, name_hi, name_en, line_parent_id, territory_parent_id, line_path,
                territory_path)
            SELECT DISTINCT '{kind}', '', n.{kind}, s.id, s.id, '/', '/'
            FROM named n JOIN org_unit s ON s.kind = 'state'
            WHERE n.{kind}_id IS NULL ORDER BY n.{kind}
            RETURNING id
            """  # noqa: S608 - one of two words of ours
        )
        history.remember_new(origin, UNIT, [unit_id for (unit_id,) in made])
    place_new_offices()
    _find_units()
    made = database.execute_sql(
        """
        INSERT INTO org_unit (kind, name_hi, name_en, line_parent_id, territory_parent_id, line_path, territory_path)
        SELECT 'office', office_hi, office, department_id, district_id, '/', '/'
        FROM named WHERE unit_id IS NULL ORDER BY department, district, office
        RETURNING id
        """
    )
    history.remember_new(origin, UNIT, [unit_id for (unit_id,) in made])
    place_new_offices()
    _find_units()
    database.execute_sql(
        """
        UPDATE usable SET unit_id = (
            SELECT n.unit_id FROM named n
            WHERE n.department = usable.department AND n.office = usable.office AND n.district = usable.district
        )
        WHERE unit_id IS NULL
        """
    )


def _create_designations(origin: Import) -> None:
    made = database.execute_sql(
        """
        INSERT INTO designation (name_en, name_hi)
        SELECT designation, MAX(designation_hi) FROM usable WHERE designation <> ''
        GROUP BY designation ORDER BY designation
        ON CONFLICT (name_en) DO NOTHING
        RETURNING id
        """
    )
    history.remember_new(origin, DESIGNATION, [designation_id for (designation_id,) in made])


def _write_officers(origin: Import) -> None:
    same = "JOIN usable u ON u.employee_code = officer.employee_code AND u.is_last"
    history.remember(origin, OFFICER, f"{same} WHERE officer.fingerprint <> u.fingerprint")
    columns = ", ".join(TAKEN)
    taken = [name for name in [*TAKEN, "designation_id", "state_class"] if name not in NAMES]
    kept = [f"{name} = CASE WHEN {NAME_IS_HELD} THEN officer.{name} ELSE excluded.{name} END" for name in NAMES]
    changes = ", ".join([*(f"{name} = excluded.{name}" for name in taken), *kept])
    database.execute_sql(
        f"""
        INSERT INTO officer (employee_code, {columns}, email, mobile, designation_id, state_class, igot_group,
            roster_as_on, import_id)
        SELECT u.employee_code, {", ".join(f"u.{name}" for name in TAKEN)}, u.email, u.mobile, d.id, u.state_class,
            '', {_as_on(origin)}, {origin.id}
        FROM usable u LEFT JOIN designation d ON d.name_en = u.designation
        WHERE u.is_last
        ORDER BY u.row_number
        ON CONFLICT (employee_code) DO UPDATE SET {changes}, email = excluded.email, mobile = excluded.mobile,
            roster_as_on = excluded.roster_as_on, import_id = excluded.import_id
        WHERE officer.fingerprint <> excluded.fingerprint
        """  # noqa: S608 - column names, an integer and a date of ours
    )
    database.execute_sql(
        """
        UPDATE usable SET officer_id = (SELECT o.id FROM officer o WHERE o.employee_code = usable.employee_code)
        WHERE officer_id IS NULL
        """
    )


def _as_on(origin: Import) -> str:
    return f"CAST('{origin.as_on}' AS {'DATE' if is_postgres() else 'TEXT'})"


def _teach_keys(origin: Import) -> None:
    each = [
        f"SELECT '{kind.value}', {column}, officer_id, {origin.id} FROM usable WHERE {column} <> ''"  # noqa: S608
        for kind, column in (
            (KeyKind.EMPLOYEE_ID, "employee_code"),
            (KeyKind.EMAIL, "email"),
            (KeyKind.PHONE, "mobile"),
        )
    ]
    database.execute_sql(
        f"""
        INSERT INTO officer_key (kind, value, officer_id, import_id)
        SELECT * FROM ({" UNION ".join(each)}) AS taught WHERE true
        ON CONFLICT (kind, value, officer_id) DO NOTHING
        """  # noqa: S608 - column names of ours
    )


def _write_postings(origin: Import) -> None:
    """A first posting runs from joining to retirement; a transfer closes it the day before and opens the next."""
    _find_transfers(origin)
    _open_first_postings(origin)
    _correct_postings(origin)
    _move_officers(origin)


def _find_transfers(origin: Import) -> None:
    """Each officer's latest posting beside what the roster says; `move` says what becomes of it."""
    staging.create_as(
        "transfer",
        f"""
        WITH told AS (
            SELECT u.officer_id, u.unit_id, d.id AS designation_id, u.state_class, u.retires_on, u.joined_on,
                p.id AS posting_id, p.unit_id AS old_unit_id, p.from_on AS old_from_on,
                COALESCE(u.posted_on, {_as_on(origin)}) AS moved_on
            FROM usable u
            LEFT JOIN designation d ON d.name_en = u.designation
            LEFT JOIN posting p ON p.officer_id = u.officer_id
                AND p.from_on = (SELECT MAX(q.from_on) FROM posting q WHERE q.officer_id = u.officer_id)
            WHERE u.is_last
        )
        SELECT told.*, {day_before("moved_on")} AS left_on,
            CASE
                WHEN posting_id IS NULL THEN 'first'
                WHEN old_unit_id = unit_id OR moved_on <= old_from_on THEN 'correct'
                WHEN retires_on < moved_on THEN 'none'
                ELSE 'move'
            END AS move
        FROM told
        """,  # noqa: S608 - a date and an expression of ours
    )
    staging.index("transfer", "posting_id")
    staging.analyze("transfer")


def _open_first_postings(origin: Import) -> None:
    _open_postings(origin, "first", "joined_on")


def _open_postings(origin: Import, move: str, from_on: str) -> None:
    database.execute_sql(
        f"""
        INSERT INTO posting (officer_id, unit_id, designation_id, state_class, from_on, to_on, import_id)
        SELECT officer_id, unit_id, designation_id, state_class, {from_on}, retires_on, {origin.id}
        FROM transfer WHERE move = '{move}' ORDER BY officer_id
        """  # noqa: S608 - words and an integer of ours
    )


def _correct_postings(origin: Import) -> None:
    """Same unit, or a date that leaves no room for two postings: the one there is takes what the roster says."""
    changing = """t.posting_id = posting.id AND t.move = 'correct'
        AND (t.retires_on IS NULL OR t.retires_on >= posting.from_on)
        AND (
            posting.unit_id <> t.unit_id OR posting.designation_id IS DISTINCT FROM t.designation_id
            OR posting.state_class IS DISTINCT FROM t.state_class OR posting.to_on IS DISTINCT FROM t.retires_on
        )"""
    history.remember(origin, POSTING, f"JOIN transfer t ON {changing} WHERE true")
    database.execute_sql(
        f"""
        UPDATE posting SET unit_id = t.unit_id, designation_id = t.designation_id, state_class = t.state_class,
            to_on = t.retires_on
        FROM transfer t WHERE {changing}
        """  # noqa: S608 - a condition of ours
    )


def _move_officers(origin: Import) -> None:
    moving = "t.posting_id = posting.id AND t.move = 'move'"
    history.remember(origin, POSTING, f"JOIN transfer t ON {moving} WHERE true")
    database.execute_sql(f"UPDATE posting SET to_on = t.left_on FROM transfer t WHERE {moving}")  # noqa: S608
    _open_postings(origin, "move", "moved_on")


def offices_told(told: Collection[Told]) -> dict[Told, tuple[Node, ...]]:
    """The office that each combination of names means, once the units are found; none if it is unknown."""
    rows = database.execute_sql("SELECT office, department, district, unit_id FROM named").fetchall()
    units = {Told(name=office, department=above, district=at): unit for office, above, at, unit in rows}
    found = nodes({unit for unit in units.values() if unit})
    return {one: (found[units[one]],) if units.get(one) else () for one in told}


OWNERS = """
    SELECT s.row_number, o.id AS officer_id
    FROM staged s LEFT JOIN officer o ON o.employee_code = s.employee_code"""
TELLS = {"name": "office", "department": "department", "district": "district"}
REACH = Within(OWNERS, offices_told, TELLS, is_by_code=True, prepare=_find_units)
TABLES = (UNIT, DESIGNATION, OFFICER, OFFICER_KEY, POSTING)
ROSTER = Kind("roster", 1, COLUMNS, staged, judge, write, TABLES, remarks, REACH)
