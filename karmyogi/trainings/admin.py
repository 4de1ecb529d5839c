"""The register of blended programmes, as iGOT's report tells them."""

import peewee

from karmyogi.core.months import today
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.people.admin import posted_where
from karmyogi.people.models import Officer
from karmyogi.people.queries import officer_within
from karmyogi.trainings.models import ProgrammePart
from karmyogi.web.filters import Among, Code, Contains, From, Until, YesNo
from karmyogi.web.labels import LEARNING
from karmyogi.web.lists import Through, named
from karmyogi.web.registers import Register
from karmyogi.web.values import as_duration, as_hundredths, per_cent


class ProgrammeParts(Register):
    """Each officer's part in each component of a blended programme, as last reported."""

    table = ProgrammePart
    title = N_("Blended programmes")
    group = LEARNING
    slug = "programme-parts"
    read = Permission.LEARNING_READ
    column_list = ("officer", "officer.employee_code", "programme", "component", "status", "held_on", "is_attended")
    column_details_list = (
        *column_list,
        "batch",
        "place",
        "batch_from_on",
        "batch_to_on",
        "enrolled_on",
        "component_type",
        "mode",
        "progress",
        "completed_on",
        "duration_seconds",
        "starts",
        "ends",
        "instructors",
        "coordinator",
        "has_certificate",
        "provider",
        "reported_at",
        "import_id",
        "row_number",
    )
    column_labels = {"batch": N_("Name of the batch")}
    column_words = ("status",)
    column_plain = ("import_id", "row_number")
    column_formatters = {"progress": as_hundredths, "duration_seconds": as_duration}
    column_formatters_export = {"progress": per_cent}
    column_filters = (
        Code(Officer.employee_code, N_("Employee code")),
        Among(ProgrammePart.officer, N_("Department, district or office"), posted_where, key="unit"),
        Contains(ProgrammePart.programme, N_("Part of the programme's name")),
        YesNo(ProgrammePart.is_attended, N_("Attended")),
        From(ProgrammePart.held_on, N_("Held on")),
        Until(ProgrammePart.held_on, N_("Held on")),
    )
    search_codes = (Through(ProgrammePart.officer, Officer.employee_code),)
    search_hint = N_("Employee code")

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            ProgrammePart.select(ProgrammePart, *named(Officer, "employee_code"))
            .join(Officer, peewee.JOIN.LEFT_OUTER)
            .where(officer_within(scope_of(actor, self.read), ProgrammePart.officer, on=today()))
        )


VIEWS = (ProgrammeParts,)
