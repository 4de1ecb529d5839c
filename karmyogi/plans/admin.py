"""The register of what is expected of each officer."""

import peewee

from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.people.admin import posted_where
from karmyogi.people.models import Officer
from karmyogi.people.queries import officer_within
from karmyogi.plans.models import Obligation, PlanSummary
from karmyogi.web.filters import Among, Filled, From, Until, YesNo
from karmyogi.web.labels import LEARNING
from karmyogi.web.lists import Through, named
from karmyogi.web.registers import Register


class Obligations(Register):
    """Courses that a plan expects of an officer by a day."""

    table = Obligation
    title = N_("Courses expected")
    group = LEARNING
    slug = "obligations"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "course_name", "due_on", "progress", "finished_on")
    column_details_list = (*column_list, "is_apar", "allocated_on", "mdoid", "reported_at", "import_id", "row_number")
    column_plain = ("import_id", "row_number")
    column_filters = (
        Among(Obligation.officer, N_("Department, district or office"), posted_where, key="unit"),
        From(Obligation.due_on, N_("Due on")),
        Until(Obligation.due_on, N_("Due on")),
        YesNo(Obligation.is_apar, N_("For the appraisal report")),
        Filled(Obligation.finished_on, N_("Finished")),
    )
    search_codes = (Through(Obligation.officer, Officer.employee_code), Obligation.course_name)
    search_hint = N_("Employee code, or the whole name of a course")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Obligation.select(Obligation, *named(Officer, "employee_code"))
            .join(Officer, peewee.JOIN.LEFT_OUTER)
            .where(officer_within(scope_of(actor, self.read), Obligation.officer, on=today()))
        )


class PlanSummaries(Register):
    """How many courses of the plan iGOT counts for each officer, as last reported."""

    table = PlanSummary
    title = N_("Plan summary by iGOT")
    group = LEARNING
    slug = "plan-summaries"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "allocated", "finished", "in_time", "reported_at")
    column_details_list = (*column_list, "mdoid", "import_id", "row_number")
    column_plain = ("import_id", "row_number")
    column_filters = (Among(PlanSummary.officer, N_("Department, district or office"), posted_where, key="unit"),)
    search_codes = (Through(PlanSummary.officer, Officer.employee_code),)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            PlanSummary.select(PlanSummary, *named(Officer, "employee_code"))
            .join(Officer, peewee.JOIN.LEFT_OUTER)
            .where(officer_within(scope_of(actor, self.read), PlanSummary.officer, on=today()))
        )


VIEWS = (Obligations, PlanSummaries)
