"""The consumption report: enrolments as last reported, and the completions that follow from them."""

from karmyogi.completions.service import raise_flags
from karmyogi.core.reasons import N_, declare, reason
from karmyogi.reports import matching
from karmyogi.reports.kinds import Kind, Numbers, day, fingerprint, keys_of, lowered, moment, same_day, same_moment
from karmyogi.reports.kinds.completing import lay_out_merged, write_completions
from karmyogi.reports.kinds.courses import add_courses, match_courses
from karmyogi.reports.kinds.reach import OF_PERSONS
from karmyogi.reports.kinds.tables import COMPLETION, COURSE, ENROLMENT, FLAG
from karmyogi.reports.rules import ConsumptionRow, Fault, Status
from karmyogi.store import history, staging
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

declare(
    certificate_of_other=N_(
        "The certificate id of this row is already held by another officer. "
        "Find out whose it is; until then the row waits."
    ),
    certificate_of_other_course=N_(
        "The officer already holds this certificate id for “%(other)s”; this row calls the course “%(course)s”. "
        "If the course was renamed, say so under names of courses."
    ),
)

COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "course": "INTEGER",
    "batch": "TEXT",
    "batch_name": "TEXT",
    "batch_from_on": "DATE",
    "batch_to_on": "DATE",
    "status": "TEXT",
    "progress": "INTEGER",
    "enrolled_at": "TIMESTAMP",
    "enrolled_on": "DATE",
    "completed_at": "TIMESTAMP",
    "completed_on": "DATE",
    "has_certificate": "BOOLEAN",
    "certificate_id": "TEXT",
    "rating": "INTEGER",
    "duration_seconds": "INTEGER",
    "is_mandated": "BOOLEAN",
    "mdoid": "TEXT",
    "reported_at": "TIMESTAMP",
    "fingerprint": "TEXT",
    "extra": "TEXT",
}
STATUS_TOLD = {status: status.value for status in Status}  # plain text, as the fingerprint is of its spelling
# A newer report says something else, or the same again; of one of the same moment only what differs is taken.
IS_TAKEN = """(
    enrolment.reported_at < {told}.reported_at
    OR (enrolment.reported_at IS NULL AND {told}.reported_at IS NOT NULL)
    OR (enrolment.reported_at IS NOT DISTINCT FROM {told}.reported_at AND enrolment.fingerprint <> {told}.fingerprint)
)"""
STORED = [name for name in COLUMNS if name not in {"row_number", "person", "course"}]


