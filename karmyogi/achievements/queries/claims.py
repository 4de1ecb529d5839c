"""Reads of achievements: one's own, those within reach, and the evidence for each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import peewee

from karmyogi.achievements.models import Achievement, CertificateImage, PdfFacts, ReturnReason
from karmyogi.achievements.rules import (
    ACHIEVEMENT,
    LIVE,
    REVIEW,
    REVIEW_WITHIN,
    Evidence,
    Holding,
    Verdict,
    certificate_ids,
    in_order,
    verdict,
)
from karmyogi.completions.models import Completion, Enrolment
from karmyogi.core.months import as_utc
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import Reason
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer
from karmyogi.people.queries import own_records, records_of
from karmyogi.store.files import Kind
from karmyogi.store.reach import within
from karmyogi.store.transitions import CaseStep

READ = Permission.ACHIEVEMENTS_READ
PAGE = 25


@dataclass(frozen=True)
class Returned:
    """One return of a claim: the step with its day, hand and remark, and the reasons that were chosen."""

    step: CaseStep
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Card:
    """A claim as a list shows it: the newest picture, what the imported reports say now, and why it came back.

    `returned` is the last return of a claim that is with its officer now, else None.
    """

    achievement: Achievement
    image_id: int | None
    verdict: Verdict
    returned: Returned | None = None


def achievements_of(officer: Officer | int, *, limit: int) -> list[Achievement]:
    """One officer's claims as the own page shows them: those to be corrected first, then the newest; none withdrawn."""
    returned = peewee.Case(None, [(Achievement.state == "returned", 0)], 1)
    rows = claims_of(officer).where(Achievement.state.in_(LIVE))
    return list(rows.order_by(returned, Achievement.id.desc()).limit(limit))


def claims_of(officer: Officer | int) -> peewee.ModelSelect:
    """One officer's claims, the newest first."""
    return with_names().where(Achievement.officer.in_(records_of(officer))).order_by(Achievement.id.desc())


def achievements_for(actor: Actor, permission: Permission = READ) -> peewee.ModelSelect:
    """The claims within the actor's reach, the newest first."""
    return with_names().where(claims_within(actor, permission)).order_by(Achievement.id.desc())


def late_claims(actor: Actor, *, on: date) -> peewee.ModelSelect:
    """The claims within the actor's reach that wait for a reviewer for more than `REVIEW_WITHIN` days.

    Days count from the day of submitting, or of submitting again; the last of them is not late yet.
    """
    begin = as_utc(datetime.combine(on - timedelta(days=REVIEW_WITHIN), time()))
    return achievements_for(actor).where((Achievement.state == "submitted") & (Achievement.submitted_at < begin))


def images_for(actor: Actor) -> peewee.ModelSelect:
    """The certificate images of the claims within the actor's reach."""
    return CertificateImage.select(CertificateImage).join(Achievement).where(claims_within(actor, READ))


def originals_for(actor: Actor) -> peewee.ModelSelect:
    """The images whose original file the actor may have: of one's own claims, and of those one reviews."""
    mine = Achievement.officer.in_(records_of(actor.officer_id or 0))
    return CertificateImage.select(CertificateImage).join(Achievement).where(mine | claims_within(actor, REVIEW))


def images_of(achievement: Achievement) -> list[CertificateImage]:
    """Every picture ever given with a claim, the newest first."""
    mine = CertificateImage.achievement == achievement.id
    return list(CertificateImage.select().where(mine).order_by(CertificateImage.id.desc()))


def pages_of(image: CertificateImage) -> int:
    """How many pages the file of an image has; one unless it came as PDF."""
    return PdfFacts.select(PdfFacts.pages).where(PdfFacts.image == image.id).scalar() or 1


def with_names() -> peewee.ModelSelect:
    """Claims with the names of their officers and courses."""
    return (
        Achievement.select(Achievement, Officer, Course)
        .join(Officer)
        .switch(Achievement)
        .join(Course, peewee.JOIN.LEFT_OUTER)
    )


def claims_within(actor: Actor, permission: Permission) -> peewee.Expression:
    """The condition that a claim lies within the actor's reach."""
    scope = scope_of(actor, permission)
    by_place = within(scope, line_path=Achievement.line_path, territory_path=Achievement.territory_path)
    return by_place | own_records(scope, Achievement.officer)


