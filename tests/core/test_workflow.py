"""Workflows: what a guard looks at, and that every table of steps is sound."""

import pytest

from karmyogi.core.errors import WrongState
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import reason
from karmyogi.core.workflow import Circumstances, Workflow, not_own_case, not_same_hand, step, workflow
from karmyogi.docs import WORKFLOWS

ASHA, BHOLA = 101, 102
LEAVE = workflow(
    "leave",
    "asked",
    [
        step("grant", "asked again", "granted", Permission.NOMINATIONS_SELECT, not_own_case, not_same_hand),
        step("refuse", "asked again", "refused", Permission.NOMINATIONS_SELECT, not_own_case, remark=True),
        step("ask-again", "refused", "again", Permission.NOMINATIONS_CREATE),
    ],
    ends="granted",
)


def here(
    user_id: int | None = 1,
    officer_id: int | None = None,
    *,
    about: int | None = ASHA,
    users: tuple[int, ...] = (),
    officers: tuple[int, ...] = (),
    remark: str = "",
) -> Circumstances:
    return Circumstances(Actor(user_id, "who", officer_id), about, frozenset(users), frozenset(officers), remark)


# ── Guards ──


def test_nobody_acts_on_a_case_about_themselves():
    assert not_own_case(here(officer_id=ASHA)) == reason("own_case")
    assert not_own_case(here(officer_id=BHOLA)) is None


def test_an_account_without_an_officer_is_not_the_nominee_of_a_case_about_nobody():
    assert not_own_case(here(officer_id=None, about=None)) is None


def test_nobody_acts_twice_on_one_case():
    assert not_same_hand(here(7, users=(3, 7, 9))) == reason("same_hand")
    assert not_same_hand(here(8, users=(3, 7, 9))) is None


def test_all_earlier_hands_count_and_not_only_the_last():
    hands = (1, 2, 3, 4)

    assert [not_same_hand(here(user, users=hands)) for user in hands] == [reason("same_hand")] * 4


def test_a_second_account_of_the_same_officer_is_the_same_hand():
    assert not_same_hand(here(8, BHOLA, users=(7,), officers=(BHOLA,))) == reason("same_hand")


def test_the_system_has_no_hand_that_could_be_the_same():
    assert not_same_hand(here(None, None, users=(7,), officers=(BHOLA,))) is None


def test_the_number_of_an_account_is_not_mistaken_for_that_of_an_officer():
    assert not_same_hand(here(BHOLA, None, officers=(BHOLA,))) is None


@pytest.mark.parametrize("remark", ["", " ", "\n\t "])
def test_a_step_that_needs_a_remark_takes_no_blank_one(remark):
    refuse = LEAVE.step("asked", "refuse")

    assert refuse.reasons_against(here(remark=remark)) == [reason("remark_needed")]
    assert refuse.reasons_against(here(remark="Not this month.")) == []


def test_every_reason_is_given_at_once():
    refuse = LEAVE.step("asked", "refuse")

    assert refuse.reasons_against(here(officer_id=ASHA)) == [reason("own_case"), reason("remark_needed")]


# ── Steps ──


def test_a_step_is_found_by_the_state_it_leaves():
    assert LEAVE.step("again", "grant").target == "granted"
    assert [s.action for s in LEAVE.actions_from("asked")] == ["grant", "refuse"]
    assert LEAVE.actions_from("granted") == []
    assert LEAVE.states == {"asked", "granted", "refused", "again"}


@pytest.mark.parametrize(
    ("state", "action"), [("granted", "grant"), ("asked", "ask-again"), ("asked", "dance"), ("", "grant")]
)
def test_a_step_that_does_not_leave_this_state_says_where_the_case_stands(state, action):
    with pytest.raises(WrongState) as refused:
        LEAVE.step(state, action)

    assert refused.value.reasons == [reason("moved_on", state=state)]


# ── Every table of the house ──


def reachable(flow: Workflow) -> set[str]:
    found, fresh = set(), {flow.start}
    while fresh:
        found |= fresh
        fresh = {s.target for state in fresh for s in flow.actions_from(state)} - found
    return found


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda flow: flow.name)
def test_every_state_is_reached_and_exactly_the_declared_ends_lead_nowhere(flow):
    assert reachable(flow) == flow.states
    assert {state for state in flow.states if not flow.actions_from(state)} == flow.ends


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda flow: flow.name)
def test_no_step_of_a_table_stays_where_it_is(flow):
    assert [s.action for s in flow.steps if s.target in s.sources] == []


@pytest.mark.parametrize("flow", WORKFLOWS, ids=lambda flow: flow.name)
def test_one_action_from_one_state_is_one_row_of_the_table(flow):
    rows = [(state, s.action) for s in flow.steps for state in s.sources]

    assert len(set(rows)) == len(rows)
