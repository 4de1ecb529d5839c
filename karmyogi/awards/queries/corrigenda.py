"""Reads of corrigenda, and of the places of an order that they may correct."""

import peewee

from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.awards.rules import Place, lines_from, places_of
from karmyogi.documents.models import IssuedDocument
from karmyogi.people.models import Officer


def corrigenda() -> peewee.ModelSelect:
    """All corrigenda with their orders, the latest drafted first."""
    return (
        Corrigendum.select(Corrigendum, AwardOrder, IssuedDocument)
        .join(AwardOrder)
        .switch(Corrigendum)
        .join(IssuedDocument, peewee.JOIN.LEFT_OUTER, on=Corrigendum.document == IssuedDocument.id)
        .order_by(Corrigendum.drafted_at.desc(), Corrigendum.id.desc())
    )


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


def places_in(order: AwardOrder) -> dict[str, Place]:
    """Every place of an issued order that a corrigendum may correct, as it reads now."""
    earlier = [line for one in corrigenda_issued(order) for line in lines_from(one.lines)]
    rows = {serial: award.document.facts["printed"] for serial, award in standing_rows(order).items()}
    return places_of(order.document.facts["printed"], rows, earlier=earlier)


def names_on_record(order: AwardOrder) -> dict[str, tuple[str, str]]:
    """What the records call the awardees of an order today, by the place of their name in it."""
    return {
        f"row:{serial}:name": (award.officer.name_hi, award.officer.name_en)
        for serial, award in standing_rows(order).items()
    }
