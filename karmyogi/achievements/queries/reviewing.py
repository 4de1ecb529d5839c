"""The queue of a reviewer: what waits, narrowed, in order, and where one claim stands in it."""

from dataclasses import dataclass

import peewee

from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.achievements.queries.claims import PAGE, Card, cards, claims_within, with_names
from karmyogi.achievements.rules import REVIEW, proves_without_doubt
from karmyogi.completions.models import Enrolment
from karmyogi.core.permissions import Actor
from karmyogi.people.models import OrgUnit

DOUBTS_ASKED = ("doubts", "no_doubts", "matching")
AT_ONCE = 50  # claims that are verified together: as many as a person reads through


@dataclass(frozen=True)
class Narrowed:
    """What a reviewer wants to see of the queue: one of DOUBTS_ASKED or "", and one office or all."""

    doubt: str = ""
    unit: OrgUnit | None = None


ALL_WAITING = Narrowed()


@dataclass(frozen=True)
class Place:
    """Where a claim stands in the queue, counted from one, with its neighbours."""

    number: int
    total: int
    previous_id: int | None
    next_id: int | None


def review_queue(actor: Actor, narrowed: Narrowed = ALL_WAITING) -> peewee.ModelSelect:
    """Submitted claims that the actor may review, the longest waiting first; never the actor's own.

    Doubts are those about another officer: the same file, the same certificate,
    or an imported row that gives it to somebody else. Of a picture with several
    certificates only the file is compared here.
    """
    rows = with_names().where(_waiting(actor)).order_by(Achievement.submitted_at, Achievement.id)
    if narrowed.unit is not None:
        rows = rows.where(Achievement.line_path == narrowed.unit.line_path)
    if narrowed.doubt == "doubts":
        return rows.where(_doubted())
    if narrowed.doubt == "no_doubts":
        return rows.where(~_doubted())
    if narrowed.doubt == "matching":
        return rows.where(_held_by_the_same() & ~_doubted())
    return rows


def queue_page(queue: peewee.ModelSelect, *, after: int | None = None) -> list[Achievement]:
    """One page of the queue, and one more row that tells whether there is a next page."""
    last = Achievement.get_or_none(Achievement.id == after) if after else None
    return list((queue.where(_later(last)) if last else queue).limit(PAGE + 1))


def place_of(queue: peewee.ModelSelect, achievement: Achievement) -> Place | None:
    """Where the claim stands in the queue; None if it does not wait there."""
    if not queue.where(Achievement.id == achievement.id).exists():
        return None
    before, after = queue.where(_earlier(achievement)), queue.where(_later(achievement))
    backwards = before.order_by(Achievement.submitted_at.desc(), Achievement.id.desc()).first()
    following = after.first()
    return Place(
        before.count() + 1, queue.count(), backwards.id if backwards else None, following.id if following else None
    )


def matching(actor: Actor) -> list[Card]:
    """What waits though the imported reports prove it and nothing speaks against it; at most AT_ONCE, oldest first."""
    waiting = cards(review_queue(actor, Narrowed("matching")).limit(AT_ONCE))
    return [card for card in waiting if proves_without_doubt(card.verdict)]


def offices_waiting(actor: Actor) -> list[OrgUnit]:
    """The offices whose claims wait for this reviewer, by name."""
    paths = Achievement.select(Achievement.line_path).where(_waiting(actor)).distinct()
    return list(OrgUnit.select().where(OrgUnit.line_path.in_(paths)).order_by(OrgUnit.name_en, OrgUnit.id))


def _waiting(actor: Actor) -> peewee.Expression:
    waiting = (Achievement.state == "submitted") & claims_within(actor, REVIEW)
    return waiting & (Achievement.officer != actor.officer_id) if actor.officer_id is not None else waiting


def _earlier(one: Achievement) -> peewee.Expression:
    at = Achievement.submitted_at
    return (at < one.submitted_at) | ((at == one.submitted_at) & (Achievement.id < one.id))


def _later(one: Achievement) -> peewee.Expression:
    at = Achievement.submitted_at
    return (at > one.submitted_at) | ((at == one.submitted_at) & (Achievement.id > one.id))


def _doubted() -> peewee.Expression:
    return _claimed_by_another() | _held(Enrolment.officer != Achievement.officer) | _file_of_another()


def _held_by_the_same() -> peewee.Expression:
    return _held(Enrolment.officer == Achievement.officer)


def _held(whose: peewee.Expression) -> peewee.Expression:
    """An imported row names the claim's certificate. Not LOWER(): the index is on the column as it is."""
    number = Achievement.certificate_id
    named = Enrolment.certificate_id.in_([number, peewee.fn.UPPER(number)])
    return (number != "") & peewee.fn.EXISTS(Enrolment.select(peewee.Value(1)).where(named & whose))


def _claimed_by_another() -> peewee.Expression:
    other, number = Achievement.alias(), Achievement.certificate_id
    same = (other.certificate_id == number) & (other.officer != Achievement.officer)
    return (number != "") & peewee.fn.EXISTS(other.select(peewee.Value(1)).where(same))


def _file_of_another() -> peewee.Expression:
    mine, newer = CertificateImage.alias(), CertificateImage.alias()
    theirs, other = CertificateImage.alias(), Achievement.alias()
    newest = newer.select(peewee.fn.MAX(newer.id)).where(newer.achievement == Achievement.id)
    same = (
        mine.select(peewee.Value(1))
        .join(theirs, on=theirs.original_sha256 == mine.original_sha256)
        .join(other, on=other.id == theirs.achievement)
        .where((mine.id == newest) & (other.officer != Achievement.officer))
    )
    return peewee.fn.EXISTS(same)
