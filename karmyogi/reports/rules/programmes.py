"""Rows of the blended programme report: a person's part in one component of a programme, online or in a room."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from karmyogi.reports.rules.cells import Remark, Status, Unreadable, hour_of, is_after_report, one_of, text

_CLOCK = re.compile("([0-9]{1,2})[:.]([0-5][0-9])(?:[:.][0-5][0-9])?(?: ?([AP])M)?(?: ?(?:-|–|to) ?.+)?", re.IGNORECASE)
_ATTENDED = {
    "attended": True,
    "present": True,
    "yes": True,
    "true": True,
    "not-attended": False,
    "absent": False,
    "no": False,
    "false": False,
}


class ProgrammeRow(NamedTuple):
    """One person × component; a sitting in a room has its day, its hours, and whether the person came."""

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
    provider: str
    programme: str
    batch_name: str
    place: str
    batch_start_on: date | None
    batch_end_on: date | None
    enrolled_on: date | None
    component: str
    component_type: str
    mode: str
    status: Status | None
    duration_seconds: int | None
    progress_hundredths: int | None
    completed_on: date | None
    session_on: date | None
    starts: str
    ends: str
    is_attended: bool | None
    instructors: str
    coordinator: str
    is_certificate_generated: bool | None
    mdoid: str
    generated_at: datetime | None
    ignored_keys: tuple[Remark, ...]
    flags: tuple[Remark, ...]
    extra: Mapping[str, str]


def clock(cell: str) -> str:
    """A time of the day as `09:30`, "" if blank; of a span the beginning. Raises Unreadable("time_unreadable")."""
    written = text(cell)
    if not written:
        return ""
    parts = _CLOCK.fullmatch(written)
    if not parts or int(parts[1]) > 23:
        raise Unreadable("time_unreadable")
    return f"{hour_of(int(parts[1]), parts[3]):02}:{parts[2]}"


def attended(cell: str) -> bool | None:
    """Whether a person came to a sitting; None where nothing is said. Raises Unreadable("attendance_unknown")."""
    return one_of(_ATTENDED, cell, "attendance_unknown")


def why_programme_rejected(row: ProgrammeRow) -> tuple[str, str] | None:
    """Attended on no day, or on a day after the report's own; or finished after it."""
    if row.is_attended and row.session_on is None:
        return "session_on", "column_blank"
    if row.is_attended and is_after_report(row.session_on, row.generated_at):
        return "session_on", "completed_after_report"
    return ("completed_on", "completed_after_report") if is_after_report(row.completed_on, row.generated_at) else None
