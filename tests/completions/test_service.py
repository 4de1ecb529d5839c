"""An officer's own word for what no report tells of."""

from datetime import date

import pytest

from karmyogi.completions.models import OnboardingStep
from karmyogi.completions.service import say_downloaded, take_back_downloaded
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.permissions import Role
from karmyogi.store.trail import TrailEntry
from tests import factories
from tests.factories import AT


@pytest.fixture
def asha(db):
    officer = factories.make_officer()
    factories.make_completion(officer, factories.make_course(), AT, has_certificate=True)
    return officer


def employee(officer):
    return factories.actor_of(factories.make_user(officer=officer), (Role.EMPLOYEE, None))


def test_asha_says_that_she_has_downloaded_her_certificate(asha):
    by = employee(asha)

    said = say_downloaded(asha, by=by, at=AT)

    assert (said.officer_id, said.step, said.said_on, said.said_by) == (
        asha.id,
        "download",
        date(2026, 4, 10),
        by.user_id,
    )
    assert TrailEntry.get(TrailEntry.action == "onboarding.say").officer_id == asha.id


def test_nobody_says_it_for_another(asha):
    imran = factories.make_officer("Imran Khan")
    head = factories.actor_of(factories.make_user(officer=imran), (Role.EMPLOYEE, None), (Role.HEAD, None))

    with pytest.raises(NotAllowed):
        say_downloaded(asha, by=head, at=AT)

    assert OnboardingStep.select().count() == 0


def test_it_cannot_be_said_before_there_is_a_certificate(db):
    officer = factories.make_officer()
    factories.make_completion(officer, factories.make_course(), AT)

    with pytest.raises(RuleBroken):
        say_downloaded(officer, by=employee(officer), at=AT)


def test_it_is_said_once(asha):
    by = employee(asha)
    say_downloaded(asha, by=by, at=AT)

    with pytest.raises(RuleBroken):
        say_downloaded(asha, by=by, at=AT)

    assert OnboardingStep.select().count() == 1


def test_asha_takes_back_what_she_said_too_soon_and_may_say_it_again(asha):
    by = employee(asha)
    say_downloaded(asha, by=by, at=AT)

    take_back_downloaded(asha, by=by, at=AT)

    assert OnboardingStep.select().count() == 0
    told = [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)]
    assert told[-2:] == ["onboarding.say", "onboarding.take_back"]
    assert say_downloaded(asha, by=by, at=AT).step == "download"


def test_what_was_not_said_cannot_be_taken_back(asha):
    with pytest.raises(RuleBroken) as refused:
        take_back_downloaded(asha, by=employee(asha), at=AT)

    assert [reason.code for reason in refused.value.reasons] == ["step_not_said"]


def test_nobody_takes_it_back_for_another(asha):
    say_downloaded(asha, by=employee(asha), at=AT)
    imran = factories.make_officer("Imran Khan")

    with pytest.raises(NotAllowed):
        take_back_downloaded(asha, by=employee(imran), at=AT)

    assert OnboardingStep.select().count() == 1