def page_of(rows: peewee.ModelSelect, *, before: int | None = None, state: str = "") -> list[Achievement]:
    """One page of a list that is newest first, and one more row that tells whether there is a next page."""
    if before:
        rows = rows.where(Achievement.id < before)
    if state:
        rows = rows.where(Achievement.state == state)
    return list(rows.limit(PAGE + 1))


def completions_to_claim(officer: Officer | int, *, besides: Achievement | None = None) -> list[Completion]:
    """Completions of an officer without a live claim, the latest first.

    The claim `besides`, if given, does not count: it is the one being written again.
    """
    claimed = Achievement.select(Achievement.course).where(
        is_live_claim_of(officer) & Achievement.course.is_null(False)
    )
    if besides is not None:
        claimed = claimed.where(Achievement.id != besides.id)
    return list(
        Completion.select(Completion, Course)
        .join(Course)
        .where(Completion.officer.in_(records_of(officer)) & Completion.course.not_in(claimed))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
    )


def certificate_to_submit(officer: Officer | int) -> Completion | None:
    """The latest completion with an iGOT certificate of which no live claim speaks; None if there is none."""
    claim = Achievement.select(Achievement.id).where(
        is_live_claim_of(officer) & (Achievement.course == Completion.course)
    )
    return (
        Completion.select(Completion, Course)
        .join(Course)
        .where(Completion.officer.in_(records_of(officer)) & Completion.has_certificate & ~peewee.fn.EXISTS(claim))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
        .first()
    )


def completion_of(achievement: Achievement) -> Completion | None:
    """The imported completion that a claim speaks of: of its course, else the one its certificate's number names."""
    mine = Completion.select(Completion, Course).join(Course)
    mine = mine.where(Completion.officer.in_(records_of(achievement.officer_id)))
    if achievement.course_id is not None:
        return mine.where(Completion.course == achievement.course_id).first()
    number = achievement.certificate_id
    return mine.where(Completion.certificate_id.in_([number, number.upper()])).first() if number else None


def returns_of(rows: Iterable[Achievement]) -> dict[int, list[Returned]]:
    """Every return of these claims with its reasons, by the claim's number, the oldest first; two queries."""
    ids = [row.id for row in rows]
    if not ids:
        return {}
    mine = (CaseStep.workflow == ACHIEVEMENT.name) & CaseStep.case_id.in_(ids) & (CaseStep.action == "return")
    chosen: dict[int, set[str]] = defaultdict(set)
    for step_id, code in (
        ReturnReason.select(ReturnReason.step, ReturnReason.code).where(ReturnReason.achievement.in_(ids)).tuples()
    ):
        chosen[step_id].add(code)
    found: dict[int, list[Returned]] = defaultdict(list)
    for step in CaseStep.select().where(mine).order_by(CaseStep.id):
        found[step.case_id].append(Returned(step, tuple(in_order(chosen[step.id]))))
    return found


def is_live_claim_of(officer: Officer | int) -> peewee.Expression:
    """The condition of a claim of this officer that has not been withdrawn."""
    return Achievement.officer.in_(records_of(officer)) & Achievement.state.in_(LIVE)


def live_claims(officer: Officer | int, *, besides: int | None = None) -> peewee.ModelSelect:
    """The officer's claims that count, the oldest first, without the one numbered `besides`."""
    rows = Achievement.select().where(is_live_claim_of(officer)).order_by(Achievement.id)
    return rows.where(Achievement.id != besides) if besides else rows


def claim_with_file(claims: peewee.ModelSelect, sha256: str) -> Achievement | None:
    """The one among these claims to which this very file was given, if there is one."""
    given = CertificateImage.select(CertificateImage.achievement).where(CertificateImage.original_sha256 == sha256)
    return claims.where(Achievement.id.in_(given)).first()


def claim_with_certificate(claims: peewee.ModelSelect, certificate_id: str) -> Achievement | None:
    """The one among these claims whose picture names this certificate; None for no certificate."""
    return claims.where(Achievement.certificate_id == certificate_id).first() if certificate_id else None


def waiting_with_a_holding() -> list[Achievement]:
    """Submitted claims whose certificate an imported row of the same officer now names, the oldest first."""
    named = peewee.fn.LOWER(Enrolment.certificate_id) == Achievement.certificate_id
    holding = Enrolment.select(Enrolment.id).where((Enrolment.officer == Achievement.officer) & named)
    waits = (Achievement.state == "submitted") & (Achievement.certificate_id != "")
    return list(Achievement.select().where(waits & peewee.fn.EXISTS(holding)).order_by(Achievement.id))


