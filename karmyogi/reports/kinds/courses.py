"""Which course of the catalogue a row means: set-based, by provider, name and type."""

from karmyogi.reports.kinds import Numbers
from karmyogi.store import staging
from karmyogi.store.db import database
from karmyogi.store.imports import Import


def match_courses(numbers: Numbers) -> None:
    """Lay out what rows name as `course_told` (course, provider, name, kind) and `course_known` (course, course_id)."""
    staging.create("course_told", {"course": "INTEGER", "provider": "TEXT", "name": "TEXT", "kind": "TEXT"})
    staging.load("course_told", 4, ((number, *course) for course, number in numbers.courses.items()))
    staging.analyze("course_told")
    number_courses()


def number_courses() -> None:
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
    number_courses()
    database.execute_sql(
        """
        UPDATE usable SET course_id = (SELECT k.course_id FROM course_known k WHERE k.course = usable.course)
        WHERE course_id IS NULL
        """
    )
    database.execute_sql(
        """
        UPDATE course SET duration_seconds = told.longest
        FROM (SELECT course_id, MAX(duration_seconds) AS longest FROM usable GROUP BY course_id) told
        WHERE told.course_id = course.id AND course.duration_seconds IS NULL
        """
    )
