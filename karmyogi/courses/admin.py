"""Registers of the catalogue as iGOT's reports have told it: courses, their batches, and what they teach."""

import peewee

from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import N_
from karmyogi.courses.models import Competency, Course, CourseBatch, CourseCompetency
from karmyogi.courses.queries import competencies_called, competencies_of, courses_called, names_called, names_teaching
from karmyogi.web.filters import Among, Contains, Filled, From, Until
from karmyogi.web.labels import LEARNING
from karmyogi.web.registers import Register
from karmyogi.web.values import as_duration, as_stars


class Courses(Register):
    """Every course that a report has named."""

    table = Course
    title = N_("Courses")
    group = LEARNING
    slug = "courses"
    read = Permission.COURSES_READ
    column_list = ("name", "provider", "kind", "duration_seconds", "status", "rating")
    column_details_list = (
        *column_list,
        "competencies",
        "published_on",
        "retired_on",
        "reported_at",
        "import_id",
        "row_number",
    )
    column_plain = ("import_id", "row_number")
    column_formatters = column_formatters_export = {"duration_seconds": as_duration, "rating": as_stars}
    column_sortable_list = ("name", "provider", "kind")
    column_default_sort = ("name", False)
    column_filters = (
        Contains(Course.provider, N_("Provider")),
        Contains(Course.kind, N_("Kind")),
        Contains(Course.status, N_("Status")),
        Among(Course.name, N_("Part of a competency taught"), names_teaching, key="competency"),
        Filled(Course.retired_on, N_("Retired")),
    )
    search_texts = (Course.name,)
    search_hint = N_("Part of the name")

    def about(self, row: Course) -> list[tuple[str, dict[str, object]]]:
        named = {"flt_course": row.name}
        return [(slug, named) for slug in ("completions", "enrolments", "course-batches", "course-competencies")]

    def get_detail_value(self, row: Course, name: str) -> object:
        if name == "competencies":
            return "; ".join(map(str, competencies_of(row)))
        return super().get_detail_value(row, name)


class CourseBatches(Register):
    """How many people iGOT counts with each batch of a course, as last reported."""

    table = CourseBatch
    title = N_("Batches of courses")
    group = LEARNING
    slug = "course-batches"
    read = Permission.COURSES_READ
    column_list = ("course", "batch_name", "batch_from_on", "batch_to_on", "enrolled", "completed", "certificates")
    column_details_list = (
        *column_list,
        "batch",
        "not_started",
        "in_progress",
        "first_completed_on",
        "last_completed_on",
        "mdoid",
        "reported_at",
        "import_id",
        "row_number",
    )
    column_labels = {"batch": N_("Number of the batch"), "completed": N_("Finished")}
    column_plain = ("import_id", "row_number")
    column_filters = (
        Among(CourseBatch.course, N_("Part of the course's name"), courses_called),
        From(CourseBatch.batch_from_on, N_("Start of the batch")),
        Until(CourseBatch.batch_from_on, N_("Start of the batch")),
    )
    search_codes = (CourseBatch.batch,)
    search_hint = N_("Number of the batch")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return CourseBatch.select(CourseBatch, Course.id, Course.name).join(Course, peewee.JOIN.LEFT_OUTER)


class CourseCompetencies(Register):
    """Which course teaches which competency, by the names iGOT gives them."""

    table = CourseCompetency
    title = N_("Competencies of courses")
    group = LEARNING
    slug = "course-competencies"
    read = Permission.COURSES_READ
    column_list = ("course_name", "competency.area", "competency.theme", "competency.sub_theme")
    column_details_list = (
        *column_list,
        "competency.area_description",
        "competency.theme_description",
        "competency.theme_type",
        "competency.sub_theme_description",
        "content_id",
        "import_id",
        "row_number",
    )
    column_plain = ("import_id", "row_number")
    column_filters = (
        Among(CourseCompetency.competency, N_("Part of a competency taught"), competencies_called),
        Among(CourseCompetency.course_name, N_("Part of the course's name"), names_called, key="course"),
    )
    search_texts = (CourseCompetency.course_name,)
    search_hint = N_("Part of the name")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return CourseCompetency.select(CourseCompetency, Competency).join(Competency, peewee.JOIN.LEFT_OUTER)


VIEWS = (Courses, CourseBatches, CourseCompetencies)
