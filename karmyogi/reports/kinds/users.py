"""The user report: who is registered on iGOT, and the keys by which later files will know them."""

from karmyogi.people.models import KeyKind, Officer
from karmyogi.people.service import keep_words
from karmyogi.reports import matching
from karmyogi.reports.kinds import Kind, Numbers, Within, day, fingerprint, keys_of, lowered, moment
from karmyogi.reports.kinds.reach import TELLS, by_names
from karmyogi.reports.kinds.tables import OFFICER, OFFICER_KEY, PROFILE
from karmyogi.reports.rules import Fault, UserRow
from karmyogi.store import history, staging
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "new_code": "TEXT",
    "name": "TEXT",
    "igot_group": "TEXT",
    "gender": "TEXT",
    "registered_on": "DATE",
    "profile_status": "TEXT",
    "roles": "TEXT",
    "tags": "TEXT",
    "organisation": "TEXT",
    "mdoid": "TEXT",
    "weekly_claps": "INTEGER",
    "karma_points": "INTEGER",
    "reported_at": "TIMESTAMP",
    "fingerprint": "TEXT",
    "extra": "TEXT",
}
COLUMNS_OF_PROFILE = [
    "registered_on",
    "profile_status",
    "roles",
    "tags",
    "organisation",
    "mdoid",
    "weekly_claps",
    "karma_points",
    "reported_at",
    "fingerprint",
    "extra",
]


def staged(row: UserRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS; `new_code` names an officer whom no key finds."""
    mapped = (
        row.full_name,
        row.group,
        row.gender,
        day(row.registered_on),
        row.profile_status,
        ", ".join(row.roles),
        ", ".join(row.tags),
        row.organization,
        row.mdoid,
        row.weekly_claps,
        row.karma_points,
    )
    keys = keys_of(row)
    return (
        row.line_number,
        numbers.of_person(keys),
        row.employee_id or (f"IGOT:{row.igot_id}" if row.igot_id else None),
        *mapped,
        moment(row.generated_at),
        fingerprint(*keys, *mapped),
        canonical(row.extra),
    )


def judge(origin: Import) -> None:
    """Match persons; a person whom no key finds becomes a new officer if the row names one."""
    matching.match(unit_id=origin.unit_id)
    staging.create_as(
        "usable",
        """
        SELECT s.*, p.officer_id,
            LAG(s.fingerprint) OVER same AS fingerprint_before,
            LEAD(s.row_number) OVER same IS NULL AS is_last
        FROM staged s JOIN person p ON p.person = s.person
        WHERE p.verdict = 'matched'
            OR (p.verdict = 'matched_nobody' AND s.new_code IS NOT NULL AND s.name <> '')
        WINDOW same AS (
            PARTITION BY p.officer_id, CASE WHEN p.officer_id IS NULL THEN s.new_code END ORDER BY s.row_number
        )
        """,
    )
    staging.index("usable", "row_number")
    staging.index("usable", "person")
    staging.analyze("usable")
    staging.create_as(
        "judged",
        """
        SELECT s.row_number, s.person,
            CASE
                WHEN u.row_number IS NULL THEN 'queued'
                WHEN u.fingerprint_before = u.fingerprint OR i.fingerprint = u.fingerprint THEN 'unchanged'
                WHEN i.reported_at > u.reported_at THEN 'unchanged'
                WHEN u.officer_id IS NULL AND u.fingerprint_before IS NULL THEN 'created'
                ELSE 'updated'
            END AS outcome,
            CASE WHEN u.row_number IS NULL THEN p.verdict ELSE '' END AS code
        FROM staged s
        JOIN person p ON p.person = s.person
        LEFT JOIN usable u ON u.row_number = s.row_number
        LEFT JOIN igot_profile i ON i.officer_id = u.officer_id
        """,
    )


def write(origin: Import) -> None:
    """New officers, then profiles, then the keys that the report teaches."""
    _write_officers(origin)
    keep_words(Officer.import_id == origin.id)
    _write_profiles(origin)
    _teach_keys(origin)


def _write_officers(origin: Import) -> None:
    database.execute_sql(
        f"""
        INSERT INTO officer (employee_code, name_hi, name_en, igot_group, gender, email, mobile, cadre, fingerprint,
            import_id)
        SELECT u.new_code, '', u.name, u.igot_group, u.gender, COALESCE(p.email, ''), COALESCE(p.phone, ''), '', '',
            {origin.id}
        FROM usable u JOIN person p ON p.person = u.person
        WHERE u.officer_id IS NULL AND u.is_last
        ORDER BY u.row_number
        ON CONFLICT (employee_code) DO NOTHING
        """  # noqa: S608 - an integer of ours
    )
    database.execute_sql(
        """
        UPDATE usable SET officer_id = (SELECT o.id FROM officer o WHERE o.employee_code = usable.new_code)
        WHERE officer_id IS NULL
        """
    )
    _write_groups(origin)


def _write_groups(origin: Import) -> None:
    """iGOT's group of officers, unless a newer report has told it."""
    changing = """u.officer_id = officer.id AND u.is_last
        AND u.igot_group <> '' AND u.igot_group <> officer.igot_group
        AND NOT EXISTS (
            SELECT 1 FROM igot_profile i WHERE i.officer_id = officer.id AND i.reported_at > u.reported_at
        )"""
    history.remember(origin, OFFICER, f"JOIN usable u ON {changing} WHERE true")
    database.execute_sql(f"UPDATE officer SET igot_group = u.igot_group FROM usable u WHERE {changing}")  # noqa: S608


CHANGES = """(igot_profile.reported_at IS NULL OR igot_profile.reported_at <= {told}.reported_at)
    AND igot_profile.fingerprint <> {told}.fingerprint"""


def _write_profiles(origin: Import) -> None:
    same = "JOIN usable u ON u.officer_id = igot_profile.officer_id AND u.is_last"
    history.remember(origin, PROFILE, f"{same} WHERE {CHANGES.format(told='u')}")
    columns = ", ".join(COLUMNS_OF_PROFILE)
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS_OF_PROFILE if name != "registered_on")
    database.execute_sql(
        f"""
        INSERT INTO igot_profile (officer_id, {columns}, import_id, row_number)
        SELECT officer_id, {columns}, {origin.id}, row_number
        FROM usable WHERE is_last
        ORDER BY officer_id
        ON CONFLICT (officer_id) DO UPDATE SET {changes},
            registered_on = CASE
                WHEN igot_profile.registered_on <= excluded.registered_on OR excluded.registered_on IS NULL
                THEN igot_profile.registered_on ELSE excluded.registered_on END,
            import_id = excluded.import_id, row_number = excluded.row_number
        WHERE {CHANGES.format(told="excluded")}
        """  # noqa: S608 - column names and an integer of ours
    )


