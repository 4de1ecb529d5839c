"""Rows: what is mapped from each kind of file, and the judgement of a whole row as (field at fault, code)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple, Protocol

from karmyogi.reports.rules.cells import Remark, Status, is_after_report


class UserRow(NamedTuple):
    """A person as the user report shows them; points and hours are life-time totals."""

    line_number: int
    igot_id: str | None
    email: str | None
    phone: str | None
    employee_id: str | None
    external: str | None
    full_name: str
    designation: str
    mdo_name: str
    group: str
    tags: tuple[str, ...]
    ministry: str
    department: str
    organization: str
    registered_on: date | None
    cadre: str
    civil_service_type: str
    civil_service: str
    cadre_batch: str
    is_of_organised_service: bool | None
    is_on_central_deputation: bool | None
    roles: tuple[str, ...]
    gender: str
    mdo_created_on: date | None
    profile_status: str
    weekly_claps: int | None
    karma_points: int | None
    event_enrolments: int | None
    event_completions: int | None
    event_hours_hundredths: int | None
    course_enrolments: int | None
    course_completions: int | None
    course_hours_hundredths: int | None
    total_enrolments: int | None
    total_completions: int | None
    total_hours_hundredths: int | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class PlanRow(NamedTuple):
    """One course that a capacity building plan expects of a person, and by when."""

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
    course_name: str
    is_apar: bool | None
    allocated_on: date | None
    progress: Status | None
    due_on: date | None
    completed_on: date | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class ConsumptionRow(NamedTuple):
    """One person × content × batch: enrolled, how far, completed, rated."""

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
    batch_start_on: date | None
    batch_end_on: date | None
    enrolled_at: datetime | None
    status: Status
    progress_hundredths: int | None
    last_published_on: date | None
    content_retired_on: date | None
    completed_at: datetime | None
    is_certificate_generated: bool | None
    user_rating: int | None
    certificate_id: str
    is_live_plan_mandate: bool | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class RosterRow(NamedTuple):
    """An officer as the State's own roster shows them."""

    line_number: int
    email: str | None
    phone: str | None
    employee_code: str
    name_en: str
    name_hi: str
    designation: str
    designation_hi: str
    state_class: str
    department: str
    office: str
    office_hi: str
    district: str
    gender: str
    birth_on: date | None
    joined_on: date
    posted_on: date | None
    retires_on: date | None
    cadre: str
    cadre_on: date | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


class ReportRow(Protocol):
    """What every row has, whatever its kind."""

    @property
    def line_number(self) -> int: ...
    @property
    def ignored_keys(self) -> tuple[Remark, ...]: ...
    @property
    def flags(self) -> tuple[Remark, ...]: ...
    @property
    def extra(self) -> Mapping[str, str]: ...


# Judgement of a whole row: (field at fault, code)


def why_consumption_rejected(row: ConsumptionRow) -> tuple[str, str] | None:
    """A completed row without its date, or a completion dated after the day of the report's own date."""
    if row.completed_at is None:
        return ("completed_at", "column_blank") if row.status is Status.COMPLETED else None
    is_late = is_after_report(row.completed_at.date(), row.generated_at)
    return ("completed_at", "completed_after_report") if is_late else None


def why_plan_rejected(row: PlanRow) -> tuple[str, str] | None:
    """A completion dated after the day of the report's own date."""
    return ("completed_on", "completed_after_report") if is_after_report(row.completed_on, row.generated_at) else None


def why_roster_rejected(row: RosterRow) -> tuple[str, str] | None:
    """A name in neither script."""
    return None if row.name_en or row.name_hi else ("name_en", "name_blank")


def suspicion(row: ConsumptionRow, *, to_the_second: bool) -> str | None:
    """What is odd about a completed row's times, or None; the row counts all the same.

    Completed before enrolled, else completed sooner after the enrolment than the
    course lasts. Where a time of the day is missing (`to_the_second` False) only
    an earlier day is odd: 00:00 was written for it by us, not by the portal.
    """
    if row.enrolled_at is None or row.completed_at is None or row.status is not Status.COMPLETED:
        return None
    if not to_the_second:
        return "completed_before_enrolled" if row.completed_at.date() < row.enrolled_at.date() else None
    if row.completed_at < row.enrolled_at:
        return "completed_before_enrolled"
    seconds = (row.completed_at - row.enrolled_at).total_seconds()
    return "faster_than_course" if row.duration_seconds and seconds < row.duration_seconds else None
