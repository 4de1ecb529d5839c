"""Rows of the two assessment reports: what was attempted, with which result."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from karmyogi.reports.rules.cells import Remark, is_after_report, one_of

# Before this day the standalone report wrote the pass mark under `Percentage_Of_Score`.
SCORES_SINCE = date(2026, 8, 1)
_RESULTS = {
    "pass": True,
    "passed": True,
    "yes": True,
    "true": True,
    "1": True,
    "fail": False,
    "failed": False,
    "no": False,
    "false": False,
    "0": False,
    "n/a": None,
}


class CourseAssessmentRow(NamedTuple):
    """A person's latest attempt at an assessment that belongs to a course."""

    line_number: int
    igot_id: str | None
    email: str | None
    phone: str | None
    employee_id: str | None
    external: str | None
    full_name: str
    designation: str
    group: str
    mdo_name: str
    department: str
    organization: str
    name: str
    assessment_type: str
    provider: str
    published_on: date | None
    course_name: str
    content_id: str
    duration_seconds: int | None
    attempted_on: date | None
    score_hundredths: int | None
    cut_off_hundredths: int | None
    is_passed: bool | None
    questions: int | None
    incorrect: int | None
    unattempted: int | None
    retakes: int | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class StandaloneAssessmentRow(NamedTuple):
    """A person's standing in an assessment that belongs to no course; the report gives no day of the attempt."""

    line_number: int
    igot_id: str | None
    email: str | None
    phone: str | None
    employee_id: str | None
    external: str | None
    full_name: str
    name: str
    standing: str
    is_passed: bool | None
    percentage_hundredths: int | None
    attempts: int | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


def result(cell: str) -> bool | None:
    """Passed or not; None without a result. Raises Unreadable("result_unreadable")."""
    return one_of(_RESULTS, cell, "result_unreadable")


def why_course_assessment_rejected(row: CourseAssessmentRow) -> tuple[str, str] | None:
    """A result without the day of the attempt, or an attempt after the day of the report's own date."""
    if row.attempted_on is None:
        return ("attempted_on", "column_blank") if row.is_passed else None
    return ("attempted_on", "completed_after_report") if is_after_report(row.attempted_on, row.generated_at) else None


def score_and_cut_off(row: StandaloneAssessmentRow) -> tuple[int | None, int | None]:
    """What `Percentage_Of_Score` means, as (score, cut-off), by the report's own date.

    A report of August 2026 or later holds the score, an earlier one the pass
    mark; of a report without a date nobody knows, so it is neither.
    """
    if row.generated_at is None:
        return None, None
    is_score = row.generated_at.date() >= SCORES_SINCE
    return (row.percentage_hundredths, None) if is_score else (None, row.percentage_hundredths)
