"""Nobody proposes or seals what the facts have left behind, whichever way they came."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Flag
from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.core.reasons import reason
from karmyogi.people.models import Officer, Posting
from karmyogi.scores import service
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.scores.queries import overtaken_by
from karmyogi.store.transitions import CaseStep
from karmyogi.trainings.models import Attendance
from tests import factories as make
from tests.scores.scene import AT, JANUARY, Scene

DONE_AT = datetime(2026, 1, 10, 6, 30, tzinfo=UTC)
STALE = [reason("month_is_stale", month="2026-01")]


@pytest.fixture
def asha(scene) -> Officer:
    """Asha finished a course, with a certificate that waits and a doubt that two people will look at."""
    service.install_policy(
        replace(load_profile("chhattisgarh").policy, number=2, effective_from="2026-01"), by=SYSTEM, at=AT
    )
    asha = scene.officer(1)
    noting = make.make_course("Noting")
    make.make_flag(make.make_completion(asha, noting, DONE_AT))
    make.make_achievement(asha, noting, DONE_AT.date(), state="submitted")
    scene.run()
    return asha


def propose(scene: Scene) -> None:
    service.propose_seal(JANUARY, by=scene.actors["sunita"], at=AT)


def seal(scene: Scene) -> ScoreMonth:
    return service.seal_month(JANUARY, by=scene.actors["rekha"], at=AT)


def give_way(asha: Officer) -> None:
    """Asha's record is joined with another that was never posted."""
    Officer.update(merged_into=asha).where(Officer.id == make.make_officer().id).execute()


CHANGES = {
    "a session was entered": lambda asha: make.make_attendance(asha, date(2026, 1, 20)),
    "a session was taken back": lambda asha: Attendance.delete().execute(),
    "a certificate was verified": lambda asha: Achievement.update(state="verified", verified_at=AT).execute(),
    "a completion was found not credible": lambda asha: Flag.update(state="not_credible").execute(),
    "a plan had asked for the course": lambda asha: make.make_obligation(asha, "Noting", due_on=date(2026, 1, 31)),
    "the officer had left before": lambda asha: Posting.update(to_on=date(2026, 1, 5)).execute(),
    "the officer's class was put right": lambda asha: Posting.update(state_class="I").execute(),
}
WITHOUT_EFFECT = {
    "nothing happened": lambda asha: None,
    "a session of another month": lambda asha: make.make_attendance(asha, date(2026, 2, 1)),
    "a doubt that one person has": lambda asha: Flag.update(state="doubted").execute(),
    "another record without facts": give_way,
}


@pytest.mark.parametrize("change", CHANGES)
def test_sunita_does_not_propose_a_month_whose_facts_have_changed(scene, asha, change):
    CHANGES[change](asha)

    with pytest.raises(RuleBroken) as refused:
        propose(scene)

    assert refused.value.reasons == STALE
    assert ScoreMonth.get().state == "provisional"


@pytest.mark.parametrize("change", CHANGES)
def test_rekha_does_not_seal_a_month_whose_facts_have_changed_since_it_was_proposed(scene, asha, change):
    propose(scene)
    CHANGES[change](asha)

    with pytest.raises(RuleBroken) as refused:
        seal(scene)

    assert refused.value.reasons == STALE
    assert ScoreMonth.get().state == "proposed"


@pytest.mark.parametrize("change", WITHOUT_EFFECT)
def test_what_changes_nobodys_points_holds_nothing_up(scene, asha, change):
    propose(scene)
    WITHOUT_EFFECT[change](asha)

    assert seal(scene).state == "sealed"
    assert service.verify_seals().faults == ()


def test_computed_again_the_month_is_proposed_anew_and_sealed_with_what_changed(scene, asha):
    propose(scene)
    make.make_attendance(asha, date(2026, 1, 20))
    before = MonthlyScore.get().points

    scene.run()
    propose(scene)
    row = seal(scene)

    assert (row.state, MonthlyScore.get().points - before) == ("sealed", 3)
    assert [step.action for step in CaseStep.select().order_by(CaseStep.id)][-4:] == [
        "propose",
        "lapse",
        "propose",
        "seal",
    ]


def test_the_system_computes_again_before_it_seals(scene, asha):
    before = MonthlyScore.get().points
    make.make_attendance(asha, date(2026, 1, 20))

    row = service.seal_month(JANUARY, by=SYSTEM, at=AT)

    assert (row.state, MonthlyScore.get().points - before) == ("sealed", 3)
    assert service.verify_seals().faults == ()


@pytest.fixture
def published(scene, asha):
    """January is computed by version 2; then version 3 is published, which pays five times as much, from January on."""

    def publish() -> None:
        shipped = load_profile("chhattisgarh").policy
        dearer = tuple(replace(rule, points=5 * rule.points) for rule in shipped.rules)
        told = replace(shipped, number=3, effective_from="2026-01", rules=dearer)
        service.install_policy(told, by=SYSTEM, at=AT + timedelta(minutes=1))

    return publish


BY_AN_OLDER = [reason("month_overtaken", month="2026-01", number=3)]


def test_nobody_proposes_a_month_by_a_version_that_another_has_overtaken(scene, published):
    published()

    with pytest.raises(RuleBroken) as refused:
        propose(scene)

    assert refused.value.reasons == BY_AN_OLDER
    scene.run()
    propose(scene)
    assert seal(scene).policy.number == 3


def test_a_month_proposed_before_the_publishing_is_not_sealed_by_the_older_version(scene, published):
    propose(scene)
    published()

    with pytest.raises(RuleBroken) as refused:
        seal(scene)

    assert refused.value.reasons == BY_AN_OLDER
    scene.run()
    assert ScoreMonth.get().state == "provisional"  # its points are others, so that the proposal lapsed


def test_the_system_seals_by_the_version_in_force(scene, published):
    published()

    row = service.seal_month(JANUARY, by=SYSTEM, at=AT + timedelta(minutes=2))

    assert (row.state, row.policy.number) == ("sealed", 3)


def test_a_month_whose_computing_by_the_new_version_still_waits_is_overtaken_whenever_it_was_computed(scene, published):
    published()
    service.run_month(JANUARY, by=SYSTEM, policy_number=2, at=AT + timedelta(minutes=2))
    assert overtaken_by(ScoreMonth.get(), service.COMPUTE) is None  # on purpose

    service.ask_to_compute(str(JANUARY), by=SYSTEM, at=AT + timedelta(minutes=3))

    assert overtaken_by(ScoreMonth.get(), service.COMPUTE) == 3


def test_a_month_stays_scored_by_the_version_it_was_computed_with(scene, asha):
    service.run_month(JANUARY, by=SYSTEM, policy_number=1, at=AT)

    propose(scene)

    assert (seal(scene).policy.number, MonthlyScore.get().points) == (1, 1)
