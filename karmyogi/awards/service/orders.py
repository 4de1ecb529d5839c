"""Verbs of awards: issue an order with all that hangs on it, and revoke an award in the open."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from karmyogi.awards.drawing import (
    Drawn,
    Given,
    Heading,
    Sheet,
    certificates,
    draw,
    order_facts,
    picture_from,
    public_facts,
    public_facts_of_order,
    share_picture_from,
)
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.awards.queries import last_serial
from karmyogi.awards.rules import (
    AWARD,
    Issuer,
    Named,
    Wording,
    financial_year_of,
    list_reasons,
    names_missing,
    order_reasons,
    release_reasons,
    revocation_reasons,
    usual_wording,
)
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.profile import Profile
from karmyogi.core.reasons import Reason, reason
from karmyogi.documents import service as documents
from karmyogi.documents.rules import DocumentKind, new_code
from karmyogi.documents.service import Kept
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import Candidate, candidates_of
from karmyogi.nominations.service import day_of, hold, mark_awarded, reasons_against_award, standing
from karmyogi.people.models import Honour
from karmyogi.store.db import database, is_postgres
from karmyogi.store.files import PrivateFiles
from karmyogi.store.paper import CertificateFacts
from karmyogi.store.trail import record
from karmyogi.store.transitions import check, perform

SERIES_LOCK = 727274
TRIES = 12  # each that is lost was lost to an order that was issued, or to a record that was corrected


@dataclass(frozen=True)
class Request:
    """What was asked for, with the codes that will be printed: the same through every try."""

    cycle: Cycle
    nomination_ids: tuple[int, ...]
    ordered_on: date
    wording: Wording
    issuer: Issuer
    by: Actor
    at: datetime
    order_code: str
    codes: tuple[str, ...]


def issuer_of(profile: Profile, *, base_url: str) -> Issuer:
    """The office that issues orders in this installation, with its Hindi and English names."""
    department = profile.department(profile.orders.department_en)
    return Issuer(
        state_hi=profile.state.name_hi,
        state_en=profile.state.name_en,
        government_hi=profile.state.government_hi,
        government_en=profile.state.government_en,
        department_hi=department.name_hi,
        department_en=department.name_en,
        place_hi=profile.orders.place_hi,
        place_en=profile.orders.place_en,
        office_code=profile.orders.office_code,
        verify_at=f"{base_url}/verify",
    )


def wording_for(
    cycle: Cycle,
    *,
    signatory: tuple[str, str],
    copy_to: Sequence[tuple[str, str]] = (),
    file_number: str = "",
) -> Wording:
    """The usual words of an order of this cycle; pairs are (Hindi, English)."""
    return usual_wording(
        scheme=(cycle.scheme.name_hi, cycle.scheme.name_en),
        cycle=(cycle.name_hi, cycle.name_en),
        months=(Month.parse(cycle.first_month), Month.parse(cycle.last_month)),
        signatory=signatory,
        copy_to=copy_to,
        file_number=file_number,
    )


def issue_order(
    cycle: Cycle,
    nominations: Sequence[Nomination],
    *,
    ordered_on: date,
    wording: Wording,
    issuer: Issuer,
    files: PrivateFiles,
    by: Actor,
    at: datetime | None = None,
) -> AwardOrder:
    """Give the awards of these released nominations by one numbered order, with a certificate for each.

    The number is the next of its office and financial year; the table is sorted by
    department and then by the head's own preference. Records and integrity are read
    again first. All of it is written or nothing: a number belongs to an order that
    stands, so none is lost when a process dies.

    Raises NotAllowed; WrongState when a nomination is not, or no longer, released,
    or when others issued orders so fast that every drawing came too late;
    RuleBroken naming whom it blocks and why, words missing in a language included.
    """
    if not can(by, Permission.AWARDS_ISSUE):
        raise NotAllowed("not_allowed")
    ids = tuple(nomination.id for nomination in nominations)
    codes = tuple(new_code() for _ in ids)
    request = Request(cycle, ids, ordered_on, wording, issuer, by, at or now(), new_code(), codes)
    # Drawing takes long, so nobody is kept waiting for it: it is done before the turn is taken,
    # and done again if the number or a record is no longer what was drawn.
    for _ in range(TRIES):
        drawn = draw(_sheet_now(request), files)
        if order := _write_if_unchanged(request, drawn):
            return order
    raise WrongState(reason("order_overtaken"))


def _sheet_now(request: Request) -> Sheet:
    with database.atomic():
        return _sheet(request)


def _write_if_unchanged(request: Request, drawn: Drawn) -> AwardOrder | None:
    """The order, or None if the records or the next number are no longer those that were drawn."""
    with database.atomic():
        return _write(request, drawn) if _sheet(request) == drawn.sheet else None


def _sheet(request: Request) -> Sheet:
    """What the order would say now; its nominations and its series are held until the transaction ends."""
    nominations = hold(request.nomination_ids)
    year = financial_year_of(request.ordered_on)
    _hold_series(request.issuer.office_code, year)
    given = _given(request, nominations)
    serial = last_serial(request.issuer.office_code, year) + 1
    heading = Heading(year, serial, request.ordered_on, request.wording, request.issuer, request.order_code)
    return Sheet(heading, given, request.codes)


def _hold_series(office_code: str, financial_year: str) -> None:
    # After the cases, before the trail: everybody takes them in this order, so nobody waits in a ring.
    if is_postgres():
        series = f"{office_code}/{financial_year}"
        database.execute_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (SERIES_LOCK, series))


def _given(request: Request, nominations: list[Nomination]) -> tuple[Given, ...]:
    """The awardees in the order of the table; raises RuleBroken with everything that keeps the order back."""
    on = day_of(request.at)
    found = candidates_of([one.officer_id for one in nominations], request.cycle, on=on)
    reasons = [
        *list_reasons(request.nomination_ids, [one.cycle_id for one in nominations], request.cycle.id),
        *order_reasons(request.wording, ordered_on=request.ordered_on, on=on),
    ]
    for nomination in nominations:
        reasons += _blocked(request, nomination, found.get(nomination.officer_id))
    if reasons:
        raise RuleBroken(*reasons)
    ordered = sorted(nominations, key=lambda one: (one.department.name_en, one.priority, one.id))
    return tuple(_award(one, found[one.officer_id]) for one in ordered)


def _blocked(request: Request, nomination: Nomination, found: Candidate | None) -> list[Reason]:
    """Who cannot be in the order, then why; nothing if they can."""
    why = [
        *reasons_against_award(nomination, by=request.by),
        *release_reasons(day_of(nomination.released_at), ordered_on=request.ordered_on),
        *standing(found, nomination),
        *(names_missing(_words(nomination, found)) if found else []),
    ]
    officer = nomination.officer
    facts = {"name_hi": officer.name_hi, "name_en": officer.name_en, "employee_code": officer.employee_code}
    return [reason("order_blocked_for", **facts), *why] if why else []


def _words(nomination: Nomination, found: Candidate) -> Named:
    return Named(
        name_hi=found.name_hi,
        name_en=found.name_en,
        designation_hi=found.designation_hi,
        designation_en=found.designation_en,
        office_hi=found.unit_hi,
        office_en=found.unit_en,
        department_hi=nomination.department.name_hi,
        department_en=nomination.department.name_en,
    )


def _award(nomination: Nomination, found: Candidate) -> Given:
    scheme, category = nomination.cycle.scheme, nomination.category
    return Given(
        nomination.id,
        nomination.officer_id,
        found.employee_code,
        _words(nomination, found),
        title=(scheme.award_hi, scheme.award_en),
        category=(category.name_hi, category.name_en),
        citation=(nomination.citation_hi, nomination.citation_en),
        amount_rupees=category.amount_rupees,
    )


def _write(request: Request, drawn: Drawn) -> AwardOrder:
    order = _write_order(request, drawn)
    papers = zip(drawn.sheet.given, certificates(drawn.sheet), drawn.certificates, strict=True)
    for given, facts, kept in papers:
        _write_award(request, order, drawn.sheet.heading, given, facts, kept)
    told = {"number": order.number, "awards": len(drawn.certificates), "pdf_sha256": drawn.order.pdf_sha256}
    record(request.by, "order.issue", order, told, at=request.at)
    return AwardOrder.get_by_id(order.id)


def _write_order(request: Request, drawn: Drawn) -> AwardOrder:
    heading, wording = drawn.sheet.heading, request.wording
    document = documents.issue(
        DocumentKind.AWARD_ORDER,
        heading.number,
        code=heading.code,
        public=public_facts_of_order(heading),
        printed=asdict(order_facts(drawn.sheet)),
        kept=drawn.order,
        by=request.by,
        at=request.at,
    )
    return AwardOrder.create(
        office_code=request.issuer.office_code,
        financial_year=heading.financial_year,
        serial=heading.serial,
        number=heading.number,
        cycle=request.cycle,
        ordered_on=heading.ordered_on,
        file_number=wording.file_number,
        subject_hi=wording.subject_hi,
        subject_en=wording.subject_en,
        copy_to=wording.copy_to,
        signatory_hi=wording.signatory_hi,
        signatory_en=wording.signatory_en,
        document=document,
        issued_by=request.by.user_id,
        issued_at=request.at,
    )


def _write_award(
    request: Request, order: AwardOrder, heading: Heading, given: Given, facts: CertificateFacts, kept: Kept
) -> None:
    nomination = Nomination.get_by_id(given.nomination_id)
    document = documents.issue(
        DocumentKind.AWARD_CERTIFICATE,
        facts.award_number,
        code=facts.code,
        public=public_facts(heading, given),
        printed=asdict(facts),
        kept=kept,
        by=request.by,
        at=request.at,
    )
    award = Award.create(
        state=AWARD.start,
        line_path=nomination.line_path,
        territory_path=nomination.territory_path,
        nomination=nomination,
        order=order,
        officer=given.officer_id,
        number=facts.award_number,
        title_hi=given.title[0],
        title_en=given.title[1],
        category_hi=given.category[0],
        category_en=given.category[1],
        amount_rupees=given.amount_rupees,
        document=document,
        given_on=order.ordered_on,
    )
    _write_honour(award, order)
    mark_awarded(nomination, by=request.by, at=request.at)


def _write_honour(award: Award, order: AwardOrder) -> None:
    """The award as the service record knows it: what bars the next nomination for a while."""
    Honour.create(
        officer=award.officer_id,
        title_hi=award.title_hi,
        title_en=award.title_en,
        given_on=award.given_on,
        order_number=order.number,
        award_id=award.id,
    )


def picture_of(award: Award, *, files: PrivateFiles) -> bytes:
    """The certificate of an award as a PNG for sharing; drawn when it is first asked for, then kept.

    The PDF is the document; the picture says the same, also after a revocation,
    so whoever shows it says beside it whether the award stands.
    """
    document = award.document
    if document.picture_sha256 is None:
        documents.add_picture(document, picture_from(document.facts["printed"]), files=files)
    return files.read(document.picture_sha256, kind="document")


def share_picture_of(award: Award) -> bytes:
    """The award as a square PNG to send to others, drawn from what its certificate says.

    It has the address that tells whether the award still stands, so whoever
    is sent it after a revocation can see that. Raises WrongState once revoked.
    """
    if award.state != AWARD.start:
        raise WrongState(reason("moved_on", state=award.state))
    return share_picture_from(award.document.facts["printed"])


def revoke_award(award: Award, *, reason_hi: str, reason_en: str, by: Actor, at: datetime | None = None) -> Award:
    """Revoke an award: its certificate says so to everyone, with day and reason, and the honour no longer counts.

    Nothing is deleted. Raises NotAllowed, WrongState when it is revoked already,
    RuleBroken without both reasons, for one's own award, or for whoever issued it.
    """
    at = at or now()
    said = {"reason_hi": reason_hi.strip(), "reason_en": reason_en.strip()}
    with database.atomic():
        fresh = Award.get_by_id(award.id)
        check(AWARD, fresh, AWARD.step(fresh.state, "revoke"), by=by)
        if reasons := revocation_reasons(*said.values(), issued_by=fresh.order.issued_by, by=by):
            raise RuleBroken(*reasons)
        perform(AWARD, fresh, "revoke", by=by, remark=said["reason_hi"], at=at, revoked_on=day_of(at), **said)
        documents.revoke(fresh.document, **said, by=by, at=at)
        _withdraw_honour(fresh, by=by, at=at)
    return fresh


def _withdraw_honour(award: Award, *, by: Actor, at: datetime) -> None:
    honour = Honour.get(Honour.award_id == award.id)
    Honour.update(withdrawn_on=award.revoked_on).where(Honour.id == honour.id).execute()
    record(by, "honour.withdraw", honour, {"withdrawn_on": award.revoked_on}, at=at)
