"""Consents: what an officer's record says by now, and said before."""

import peewee

from karmyogi.people.models import Consent, Officer
from karmyogi.people.rules import Answer, Purpose


def consents_of(officer: Officer | int, purpose: Purpose) -> list[Consent]:
    """Every consent that this record gave for a purpose, the newest first, taken back or not."""
    mine = (Consent.officer == officer) & (Consent.purpose == purpose.value)
    return list(Consent.select().where(mine).order_by(Consent.id.desc()))


def consent_of(officer: Officer | int, purpose: Purpose) -> Consent | None:
    """The consent in force of this record; None is no."""
    mine = (Consent.officer == officer) & (Consent.purpose == purpose.value) & Consent.withdrawn_at.is_null()
    return Consent.get_or_none(mine)


def answer_of(officer: Officer | int, purpose: Purpose) -> Answer:
    """What the record says by now."""
    newest = next(iter(consents_of(officer, purpose)), None)
    if newest is None:
        return Answer.SILENT
    return Answer.AGREED if newest.withdrawn_at is None else Answer.TAKEN_BACK


def is_agreed(consent: type[Consent], officer: peewee.Node, purpose: Purpose) -> peewee.Expression:
    """The condition of a join under which `officer` (a column of ids) agrees, now; at most one row for each."""
    in_force = consent.withdrawn_at.is_null() & (consent.purpose == purpose.value)
    return (consent.officer == officer) & in_force
