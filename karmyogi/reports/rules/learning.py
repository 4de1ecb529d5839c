"""Rows of the reports about plans, contents and competencies, and what is wrong with a whole row."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from karmyogi.reports.rules.cells import Remark, is_after_report


class SummaryRow(NamedTuple):
    """How many courses of a plan iGOT counts for a person: allocated, finished, finished in time."""

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
    allocated: int
    finished: int
    in_time: int | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class ContentRow(NamedTuple):
    """One content × batch: what it is, and how many people are how far with it."""

    line_number: int
    content_status: str
    content_provider: str
    content_name: str
    content_type: str
    batch_id: str
    batch_name: str
    batch_start_on: date | None
    batch_end_on: date | None
    duration_seconds: int | None
    enrolled: int | None
    not_started: int | None
    in_progress: int | None
    completed: int | None
    rating_hundredths: int | None
    last_published_on: date | None
    first_completed_on: date | None
    last_completed_on: date | None
    content_retired_on: date | None
    certificates: int | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class CompetencyRow(NamedTuple):
    """One content × competency: the area, theme and sub-theme that a content teaches."""

    line_number: int
    content_id: str
    content_name: str
    area: str
    area_description: str
    theme: str
    theme_description: str
    theme_type: str
    sub_theme: str
    sub_theme_description: str
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class UnenrolmentRow(NamedTuple):
    """One person × content × batch that was left, with the day and the reason."""

    line_number: int
    igot_id: str | None
    email: str | None
    phone: str | None
    employee_id: str | None
    external: str | None
    full_name: str
    designation: str
    mdo_name: str
    department: str
    organization: str
    content_provider: str
    content_name: str
    content_type: str
    duration_seconds: int | None
    batch_id: str
    batch_name: str
    enrolled_at: datetime | None
    left_at: datetime
    reason: str
    comment: str
    progress_hundredths: int | None
    updated_by: str
    action: str
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


def why_unenrolment_rejected(row: UnenrolmentRow) -> tuple[str, str] | None:
    """Left after the day of the report's own date."""
    return ("left_at", "completed_after_report") if is_after_report(row.left_at.date(), row.generated_at) else None


def why_content_rejected(row: ContentRow) -> tuple[str, str] | None:
    """A last completion dated after the day of the report's own date."""
    is_late = is_after_report(row.last_completed_on, row.generated_at)
    return ("last_completed_on", "completed_after_report") if is_late else None
