"""The unenrolment report: courses that officers left, when and why; enrolments and completions stay."""

from karmyogi.reports import matching
from karmyogi.reports.kinds import Kind, Numbers, day, fingerprint, keys_of, moment
from karmyogi.reports.kinds.courses import add_courses, match_courses
from karmyogi.reports.kinds.facts import PROVENANCE, Facts, compare, judge_by_officer
from karmyogi.reports.kinds.facts import write as write_facts
from karmyogi.reports.kinds.reach import OF_PERSONS
from karmyogi.reports.kinds.tables import COURSE, UNENROLMENTS
from karmyogi.reports.rules import UnenrolmentRow
from karmyogi.store.db import canonical
from karmyogi.store.imports import Import

TOLD = {
    "batch_name": "TEXT",
    "left_at": "TIMESTAMP",
    "left_on": "DATE",
    "reason": "TEXT",
    "comment": "TEXT",
    "progress": "INTEGER",
    "updated_by": "TEXT",
    "action": "TEXT",
}
COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "course": "INTEGER",
    "duration_seconds": "INTEGER",
    "batch": "TEXT",
    **TOLD,
    **PROVENANCE,
}
FACTS = Facts(
    UNENROLMENTS,
    ("officer_id", "course_id", "batch"),
    (*TOLD, *PROVENANCE),
    told=("officer_id", "course", "batch"),
)
SOURCE = """
    staged s
    JOIN person p ON p.person = s.person AND p.verdict = 'matched'
    JOIN course_known k ON k.course = s.course"""


def staged(row: UnenrolmentRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    mapped = (
        row.batch_name,
        moment(row.left_at),
        day(row.left_at),
        row.reason,
        row.comment,
        row.progress_hundredths,
        row.updated_by,
        row.action,
        row.mdoid,
    )
    return (
        row.line_number,
        numbers.of_person(keys_of(row)),
        numbers.of_course((row.content_provider, row.content_name, row.content_type)),
        row.duration_seconds,
        row.batch_id,
        *mapped,
        moment(row.generated_at),
        fingerprint(*mapped),
        canonical(row.extra),
    )


def judge(origin: Import) -> None:
    """Match persons and courses, then compare with what was last reported."""
    matching.match(unit_id=origin.unit_id)
    match_courses()
    compare(FACTS, SOURCE, "p.officer_id", "k.course_id")
    judge_by_officer(FACTS)


def write(origin: Import) -> None:
    """New courses, then one row for each officer, course and batch that was left."""
    add_courses(origin)
    write_facts(FACTS, origin)


UNENROLMENT = Kind("unenrolment", 8, COLUMNS, staged, judge, write, (COURSE, UNENROLMENTS), reach=OF_PERSONS)
