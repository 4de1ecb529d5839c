"""What an officer did, and the version of the policy under which it is told."""

from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import reason
from karmyogi.scores import queries, service
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import Facts
from tests.scores.scene import AT, JANUARY, policy


def test_a_month_is_explained_by_the_version_that_scored_it(scene):
    service.install_policy(policy(2, effective_from="2026-01", points=10), by=SYSTEM, at=AT)
    asha = scene.officer(2)
    service.run_month(JANUARY, by=SYSTEM, policy_number=1, at=AT)

    [line] = queries.told_month(asha.id, ScoreMonth.get()).lines

    assert (line.rule.code, line.counted.found, line.counted.items, line.points) == ("session", 2, 2, 2)
    assert {entry.why for entry in line.entries} == {reason("item_counted")}


def test_what_another_officer_did_is_no_fact_of_ashas(scene):
    asha, _ravi = scene.officer(0), scene.officer(3)

    facts = queries.facts_of(asha.id, JANUARY)

    assert facts == Facts(postings=facts.postings)
