"""Flags raised for what a file has just told, by the rules of `rules/plausibility.py`, in the import's transaction."""

from karmyogi.completions.rules.plausibility import FASTER, SAME_SECOND
from karmyogi.core.months import IST
from karmyogi.store import staging
from karmyogi.store.db import database, seconds_between
from karmyogi.store.imports import Import

COLUMNS = {
    "code": "TEXT",
    "officer_id": "INTEGER",
    "course_id": "INTEGER",
    "about": "TEXT",
    "enrolled_at": "TIMESTAMP",
    "length_seconds": "INTEGER",
    "other_id": "INTEGER",
    "row_number": "INTEGER",
}
# Midnight in India stands where a report names only the day.
HAS_CLOCK = "SUBSTR(CAST({moment} AS TEXT), 12, 8) <> '18:30:00'"


def raise_flags(origin: Import, told: str, shared: str) -> None:
    """Flag what people should look at among the completions that an import has written; earlier flags stay as they are.

    `told` names a table with a row for each officer and course: completed_at, completed_on, enrolled_at and
    enrolled_on (the earliest), length_seconds (the least), import_id and row_number. `shared` is a SELECT of
    officer_id, course_id, certificate_id, other_id and row_number: whose certificate stands in another's row.
    """
    staging.create("doubted", COLUMNS)
    doubts = (_before_enrolled(origin, told), _in_future(origin, told), _same_second(origin, told), _shared(shared))
    for doubt in doubts:
        database.execute_sql(f"INSERT INTO doubted {doubt}")
    _lay_out_hasty(told)
    database.execute_sql(f"INSERT INTO doubted {_too_fast(origin)}")
    _keep(origin)


def _before_enrolled(origin: Import, told: str) -> str:
    """On an earlier day; on the same day only where both name a time."""
    clocks = " AND ".join(HAS_CLOCK.format(moment=f"t.{name}") for name in ("completed_at", "enrolled_at"))
    return (
        f"{_select(origin, 'before_enrolled', _about(origin))} FROM {told} t WHERE t.completed_at < t.enrolled_at "
        f"AND (t.completed_on < t.enrolled_on OR ({clocks}))"
    )


def _in_future(origin: Import, told: str) -> str:
    came_on = origin.received_at.astimezone(IST).date()
    return f"{_select(origin, 'in_future', _about(origin))} FROM {told} t WHERE t.completed_on > '{came_on}'"


def _same_second(origin: Import, told: str) -> str:
    crowded = (
        f"SELECT completed_at FROM {told} t WHERE {HAS_CLOCK.format(moment='t.completed_at')} "  # noqa: S608
        f"GROUP BY completed_at HAVING COUNT(*) >= {SAME_SECOND}"
    )
    second = _select(origin, "same_second", "SUBSTR(CAST(t.completed_at AS TEXT), 1, 19)")
    return f"{second} FROM {told} t WHERE t.completed_at IN ({crowded})"


def _about(origin: Import) -> str:
    return f"'{origin.id}'"


def _shared(shared: str) -> str:
    return (
        "SELECT 'shared_certificate', officer_id, course_id, certificate_id, NULL, NULL, other_id, row_number "  # noqa: S608
        f"FROM ({shared}) s ORDER BY row_number"
    )


def _select(origin: Import, code: str, about: str) -> str:
    """What is told of a doubted completion; `about` is SQL."""
    row_number = f"CASE WHEN t.import_id = {origin.id} THEN t.row_number END"
    return f"SELECT '{code}', t.officer_id, t.course_id, {about}, t.enrolled_at, t.length_seconds, NULL, {row_number}"


def _lay_out_hasty(told: str) -> None:
    """Lay out `hasty`: the few of whom the file tells two courses so close that they may lie in a stretch."""
    took = seconds_between("before_at", "completed_at")
    staging.create_as(
        "hasty",
        f"""
        SELECT DISTINCT officer_id FROM (
            SELECT officer_id, completed_at, length_seconds,
                LAG(completed_at) OVER (PARTITION BY officer_id ORDER BY completed_at, course_id) AS before_at
            FROM {told} t
            WHERE length_seconds > 0 AND {HAS_CLOCK.format(moment="completed_at")}
        ) each_told
        WHERE {took} * {FASTER} < length_seconds
        """,  # noqa: S608 - names and numbers of ours
    )
    staging.analyze("hasty")


def _too_fast(origin: Import) -> str:
    """A stretch ends where this course and the one before took a tenth of their length since the one before that.

    The few officers stand in an IN, as a join would make SQLite index all completions first.
    """
    order = "(PARTITION BY officer_id ORDER BY completed_at, course_id)"
    took = seconds_between(f"LAG(completed_at, 2) OVER {order}", "completed_at")
    return f"""
        WITH timed AS (
            SELECT c.officer_id, c.course_id, c.completed_at, c.import_id, c.row_number,
                MIN(e.enrolled_at) AS enrolled_at, MIN(e.duration_seconds) AS length_seconds
            FROM completion c
            JOIN enrolment e ON e.officer_id = c.officer_id AND e.course_id = c.course_id
            WHERE c.officer_id IN (SELECT officer_id FROM hasty) AND e.completed_at IS NOT NULL
                AND {HAS_CLOCK.format(moment="c.completed_at")}
            GROUP BY c.officer_id, c.course_id, c.completed_at, c.import_id, c.row_number
            HAVING MIN(e.duration_seconds) > 0
        ),
        stretch AS (
            SELECT timed.*, {took} * {FASTER} < length_seconds + LAG(length_seconds) OVER {order} AS ends FROM timed
        ),
        placed AS (
            SELECT stretch.*, LEAD(ends) OVER {order} AS ends_next, LEAD(ends, 2) OVER {order} AS ends_second
            FROM stretch
        )
        {_select(origin, "too_fast", "CAST(t.officer_id AS TEXT)")}
        FROM placed t WHERE ends OR ends_next OR ends_second
        """  # noqa: S608 - names and numbers of ours


def _keep(origin: Import) -> None:
    """A flag of each completion and doubt, within the unit where the officer is posted on the day."""
    on = origin.received_at.astimezone(IST).date()
    database.execute_sql(
        f"""
        INSERT INTO flag (line_path, territory_path, state, code, about, officer_id, completion_id, completed_at,
            enrolled_at, length_seconds, other_id, import_id, row_number)
        SELECT COALESCE(u.line_path, '/'), COALESCE(u.territory_path, '/'), 'open', d.code, d.about, d.officer_id, c.id,
            c.completed_at, d.enrolled_at, d.length_seconds, d.other_id, {origin.id}, d.row_number
        FROM doubted d
        JOIN completion c ON c.officer_id = d.officer_id AND c.course_id = d.course_id
        LEFT JOIN posting p
            ON p.officer_id = d.officer_id AND p.from_on <= '{on}' AND (p.to_on IS NULL OR p.to_on >= '{on}')
        LEFT JOIN org_unit u ON u.id = p.unit_id
        WHERE true
        ORDER BY c.id, d.code, d.row_number
        ON CONFLICT (completion_id, code) DO NOTHING
        """  # noqa: S608 - names and numbers of ours
    )
