"""The two assessment reports: results of assessments, the score as last reported; what was passed stays passed.

A result counts for the month of its day. So the first day on which an officer
is reported to have passed stands, whatever a later attempt came to; that a later
report says otherwise is flagged for people to judge.
"""

from karmyogi.core.reasons import N_, declare, reason
from karmyogi.reports.kinds import Kind, Numbers, day, fingerprint, keys_of, moment
from karmyogi.reports.kinds.facts import PROVENANCE, Facts, compare_by_officer
from karmyogi.reports.kinds.facts import write as write_facts
from karmyogi.reports.kinds.reach import OF_PERSONS, OF_PERSONS_BY_ID
from karmyogi.reports.kinds.tables import ASSESSMENT
from karmyogi.reports.rules import CourseAssessmentRow, Fault, StandaloneAssessmentRow, score_and_cut_off
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

declare(
    assessment_passed_before=N_(
        "The report says that the assessment is not passed; an earlier one said that it was. "
        "The pass stays on record: check on the portal whether it was withdrawn."
    ),
)

TOLD = {
    "is_passed": "BOOLEAN",
    "attempted_on": "DATE",
    "standing": "TEXT",
    "provider": "TEXT",
    "content_id": "TEXT",
    "published_on": "DATE",
    "duration_seconds": "INTEGER",
    "score": "INTEGER",
    "cut_off": "INTEGER",
    "attempts": "INTEGER",
    "questions": "INTEGER",
    "incorrect": "INTEGER",
    "unattempted": "INTEGER",
}
COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "kind": "TEXT",
    "name": "TEXT",
    "course_name": "TEXT",
    **TOLD,
    **PROVENANCE,
}
FACTS = Facts(
    ASSESSMENT,
    ("officer_id", "kind", "name", "course_name"),
    (*TOLD, *PROVENANCE),
    kept={
        "cut_off": "COALESCE(excluded.cut_off, t.cut_off)",
        "is_passed": "t.is_passed OR excluded.is_passed",
        "attempted_on": """CASE
            WHEN NOT t.is_passed THEN excluded.attempted_on
            WHEN excluded.is_passed AND excluded.attempted_on < t.attempted_on THEN excluded.attempted_on
            ELSE COALESCE(t.attempted_on, excluded.attempted_on) END""",
    },
    late="u.is_passed AND (NOT t.is_passed OR u.attempted_on < t.attempted_on)",
)


def staged_of_course(row: CourseAssessmentRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    mapped = (
        bool(row.is_passed),
        day(row.attempted_on),
        "",
        row.provider,
        row.content_id,
        day(row.published_on),
        row.duration_seconds,
        row.score_hundredths,
        row.cut_off_hundredths,
        None if row.retakes is None else row.retakes + 1,
        row.questions,
        row.incorrect,
        row.unattempted,
        row.mdoid,
    )
    return _staged(row, numbers, ("course", row.name, row.course_name), mapped)


def staged_standalone(row: StandaloneAssessmentRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS; the report gives no day, so no month counts the result."""
    score, cut_off = score_and_cut_off(row)
    mapped = (bool(row.is_passed), None, row.standing, "", "", None, None, score, cut_off, row.attempts)
    return _staged(row, numbers, ("standalone", row.name, ""), (*mapped, None, None, None, row.mdoid))


def _staged(
    row: CourseAssessmentRow | StandaloneAssessmentRow,
    numbers: Numbers,
    key: tuple[str, str, str],
    mapped: tuple[object, ...],
) -> tuple[object, ...]:
    return (
        row.line_number,
        numbers.of_person(keys_of(row)),
        *key,
        *mapped,
        moment(row.generated_at),
        fingerprint(*mapped),
        canonical(row.extra),
    )


def judge(origin: Import) -> None:
    """Match persons, then compare with what was last reported; masked e-mails and phones are no keys."""
    compare_by_officer(FACTS, origin)


def remarks() -> list[Fault]:
    """What to say of a row without a pass where one is on record."""
    found = database.execute_sql(
        """
        SELECT u.row_number FROM usable u
        JOIN assessment t ON t.officer_id = u.officer_id AND t.kind = u.kind
            AND t.name = u.name AND t.course_name = u.course_name
        WHERE t.is_passed AND NOT u.is_passed AND NOT COALESCE(t.reported_at > u.reported_at, false)
        ORDER BY u.row_number
        """
    )
    return [Fault(number, "", "", reason("assessment_passed_before")) for (number,) in found.fetchall()]


def write(origin: Import) -> None:
    """One row for each officer and assessment."""
    write_facts(FACTS, origin)


TABLES = (ASSESSMENT,)
COURSE_ASSESSMENT = Kind("course_assessment", 8, COLUMNS, staged_of_course, judge, write, TABLES, remarks, OF_PERSONS)
STANDALONE_ASSESSMENT = Kind(
    "standalone_assessment", 8, COLUMNS, staged_standalone, judge, write, (ASSESSMENT,), remarks, OF_PERSONS_BY_ID
)
