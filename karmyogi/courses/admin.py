"""The register of courses: iGOT's catalogue as its reports have told it."""

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_
from karmyogi.courses.models import Course
from karmyogi.web.filters import Contains
from karmyogi.web.labels import LEARNING
from karmyogi.web.registers import Register
from karmyogi.web.values import as_duration


class Courses(Register):
    """Every course that a report has named."""

    table = Course
    title = N_("Courses")
    group = LEARNING
    slug = "courses"
    read = Permission.COURSES_READ
    column_list = ("name", "provider", "kind", "duration_seconds")
    column_details_list = (*column_list, "import_id")
    column_plain = ("import_id",)
    column_formatters = column_formatters_export = {"duration_seconds": as_duration}
    column_sortable_list = ("name", "provider", "kind")
    column_default_sort = ("name", False)
    column_filters = (Contains(Course.provider, N_("Provider")), Contains(Course.kind, N_("Kind")))
    search_texts = (Course.name,)
    search_hint = N_("Part of the name")

    def about(self, row: Course) -> list[tuple[str, dict[str, object]]]:
        return [(slug, {"flt_course": row.name}) for slug in ("completions", "enrolments")]


VIEWS = (Courses,)
