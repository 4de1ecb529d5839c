"""Reads of achievements: one's own, those within reach, what waits for a reviewer, and the evidence for each.

The last of the first steps on iGOT is an achievement, so how many have taken each step is read here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.achievements.rules import LIVE, REVIEW, Evidence, Holding, Verdict, certificate_ids, verdict
from karmyogi.completions.models import Completion, Enrolment, OnboardingStep
from karmyogi.completions.queries import is_enrolled, marks_of
from karmyogi.completions.rules import PROVED_BY, Mark, Step, StepTaken, steps_taken
from karmyogi.core.months import IST
from karmyogi.core.permissions import Actor, Permission, Scope, scope_of
from karmyogi.courses.models import Course
from karmyogi.people.models import IgotProfile, Officer, OrgUnit, Posting
from karmyogi.people.queries import is_held
from karmyogi.store.reach import within

READ = Permission.ACHIEVEMENTS_READ
PAGE = 25


@dataclass(frozen=True)
class Card:
    """A claim as a list shows it: the newest picture, and what the imported reports say of it now."""

    achievement: Achievement
    image_id: int | None
    verdict: Verdict


def achievements_of(officer: Officer | int, *, limit: int) -> list[Achievement]:
    """One officer's claims as the own page shows them: those to be corrected first, then the newest; none withdrawn."""
    returned = peewee.Case(None, [(Achievement.state == "returned", 0)], 1)
    rows = claims_of(officer).where(Achievement.state.in_(LIVE))
    return list(rows.order_by(returned, Achievement.id.desc()).limit(limit))


def claims_of(officer: Officer | int) -> peewee.ModelSelect:
    """One officer's claims, the newest first."""
    return _with_names().where(Achievement.officer == officer).order_by(Achievement.id.desc())


def achievements_for(actor: Actor, permission: Permission = READ) -> peewee.ModelSelect:
    """The claims within the actor's reach, the newest first."""
    return _with_names().where(_within(actor, permission)).order_by(Achievement.id.desc())


def review_queue(actor: Actor) -> peewee.ModelSelect:
    """Submitted claims that the actor may review, the longest waiting first; never the actor's own."""
    waiting = (Achievement.state == "submitted") & _within(actor, REVIEW)
    if actor.officer_id is not None:
        waiting &= Achievement.officer != actor.officer_id
    return _with_names().where(waiting).order_by(Achievement.submitted_at, Achievement.id)


def images_for(actor: Actor) -> peewee.ModelSelect:
    """The certificate images of the claims within the actor's reach."""
    return CertificateImage.select(CertificateImage).join(Achievement).where(_within(actor, READ))


def images_of(achievement: Achievement) -> list[CertificateImage]:
    """Every picture ever given with a claim, the newest first."""
    mine = CertificateImage.achievement == achievement.id
    return list(CertificateImage.select().where(mine).order_by(CertificateImage.id.desc()))


def _with_names() -> peewee.ModelSelect:
    return (
        Achievement.select(Achievement, Officer, Course)
        .join(Officer)
        .switch(Achievement)
        .join(Course, peewee.JOIN.LEFT_OUTER)
    )


def _within(actor: Actor, permission: Permission) -> peewee.Expression:
    return within(
        scope_of(actor, permission),
        line_path=Achievement.line_path,
        territory_path=Achievement.territory_path,
        officer=Achievement.officer,
    )


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
        .where((Completion.officer == officer) & Completion.course.not_in(claimed))
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
        .where((Completion.officer == officer) & Completion.has_certificate & ~peewee.fn.EXISTS(claim))
        .order_by(Completion.completed_on.desc(), Completion.id.desc())
        .first()
    )


def completion_of(achievement: Achievement) -> Completion | None:
    """The imported completion that a claim speaks of; None for a title of one's own."""
    if achievement.course_id is None:
        return None
    mine = (Completion.officer == achievement.officer_id) & (Completion.course == achievement.course_id)
    return Completion.select(Completion, Course).join(Course).where(mine).first()


def is_live_claim_of(officer: Officer | int) -> peewee.Expression:
    """The condition of a claim of this officer that has not been withdrawn."""
    return (Achievement.officer == officer) & Achievement.state.in_(LIVE)


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
    return [Card(row, images[row.id].id if row.id in images else None, verdict(evidence[row.id])) for row in rows]


