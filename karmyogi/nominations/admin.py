"""Registers of nominations: schemes, cycles and categories by their names, and the cases within reach."""

import peewee

from karmyogi.accounts.models import User
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.nominations.models import STATES, Category, Cycle, Nomination, Scheme
from karmyogi.nominations.queries import as_shown_to
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.queries import units_called
from karmyogi.store.reach import within
from karmyogi.web.access import current_actor
from karmyogi.web.filters import Among, From, OneOf, Until
from karmyogi.web.labels import RECOGNITION
from karmyogi.web.lists import named
from karmyogi.web.registers import Register
from karmyogi.web.values import as_month, as_rupees

LEFT = peewee.JOIN.LEFT_OUTER
NAMES = ("name_hi", "name_en")


class Schemes(Register):
    """What is awarded; its rules are data of the installation, its names may be corrected."""

    table = Scheme
    title = N_("Schemes")
    group = RECOGNITION
    slug = "schemes"
    read = Permission.CYCLES_READ
    write = Permission.CYCLES_WRITE
    column_list = ("name", "award", "code")
    column_details_list = ("name_hi", "name_en", "award_hi", "award_en", "code")
    form_columns = NAMES


class Cycles(Register):
    """Rounds of a scheme; their days and criteria are fixed when they open."""

    table = Cycle
    title = N_("Cycles")
    group = RECOGNITION
    slug = "cycles"
    read = Permission.CYCLES_READ
    write = Permission.CYCLES_WRITE
    column_list = ("name", "scheme", "opens_on", "closes_on", "cut_off_on", "quota")
    column_details_list = ("name_hi", "name_en", *column_list[1:], "first_month", "last_month")
    column_formatters = {"first_month": as_month, "last_month": as_month}
    form_columns = NAMES

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return Cycle.select(Cycle, *named(Scheme)).join(Scheme, LEFT)


class Categories(Register):
    """Kinds of merit in a cycle."""

    table = Category
    title = N_("Categories")
    group = RECOGNITION
    slug = "categories"
    read = Permission.CYCLES_READ
    write = Permission.CYCLES_WRITE
    column_list = ("name", "cycle", "amount_rupees")
    column_details_list = ("name_hi", "name_en", "cycle", "amount_rupees")
    column_formatters = {"amount_rupees": as_rupees}
    form_columns = NAMES

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return Category.select(Category, *named(Cycle)).join(Cycle, LEFT)


def cycles_called(text: str) -> peewee.ModelSelect:
    """Ids of cycles with this text in their name, in either script."""
    return Cycle.select(Cycle.id).where(Cycle.name_hi.contains(text) | Cycle.name_en.contains(text))


class KnownState(OneOf):
    """By the state as the reader may know it: a choice not yet released is found among the verified."""

    def apply(self, query: peewee.ModelSelect, value: str) -> peewee.ModelSelect:
        return query.where(as_shown_to(current_actor()) == value)


class Nominations(Register):
    """Cases within reach, to read: they move only by their own steps, and their state is told as on their pages."""

    table = Nomination
    title = N_("Nominations")
    group = RECOGNITION
    slug = "nominations"
    read = Permission.NOMINATIONS_READ
    column_list = ("officer", "officer.employee_code", "category", "department", "priority", "shown", "submitted_at")
    column_details_list = (
        "officer",
        "officer.employee_code",
        "cycle",
        "category",
        "department",
        "priority",
        "shown",
        "citation_hi",
        "citation_en",
        "nominated_by",
        "opened_at",
        "submitted_at",
        "released_at",
    )
    column_labels = {"shown": N_("Status")}
    column_words = ("shown",)  # the state as the reader may know it
    column_filters = (
        KnownState(Nomination.state, N_("Status"), STATES),
        Among(Nomination.cycle, N_("Cycle"), cycles_called),
        Among(Nomination.department, N_("Department"), units_called),
        From(Nomination.submitted_at, N_("Submitted")),
        Until(Nomination.submitted_at, N_("Submitted")),
    )
    search_codes = (Officer.employee_code,)
    search_hint = N_("Employee code")

    def about(self, row: Nomination) -> list[tuple[str, dict[str, object]]]:
        code = {"search": row.officer.employee_code}
        return [("steps", {"flt_workflow": "nomination", "flt_case_id": row.id}), ("scores", code), ("honours", code)]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        others = [column for table in (OrgUnit, Category, Cycle, User) for column in named(table)]
        names = [*named(Officer, "employee_code"), *others]
        query = Nomination.select(Nomination, as_shown_to(actor).alias("shown"), *names)
        for foreign_key, table in JOINED.items():
            query = query.switch(Nomination).join(table, LEFT, on=getattr(Nomination, foreign_key) == table.id)
        return query.switch(Nomination).where(
            within(
                scope_of(actor, self.read),
                line_path=Nomination.line_path,
                territory_path=Nomination.territory_path,
                officer=Nomination.officer,
            )
        )


JOINED = {"officer": Officer, "department": OrgUnit, "category": Category, "cycle": Cycle, "nominated_by": User}
VIEWS = (Nominations, Schemes, Cycles, Categories)
