"""The six first steps as the records show them: of one officer, and counted for each unit."""

from datetime import date
from itertools import chain, combinations

import pytest

from karmyogi.achievements.queries import first_steps_of, onboarding_funnel, whole_funnel
from karmyogi.completions.models import OnboardingStep
from karmyogi.completions.rules import Step
from karmyogi.core.permissions import Scope, Tree
from tests import factories
from tests.factories import AT

ON = date(2026, 4, 10)
EVERY_SET = list(chain.from_iterable(combinations(Step, size) for size in range(len(Step) + 1)))


@pytest.fixture
def place(db):
    state = factories.make_state()
    district = factories.make_district(state, "Raipur")
    health = factories.make_department(state, "Health")
    revenue = factories.make_department(state, "Revenue")
    return {
        "state": state,
        "health": health,
        "hospital": factories.make_office(health, district, "District Hospital"),
        "tahsil": factories.make_office(revenue, district, "Tahsil Office"),
    }


def take(officer, step: Step) -> None:
    """A record of this step and of no other."""
    number = factories.number()
    if step is Step.REGISTER:
        factories.make_registration(officer, date(2025, 4, 1))
    elif step is Step.ENROL:
        factories.make_enrolment(officer, factories.make_course(f"begun {number}"), date(2025, 4, 2))
    elif step in (Step.COMPLETE, Step.OBTAIN):
        has_certificate = step is Step.OBTAIN
        course = factories.make_course(f"finished {number}")
        factories.make_completion(officer, course, AT, has_certificate=has_certificate)
    elif step is Step.DOWNLOAD:
        OnboardingStep.create(officer=officer, step=step.value, said_on=ON)
    else:
        factories.make_achievement(officer, None, ON, state="submitted")


def scope_of(unit) -> Scope:
    return Scope(paths=frozenset({(Tree.LINE, unit.line_path)}))


def test_a_new_officer_has_taken_no_step(place):
    steps = first_steps_of(factories.make_officer(unit=place["hospital"]).id)

    assert [one.is_done for one in steps] == [False] * 6


def test_each_step_has_the_day_and_the_course_of_its_first_record(place):
    officer = factories.make_officer(unit=place["hospital"])
    for step in Step:
        take(officer, step)
    factories.make_enrolment(officer, factories.make_course("later"), date(2025, 9, 9))

    steps = {one.step: one.mark for one in first_steps_of(officer.id)}

    assert steps[Step.REGISTER].on == date(2025, 4, 1)
    assert steps[Step.ENROL].on == date(2025, 4, 2)
    assert steps[Step.OBTAIN].name.startswith("finished")
    assert (steps[Step.DOWNLOAD].on, steps[Step.UPLOAD].on) == (ON, ON)


def test_being_listed_without_an_enrolment_is_no_enrolment(place):
    officer = factories.make_officer(unit=place["hospital"])
    factories.make_enrolment(officer, factories.make_course(), date(2025, 4, 2), status="not-enrolled")

    assert not first_steps_of(officer.id)[1].is_done


def test_a_withdrawn_claim_is_no_upload(place):
    officer = factories.make_officer(unit=place["hospital"])
    factories.make_achievement(officer, None, ON, state="withdrawn")

    assert [one.is_done for one in first_steps_of(officer.id)] == [False] * 6


def test_the_funnel_counts_each_officer_as_their_own_page_does(place):
    officers = [factories.make_officer(unit=place["hospital"]) for _ in EVERY_SET]
    for officer, steps in zip(officers, EVERY_SET, strict=True):
        for step in steps:
            take(officer, step)
    told = [one.step for officer in officers for one in first_steps_of(officer.id) if one.is_done]

    [funnel] = onboarding_funnel(scope_of(place["health"]), on=ON)

    assert funnel.taken == {step: told.count(step) for step in Step}
    assert (funnel.unit_id, funnel.size) == (place["hospital"].id, len(EVERY_SET))


def test_a_head_sees_the_funnel_of_their_own_units_alone(place):
    take(factories.make_officer(unit=place["hospital"]), Step.REGISTER)
    take(factories.make_officer(unit=place["tahsil"]), Step.REGISTER)

    mine = onboarding_funnel(scope_of(place["health"]), on=ON)
    everybodys = onboarding_funnel(scope_of(place["state"]), on=ON)

    assert [(funnel.unit_en, funnel.taken[Step.REGISTER]) for funnel in mine] == [("District Hospital", 1)]
    assert whole_funnel(everybodys)[Step.REGISTER] == 2


def test_who_has_left_is_not_counted(place):
    officer = factories.make_officer()
    factories.make_posting(officer, place["hospital"], to_on=date(2026, 3, 31))

    assert onboarding_funnel(scope_of(place["health"]), on=ON) == []
