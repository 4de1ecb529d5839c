"""The first steps on iGOT: the last of them is an achievement, so who has taken which is read here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries.claims import live_claims
from karmyogi.achievements.rules import LIVE
from karmyogi.completions.models import Completion, Enrolment, OnboardingStep
from karmyogi.completions.queries import is_enrolled, marks_of
from karmyogi.completions.rules import PROVED_BY, Mark, Step, StepTaken, steps_taken
from karmyogi.core.months import IST
from karmyogi.core.permissions import Scope
from karmyogi.people.models import IgotProfile, OrgUnit, Posting
from karmyogi.people.queries import is_held
from karmyogi.store.reach import within


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
