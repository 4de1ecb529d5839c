"""Reads of awards and orders."""

from dataclasses import dataclass

import peewee

from karmyogi.awards.models import Award, AwardOrder
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.rules import PublicView, public_view
from karmyogi.nominations.models import Cycle, Nomination, Scheme
from karmyogi.people.models import Officer
from karmyogi.store.reach import within


def awards_for(actor: Actor) -> peewee.ModelSelect:
    """The awards within the actor's reach, newest order first; revoked ones stay in the list."""
    reached = within(
        scope_of(actor, Permission.AWARDS_READ),
        line_path=Award.line_path,
        territory_path=Award.territory_path,
        officer=Award.officer,
    )
    return _awards().where(reached).order_by(AwardOrder.ordered_on.desc(), Award.number)


def awards_of(officer: Officer | int) -> list[Award]:
    """One officer's awards with their orders and documents, newest first, revoked ones included."""
    return list(_awards().where(Award.officer == officer).order_by(Award.given_on.desc(), Award.number.desc()))


def standing_awards_of(officer: Officer | int) -> peewee.ModelSelect:
    """One officer's awards that stand: what they may show around."""
    return _awards().where((Award.officer == officer) & (Award.state == "given"))


def _awards() -> peewee.ModelSelect:
    return (
        Award.select(Award, AwardOrder, IssuedDocument, Officer)
        .join(AwardOrder)
        .switch(Award)
        .join(IssuedDocument, on=Award.document == IssuedDocument.id)
        .switch(Award)
        .join(Officer)
    )


@dataclass(frozen=True)
class PublishedAward:
    """A row of the public board: the award as its certificate says it, and the code that proves it."""

    said: PublicView
    code: str


def published_awards(*, limit: int = 50, offset: int = 0) -> list[PublishedAward]:
    """Awards that stand, newest order first, in the words of their certificates; revoked ones are not here."""
    rows = (
        IssuedDocument.select(IssuedDocument)
        .join(Award, on=Award.document == IssuedDocument.id)
        .join(AwardOrder)
        .where(Award.state == "given")
        .order_by(AwardOrder.ordered_on.desc(), Award.number)
        .limit(limit)
        .offset(offset)
    )
    return [PublishedAward(public_view(document), document.code) for document in rows]


def published_count() -> int:
    """How many awards stand in all."""
    return Award.select().where(Award.state == "given").count()


def orders() -> peewee.ModelSelect:
    """All orders with their cycles and documents, newest first."""
    return (
        AwardOrder.select(AwardOrder, Cycle, Scheme, IssuedDocument)
        .join(Cycle)
        .join(Scheme)
        .switch(AwardOrder)
        .join(IssuedDocument)
        .order_by(AwardOrder.ordered_on.desc(), AwardOrder.id.desc())
    )


def last_serial(office_code: str, financial_year: str) -> int:
    """The last serial given in the series of that office and year; 0 before the first."""
    series = (AwardOrder.office_code == office_code) & (AwardOrder.financial_year == financial_year)
    return AwardOrder.select(peewee.fn.MAX(AwardOrder.serial)).where(series).scalar() or 0


def awaiting_order(cycle: Cycle) -> list[Nomination]:
    """The released nominations of a cycle that no order has awarded yet, as an order would list them."""
    return list(
        Nomination.select(Nomination, Officer)
        .join(Officer)
        .where((Nomination.cycle == cycle) & (Nomination.state == "released"))
        .order_by(Nomination.line_path, Nomination.priority, Nomination.id)
    )


def awards_in(order: AwardOrder) -> list[Award]:
    """All awards that an order gave, by number, whoever asks: the order itself names them all."""
    return list(Award.select().where(Award.order == order).order_by(Award.number))


def is_called(text: str) -> peewee.Expression:
    """The condition that an award's holder has this in a name or code, or the award or order in its number."""
    columns = (Officer.name_hi, Officer.name_en, Officer.employee_code, Award.number)
    found = Officer.name_hi.contains(text)
    for column in columns[1:]:
        found = found | column.contains(text)
    return found
