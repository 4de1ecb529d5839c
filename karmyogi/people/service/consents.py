"""Verbs of consents: an officer agrees, takes it back, and the stricter answer holds for records that are merged."""

from datetime import datetime

import peewee

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, covers
from karmyogi.people.models import Consent, Officer
from karmyogi.people.queries import NOWHERE, answer_of, consent_of
from karmyogi.people.rules import Answer, Purpose, merged_answer, words_now
from karmyogi.people.rules.consents import GIVE
from karmyogi.store.db import database, held
from karmyogi.store.trail import record


def give_consent(
    officer: Officer, purpose: Purpose, *, words: int | None, language: str, by: Actor, at: datetime | None = None
) -> Consent:
    """Agree for oneself, in the version of the words that was read, and in the language it was read in.

    Raises NotAllowed for anybody else, or RuleBroken if the words are no longer those, if it is agreed already, or if
    the record gave way to another.
    """
    _refuse_others(officer, by)
    try:
        with database.atomic():
            _refuse_to_agree(_held(officer.id), purpose, words)
            given = Consent.create(
                officer=officer, purpose=purpose.value, words=words, language=language, given_at=at or now()
            )
            record(by, "consent.give", given, _told(given), at=at)
            return given
    except peewee.IntegrityError as error:  # another browser of the same person came in between
        raise RuleBroken("consent_already_given") from error


def _refuse_to_agree(officer: Officer, purpose: Purpose, words: int | None) -> None:
    if officer.merged_into_id is not None:
        raise RuleBroken("consent_record_gave_way")
    if words != words_now(purpose).version:
        raise RuleBroken("consent_words_changed")
    if consent_of(officer, purpose):
        raise RuleBroken("consent_already_given")


def withdraw_consent(officer: Officer, purpose: Purpose, *, by: Actor, at: datetime | None = None) -> Consent:
    """Take one's own consent back; it ends at that moment. Raises NotAllowed, or RuleBroken if there is none."""
    _refuse_others(officer, by)
    with database.atomic():
        _held(officer.id)
        given = consent_of(officer, purpose)
        if given is None:
            raise RuleBroken("consent_not_given")
        return _end(given, by, at or now(), "")


def keep_stricter_consents(goes: Officer, stands: Officer, *, by: Actor, at: datetime) -> None:
    """End what two records that become one person no longer agree to together, as a part of the verb that merges.

    The caller holds both records. Parting gives nothing back: who wants to be named agrees again.
    """
    for purpose in Purpose:
        wanted = merged_answer(answer_of(goes, purpose), answer_of(stands, purpose))
        ending = [consent_of(goes, purpose), None if wanted is Answer.AGREED else consent_of(stands, purpose)]
        for given in filter(None, ending):
            _end(given, by, at, "officer.merge")


def _end(given: Consent, by: Actor, at: datetime, because: str) -> Consent:
    given.withdrawn_at = at
    given.save(only=[Consent.withdrawn_at])
    record(by, "consent.withdraw", given, {**_told(given), **({"because": because} if because else {})}, at=at)
    return given


def _told(given: Consent) -> dict[str, object]:
    return {
        "officer": given.officer_id,
        "purpose": given.purpose,
        "words": given.words,
        "language": given.language,
    }


def _refuse_others(officer: Officer, by: Actor) -> None:
    """Nobody agrees for anybody else, whatever their role."""
    if not covers(by, GIVE, officer_id=officer.id, line_path=NOWHERE, territory_path=NOWHERE):
        raise NotAllowed("not_allowed")


def _held(officer_id: int) -> Officer:
    """The officer as they are now; nobody merges their record meanwhile."""
    return held(Officer.select().where(Officer.id == officer_id)).get()
