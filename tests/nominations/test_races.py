"""Heads, approvers and nodal officers at the same moment: quotas stay exact and every step is taken once."""

from collections import Counter
from multiprocessing.pool import Pool

import pytest

from karmyogi.core.permissions import Actor
from karmyogi.nominations import service
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.service import Proposal
from karmyogi.people.models import Officer
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import CaseStep
from tests.nominations.races import all_at_once, runners
from tests.nominations.scene import AT, officers_in

HANDS = 6


@pytest.fixture(scope="module")
def pool():
    with runners(HANDS) as pool:
        yield pool


def nominate(cycle_id: int, officer_id: int, priority: int, by: Actor) -> str:
    cycle = Cycle.get_by_id(cycle_id)
    proposal = Proposal(cycle.categories.get(), priority)
    return service.start_nomination(cycle, Officer.get_by_id(officer_id), proposal, by=by, at=AT).state


def release(nomination_id: int, by: Actor) -> str:
    return service.act(Nomination.get_by_id(nomination_id), "release", by=by, at=AT).state


def test_the_quota_is_exact_when_six_pages_nominate_at_once(db, scene, pool: Pool):
    Cycle.update(quota=HANDS).execute()
    for officer in officers_in(scene.health_office, HANDS - 2):  # two places are left, and every priority
        service.act(scene.draft(officer), "withdraw", by=scene.meena, at=AT)
    officers = officers_in(scene.health_office, HANDS)
    tasks = [(scene.cycle.id, officer.id, i, scene.meena) for i, officer in enumerate(officers, 1)]

    said = all_at_once(pool, db, nominate, tasks)

    assert Counter(said) == {"draft": 2, "quota_full": HANDS - 2}
    assert Nomination.select().count() == HANDS
    assert broken_link() is None


def test_two_nominations_given_one_priority_at_once_do_not_share_it(db, scene, pool: Pool):
    Cycle.update(quota=HANDS).execute()
    tasks = [(scene.cycle.id, officer.id, 3, scene.meena) for officer in officers_in(scene.health_office, HANDS)]

    said = all_at_once(pool, db, nominate, tasks)

    assert Counter(said) == {"draft": 1, "priority_taken": HANDS - 1}


def test_one_officer_nominated_six_times_at_once_is_nominated_once(db, scene, pool: Pool):
    Cycle.update(quota=HANDS).execute()
    tasks = [(scene.cycle.id, scene.asha.id, priority, scene.meena) for priority in range(1, HANDS + 1)]

    said = all_at_once(pool, db, nominate, tasks)

    assert Counter(said) == {"draft": 1, "already_nominated": HANDS - 1}


def test_of_six_approvers_releasing_at_once_one_releases(db, scene, pool: Pool):
    nomination = scene.brought_to("selected")
    tasks = [(nomination.id, scene.lakshmi if i % 2 else scene.latif) for i in range(HANDS)]

    said = all_at_once(pool, db, release, tasks)

    assert Counter(said) == {"released": 1, "moved_on": HANDS - 1}
    assert CaseStep.select().where(CaseStep.action == "release").count() == 1
    assert TrailEntry.select().where(TrailEntry.action == "nomination.release").count() == 1