def cards(rows: Iterable[Achievement]) -> list[Card]:
    """These claims as a list shows them; the same few queries for one and for many."""
    rows = list(rows)
    images = _newest_images(rows)
    evidence = evidence_of(rows, images)
    returns = returns_of(row for row in rows if row.state == "returned")
    return [
        Card(
            row,
            images[row.id].id if row.id in images else None,
            verdict(evidence[row.id]),
            returns[row.id][-1] if row.id in returns else None,
        )
        for row in rows
    ]


def verdict_on(achievement: Achievement) -> Verdict:
    """What the imported reports and the claims of others say of one claim now."""
    return cards([achievement])[0].verdict


def evidence_of(rows: Sequence[Achievement], images: dict[int, CertificateImage]) -> dict[int, Evidence]:
    """What is known of each claim, by its number; four queries whatever their number."""
    codes = {row.id: tuple(images[row.id].codes) if row.id in images else () for row in rows}
    named = {found for each in codes.values() for found in certificate_ids(each)}
    holdings, claimants = _holdings(named), _claimants(named)
    notes = _notes([image.id for image in images.values() if image.image_format == "PDF"])
    senders = _senders({image.original_sha256 for image in images.values()})
    return {
        row.id: Evidence(
            officer_id=row.officer_id,
            course_id=row.course_id,
            codes=codes[row.id],
            notes=notes.get(images[row.id].id, ()) if row.id in images else (),
            holdings=frozenset(one for found in certificate_ids(codes[row.id]) for one in holdings[found]),
            is_claimed_by_another=any(claimants[one] - {row.officer_id} for one in certificate_ids(codes[row.id])),
            is_file_of_another=row.id in images and bool(senders[images[row.id].original_sha256] - {row.officer_id}),
        )
        for row in rows
    }


def _newest_images(rows: Sequence[Achievement]) -> dict[int, CertificateImage]:
    ids = [row.id for row in rows]
    found = CertificateImage.select().where(CertificateImage.achievement.in_(ids)).order_by(CertificateImage.id)
    return {image.achievement_id: image for image in found}


def _notes(image_ids: list[int]) -> dict[int, tuple[str, ...]]:
    rows = PdfFacts.select(PdfFacts.image, PdfFacts.notes).where(PdfFacts.image.in_(image_ids))
    return {row.image_id: tuple(row.notes) for row in rows}


def _holdings(named: set[str]) -> dict[str, set[Holding]]:
    """The imported rows that name these certificates; every completion stems from such a row."""
    spelled = [*named, *(one.upper() for one in named)]  # not LOWER(): the index is on the column as it is
    rows = (
        Enrolment.select(Enrolment.certificate_id, Enrolment.officer, Enrolment.course)
        .where(Enrolment.certificate_id.in_(spelled))
        .tuples()
    )
    found: dict[str, set[Holding]] = defaultdict(set)
    for certificate, officer_id, course_id in rows:
        found[certificate.lower()].add(Holding(officer_id, course_id))
    return found


def _claimants(named: set[str]) -> dict[str, set[int]]:
    rows = (
        Achievement.select(Achievement.certificate_id, Achievement.officer)
        .where(Achievement.certificate_id.in_(list(named)))
        .tuples()
    )
    return _grouped(rows)


def _senders(files: set[str]) -> dict[str, set[int]]:
    rows = (
        CertificateImage.select(CertificateImage.original_sha256, Achievement.officer)
        .join(Achievement)
        .where(CertificateImage.original_sha256.in_(list(files)))
        .tuples()
    )
    return _grouped(rows)


def _grouped(rows: Iterable[tuple[str, int]]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for key, officer_id in rows:
        found[key].add(officer_id)
    return found


NAMED = {
    "original": CertificateImage.original_sha256,
    "image": CertificateImage.image_sha256,
    "thumb": CertificateImage.thumb_sha256,
}


def files_named(kind: Kind) -> set[str]:
    """The files of a kind that claims name, whatever became of the claim: some sixty megabytes for half a million."""
    return {sha256 for (sha256,) in CertificateImage.select(NAMED[kind]).tuples()}
