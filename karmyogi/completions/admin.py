"""Registers of learning: enrolments as iGOT reports them, completions as facts."""

import peewee

from karmyogi.completions.models import ASSESSMENTS, STATUSES, Assessment, Completion, Enrolment, Flag, Unenrolment
from karmyogi.completions.queries import flags_for
from karmyogi.completions.rules import FLAG, Doubt
from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.courses.models import Course
from karmyogi.courses.queries import courses_called
from karmyogi.people.admin import posted_where
from karmyogi.people.models import Officer
from karmyogi.people.queries import officer_within
from karmyogi.web.filters import Among, Code, From, InMonth, OneOf, Until, YesNo
from karmyogi.web.labels import LEARNING
from karmyogi.web.lists import Through, named
from karmyogi.web.registers import Register
from karmyogi.web.values import as_duration, as_hundredths, as_month, per_cent

LEFT = peewee.JOIN.LEFT_OUTER
NAMES = (*named(Officer, "employee_code"), Course.id, Course.name)


class Enrolments(Register):
    """Each officer's row for each course and batch, as last reported."""

    table = Enrolment
    title = N_("Enrolments")
    group = LEARNING
    slug = "enrolments"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "course", "status", "progress", "enrolled_on", "completed_on")
    column_details_list = (
        *column_list,
        "batch",
        "batch_name",
        "has_certificate",
        "certificate_id",
        "rating",
        "duration_seconds",
        "is_mandated",
        "reported_at",
        "import_id",
        "row_number",
    )
    column_labels = {"batch": N_("Number of the batch")}
    column_words = ("status",)
    column_plain = ("import_id", "row_number")
    column_formatters = {"progress": as_hundredths, "duration_seconds": as_duration}
    column_formatters_export = {"progress": per_cent}
    column_filters = (
        Code(Officer.employee_code, N_("Employee code")),
        Among(Enrolment.officer, N_("Department, district or office"), posted_where, key="unit"),
        Among(Enrolment.course, N_("Part of the course's name"), courses_called),
        OneOf(Enrolment.status, N_("Status"), STATUSES),
        From(Enrolment.completed_on, N_("Completed on")),
        Until(Enrolment.completed_on, N_("Completed on")),
        YesNo(Enrolment.has_certificate, N_("Certificate issued by iGOT")),
    )
    search_codes = (Through(Enrolment.officer, Officer.employee_code), Enrolment.certificate_id)
    search_hint = N_("Employee code or certificate id")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Enrolment.select(Enrolment, *NAMES)
            .join(Officer, LEFT)
            .switch(Enrolment)
            .join(Course, LEFT)
            .where(officer_within(scope_of(actor, self.read), Enrolment.officer, on=today()))
        )


class Completions(Register):
    """Which officer finished which course, on the earliest day ever reported."""

    table = Completion
    title = N_("Completions")
    group = LEARNING
    slug = "completions"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "course", "completed_on", "has_certificate", "is_rated")
    column_details_list = (*column_list, "month", "certificate_id", "duration_seconds", "import_id", "row_number")
    column_plain = ("import_id", "row_number")
    column_formatters = {"duration_seconds": as_duration, "month": as_month}
    column_filters = (
        Code(Officer.employee_code, N_("Employee code")),
        Among(Completion.officer, N_("Department, district or office"), posted_where, key="unit"),
        InMonth(Completion.month, N_("Month")),
        Among(Completion.course, N_("Part of the course's name"), courses_called),
        YesNo(Completion.has_certificate, N_("Certificate issued by iGOT")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Completion.select(Completion, *NAMES)
            .join(Officer, LEFT)
            .switch(Completion)
            .join(Course, LEFT)
            .where(officer_within(scope_of(actor, self.read), Completion.officer, on=today()))
        )


class Unenrolments(Register):
    """Courses that officers left, when and why."""

    table = Unenrolment
    title = N_("Courses left")
    group = LEARNING
    slug = "unenrolments"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "course", "left_on", "reason", "progress")
    column_details_list = (
        *column_list,
        "batch",
        "batch_name",
        "comment",
        "action",
        "reported_at",
        "import_id",
        "row_number",
    )
    column_labels = {"batch": N_("Number of the batch"), "reason": N_("Reason"), "action": N_("Action on iGOT")}
    column_plain = ("import_id", "row_number")
    column_formatters = {"progress": as_hundredths}
    column_formatters_export = {"progress": per_cent}
    column_filters = (
        Code(Officer.employee_code, N_("Employee code")),
        Among(Unenrolment.officer, N_("Department, district or office"), posted_where, key="unit"),
        Among(Unenrolment.course, N_("Part of the course's name"), courses_called),
        From(Unenrolment.left_on, N_("Left on")),
        Until(Unenrolment.left_on, N_("Left on")),
    )
    search_codes = (Through(Unenrolment.officer, Officer.employee_code),)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Unenrolment.select(Unenrolment, *NAMES)
            .join(Officer, LEFT)
            .switch(Unenrolment)
            .join(Course, LEFT)
            .where(officer_within(scope_of(actor, self.read), Unenrolment.officer, on=today()))
        )


