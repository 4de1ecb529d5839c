"""Verbs of claims: submit, write again, withdraw, match, verify, return. Rows and their trail are one transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from karmyogi.achievements.models import Achievement, CertificateImage, PdfFacts, ReturnReason
from karmyogi.achievements.queries import (
    claim_with_certificate,
    claim_with_file,
    images_of,
    live_claims,
    verdict_on,
    waiting_with_a_holding,
)
from karmyogi.achievements.rules import (
    ACHIEVEMENT,
    SUBMIT,
    claim_reasons,
    in_order,
    only_certificate,
    proves_without_doubt,
    return_faults,
    verification_reasons,
)
from karmyogi.achievements.service.kept import Kept
from karmyogi.completions.models import Completion
from karmyogi.core.errors import KarmyogiError, NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import SYSTEM, Actor, covers
from karmyogi.core.reasons import Reason, reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.queries import paths_of, posting_of
from karmyogi.store.db import database, held
from karmyogi.store.images import Picture
from karmyogi.store.trail import personal, record
from karmyogi.store.transitions import check, perform, remember_hand, steps_taken


@dataclass(frozen=True)
class Claim:
    """What an officer writes: a completed course or a title of one's own, and the day on the certificate.

    Without a day, a course's imported completion gives it.
    """

    course_id: int | None = None
    title: str = ""
    finished_on: date | None = None


@dataclass(frozen=True)
class Submission:
    """The claim that stands after submitting; not new if this certificate had been submitted before."""

    achievement: Achievement
    is_new: bool


def submit(officer: Officer, claim: Claim, kept: Kept, *, by: Actor, at: datetime | None = None) -> Submission:
    """Submit a claim with its certificate image; it is verified at once if the imported reports prove it.

    The same file, or another picture of the same certificate, gives back the
    claim that is there already, unless it was withdrawn. Suspicion never
    refuses: such a claim waits for a reviewer.

    Raises NotAllowed, or RuleBroken with what is wrong with the claim; no row
    is written then.
    """
    at = at or now()
    unit = _unit_of(officer, by, on=_day(at))
    written = _written(officer, claim, today=_day(at))
    with database.atomic():
        _lock(officer.id)
        same = _same_claim(officer.id, kept.picture)
        if same is not None:
            return Submission(same, is_new=False)
        achievement = _open(officer, unit, written, kept.picture, by, at)
        _attach(achievement, kept, at)
        _judge(achievement, at)
    return Submission(achievement, is_new=True)


def resubmit(
    achievement: Achievement, claim: Claim, kept: Kept | None, *, by: Actor, at: datetime | None = None
) -> Achievement:
    """Submit a returned claim again, corrected; without `kept` the picture stays. Earlier pictures stay on record.

    Raises what `submit` raises, and WrongState unless the claim is returned;
    a file or a certificate of another claim of one's own breaks a rule here.
    """
    at = at or now()
    fresh = _fresh(achievement)
    check(ACHIEVEMENT, fresh, ACHIEVEMENT.step(fresh.state, "resubmit"), by=by)
    written = _written(fresh.officer, claim, today=_day(at))
    with database.atomic():
        _lock(fresh.officer_id)
        if kept:
            _refuse_if_given_before(fresh, kept.picture)
            written |= {"certificate_id": only_certificate(kept.picture.codes)}
        before = {name: fresh.__data__[name] for name in written}
        perform(ACHIEVEMENT, fresh, "resubmit", by=by, at=at, submitted_at=at, **written)
        if kept:
            _attach(fresh, kept, at)
        record(by, "achievement.rewrite", fresh, _changes(before, written, kept), at=at)
        _judge(fresh, at)
    return fresh


def withdraw(achievement: Achievement, *, by: Actor, at: datetime | None = None) -> Achievement:
    """Take back a claim that is not verified; the certificate may be submitted anew.

    Raises NotAllowed or WrongState.
    """
    fresh = _fresh(achievement)
    perform(ACHIEVEMENT, fresh, "withdraw", by=by, at=at)
    return fresh


def verify(achievement: Achievement, *, by: Actor, remark: str = "", at: datetime | None = None) -> Achievement:
    """Take a claim as proved by its certificate image.

    Raises NotAllowed, WrongState, or RuleBroken: not one's own case, not one
    that went through one's hands, and not without a word where doubts stand.
    """
    at = at or now()
    with database.atomic():
        fresh = _fresh(achievement)
        check(ACHIEVEMENT, fresh, ACHIEVEMENT.step(fresh.state, "verify"), by=by, remark=remark)
        _refuse(verification_reasons(verdict_on(fresh).reasons, remark=remark))
        perform(ACHIEVEMENT, fresh, "verify", by=by, remark=remark, at=at, verified_at=at)
    return fresh


def verify_matching(waiting: Iterable[Achievement], *, by: Actor, at: datetime | None = None) -> int:
    """Verify those of the claims that the imported reports prove and nothing speaks against; returns how many.

    Each is a transaction of its own with its own entry on the trail. What is
    one's own, went through one's hands, or has moved or come into doubt since
    it was listed, is left as it is. A claim by title takes the matched course.
    """
    at = at or now()
    return sum(_verify_match(one, by, at) for one in waiting)


def _verify_match(achievement: Achievement, by: Actor, at: datetime) -> bool:
    try:
        with database.atomic():
            _lock(achievement.officer_id)
            fresh = _fresh(achievement)
            found = verdict_on(fresh)
            if not proves_without_doubt(found) or _is_claimed(fresh, found.course_id):
                return False
            perform(ACHIEVEMENT, fresh, "verify", by=by, at=at, verified_at=at, course=found.course_id)
    except KarmyogiError:  # not theirs, or a person was faster: it stays where it is
        return False
    return True


def send_back(
    achievement: Achievement,
    *,
    by: Actor,
    reasons: Collection[str] = (),
    remark: str = "",
    at: datetime | None = None,
) -> Achievement:
    """Return a claim to its officer for correction, with reasons of the list, a remark, or both.

    Raises NotAllowed, WrongState, or RuleBroken when the officer could not know what to do.
    """
    fresh = _fresh(achievement)
    step = ACHIEVEMENT.step(fresh.state, "return")
    check(ACHIEVEMENT, fresh, step, by=by)
    _refuse(return_faults(reasons, remark=remark))
    chosen = in_order(reasons)
    with database.atomic():
        perform(ACHIEVEMENT, fresh, "return", by=by, remark=remark, at=at)
        taken = steps_taken(ACHIEVEMENT, fresh)[-1]
        for one in chosen:
            ReturnReason.create(achievement=fresh, step=taken, code=one.code)
        if chosen:
            record(by, "achievement.reasons", fresh, {"reasons": [one.code for one in chosen]}, at=at)
    return fresh


def match_waiting(*, at: datetime | None = None) -> int:
    """Verify the waiting claims that reports imported since then prove; returns how many.

    Each is a transaction of its own, so that one that moved meanwhile stops no other.
    """
    at = at or now()
    return sum(_match_again(waiting, at) for waiting in waiting_with_a_holding())


def _match_again(achievement: Achievement, at: datetime) -> bool:
    try:
        with database.atomic():
            _lock(achievement.officer_id)
            found = verdict_on(achievement)
            if not found.is_match or _is_claimed(achievement, found.course_id):
                return False
            _match(achievement, found.course_id, at)
    except WrongState:  # a person was faster
        return False
    return True


def _unit_of(officer: Officer, by: Actor, *, on: date) -> OrgUnit:
    """The unit whose nodal officer will review: that of the posting on the day of submitting."""
    posting = posting_of(officer, on=on)
    if not covers(by, SUBMIT, officer_id=officer.id, **paths_of(posting)):
        raise NotAllowed("not_allowed")
    if posting is None:
        raise RuleBroken("no_posting_today")
    return posting.unit


def _written(officer: Officer, claim: Claim, *, today: date) -> dict[str, object]:
    """The claim as it goes into the row. Raises RuleBroken with everything that is wrong."""
    completion = _completion(officer, claim.course_id)
    finished_on = claim.finished_on or (completion.completed_on if completion else None)
    _refuse(claim_reasons(course_id=claim.course_id, title=claim.title, finished_on=finished_on, today=today))
    title = completion.course.name if completion else claim.title.strip()
    return {"course": claim.course_id, "title": title, "finished_on": finished_on}


def _completion(officer: Officer, course_id: int | None) -> Completion | None:
    if course_id is None:
        return None
    found = Completion.get_or_none((Completion.officer == officer) & (Completion.course == course_id))
    if found is None:
        raise RuleBroken("course_not_completed")
    return found


def _same_claim(officer_id: int, picture: Picture, *, besides: int | None = None) -> Achievement | None:
    claims = live_claims(officer_id, besides=besides)
    return claim_with_file(claims, picture.sha256) or claim_with_certificate(claims, only_certificate(picture.codes))


def _refuse_if_given_before(achievement: Achievement, picture: Picture) -> None:
    same = _same_claim(achievement.officer_id, picture, besides=achievement.id)
    if same is not None:
        raise RuleBroken(reason("certificate_already_claimed", title=same.title, number=same.id))


def _open(
    officer: Officer, unit: OrgUnit, written: dict[str, object], picture: Picture, by: Actor, at: datetime
) -> Achievement:
    achievement = Achievement.create(
        state=ACHIEVEMENT.start,
        line_path=unit.line_path,
        territory_path=unit.territory_path,
        officer=officer,
        certificate_id=only_certificate(picture.codes),
        submitted_at=at,
        **written,
    )
    remember_hand(ACHIEVEMENT, achievement, "submit", by=by, at=at)
    told = personal({**written, "certificate_id": achievement.certificate_id})
    told |= {"officer": officer.id, "file": picture.sha256}
    record(by, "achievement.submit", achievement, told, at=at)
    return achievement


def _attach(achievement: Achievement, kept: Kept, at: datetime) -> None:
    """Put a picture to a claim, unless it is the very one that stands there."""
    picture = kept.picture
    if any(image.original_sha256 == picture.sha256 for image in images_of(achievement)[:1]):
        return
    image = CertificateImage.create(
        achievement=achievement,
        original_sha256=picture.sha256,
        image_sha256=kept.image_sha256,
        thumb_sha256=kept.thumb_sha256,
        image_format=picture.format,
        width=picture.width,
        height=picture.height,
        size_bytes=kept.size_bytes,
        codes=list(picture.codes),
        uploaded_at=at,
    )
    if picture.format == "PDF":
        PdfFacts.create(image=image, pages=picture.pages, notes=list(picture.notes))


def _judge(achievement: Achievement, at: datetime) -> None:
    """Verify by match if the imported reports prove the claim. Raises RuleBroken for a course claimed before."""
    found = verdict_on(achievement)
    if _is_claimed(achievement, found.course_id):
        raise RuleBroken("course_already_claimed")
    if found.is_match:
        _match(achievement, found.course_id, at)


def _is_claimed(achievement: Achievement, course_id: int | None) -> bool:
    others = live_claims(achievement.officer_id, besides=achievement.id)
    return course_id is not None and others.where(Achievement.course == course_id).exists()


def _match(achievement: Achievement, course_id: int | None, at: datetime) -> None:
    facts = {"verified_at": at, "verified_by_match": True, "course": course_id}
    perform(ACHIEVEMENT, achievement, "match", by=SYSTEM, at=at, **facts)


def _changes(before: dict[str, object], written: dict[str, object], kept: Kept | None) -> dict[str, object]:
    changed = {name: personal([before[name], written[name]]) for name in written if before[name] != written[name]}
    return changed | ({"file": kept.picture.sha256} if kept else {})


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise RuleBroken(*reasons)


def _fresh(achievement: Achievement) -> Achievement:
    return Achievement.get_by_id(achievement.id)


def _lock(officer_id: int) -> None:
    """Let one claim of an officer be written at a time."""
    held(Officer.select(Officer.id).where(Officer.id == officer_id)).get()


def _day(moment: datetime) -> date:
    return moment.astimezone(IST).date()
