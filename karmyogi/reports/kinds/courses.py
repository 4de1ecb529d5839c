"""Which course of the catalogue a row means: set-based, by provider, name and type."""

from collections.abc import Mapping

from karmyogi.reports.kinds.tables import COURSE
from karmyogi.store import history, staging
from karmyogi.store.db import database
from karmyogi.store.imports import Import

COURSE_TOLD = {"course": "INTEGER", "provider": "TEXT", "name": "TEXT", "kind": "TEXT"}


def tell_courses(courses: Mapping[tuple[str, str, str], int]) -> None:
    """Lay out what rows name, each with its number, as `course_told`."""
    staging.create("course_told", COURSE_TOLD)
    staging.load("course_told", len(COURSE_TOLD), ((number, *course) for course, number in courses.items()))


def match_courses() -> None:
    """Lay out `course_known` (course, course_id) for everything in `course_told`."""
    staging.analyze("course_told")
    _number_courses()


def _number_courses() -> None:
    """Lay out `course_known` anew; `course_id` is None where the catalogue has no such course."""
    staging.create_as(
        "course_known",
        """
        SELECT t.course, c.id AS course_id FROM course_told t
        LEFT JOIN course c ON c.provider = t.provider AND c.name = t.name AND c.kind = t.kind
        """,
    )
    staging.index("course_known", "course")


def add_courses(origin: Import) -> None:
    """Bring the courses into the catalogue that `usable` rows name and nobody knows yet, and number those rows."""
    database.execute_sql(
        f"""
        INSERT INTO course (provider, name, kind, duration_seconds, import_id)
        SELECT t.provider, t.name, t.kind, NULL, {origin.id}
        FROM course_told t
        WHERE t.course IN (SELECT course FROM usable WHERE course_id IS NULL)
        ORDER BY t.course
        ON CONFLICT (provider, name, kind) DO NOTHING
        """  # noqa: S608 - an integer of ours
    )
    number_usable()
    _write_lengths(origin)


def number_usable() -> None:
    """Number `usable` rows anew, once the courses that they name are in the catalogue."""
    _number_courses()
    database.execute_sql(
        """
        UPDATE usable SET course_id = (SELECT k.course_id FROM course_known k WHERE k.course = usable.course)
        WHERE course_id IS NULL
        """
    )


def _write_lengths(origin: Import) -> None:
    """The length of courses that no report has told yet."""
    told = "(SELECT course_id, MAX(duration_seconds) AS longest FROM usable GROUP BY course_id) told"
    missing = "told.course_id = course.id AND course.duration_seconds IS NULL AND told.longest IS NOT NULL"
    history.remember(origin, COURSE, f"JOIN {told} ON {missing} WHERE true")
    database.execute_sql(f"UPDATE course SET duration_seconds = told.longest FROM {told} WHERE {missing}")  # noqa: S608