class Assessments(Register):
    """Results of assessments, in courses and standing alone."""

    table = Assessment
    title = N_("Assessments")
    group = LEARNING
    slug = "assessments"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "name", "course_name", "is_passed", "attempted_on", "score")
    column_details_list = (
        *column_list,
        "kind",
        "cut_off",
        "attempts",
        "questions",
        "incorrect",
        "unattempted",
        "standing",
        "provider",
        "published_on",
        "duration_seconds",
        "reported_at",
        "import_id",
        "row_number",
    )
    column_labels = {"name": N_("Assessment"), "score": N_("Score of the latest attempt")}
    column_words = ("kind",)
    column_plain = ("import_id", "row_number")
    column_formatters = {"score": as_hundredths, "cut_off": as_hundredths, "duration_seconds": as_duration}
    column_formatters_export = {"score": per_cent, "cut_off": per_cent}
    column_filters = (
        Code(Officer.employee_code, N_("Employee code")),
        Among(Assessment.officer, N_("Department, district or office"), posted_where, key="unit"),
        OneOf(Assessment.kind, N_("Kind"), ASSESSMENTS),
        YesNo(Assessment.is_passed, N_("Passed")),
        From(Assessment.attempted_on, N_("Attempted on")),
        Until(Assessment.attempted_on, N_("Attempted on")),
    )
    search_codes = (Through(Assessment.officer, Officer.employee_code),)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Assessment.select(Assessment, *named(Officer, "employee_code"))
            .join(Officer, LEFT)
            .where(officer_within(scope_of(actor, self.read), Assessment.officer, on=today()))
        )


class Flags(Register):
    """Completions that people should look at, why, and what they found; a flag lies where it was raised."""

    table = Flag
    title = N_("Flags")
    group = LEARNING
    slug = "flags"
    read = Permission.FLAGS_READ
    own_page = ("completions.flag", "flag_id")
    column_list = ("officer", "officer.employee_code", "completion.course", "code", "completed_at", "state")
    column_details_list = (*column_list, "enrolled_at", "length_seconds", "import_id", "row_number")
    column_labels = {
        "code": N_("What is odd"),
        "completed_at": N_("Completed on"),
        "enrolled_at": N_("Enrolled on"),
        "completion.course": N_("Course"),
        "length_seconds": N_("Length"),
    }
    column_words = ("code", "state")
    column_plain = ("import_id", "row_number")
    column_formatters = {"length_seconds": as_duration}
    column_filters = (
        Code(Officer.employee_code, N_("Employee code")),
        OneOf(Flag.code, N_("What is odd"), tuple(Doubt)),
        OneOf(Flag.state, N_("Status"), sorted(FLAG.states)),
        Among(Flag.officer, N_("Department, district or office"), posted_where, key="unit"),
        From(Flag.completed_at, N_("Completed on")),
        Until(Flag.completed_at, N_("Completed on")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Employee code")

    def about(self, row: Flag) -> list[tuple[str, dict[str, object]]]:
        return [("steps", {"flt_workflow": FLAG.name, "flt_case_id": row.id})]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return flags_for(actor)


VIEWS = (Enrolments, Completions, Unenrolments, Assessments, Flags)
