"""Registers of awards and of the orders that gave them."""

import peewee

from karmyogi.awards.models import Award, AwardOrder
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import N_
from karmyogi.nominations.models import Cycle
from karmyogi.people.admin import posted_where
from karmyogi.people.models import Officer
from karmyogi.store.reach import EVERY_ROW, within
from karmyogi.web.filters import Among, From, OneOf, Until
from karmyogi.web.labels import RECOGNITION
from karmyogi.web.lists import Through, named
from karmyogi.web.registers import Register
from karmyogi.web.values import as_rupees

LEFT = peewee.JOIN.LEFT_OUTER


def award_within(actor: Actor) -> peewee.Expression:
    """True for the awards that the actor may read."""
    return within(
        scope_of(actor, Permission.AWARDS_READ),
        line_path=Award.line_path,
        territory_path=Award.territory_path,
        officer=Award.officer,
    )


class Awards(Register):
    """What officers were given; what was taken back stays, and says so."""

    table = Award
    title = N_("Awards")
    group = RECOGNITION
    slug = "awards"
    read = Permission.AWARDS_READ
    column_list = ("officer", "officer.employee_code", "title", "number", "given_on", "state")
    column_details_list = (
        "officer",
        "officer.employee_code",
        "title_hi",
        "title_en",
        "category",
        "number",
        "order",
        "given_on",
        "amount_rupees",
        "state",
        "revoked_on",
        "reason",
    )
    column_labels = {"number": N_("Number of the award certificate")}
    column_words = ("state",)
    column_formatters = {"amount_rupees": as_rupees}
    column_filters = (
        OneOf(Award.state, N_("Status"), ("given", "revoked")),
        Among(Award.officer, N_("Department, district or office"), posted_where, key="unit"),
        From(Award.given_on, N_("Given on")),
        Until(Award.given_on, N_("Given on")),
    )
    search_codes = (
        Award.number,
        Through(Award.order, AwardOrder.number),
        Through(Award.officer, Officer.employee_code),
    )
    search_hint = N_("Employee code, or the whole number of an award or an order")

    def about(self, row: Award) -> list[tuple[str, dict[str, object]]]:
        return [
            ("documents", {"search": row.number}),
            ("steps", {"flt_workflow": "award", "flt_case_id": row.id}),
        ]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return (
            Award.select(Award, *named(Officer, "employee_code"), AwardOrder.id, AwardOrder.number)
            .join(Officer, LEFT)
            .switch(Award)
            .join(AwardOrder, LEFT)
            .where(award_within(actor))
        )


class AwardOrders(Register):
    """Orders that gave an award within the actor's reach."""

    table = AwardOrder
    title = N_("Award orders")
    group = RECOGNITION
    slug = "award-orders"
    read = Permission.AWARDS_READ
    column_list = ("number", "subject", "cycle", "ordered_on", "issued_at")
    column_details_list = (
        "number",
        "subject_hi",
        "subject_en",
        "cycle",
        "ordered_on",
        "financial_year",
        "file_number",
        "signatory",
        "issued_at",
    )
    column_labels = {
        "number": N_("Order number"),
        "subject_hi": N_("Subject in Hindi"),
        "subject_en": N_("Subject in English"),
    }
    column_filters = (
        From(AwardOrder.ordered_on, N_("Date of the order")),
        Until(AwardOrder.ordered_on, N_("Date of the order")),
    )
    search_codes = (AwardOrder.number, AwardOrder.file_number)
    search_hint = N_("The whole number of an order or of a file")

    def about(self, row: AwardOrder) -> list[tuple[str, dict[str, object]]]:
        return [("awards", {"search": row.number}), ("documents", {"search": row.number})]

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        return AwardOrder.select(AwardOrder, *named(Cycle)).join(Cycle, LEFT).where(_order_within(actor))


def _order_within(actor: Actor) -> peewee.Expression:
    if scope_of(actor, Permission.AWARDS_READ).everything:
        return EVERY_ROW
    return AwardOrder.id.in_(Award.select(Award.order).where(award_within(actor)))


VIEWS = (Awards, AwardOrders)
