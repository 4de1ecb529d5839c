"""Reads of trainings: an officer's blended programmes."""

from karmyogi.people.queries import records_of
from karmyogi.trainings.models import ProgrammePart


def programme_parts_of(officer_id: int, *, limit: int) -> list[ProgrammePart]:
    """An officer's components of blended programmes, sittings first, the latest first."""
    return list(
        ProgrammePart.select()
        .where(ProgrammePart.officer.in_(records_of(officer_id)))
        .order_by(
            ProgrammePart.held_on.is_null(),
            ProgrammePart.held_on.desc(),
            ProgrammePart.programme,
            ProgrammePart.component,
            ProgrammePart.id,
        )
        .limit(limit)
    )
