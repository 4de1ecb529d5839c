"""The first steps on iGOT: the last of them is an achievement, so who has taken which is read here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.achievements.queries.claims import live_claims
from karmyogi.achievements.rules import LIVE
from karmyogi.completions.models import Completion, Enrolment, OnboardingStep
from karmyogi.completions.queries import is_enrolled, marks_of
from karmyogi.completions.rules import Mark, Step, StepTaken, steps_taken
from karmyogi.core.months import IST
from karmyogi.core.permissions import Scope
from karmyogi.people.models import IgotProfile, OrgUnit, Posting
from karmyogi.people.queries import counts_once, is_held
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
    found: dict[int, Funnel] = {}
    for unit_id, unit_hi, unit_en, on_igot, beyond, count in _counted(scope, on):
        funnel = found.setdefault(unit_id, Funnel(unit_id, unit_hi, unit_en, 0, dict.fromkeys(Step, 0)))
        found[unit_id] = _with_more(funnel, {Step(step) for step in (on_igot, beyond) if step}, count)
    return list(found.values())


def _with_more(funnel: Funnel, recorded: set[Step], count: int) -> Funnel:
    """The funnel with so many officers more, for whom there are these records."""
    done = {one.step for one in steps_taken(dict.fromkeys(recorded, Mark())) if one.is_done}
    taken = {step: before + count * (step in done) for step, before in funnel.taken.items()}
    return replace(funnel, size=funnel.size + count, taken=taken)


def whole_funnel(funnels: Sequence[Funnel]) -> dict[Step, int]:
    """How many officers have taken each step in all these units together."""
    return {step: sum(funnel.taken[step] for funnel in funnels) for step in Step}


def _counted(scope: Scope, on: date) -> peewee.ModelSelect:
    """How many officers of each unit have come how far: one row for each unit and pair of furthest steps."""
    furthest = _furthest_of_each(scope, on).cte("furthest", materialized=True)
    counts = (
        furthest.select_from(
            furthest.c.unit, furthest.c.on_igot, furthest.c.beyond, peewee.fn.COUNT(furthest.c.unit).alias("officers")
        )
        .group_by(furthest.c.unit, furthest.c.on_igot, furthest.c.beyond)
        .alias("counts")
    )
    columns = (counts.c.on_igot, counts.c.beyond, counts.c.officers)
    return (
        OrgUnit.select(OrgUnit.id, OrgUnit.name_hi, OrgUnit.name_en, *columns)
        .join(counts, on=counts.c.unit == OrgUnit.id)
        .order_by(OrgUnit.name_hi, OrgUnit.name_en, OrgUnit.id)
        .tuples()
    )


def _furthest_of_each(scope: Scope, on: date) -> peewee.ModelSelect:
    """Every officer posted within the scope on that day, with the furthest step on iGOT and beyond it."""
    rows = Posting.select(
        Posting.unit.alias("unit"),
        _furthest(Step.OBTAIN, Step.COMPLETE, Step.ENROL, Step.REGISTER).alias("on_igot"),
        _furthest(Step.UPLOAD, Step.DOWNLOAD).alias("beyond"),
    ).where(is_held(on) & counts_once(Posting.officer, on=on))
    if scope.everything:
        return rows
    here = within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path)
    return rows.where(Posting.unit.in_(OrgUnit.select(OrgUnit.id).where(here)))


def _furthest(*steps: Step) -> peewee.Node:
    """The first of these steps for which the officer of a posting has a record; the others need not be looked for."""
    records = _records()
    return peewee.Case(None, [(peewee.fn.EXISTS(records[step]), step.value) for step in steps], "")


def _records() -> dict[Step, peewee.ModelSelect]:
    """The rows that show each step, of the officer of a posting."""
    completed = Completion.officer == Posting.officer
    said = (OnboardingStep.officer == Posting.officer) & (OnboardingStep.step == Step.DOWNLOAD.value)
    return {
        Step.REGISTER: IgotProfile.select(IgotProfile.id).where(IgotProfile.officer == Posting.officer),
        Step.ENROL: Enrolment.select(Enrolment.id).where((Enrolment.officer == Posting.officer) & is_enrolled()),
        Step.COMPLETE: Completion.select(Completion.id).where(completed),
        Step.OBTAIN: Completion.select(Completion.id).where(completed & Completion.has_certificate),
        Step.DOWNLOAD: OnboardingStep.select(OnboardingStep.id).where(said),
        Step.UPLOAD: Achievement.select(Achievement.id).where(
            (Achievement.officer == Posting.officer) & Achievement.state.in_(LIVE)
        ),
    }
