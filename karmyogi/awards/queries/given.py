"""Reads of awards and orders."""

from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.awards.models import Award, AwardOrder
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.rules import PublicView, public_view
from karmyogi.nominations.models import Cycle, Nomination, Scheme
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.queries import own_records, records_of
from karmyogi.store.reach import within


def awards_for(actor: Actor) -> peewee.ModelSelect:
    """The awards within the actor's reach, newest order first; revoked ones stay in the list."""
    scope = scope_of(actor, Permission.AWARDS_READ)
    by_place = within(scope, line_path=Award.line_path, territory_path=Award.territory_path)
    return (
        _awards()
        .where(by_place | own_records(scope, Award.officer))
        .order_by(AwardOrder.ordered_on.desc(), Award.number)
    )


def awards_of(officer: Officer | int) -> list[Award]:
    """One officer's awards with their orders and documents, newest first, revoked ones included."""
    return list(
        _awards().where(Award.officer.in_(records_of(officer))).order_by(Award.given_on.desc(), Award.number.desc())
    )


def standing_awards_of(officer: Officer | int) -> peewee.ModelSelect:
    """One officer's awards that stand: what they may show around."""
    return _awards().where(Award.officer.in_(records_of(officer)) & (Award.state == "given"))


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
    key: "BoardKey"


@dataclass(frozen=True)
class BoardKey:
    """Where a page of the public board ends and the next begins."""

    ordered_on: date
    number: str


def published_awards(
    *, limit: int = 50, after: BoardKey | None = None, year: str = "", department: int | None = None
) -> list[PublishedAward]:
    """Awards that stand, newest order first, in the words of their certificates; revoked ones are not here.

    `year` is a financial year as `2026-27`; `department` is the one that nominated. With `after` the list goes on
    behind that key.
    """
    rows = (
        IssuedDocument.select(IssuedDocument, *BOARD_KEY)
        .join(Award, on=Award.document == IssuedDocument.id)
        .join(AwardOrder)
        .switch(Award)
        .join(Nomination)
        .where(Award.state == "given")
        .order_by(AwardOrder.ordered_on.desc(), Award.number)
        .limit(limit)
    )
    if year:
        rows = rows.where(AwardOrder.financial_year == year)
    if department is not None:
        rows = rows.where(Nomination.department == department)
    if after:
        rows = rows.where(_comes_after(after))
    return [
        PublishedAward(public_view(row), row.code, BoardKey(row.key_ordered_on, row.key_number))
        for row in rows.objects()
    ]


BOARD_KEY = (AwardOrder.ordered_on.alias("key_ordered_on"), Award.number.alias("key_number"))


def _comes_after(key: BoardKey) -> peewee.Expression:
    on, number = AwardOrder.ordered_on, Award.number
    return (on < key.ordered_on) | ((on == key.ordered_on) & (number > key.number))


@dataclass(frozen=True)
class Published:
    """How many awards of one name stand."""

    title_hi: str
    title_en: str
    count: int


def published_by_kind() -> list[Published]:
    """The awards that stand, counted by what they are called, the most frequent first."""
    count = peewee.fn.COUNT(Award.id)
    rows = (
        Award.select(Award.title_hi, Award.title_en, count)
        .where(Award.state == "given")
        .group_by(Award.title_hi, Award.title_en)
        .order_by(count.desc(), Award.title_en)
    )
    return [Published(*row) for row in rows.tuples()]


def published_years() -> list[str]:
    """The financial years with an award that stands, newest first."""
    rows = AwardOrder.select(AwardOrder.financial_year).join(Award).where(Award.state == "given").distinct()
    return sorted((year for (year,) in rows.tuples()), reverse=True)


def published_departments() -> list[OrgUnit]:
    """The departments whose nominations led to an award that stands, by Hindi name."""
    given = Nomination.select(Nomination.department).join(Award).where(Award.state == "given")
    return list(OrgUnit.select().where(OrgUnit.id.in_(given)).order_by(OrgUnit.name_hi, OrgUnit.name_en))


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
