"""What an officer says of the first steps, which no report ever tells of."""

from datetime import date, datetime

import peewee

from karmyogi.completions.models import OnboardingStep
from karmyogi.completions.queries import marks_of
from karmyogi.completions.rules import Step, may_be_said, steps_taken
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, covers
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer
from karmyogi.store.db import database
from karmyogi.store.trail import record


def say_downloaded(officer: Officer, *, by: Actor, at: datetime | None = None) -> OnboardingStep:
    """Take the officer's own word that a certificate was downloaded; no report ever tells of it.

    Raises NotAllowed for anybody else; RuleBroken before a certificate is on
    record, or when it was said before.
    """
    at = at or now()
    if not covers(by, Permission.ONBOARDING_SAY, officer_id=officer.id, line_path="", territory_path=""):
        raise NotAllowed("not_allowed")
    with database.atomic():
        if not may_be_said(steps_taken(marks_of(officer.id)), Step.DOWNLOAD):
            raise RuleBroken(reason("step_not_open"))
        said = _kept(officer, at.astimezone(IST).date(), by)
        record(by, "onboarding.say", said, {"step": said.step, "officer": officer.id}, at=at)
    return said


def take_back_downloaded(officer: Officer, *, by: Actor, at: datetime | None = None) -> None:
    """Undo `say_downloaded`: whoever pressed too soon is asked to download once more; the trail keeps both.

    Raises NotAllowed for anybody else; RuleBroken when it was not said, or was taken back before.
    """
    at = at or now()
    if not covers(by, Permission.ONBOARDING_SAY, officer_id=officer.id, line_path="", territory_path=""):
        raise NotAllowed("not_allowed")
    mine = (OnboardingStep.officer == officer) & (OnboardingStep.step == Step.DOWNLOAD.value)
    with database.atomic():
        said = OnboardingStep.get_or_none(mine)
        if said is None or not OnboardingStep.delete().where(OnboardingStep.id == said.id).execute():
            raise RuleBroken(reason("step_not_said"))
        record(by, "onboarding.take_back", said, {"step": said.step, "officer": officer.id}, at=at)


def _kept(officer: Officer, on: date, by: Actor) -> OnboardingStep:
    try:
        return OnboardingStep.create(officer=officer, step=Step.DOWNLOAD.value, said_on=on, said_by=by.user_id)
    except peewee.IntegrityError as twice:  # the same button pressed twice at once
        raise RuleBroken(reason("step_not_open")) from twice