def _teach_keys(origin: Import) -> None:
    each = [
        f"SELECT '{kind.value}', p.{kind.value}, u.officer_id, {origin.id} FROM usable u "  # noqa: S608 - names of ours
        f"JOIN person p ON p.person = u.person WHERE p.{kind.value} IS NOT NULL"
        for kind in KeyKind
    ]
    database.execute_sql(
        f"""
        INSERT INTO officer_key (kind, value, officer_id, import_id)
        SELECT * FROM ({" UNION ".join(each)}) AS taught WHERE true
        ON CONFLICT (kind, value, officer_id) DO NOTHING
        """  # noqa: S608 - column names of ours
    )


def remarks() -> list[Fault]:
    """Rows whose life-time total is less than what is stored."""
    same = "JOIN usable u ON u.officer_id = igot_profile.officer_id AND u.is_last"
    return lowered.of_profiles(f"{same} WHERE {CHANGES.format(told='u')}")


# A code that names a new officer may be that of one whom no key finds: then the row is about that one.
OWNERS = """
    SELECT s.row_number, COALESCE(p.officer_id, o.id) AS officer_id
    FROM staged s JOIN person p ON p.person = s.person
    LEFT JOIN officer o ON o.employee_code = s.new_code AND p.verdict = 'matched_nobody'"""
REACH = Within(OWNERS, by_names, TELLS)
TABLES = (OFFICER, PROFILE, OFFICER_KEY)
USERS = Kind("user", 2, COLUMNS, staged, judge, write, TABLES, remarks, REACH)
