"""What has changed since somebody was here last: counts by index, within reach, of what others did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries import achievements_for
from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.awards.models import AwardOrder
from karmyogi.awards.queries import awards_for
from karmyogi.core.permissions import Actor, Permission, can, scope_of
from karmyogi.nominations.queries import moved_since, nominations_for
from karmyogi.reports.queries import imports_for
from karmyogi.scores.models import ScoreMonth
from karmyogi.store.imports import Import
from karmyogi.store.transitions import CaseStep

DECIDED = ("verified", "returned")


@dataclass(frozen=True)
class Change:
    """How many things of one kind have moved."""

    code: str
    count: int


def changes(actor: Actor, *, since: datetime) -> list[Change]:
    """What others have done since that moment, of what this person may read; only what is not zero."""
    return [one for one in _counted(actor, since) if one.count]


def _counted(actor: Actor, since: datetime) -> Iterator[Change]:
    if can(actor, Permission.REPORTS_READ):
        yield Change("imports", imports_for(actor).where(Import.applied_at > since).count())
    if can(actor, Permission.SCORES_READ):
        yield Change("months", ScoreMonth.select().where(ScoreMonth.sealed_at > since).count())
    if can(actor, Permission.NOMINATIONS_READ):
        moved = nominations_for(actor).where(moved_since(actor, since))
        yield Change("nominations", moved.order_by().count())
    yield from _awards(actor, since)
    if can(actor, Permission.ACHIEVEMENTS_READ):
        yield Change("certificates", achievements_for(actor).where(_decided(actor, since)).order_by().count())


def _awards(actor: Actor, since: datetime) -> Iterator[Change]:
    """Orders for those who see them all, awards for everybody else."""
    scope = scope_of(actor, Permission.AWARDS_READ)
    if scope.everything:
        yield Change("orders", AwardOrder.select().where(AwardOrder.issued_at > since).count())
    elif scope:
        yield Change("awards", awards_for(actor).where(AwardOrder.issued_at > since).order_by().count())


def _decided(actor: Actor, since: datetime) -> peewee.Expression:
    """True for claims that somebody else, or a match with a report, has verified or returned since."""
    steps = (
        (CaseStep.workflow == ACHIEVEMENT.name)
        & (CaseStep.at > since)
        & CaseStep.to_state.in_(DECIDED)
        & (CaseStep.user_id.is_null() | (CaseStep.user_id != (actor.user_id or 0)))
    )
    return Achievement.id.in_(CaseStep.select(CaseStep.case_id).where(steps))
