"""Why a month has its points: from today's facts, under the policy that scored it."""

import pytest

from karmyogi.core.errors import PolicyGap
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import reason
from karmyogi.scores import queries, service
from tests.scores.scene import AT, JANUARY, policy


def test_a_month_is_explained_by_the_version_that_scored_it(scene):
    service.install_policy(policy(2, effective_from="2026-01", points=10), by=SYSTEM, at=AT)
    asha = scene.officer(2)
    service.run_month(JANUARY, by=SYSTEM, policy_number=1, at=AT)

    lines = queries.explanation_of(asha.id, JANUARY)

    assert [(line.code, line.found, line.items, line.points) for line in lines] == [("session", 2, 2, 2)]
    assert {entry.why for entry in lines[0].entries} == {reason("item_counted")}


def test_a_month_not_yet_computed_is_explained_by_the_version_in_force(scene):
    service.install_policy(policy(2, effective_from="2026-01", points=10), by=SYSTEM, at=AT)
    asha = scene.officer(2)

    assert [line.points for line in queries.explanation_of(asha.id, JANUARY)] == [20]


def test_a_month_without_a_policy_cannot_be_explained(scene):
    with pytest.raises(PolicyGap):
        queries.explanation_of(scene.officer(1).id, Month(2025, 3))


def test_what_another_officer_did_explains_nothing(scene):
    asha, _ravi = scene.officer(0), scene.officer(3)

    assert queries.explanation_of(asha.id, JANUARY) == []
