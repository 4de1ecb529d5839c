"""Every state, action, role and relation against the one door: only the named hand takes the named step."""

import itertools

import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.nominations import service
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.rules import NOMINATION
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry
from karmyogi.store.transitions import CaseStep, open_steps, perform
from tests.nominations.scene import AT, ROADS, officers_in

# Written apart from the table it tests: the state before, the action, the state after, whose step it is,
# and whether it needs a hand that has not touched the case.
ROAD = {
    ("draft", "submit"): ("submitted", Role.HEAD, False),
    ("draft", "withdraw"): ("withdrawn", Role.HEAD, False),
    ("submitted", "verify"): ("verified", Role.NODAL, True),
    ("submitted", "return"): ("returned", Role.NODAL, True),
    ("submitted", "withdraw"): ("withdrawn", Role.HEAD, False),
    ("verified", "select"): ("selected", Role.GAD, True),
    ("verified", "return"): ("returned", Role.GAD, True),
    ("verified", "reject"): ("rejected", Role.GAD, True),
    ("selected", "release"): ("released", Role.APPROVER, True),
    ("selected", "reject"): ("rejected", Role.GAD, True),
    ("released", "award"): ("awarded", Role.GAD, False),
    ("returned", "submit"): ("submitted", Role.HEAD, False),
    ("returned", "withdraw"): ("withdrawn", Role.HEAD, False),
}
STATES = ("draft", "submitted", "verified", "selected", "released", "awarded", "returned", "withdrawn", "rejected")
ACTIONS = ("submit", "verify", "return", "select", "reject", "release", "award", "withdraw")
NEED_A_REMARK = {"return", "reject"}
STATEWIDE = {Role.GAD, Role.APPROVER}
RELATIONS = ("a stranger to the case", "the nominee", "an earlier hand", "of another department")
STRANGER, NOMINEE, EARLIER_HAND, ELSEWHERE = RELATIONS
HAND = 990_001  # an account that has once touched every case


@pytest.fixture
def cases(scene) -> dict[str, Nomination]:
    """One nomination in each state, each walked there by the proper hands."""
    Cycle.update(quota=20).execute()
    roads = [state for state in STATES if state in ROADS]
    found = {
        state: scene.brought_to(state, officer, priority=number)
        for number, (state, officer) in enumerate(
            zip(roads, officers_in(scene.health_office, len(roads)), strict=True), 1
        )
    }
    awarded = scene.brought_to("released", officers_in(scene.health_office, 1)[0], priority=len(roads) + 1)
    with database.atomic():
        service.mark_awarded(awarded, by=scene.kabir, at=AT)
    for case in [*found.values(), awarded]:
        _touch(case)
    return found | {"awarded": awarded}


def _touch(case: Nomination) -> None:
    CaseStep.create(
        workflow=NOMINATION.name,
        case_id=case.id,
        action="edit",
        from_state="draft",
        to_state="draft",
        user_id=HAND,
        officer_id=None,
        actor="Earlier",
        at=AT,
    )


def actor_for(role: Role, relation: str, case: Nomination, scene) -> Actor:
    unit = scene.revenue if relation is ELSEWHERE else scene.health
    path = "/" if role in STATEWIDE else unit.line_path
    return Actor(
        HAND if relation is EARLIER_HAND else 990_002,
        role.value,
        officer_id=case.officer_id if relation is NOMINEE else None,
        grants=(Grant(role, path), Grant(Role.EMPLOYEE)),
    )


def expected(state: str, action: str, role: Role, relation: str) -> str:
    if (state, action) not in ROAD:
        return "WrongState"
    target, whose, another_hand = ROAD[state, action]
    if role is not whose or (relation is ELSEWHERE and role not in STATEWIDE):
        return "NotAllowed"
    if relation is NOMINEE:
        return "own_case"
    if relation is EARLIER_HAND and another_hand:
        return "same_hand"
    return target


def outcome(case: Nomination, action: str, by: Actor, remark: str) -> str:
    """What the door says; whatever it wrote is taken back."""
    fresh = Nomination.get_by_id(case.id)
    facts = {"record": {}, "submitted_at": AT} if action == "submit" else {}
    facts |= {"released_at": AT} if action == "release" else {}
    with database.atomic() as transaction:
        try:
            perform(NOMINATION, fresh, action, by=by, remark=remark, at=AT, **facts)
            return Nomination.get_by_id(case.id).state
        except RuleBroken as refused:
            return " ".join(one.code for one in refused.reasons)
        except (NotAllowed, WrongState) as refused:
            return type(refused).__name__
        finally:
            transaction.rollback()


def test_only_the_named_hand_takes_the_named_step(scene, cases):
    cells = list(itertools.product(STATES, ACTIONS, Role, RELATIONS))

    wrong = [
        (cell, said, expected(*cell))
        for cell in cells
        for state, action, role, relation in [cell]
        if (said := outcome(cases[state], action, actor_for(role, relation, cases[state], scene), "कारण"))
        != expected(*cell)
    ]

    assert len(cells) == 9 * 8 * 10 * 4
    assert wrong == []


def test_a_step_back_needs_a_remark_and_a_step_onward_does_not(scene, cases):
    for (state, action), (target, role, _another) in ROAD.items():
        by = actor_for(role, STRANGER, cases[state], scene)

        said = outcome(cases[state], action, by, "  ")

        assert said == ("remark_needed" if action in NEED_A_REMARK else target), (state, action)


def test_the_buttons_offered_are_the_steps_that_would_be_taken(scene, cases):
    for state, role, relation in itertools.product(STATES, Role, RELATIONS):
        by = actor_for(role, relation, cases[state], scene)

        offered = {step.action for step in open_steps(NOMINATION, cases[state], by=by)}

        assert offered == {action for action in ACTIONS if expected(state, action, role, relation) in STATES}


def test_a_refused_step_leaves_no_trace(scene, cases):
    before = TrailEntry.select().count(), CaseStep.select().count()

    for action in ACTIONS:
        outcome(cases["awarded"], action, scene.thomas, "कारण")

    assert (TrailEntry.select().count(), CaseStep.select().count()) == before


def test_a_person_with_two_accounts_is_one_hand(scene, cases):
    ravi_again = Actor(990_003, "Ravi", officer_id=scene.ravi.officer_id, grants=(Grant(Role.GAD),))

    assert outcome(cases["verified"], "select", ravi_again, "") == "same_hand"


def test_a_nodal_officer_who_joined_gad_does_not_select_what_they_verified(scene, cases):
    promoted = Actor(scene.ravi.user_id, "Ravi", scene.ravi.officer_id, grants=(Grant(Role.GAD),))

    assert outcome(cases["verified"], "select", promoted, "") == "same_hand"


def test_nobody_is_gad_and_approver_on_the_same_case(scene, cases):
    both = Actor(scene.sunita.user_id, "Sunita", scene.sunita.officer_id, grants=(Grant(Role.APPROVER),))

    assert outcome(cases["selected"], "release", both, "") == "same_hand"
