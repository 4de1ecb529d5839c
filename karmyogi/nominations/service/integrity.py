"""Integrity certificates: what vigilance answered, by whom, until when."""

from datetime import date, datetime

from karmyogi.core.errors import NotAllowed
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, scope_of
from karmyogi.core.reasons import Reason, reason
from karmyogi.nominations.models import IntegrityCertificate, Nomination
from karmyogi.nominations.queries import (
    hands,
    is_live,
)
from karmyogi.nominations.rules import (
    CREATE,
    SELECT,
    VERIFY,
    IntegrityAnswer,
    is_hand_of,
    power_behind,
    tidy,
)
from karmyogi.nominations.service.cases import hold
from karmyogi.nominations.service.checks import day_of, may_within, refuse
from karmyogi.people.models import Officer
from karmyogi.people.queries import posting_of
from karmyogi.store.db import database
from karmyogi.store.trail import record


def enter_integrity(
    officer: Officer,
    *,
    answer: IntegrityAnswer,
    reference: str,
    given_on: date,
    valid_until: date,
    by: Actor,
    at: datetime | None = None,
) -> IntegrityCertificate:
    """Keep an authority's answer about an officer, with its reference and term; never case papers.

    The nodal officer enters it for the officers of the unit, GAD for all. Raises
    NotAllowed, or RuleBroken: nobody enters their own, nor that of one they nominated.
    """
    at = at or now()
    with database.atomic():
        cases = _live_cases(officer)
        _must_keep_integrity(by, officer, cases, on=day_of(at))
        refuse(_reasons_against_integrity(officer, cases, reference, given_on, valid_until, by, day_of(at)))
        certificate = IntegrityCertificate.create(
            officer=officer,
            answer=answer.value,
            reference=tidy(reference),
            given_on=given_on,
            valid_until=valid_until,
            entered_by=by.user_id,
            entered_at=at,
        )
        told = {"officer": officer.id, "answer": answer.value, "given_on": given_on, "valid_until": valid_until}
        record(by, "integrity.enter", certificate, told, at=at)
    return certificate


def _live_cases(officer: Officer) -> list[Nomination]:
    """The officer's live nominations, held: an order being issued waits for the certificate, or it for the order."""
    mine = Nomination.select(Nomination.id).where((Nomination.officer == officer) & is_live())
    return hold([case.id for case in mine])


def _must_keep_integrity(by: Actor, officer: Officer, cases: list[Nomination], *, on: date) -> None:
    posting = posting_of(officer, on=on)
    places = [*cases, *([posting.unit] if posting else [])]
    powers = (VERIFY, SELECT)
    reached = any(may_within(by, power, place, officer.id) for power in powers for place in places)
    if not reached and not scope_of(by, SELECT).everything:  # an officer may be posted nowhere
        raise NotAllowed("not_allowed")


def _reasons_against_integrity(
    officer: Officer,
    cases: list[Nomination],
    reference: str,
    given_on: date,
    valid_until: date,
    by: Actor,
    on: date,
) -> list[Reason]:
    mine = any(is_hand_of(hand, by) and power_behind(hand) is CREATE for case in cases for hand in hands(case))
    return [
        *([reason("own_case")] if by.officer_id == officer.id else []),
        *([reason("integrity_by_nominator")] if mine else []),
        *([] if tidy(reference) else [reason("integrity_reference_missing")]),
        *([reason("integrity_in_future")] if given_on > on else []),
        *([reason("integrity_term_wrong")] if valid_until < given_on else []),
    ]
