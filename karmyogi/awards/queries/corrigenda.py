"""Reads of corrigenda, and of the places of an order that they may correct."""

from dataclasses import dataclass

import peewee

from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.awards.rules import CORRIGENDUM, Place, lines_from, places_of
from karmyogi.documents.models import IssuedDocument
from karmyogi.people.models import Officer


def corrigenda() -> peewee.ModelSelect:
    """All corrigenda with their orders: those that wait for the approver, then the others, the latest drafted first."""
    is_settled = peewee.Case(Corrigendum.state, ((CORRIGENDUM.start, 0),), 1)
    return (
        Corrigendum.select(Corrigendum, AwardOrder, IssuedDocument)
        .join(AwardOrder)
        .switch(Corrigendum)
        .join(IssuedDocument, peewee.JOIN.LEFT_OUTER, on=Corrigendum.document == IssuedDocument.id)
        .order_by(is_settled, Corrigendum.drafted_at.desc(), Corrigendum.id.desc())
    )


def corrigenda_drafted() -> peewee.ModelSelect:
    """Those that wait for the approver, with their orders."""
    return corrigenda().where(Corrigendum.state == CORRIGENDUM.start)


def corrigenda_issued(order: AwardOrder) -> list[Corrigendum]:
    """The issued corrigenda of an order, by number."""
    mine = (Corrigendum.order == order) & (Corrigendum.state == "issued")
    return list(Corrigendum.select().where(mine).order_by(Corrigendum.serial))


def standing_rows(order: AwardOrder) -> dict[int, Award]:
    """The awards of an order that stand, each with its certificate, by the serial number of its row."""
    rows = (
        Award.select(Award, IssuedDocument, Officer)
        .join(IssuedDocument, on=Award.document == IssuedDocument.id)
        .switch(Award)
        .join(Officer)
        .where((Award.order == order) & (Award.state == "given"))
        .order_by(Award.number)
    )
    return {int(award.number.rpartition("/")[2]): award for award in rows}


@dataclass(frozen=True)
class Reading:
    """An issued order as it reads now: with how many corrigenda, its standing rows, and the places they may correct.

    `names` are what the records call the awardees today, by the place of their name.
    """

    corrigenda: int
    rows: dict[int, Award]
    places: dict[str, Place]
    names: dict[str, tuple[str, str]]


def reading_of(order: AwardOrder) -> Reading:
    """The order as it reads now, in the same few statements whatever its length."""
    before, rows = corrigenda_issued(order), standing_rows(order)
    printed = {serial: award.document.facts["printed"] for serial, award in rows.items()}
    earlier = [line for one in before for line in lines_from(one.lines)]
    return Reading(
        len(before),
        rows,
        places_of(order.document.facts["printed"], printed, earlier=earlier),
        {f"row:{serial}:name": (award.officer.name_hi, award.officer.name_en) for serial, award in rows.items()},
    )
