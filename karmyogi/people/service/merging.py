"""One record gives way to another, or stands for itself again, as a part of the verbs downstream."""

from karmyogi.people.models import Officer
from karmyogi.people.service.words import forget_words, keep_words
from karmyogi.store.db import held


def hold_records(*ids: int) -> dict[int, Officer]:
    """These officers as they are now, by id; nobody else merges or renames them until the transaction ends."""
    return {one.id: one for one in held(Officer.select().where(Officer.id.in_(ids)).order_by(Officer.id))}


def set_merged(officer: Officer, into: Officer | None) -> None:
    """Let a record give way to another, or to nobody, and a search find the one that stands by both.

    The caller holds the records, has asked whether it may be, and writes the trail.
    """
    persons = [officer.id, into.id if into else officer.merged_into_id]
    Officer.update(merged_into=into).where(Officer.id == officer.id).execute()
    forget_words(Officer.id.in_(persons))
    keep_words(Officer.id.in_(persons))