def staged(row: ConsumptionRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    is_completed = row.status is Status.COMPLETED
    mapped = (
        row.batch_id,
        row.batch_name,
        same_day(row.batch_start_on),
        same_day(row.batch_end_on),
        STATUS_TOLD[row.status],
        row.progress_hundredths,
        moment(row.enrolled_at),
        day(row.enrolled_at),
        moment(row.completed_at) if is_completed else None,
        day(row.completed_at) if is_completed else None,
        bool(row.is_certificate_generated),
        row.certificate_id,
        row.user_rating,
        row.duration_seconds,
        row.is_live_plan_mandate,
        row.mdoid,
    )
    return (
        row.line_number,
        numbers.of_person(keys_of(row)),
        numbers.of_course((row.content_provider, row.content_name, row.content_type)),
        *mapped,
        same_moment(row.generated_at),
        fingerprint(*mapped),
        canonical(row.extra),
    )


def judge(origin: Import) -> None:
    """Match persons and courses, then compare each row with what is stored and with the row before it."""
    matching.match(unit_id=origin.unit_id)
    match_courses()
    _find_certificates()
    _hold_back_disputed_certificates()
    _lay_out_usable()
    _see_doubled()
    _compare()


def _find_certificates() -> None:
    """Lay out `certified`: certificate ids of the file that another officer holds, or that stand for another course."""
    staging.create_as(
        "certified",
        """
        SELECT s.row_number, p.officer_id, e.officer_id AS holder_id, e.course_id
        FROM staged s
        JOIN person p ON p.person = s.person AND p.verdict = 'matched'
        JOIN course_known k ON k.course = s.course
        CROSS JOIN enrolment e
        WHERE s.certificate_id <> '' AND e.certificate_id = s.certificate_id
            AND (e.officer_id <> p.officer_id OR e.course_id <> COALESCE(k.course_id, 0))
        """,
    )


def _hold_back_disputed_certificates() -> None:
    """Rows whose certificate id another officer holds, in the tables or further up in this file.

    What a record of the same person holds is not another's.
    """
    staging.create_as(
        "disputed",
        """
        WITH claim AS (
            SELECT s.row_number, s.certificate_id, p.officer_id
            FROM staged s JOIN person p ON p.person = s.person AND p.verdict = 'matched'
            WHERE s.certificate_id <> ''
        ),
        shared AS (
            SELECT certificate_id FROM claim GROUP BY certificate_id HAVING MIN(officer_id) < MAX(officer_id)
        ),
        placed AS (
            SELECT c.row_number, c.officer_id,
                FIRST_VALUE(c.officer_id) OVER (PARTITION BY c.certificate_id ORDER BY c.row_number) AS first_officer
            FROM claim c JOIN shared h ON h.certificate_id = c.certificate_id
        )
        SELECT row_number FROM placed WHERE officer_id <> first_officer
        UNION
        SELECT c.row_number FROM certified c
        WHERE c.holder_id <> c.officer_id
            AND NOT EXISTS (SELECT 1 FROM officer o WHERE o.id = c.holder_id AND o.merged_into_id = c.officer_id)
        """,
    )
    staging.index("disputed", "row_number")


def _lay_out_usable() -> None:
    """Rows whose officer is known, each with the enrolment that is stored of it, and whether that `takes` its words.

    Only imports write enrolments, so both hold until this one writes.
    """
    staging.create_as(
        "usable",
        f"""
        SELECT s.*, p.officer_id, k.course_id, enrolment.id AS enrolment_id,
            enrolment.reported_at AS was_reported_at, enrolment.fingerprint AS was_fingerprint,
            enrolment.import_id AS was_of, enrolment.row_number AS was_row,
            enrolment.id IS NULL OR {IS_TAKEN.format(told="s")} AS takes,
            CAST(NULL AS TEXT) AS fingerprint_before, true AS is_last
        FROM staged s
        JOIN person p ON p.person = s.person AND p.verdict = 'matched'
        JOIN course_known k ON k.course = s.course
        LEFT JOIN disputed d ON d.row_number = s.row_number
        LEFT JOIN enrolment ON enrolment.officer_id = p.officer_id AND enrolment.course_id = k.course_id
            AND enrolment.batch = s.batch
        WHERE d.row_number IS NULL
        """,  # noqa: S608 - a condition of ours
    )
    staging.index("usable", "row_number")
    staging.weigh("usable", "row_number", "officer_id", "course_id", "enrolment_id")


def _see_doubled() -> None:
    """Of enrolments that the file tells of several times each row learns of the one before; few are."""
    staging.create_as(
        "doubled",
        """
        WITH several AS (
            SELECT officer_id, course, batch FROM usable GROUP BY officer_id, course, batch HAVING COUNT(*) > 1
        )
        SELECT u.row_number, LAG(u.fingerprint) OVER same AS fingerprint_before,
            LEAD(u.row_number) OVER same IS NULL AS is_last
        FROM usable u JOIN several m ON m.officer_id = u.officer_id AND m.course = u.course AND m.batch = u.batch
        WINDOW same AS (PARTITION BY u.officer_id, u.course, u.batch ORDER BY u.row_number)
        """,
    )
    database.execute_sql(
        """
        UPDATE usable SET fingerprint_before = d.fingerprint_before, is_last = d.is_last
        FROM doubled d WHERE d.row_number = usable.row_number
        """
    )


def _compare() -> None:
    staging.create_as(
        "judged",
        """
        SELECT s.row_number, s.person,
            CASE
                WHEN p.verdict <> 'matched' OR u.row_number IS NULL THEN 'queued'
                WHEN u.fingerprint_before = u.fingerprint THEN 'unchanged'
                WHEN u.was_reported_at > u.reported_at THEN
                    CASE WHEN u.completed_at IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM completion c
                        WHERE c.officer_id = u.officer_id AND c.course_id = u.course_id
                            AND c.completed_at <= u.completed_at
                    ) THEN 'updated' ELSE 'unchanged' END
                WHEN u.fingerprint_before IS NOT NULL THEN 'updated'
                WHEN u.enrolment_id IS NULL THEN 'created'
                WHEN u.was_fingerprint = u.fingerprint THEN 'unchanged'
                ELSE 'updated'
            END AS outcome,
            CASE
                WHEN p.verdict <> 'matched' THEN p.verdict
                WHEN u.row_number IS NULL THEN 'certificate_of_other'
                ELSE ''
            END AS code
        FROM staged s
        JOIN person p ON p.person = s.person
        LEFT JOIN usable u ON u.row_number = s.row_number
        """,
    )


def write(origin: Import) -> None:
    """Bring the usable rows in: new courses, the last row of each enrolment, then completions."""
    add_courses(origin)
    _write_enrolments(origin)
    write_completions(origin)
    raise_flags(origin, "merged", SHARED)


# Whose certificate a row of somebody else's names, which waits for that reason. CROSS JOIN keeps SQLite from reading
# all enrolments for the few rows.
SHARED = """
    SELECT e.officer_id, e.course_id, s.certificate_id, p.officer_id AS other_id, s.row_number
    FROM disputed d
    CROSS JOIN staged s
    CROSS JOIN person p
    CROSS JOIN enrolment e
    WHERE s.row_number = d.row_number AND p.person = s.person
        AND e.certificate_id = s.certificate_id AND e.officer_id <> p.officer_id
"""
SAME = "JOIN usable u ON u.enrolment_id = enrolment.id AND u.is_last"
DIFFERS = "(enrolment.fingerprint <> u.fingerprint OR enrolment.extra <> u.extra)"


def _write_enrolments(origin: Import) -> None:
    taken = f"{SAME} WHERE {IS_TAKEN.format(told='u')}"
    history.remember(origin, ENROLMENT, f"{taken} AND {DIFFERS}")
    history.remember_fresh(origin, ENROLMENT, f"{taken} AND NOT {DIFFERS}")
    columns = ", ".join(STORED)
    changes = ", ".join(f"{name} = excluded.{name}" for name in STORED)
    database.execute_sql(
        f"""
        INSERT INTO enrolment (officer_id, course_id, {columns}, import_id, row_number)
        SELECT officer_id, course_id, {columns}, {origin.id}, row_number
        FROM usable WHERE is_last
        ORDER BY officer_id, course_id, batch
        ON CONFLICT (officer_id, course_id, batch) DO UPDATE SET {changes},
            import_id = CASE WHEN enrolment.fingerprint = excluded.fingerprint
                THEN enrolment.import_id ELSE excluded.import_id END,
            row_number = CASE WHEN enrolment.fingerprint = excluded.fingerprint
                THEN enrolment.row_number ELSE excluded.row_number END
        WHERE {IS_TAKEN.format(told="excluded")}
        """  # noqa: S608 - column names and an integer of ours
    )


def remarks() -> list[Fault]:
    """Rows that say less than what is stored, and rows whose certificate is known under another course."""
    updated = "JOIN judged j ON j.row_number = u.row_number AND j.outcome = 'updated'"
    return [*lowered.of_enrolments(f"{SAME} {updated} WHERE {IS_TAKEN.format(told='u')}"), *_renamed_perhaps()]


def _renamed_perhaps() -> list[Fault]:
    """New rows whose certificate id the officer already has under another name of a course: perhaps it was renamed."""
    found = database.execute_sql(
        """
        SELECT u.row_number, u.certificate_id, t.name, k.name, t.provider, t.kind, k.id
        FROM certified c
        JOIN usable u ON u.row_number = c.row_number
        JOIN judged j ON j.row_number = c.row_number AND j.outcome = 'created'
        JOIN course_told t ON t.course = u.course
        JOIN course k ON k.id = c.course_id
        WHERE c.holder_id = c.officer_id AND k.id <> COALESCE(u.course_id, 0)
        ORDER BY u.row_number, k.id
        """
    )
    names = ("course", "other", "provider", "kind", "other_id")
    return [
        Fault(number, "", certificate, reason("certificate_of_other_course", **dict(zip(names, told, strict=True))))
        for number, certificate, *told in found.fetchall()
    ]


TABLES = (COURSE, ENROLMENT, COMPLETION, FLAG)
CONSUMPTION = Kind("consumption", 7, COLUMNS, staged, judge, write, TABLES, remarks, OF_PERSONS, lay_out_merged)