def verdict_on(achievement: Achievement) -> Verdict:
    """What the imported reports and the claims of others say of one claim now."""
    return cards([achievement])[0].verdict


def evidence_of(rows: Sequence[Achievement], images: dict[int, CertificateImage]) -> dict[int, Evidence]:
    """What is known of each claim, by its number; three queries whatever their number."""
    codes = {row.id: tuple(images[row.id].codes) if row.id in images else () for row in rows}
    named = {found for each in codes.values() for found in certificate_ids(each)}
    holdings, claimants = _holdings(named), _claimants(named)
    senders = _senders({image.original_sha256 for image in images.values()})
    return {
        row.id: Evidence(
            officer_id=row.officer_id,
            course_id=row.course_id,
            codes=codes[row.id],
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


# The first steps on iGOT


def first_steps_of(officer_id: int) -> tuple[StepTaken, ...]:
    """The six steps of an officer, each with the record that shows it."""
    first = live_claims(officer_id).first()
    submitted = {Step.UPLOAD: Mark(first.submitted_at.astimezone(IST).date(), first.title)} if first else {}
    return steps_taken(marks_of(officer_id) | submitted)


@dataclass(frozen=True)
class Funnel:
    """How many officers of a unit have taken each of the six steps; `size` is how many are posted there."""

    unit_id: int
    unit_hi: str
    unit_en: str
    size: int
    taken: dict[Step, int]


def onboarding_funnel(scope: Scope, *, on: date) -> list[Funnel]:
    """Each unit within the scope's paths with the officers posted there on that day, by Hindi name.

    One statement; a step counts where `completions.rules` says it is taken. A unit
    without officers is not listed. The whole is `whole_funnel` of the list.
    """
    marks = _marks_of_many(scope, on).cte("marks")
    counts = [peewee.fn.SUM(peewee.Case(None, [(_is_taken(step, marks.c), 1)], 0)) for step in Step]
    rows = (
        OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en, peewee.fn.COUNT(marks.c.officer), *counts)
        .join(marks, on=marks.c.unit == OrgUnit.id)
        .group_by(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en)
        .order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id)
        .with_cte(marks)
    )
    return [Funnel(*row[:4], taken=dict(zip(Step, row[4:], strict=True))) for row in rows.tuples()]


def whole_funnel(funnels: Sequence[Funnel]) -> dict[Step, int]:
    """How many officers have taken each step in all these units together."""
    return {step: sum(funnel.taken[step] for funnel in funnels) for step in Step}


def _marks_of_many(scope: Scope, on: date) -> peewee.ModelSelect:
    """Every officer posted within the scope on that day, with the step for which there is a record of its own."""
    records = {
        Step.REGISTER: IgotProfile.select(IgotProfile.id).where(IgotProfile.officer == Posting.officer),
        Step.ENROL: Enrolment.select(Enrolment.id).where((Enrolment.officer == Posting.officer) & is_enrolled()),
        Step.COMPLETE: Completion.select(Completion.id).where(Completion.officer == Posting.officer),
        Step.OBTAIN: Completion.select(Completion.id).where(
            (Completion.officer == Posting.officer) & Completion.has_certificate
        ),
        Step.DOWNLOAD: OnboardingStep.select(OnboardingStep.id).where(
            (OnboardingStep.officer == Posting.officer) & (OnboardingStep.step == Step.DOWNLOAD.value)
        ),
        Step.UPLOAD: Achievement.select(Achievement.id).where(
            (Achievement.officer == Posting.officer) & Achievement.state.in_(LIVE)
        ),
    }
    return (
        Posting.select(
            Posting.officer.alias("officer"),
            Posting.unit.alias("unit"),
            *(peewee.fn.EXISTS(rows).alias(step.value) for step, rows in records.items()),
        )
        .join(OrgUnit)
        .where(is_held(on) & within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path))
    )


def _is_taken(step: Step, marks: peewee.Node) -> peewee.Node:
    found = getattr(marks, PROVED_BY[step][0].value)
    for proof in PROVED_BY[step][1:]:
        found = found | getattr(marks, proof.value)
    return found
