"""The blended programme report: each officer's part in a programme; who came to a sitting gets an attendance.

A sitting is known by programme, batch, component, day and time. A report that
no longer says that somebody came takes no attendance away; it is flagged.
"""

from datetime import date

from karmyogi.core.reasons import N_, declare, reason
from karmyogi.reports.kinds import Kind, Numbers, day, fingerprint, keys_of, moment
from karmyogi.reports.kinds.facts import PROVENANCE, Facts, compare_by_officer
from karmyogi.reports.kinds.facts import write as write_facts
from karmyogi.reports.kinds.reach import OF_PERSONS
from karmyogi.reports.kinds.tables import ATTENDANCE, PROGRAMME_PART, SESSION
from karmyogi.reports.rules import Fault, ProgrammeRow
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

declare(
    attendance_went_back=N_(
        "The report says that the officer did not come to this session; an earlier one said the opposite. "
        "The attendance stays on record: ask the coordinator of the programme."
    ),
)

TOLD = {
    "provider": "TEXT",
    "place": "TEXT",
    "batch_from_on": "DATE",
    "batch_to_on": "DATE",
    "enrolled_on": "DATE",
    "component_type": "TEXT",
    "mode": "TEXT",
    "status": "TEXT",
    "duration_seconds": "INTEGER",
    "progress": "INTEGER",
    "completed_on": "DATE",
    "held_on": "DATE",
    "starts": "TEXT",
    "ends": "TEXT",
    "is_attended": "BOOLEAN",
    "instructors": "TEXT",
    "coordinator": "TEXT",
    "has_certificate": "BOOLEAN",
}
COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "programme": "TEXT",
    "batch": "TEXT",
    "component": "TEXT",
    "sitting": "TEXT",
    "session_key": "TEXT",
    "title": "TEXT",
    **TOLD,
    **PROVENANCE,
}
KEYS = ("officer_id", "programme", "batch", "component", "sitting")
FACTS = Facts(PROGRAMME_PART, KEYS, (*TOLD, *PROVENANCE))
# The rows of this file whose sitting, as it is stored now, was attended.
CAME = """
    usable u
    JOIN programme_part t ON t.officer_id = u.officer_id AND t.programme = u.programme AND t.batch = u.batch
        AND t.component = u.component AND t.sitting = u.sitting
    WHERE u.from_last = 1 AND t.is_attended"""


def staged(row: ProgrammeRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS; a component online has no sitting."""
    mapped = (
        row.provider,
        row.place,
        day(row.batch_start_on),
        day(row.batch_end_on),
        day(row.enrolled_on),
        row.component_type,
        row.mode,
        str(row.status or ""),
        row.duration_seconds,
        row.progress_hundredths,
        day(row.completed_on),
        day(row.session_on),
        row.starts,
        row.ends,
        row.is_attended,
        row.instructors,
        row.coordinator,
        row.is_certificate_generated,
        row.mdoid,
    )
    sitting = _sitting(row.session_on, row.starts)
    return (
        row.line_number,
        numbers.of_person(keys_of(row)),
        row.programme,
        row.batch_name,
        row.component,
        sitting,
        fingerprint(row.programme, row.batch_name, row.component, sitting),
        f"{row.programme}: {row.component}",
        *mapped,
        moment(row.generated_at),
        fingerprint(*mapped),
        canonical(row.extra),
    )


def _sitting(on: date | None, starts: str) -> str:
    return f"{on} {starts}".strip() if on else ""


def judge(origin: Import) -> None:
    """Match persons, then compare with what was last reported."""
    compare_by_officer(FACTS, origin)


def remarks() -> list[Fault]:
    """What to say of a row without attendance where one is on record."""
    found = database.execute_sql(
        """
        SELECT u.row_number FROM usable u
        JOIN training_session s ON s.igot_key = u.session_key
        JOIN attendance a ON a.session_id = s.id AND a.officer_id = u.officer_id AND a.part = 'attended'
        WHERE NOT u.is_attended
        ORDER BY u.row_number
        """
    )
    return [Fault(number, "", "", reason("attendance_went_back")) for (number,) in found.fetchall()]


def write(origin: Import) -> None:
    """Parts as last reported, then the sessions that were held, then who attended them."""
    write_facts(FACTS, origin)
    _write_sessions(origin)
    _write_attendances(origin)


def _write_sessions(origin: Import) -> None:
    database.execute_sql(
        f"""
        INSERT INTO training_session (title_hi, title_en, held_on, igot_key, import_id, row_number)
        SELECT '', MIN(u.title), MIN(t.held_on), u.session_key, {origin.id}, MIN(u.row_number)
        FROM {CAME}
        GROUP BY u.session_key
        ORDER BY MIN(u.row_number)
        ON CONFLICT (igot_key) DO NOTHING
        """  # noqa: S608 - an integer of ours
    )


def _write_attendances(origin: Import) -> None:
    database.execute_sql(
        f"""
        INSERT INTO attendance (session_id, officer_id, part, import_id, row_number)
        SELECT s.id, came.officer_id, 'attended', {origin.id}, came.row_number
        FROM (SELECT u.officer_id, u.session_key, u.row_number FROM {CAME}) came
        JOIN training_session s ON s.igot_key = came.session_key
        ORDER BY came.row_number
        ON CONFLICT (session_id, officer_id, part) DO NOTHING
        """  # noqa: S608 - an integer of ours
    )


TABLES = (PROGRAMME_PART, SESSION, ATTENDANCE)
PROGRAMME = Kind("programme", 8, COLUMNS, staged, judge, write, TABLES, remarks, OF_PERSONS)
