"""Completions that follow from the enrolments which a consumption report writes."""

from karmyogi.reports.kinds.tables import COMPLETION
from karmyogi.store import history, staging
from karmyogi.store.db import database
from karmyogi.store.imports import Import


def lay_out_merged(origin: Import) -> None:
    """Lay out `merged`, what each completion will come to once the enrolments are written; nothing is written yet."""
    _lay_out_told(origin)
    _merge()


def _number_merged() -> None:
    """Number the courses that have just been added."""
    database.execute_sql(
        """
        UPDATE merged SET course_id = (SELECT k.course_id FROM course_known k WHERE k.course = merged.course)
        WHERE course_id IS NULL
        """
    )


def write_completions(origin: Import) -> None:
    """One completion for officer and course: the earliest day of any row, the merits of the stored enrolments.

    Rows of this file that were not stored (an older report, a doubled row)
    lend their date, and their merits only where no stored enrolment is completed.
    """
    _number_merged()
    changed = f"JOIN merged m ON {SAME_COMPLETION} WHERE {COMPLETION_CHANGES.format(told='m')}"
    history.remember(origin, COMPLETION, changed)
    database.execute_sql(
        f"""
        INSERT INTO completion (month, officer_id, course_id, completed_at, completed_on, has_certificate,
            certificate_id, is_rated, duration_seconds, import_id, row_number)
        SELECT SUBSTR(CAST(completed_on AS TEXT), 1, 7), officer_id, course_id, completed_at, completed_on,
            has_certificate, certificate_id, is_rated, duration_seconds, import_id, row_number
        FROM merged WHERE true
        ORDER BY officer_id, course_id
        ON CONFLICT (officer_id, course_id) DO UPDATE SET
            month = CASE WHEN excluded.completed_at < completion.completed_at
                THEN excluded.month ELSE completion.month END,
            completed_on = CASE WHEN excluded.completed_at < completion.completed_at
                THEN excluded.completed_on ELSE completion.completed_on END,
            completed_at = CASE WHEN excluded.completed_at < completion.completed_at
                THEN excluded.completed_at ELSE completion.completed_at END,
            has_certificate = excluded.has_certificate,
            certificate_id = excluded.certificate_id,
            is_rated = excluded.is_rated,
            duration_seconds = excluded.duration_seconds,
            import_id = excluded.import_id,
            row_number = excluded.row_number
        WHERE {COMPLETION_CHANGES.format(told="excluded")}
        """  # noqa: S608 - a condition of ours
    )


SAME_COMPLETION = "m.officer_id = completion.officer_id AND m.course_id = completion.course_id"
COMPLETION_CHANGES = """(
    {told}.completed_at < completion.completed_at
    OR {told}.has_certificate <> completion.has_certificate
    OR {told}.certificate_id <> completion.certificate_id
    OR {told}.is_rated <> completion.is_rated
    OR {told}.duration_seconds <> completion.duration_seconds
)"""


def _lay_out_told(origin: Import) -> None:
    """Lay out `completed_told`: every row that will be stored, or only passes by, with a word in a completion.

    Of enrolments those that stay as they are, of the file those that will be stored, and those that pass by unless
    the very same is stored already. Asked by the column that is joined: by another, PostgreSQL takes the stored rows
    that stay for a single one, and compares each of them with each row of the file.
    """
    of_row = "batch, {0}enrolled_at, {0}enrolled_on, {0}completed_at, {0}completed_on, {0}has_certificate, "
    of_row += "{0}certificate_id, {0}rating, {0}duration_seconds"
    staging.create_as(
        "completed_told",
        f"""
        WITH touched AS (
            SELECT DISTINCT officer_id, course, course_id FROM usable
            WHERE completed_at IS NOT NULL AND course_id IS NOT NULL
        )
        SELECT e.officer_id, t.course, e.course_id, e.{of_row.format("e.")}, e.import_id, e.row_number, 0 AS is_passing
        FROM touched t
        JOIN enrolment e ON e.officer_id = t.officer_id AND e.course_id = t.course_id
        LEFT JOIN usable u ON u.enrolment_id = e.id AND u.is_last AND u.takes
        WHERE e.completed_at IS NOT NULL AND u.enrolment_id IS NULL
        UNION ALL
        SELECT u.officer_id, u.course, u.course_id, u.{of_row.format("u.")},
            CASE WHEN u.was_fingerprint = u.fingerprint THEN u.was_of ELSE {origin.id} END,
            CASE WHEN u.was_fingerprint = u.fingerprint THEN u.was_row ELSE u.row_number END,
            CASE WHEN u.is_last AND u.takes THEN 0 ELSE 1 END
        FROM usable u
        WHERE u.completed_at IS NOT NULL
            AND (u.takes OR NOT u.is_last OR u.was_fingerprint <> u.fingerprint)
        """,  # noqa: S608 - names and an integer of ours
    )
    staging.weigh("completed_told", "officer_id", "course")


def _merge() -> None:
    """Lay out `merged`: what the completion of each officer and course that the file tells of comes to.

    Nearly always one row tells all there is; only several are put in order.
    """
    staging.create_as(
        "merged",
        """
        WITH several AS (
            SELECT officer_id, course FROM completed_told GROUP BY officer_id, course HAVING COUNT(*) > 1
        ),
        placed AS (
            SELECT t.*, FIRST_VALUE(is_passing) OVER best AS stored, ROW_NUMBER() OVER best AS place
            FROM completed_told t JOIN several s ON s.officer_id = t.officer_id AND s.course = t.course
            WINDOW best AS (
                PARTITION BY t.officer_id, t.course
                ORDER BY is_passing, has_certificate DESC, completed_at, batch, row_number
            )
        ),
        summed AS (
            SELECT officer_id, course, MAX(course_id) AS course_id,
                MIN(completed_at) AS completed_at, MIN(completed_on) AS completed_on,
                MIN(enrolled_at) AS enrolled_at, MIN(enrolled_on) AS enrolled_on,
                MIN(duration_seconds) AS length_seconds,
                MAX(CASE WHEN is_passing = stored AND has_certificate THEN 1 ELSE 0 END) AS certificates,
                MAX(CASE WHEN is_passing = stored AND rating IS NOT NULL THEN 1 ELSE 0 END) AS ratings,
                MAX(CASE WHEN place = 1 THEN certificate_id ELSE '' END) AS certificate_id,
                MAX(CASE WHEN place = 1 AND has_certificate THEN COALESCE(duration_seconds, 0) ELSE 0 END)
                    AS duration_seconds,
                MAX(CASE WHEN place = 1 THEN import_id END) AS import_id,
                MAX(CASE WHEN place = 1 THEN row_number END) AS row_number
            FROM placed GROUP BY officer_id, course
        )
        SELECT t.officer_id, t.course, t.course_id, t.completed_at, t.completed_on, t.has_certificate, t.certificate_id,
            t.rating IS NOT NULL AS is_rated,
            CASE WHEN t.has_certificate THEN COALESCE(t.duration_seconds, 0) ELSE 0 END AS duration_seconds,
            t.enrolled_at, t.enrolled_on, t.duration_seconds AS length_seconds, t.import_id, t.row_number
        FROM completed_told t
        LEFT JOIN several s ON s.officer_id = t.officer_id AND s.course = t.course
        WHERE s.officer_id IS NULL
        UNION ALL
        SELECT officer_id, course, course_id, completed_at, completed_on, certificates = 1, certificate_id,
            ratings = 1, duration_seconds, enrolled_at, enrolled_on, length_seconds, import_id, row_number
        FROM summed
        """,
    )
    staging.weigh("merged", "officer_id", "course_id")
