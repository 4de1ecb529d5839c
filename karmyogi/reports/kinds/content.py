"""The content report: what iGOT's catalogue says of a content, and how many people are how far with each batch."""

from karmyogi.reports.kinds import Kind, Numbers, day, fingerprint, moment
from karmyogi.reports.kinds.courses import match_courses, number_usable
from karmyogi.reports.kinds.facts import LATER, OLDER, PROVENANCE, Facts, compare, judge_things
from karmyogi.reports.kinds.facts import write as write_facts
from karmyogi.reports.kinds.tables import COURSE, COURSE_BATCH
from karmyogi.reports.rules import ContentRow
from karmyogi.store import history
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

OF_BATCH = {
    "batch_name": "TEXT",
    "batch_from_on": "DATE",
    "batch_to_on": "DATE",
    "enrolled": "INTEGER",
    "not_started": "INTEGER",
    "in_progress": "INTEGER",
    "completed": "INTEGER",
    "certificates": "INTEGER",
    "first_completed_on": "DATE",
    "last_completed_on": "DATE",
}
OF_COURSE = {
    "status": "TEXT",
    "duration_seconds": "INTEGER",
    "rating": "INTEGER",
    "published_on": "DATE",
    "retired_on": "DATE",
    "told": "TEXT",
}
COLUMNS = {
    "row_number": "INTEGER",
    "course": "INTEGER",
    "batch": "TEXT",
    **OF_BATCH,
    **OF_COURSE,
    **PROVENANCE,
}
FACTS = Facts(COURSE_BATCH, ("course_id", "batch"), (*OF_BATCH, *PROVENANCE), told=("course", "batch"))


def staged(row: ContentRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS; `told` is the fingerprint of what it says of the course itself."""
    of_batch = (
        row.batch_name,
        day(row.batch_start_on),
        day(row.batch_end_on),
        row.enrolled,
        row.not_started,
        row.in_progress,
        row.completed,
        row.certificates,
        day(row.first_completed_on),
        day(row.last_completed_on),
    )
    of_course = (
        row.content_status,
        row.duration_seconds,
        row.rating_hundredths,
        day(row.last_published_on),
        day(row.content_retired_on),
    )
    return (
        row.line_number,
        numbers.of_course((row.content_provider, row.content_name, row.content_type)),
        row.batch_id,
        *of_batch,
        *of_course,
        fingerprint(*of_course),
        row.mdoid,
        moment(row.generated_at),
        fingerprint(*of_batch, *of_course, row.mdoid),
        canonical(row.extra),
    )


def judge(_import: Import) -> None:
    """Find the courses that are known, then compare each batch with what was last reported of it."""
    match_courses()
    compare(FACTS, "staged s JOIN course_known k ON k.course = s.course", "k.course_id")
    judge_things(FACTS)


def write(origin: Import) -> None:
    """Courses first, those nobody has enrolled in yet as well; then one row for each of their batches."""
    _write_courses(origin)
    write_facts(FACTS, origin)


LAST = "u.course = c.course AND u.row_number = (SELECT MAX(l.row_number) FROM usable l WHERE l.course = c.course)"
TAKES = f"NOT {OLDER} AND (COALESCE(t.fingerprint, '') <> excluded.fingerprint OR {LATER})"


def _write_courses(origin: Import) -> None:
    """What the last row of a course says of it; of batches that tell different things, the one furthest down."""
    told = "JOIN course_told c ON c.provider = t.provider AND c.name = t.name AND c.kind = t.kind"
    takes = TAKES.replace("excluded.fingerprint", "u.told").replace("excluded.", "u.")
    history.remember(origin, COURSE, f"{told} JOIN usable u ON {LAST} WHERE {takes}", row="t")
    database.execute_sql(
        f"""
        INSERT INTO course AS t (provider, name, kind, duration_seconds, status, rating, published_on, retired_on,
            reported_at, fingerprint, import_id, row_number)
        SELECT c.provider, c.name, c.kind, u.duration_seconds, u.status, u.rating, u.published_on, u.retired_on,
            u.reported_at, u.told, {origin.id}, u.row_number
        FROM course_told c
        JOIN usable u ON {LAST} WHERE true
        ORDER BY c.course
        ON CONFLICT (provider, name, kind) DO UPDATE SET
            duration_seconds = COALESCE(excluded.duration_seconds, t.duration_seconds),
            status = excluded.status, rating = excluded.rating,
            published_on = excluded.published_on, retired_on = excluded.retired_on,
            reported_at = COALESCE(excluded.reported_at, t.reported_at), fingerprint = excluded.fingerprint,
            import_id = CASE WHEN t.fingerprint = excluded.fingerprint THEN t.import_id ELSE excluded.import_id END,
            row_number = CASE WHEN t.fingerprint = excluded.fingerprint THEN t.row_number ELSE excluded.row_number END
        WHERE {TAKES}
        """  # noqa: S608 - an integer of ours
    )
    number_usable()


CONTENT = Kind("content", 3, COLUMNS, staged, judge, write, (COURSE, COURSE_BATCH))
