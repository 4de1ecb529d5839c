"""The plan (CBP) report: what is expected of an officer, and by when; never an enrolment or a completion."""

from karmyogi.reports import matching
from karmyogi.reports.kinds import Kind, Numbers, day, fingerprint, keys_of, moment
from karmyogi.reports.kinds.reach import OF_PERSONS
from karmyogi.reports.kinds.tables import OBLIGATION
from karmyogi.reports.rules import PlanRow
from karmyogi.store import history, staging
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "course_name": "TEXT",
    "due_on": "DATE",
    "is_apar": "BOOLEAN",
    "allocated_on": "DATE",
    "progress": "TEXT",
    "finished_on": "DATE",
    "mdoid": "TEXT",
    "reported_at": "TIMESTAMP",
    "fingerprint": "TEXT",
    "extra": "TEXT",
}
STORED = [name for name in COLUMNS if name not in {"row_number", "person", "course_name"}]


def staged(row: PlanRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    mapped = (
        day(row.due_on),
        row.is_apar,
        day(row.allocated_on),
        str(row.progress or ""),
        day(row.completed_on),
        row.mdoid,
    )
    return (
        row.line_number,
        numbers.of_person(keys_of(row)),
        row.course_name,
        *mapped,
        moment(row.generated_at),
        fingerprint(*mapped),
        canonical(row.extra),
    )


def judge(origin: Import) -> None:
    """Match persons, then compare; of several plans with one course the latest due date stands."""
    matching.match(unit_id=origin.unit_id)
    staging.create_as(
        "usable",
        """
        SELECT s.*, p.officer_id, COALESCE(CAST(s.due_on AS TEXT), '') AS due,
            LAG(s.fingerprint) OVER same AS fingerprint_before,
            MAX(COALESCE(CAST(s.due_on AS TEXT), '')) OVER (
                PARTITION BY p.officer_id, s.course_name ORDER BY s.row_number
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS due_before,
            ROW_NUMBER() OVER (
                PARTITION BY p.officer_id, s.course_name
                ORDER BY COALESCE(CAST(s.due_on AS TEXT), '') DESC, s.row_number DESC
            ) AS from_best
        FROM staged s JOIN person p ON p.person = s.person AND p.verdict = 'matched'
        WINDOW same AS (PARTITION BY p.officer_id, s.course_name ORDER BY s.row_number)
        """,
    )
    staging.index("usable", "row_number")
    staging.analyze("usable")
    staging.create_as(
        "judged",
        """
        SELECT s.row_number, s.person,
            CASE
                WHEN u.row_number IS NULL THEN 'queued'
                WHEN u.fingerprint_before = u.fingerprint OR o.fingerprint = u.fingerprint THEN 'unchanged'
                WHEN o.reported_at > u.reported_at THEN 'unchanged'
                WHEN u.due < u.due_before OR u.due < COALESCE(CAST(o.due_on AS TEXT), '') THEN 'unchanged'
                WHEN o.id IS NULL AND u.fingerprint_before IS NULL THEN 'created'
                ELSE 'updated'
            END AS outcome,
            CASE WHEN u.row_number IS NULL THEN p.verdict ELSE '' END AS code
        FROM staged s
        JOIN person p ON p.person = s.person
        LEFT JOIN usable u ON u.row_number = s.row_number
        LEFT JOIN obligation o ON o.officer_id = u.officer_id AND o.course_name = u.course_name
        """,
    )


SAME = "u.officer_id = obligation.officer_id AND u.course_name = obligation.course_name"
# A newer report changes what a stored obligation says, but never to an earlier due date.
CHANGES = """(obligation.reported_at IS NULL OR obligation.reported_at <= {told}.reported_at)
    AND obligation.fingerprint <> {told}.fingerprint
    AND (obligation.due_on IS NULL OR obligation.due_on <= {told}.due_on)"""


def write(origin: Import) -> None:
    """Bring in the row with the latest due date of each officer and course."""
    history.remember(
        origin, OBLIGATION, f"JOIN usable u ON {SAME} WHERE u.from_best = 1 AND {CHANGES.format(told='u')}"
    )
    columns = ", ".join(STORED)
    changes = ", ".join(f"{name} = excluded.{name}" for name in STORED)
    database.execute_sql(
        f"""
        INSERT INTO obligation (officer_id, course_name, {columns}, import_id, row_number)
        SELECT officer_id, course_name, {columns}, {origin.id}, row_number
        FROM usable WHERE from_best = 1
        ORDER BY officer_id, course_name
        ON CONFLICT (officer_id, course_name) DO UPDATE SET {changes},
            import_id = excluded.import_id, row_number = excluded.row_number
        WHERE {CHANGES.format(told="excluded")}
        """  # noqa: S608 - column names and an integer of ours
    )


PLAN = Kind("plan", 5, COLUMNS, staged, judge, write, (OBLIGATION,), reach=OF_PERSONS)
