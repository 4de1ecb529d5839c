"""Verbs of names: an officer asks for a correction, somebody else approves or refuses it, GAD gives it back."""

from datetime import datetime

import peewee

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, can, covers
from karmyogi.people.models import NameCorrection, Officer
from karmyogi.people.queries import NOWHERE, held_corrections, open_correction_of, paths_of, posting_of
from karmyogi.people.rules import NAME_CORRECTION, REQUEST, Names, request_reasons, tidy_name
from karmyogi.people.service.words import keep_words
from karmyogi.store.db import database, held
from karmyogi.store.trail import personal, record
from karmyogi.store.transitions import perform, remember_hand


def request_name(
    officer: Officer, wanted: Names, *, why: str, reference: str = "", by: Actor, at: datetime | None = None
) -> NameCorrection:
    """Ask for both names to be written like this; the nodal officer of today's posting will decide.

    Without a posting GAD decides. Raises NotAllowed for anybody else's name, or
    RuleBroken with everything that is wrong; one open request at a time.
    """
    at, wanted = at or now(), Names(tidy_name(wanted.hi), tidy_name(wanted.en))
    if not covers(by, REQUEST, officer_id=officer.id, line_path=NOWHERE, territory_path=NOWHERE):
        raise NotAllowed("not_allowed")
    try:
        with database.atomic():
            fresh = _held(officer.id)
            _refuse_request(fresh, wanted, why.strip(), reference.strip())
            return _open(fresh, wanted, why.strip(), reference.strip(), by, at)
    except peewee.IntegrityError as error:  # the one open request of the officer came in between
        raise RuleBroken("name_already_requested") from error


def _refuse_request(officer: Officer, wanted: Names, why: str, reference: str) -> None:
    if open_correction_of(officer):
        raise RuleBroken("name_already_requested")
    found = request_reasons(Names(officer.name_hi, officer.name_en), wanted, why=why, reference=reference)
    if found:
        raise RuleBroken(*(one for reasons in found.values() for one in reasons))


def _open(officer: Officer, wanted: Names, why: str, reference: str, by: Actor, at: datetime) -> NameCorrection:
    posting = posting_of(officer, on=at.astimezone(IST).date())
    case = NameCorrection.create(
        state=NAME_CORRECTION.start,
        **paths_of(posting),
        officer=officer,
        old_name_hi=officer.name_hi,
        old_name_en=officer.name_en,
        name_hi=wanted.hi,
        name_en=wanted.en,
        reason=why,
        reference=reference,
        requested_at=at,
    )
    remember_hand(NAME_CORRECTION, case, "request", by=by, remark=why, at=at)
    record(by, "name_correction.request", case, {"officer": officer.id, **_change(officer, case)}, remark=why, at=at)
    return case


def approve_name(case: NameCorrection, *, by: Actor, remark: str = "", at: datetime | None = None) -> NameCorrection:
    """Write both names to the officer's record; papers already issued stay as they are.

    From now on the roster leaves the names alone. Raises NotAllowed, WrongState,
    or RuleBroken: never by the officer, nor by whoever asked.
    """
    at = at or now()
    with database.atomic():
        fresh = NameCorrection.get_by_id(case.id)
        officer = _held(fresh.officer_id)
        perform(NAME_CORRECTION, fresh, "approve", by=by, remark=remark, at=at, decided_at=at)
        change = _change(officer, fresh)
        Officer.update(name_hi=fresh.name_hi, name_en=fresh.name_en).where(Officer.id == officer.id).execute()
        keep_words(Officer.id == officer.id)
        record(by, "officer.rename", officer, {"correction": fresh.id, **change}, at=at)
    return fresh


def refuse_name(case: NameCorrection, *, by: Actor, remark: str, at: datetime | None = None) -> NameCorrection:
    """Leave the names as they are, with a reason that the officer reads.

    Raises NotAllowed, WrongState, or RuleBroken without a remark.
    """
    return _end(case, "refuse", by=by, remark=remark, at=at)


def withdraw_name(case: NameCorrection, *, by: Actor, at: datetime | None = None) -> NameCorrection:
    """Take an open request back. Raises NotAllowed or WrongState."""
    return _end(case, "withdraw", by=by, at=at)


def _end(
    case: NameCorrection, action: str, *, by: Actor, remark: str = "", at: datetime | None = None
) -> NameCorrection:
    at, fresh = at or now(), NameCorrection.get_by_id(case.id)
    perform(NAME_CORRECTION, fresh, action, by=by, remark=remark, at=at, decided_at=at)
    return fresh


def release_name(case: NameCorrection, *, by: Actor, at: datetime | None = None) -> None:
    """Let the roster decide again how the officer of an approved correction is called, from its next import on.

    Raises NotAllowed, or RuleBroken if this correction does not hold the name (any longer).
    """
    if not can(by, Permission.OFFICERS_WRITE):
        raise NotAllowed("not_allowed")
    at = at or now()
    with database.atomic():
        officer = _held(case.officer_id)
        held = held_corrections(officer)
        if not held.where(NameCorrection.id == case.id).exists():
            raise RuleBroken("name_is_not_held")
        NameCorrection.update(released_at=at).where(NameCorrection.id.in_(held)).execute()
        # The very row that was applied last must be able to bring its name again.
        Officer.update(fingerprint="").where(Officer.id == officer.id).execute()
        record(by, "officer.release_name", officer, {"correction": case.id}, at=at)


def _change(officer: Officer, case: NameCorrection) -> dict[str, object]:
    change = {"name_hi": [officer.name_hi, case.name_hi], "name_en": [officer.name_en, case.name_en]}
    return {name: personal(texts) for name, texts in change.items()}


def _held(officer_id: int) -> Officer:
    """The officer as they are now; nobody else decides about them meanwhile."""
    return held(Officer.select().where(Officer.id == officer_id)).get()
