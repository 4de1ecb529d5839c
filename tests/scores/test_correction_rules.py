"""What a correction changes, for whom, and who may take which step of it: tables of cases, and what always holds."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.core.workflow import Circumstances
from karmyogi.scores import rules
from karmyogi.scores.rules import CORRECTION, Basis, Counted, Figures, Scored, changes, corrected, figures_of
from karmyogi.store.db import canonical

CLINIC, TEHSIL = (1, "II"), (2, "II")
NOWHERE = (None, "")
ONE, TWO = Counted(1, 1, 5), Counted(2, 2, 10)


def scored(points: int | None, posting: tuple = CLINIC, **lines: Counted) -> Scored:
    return Scored(points, posting, (10, 20, 30), lines)


CASES = {
    "more points": (scored(5, course=ONE), scored(10, course=TWO), "up", {"course"}),
    "fewer points": (scored(10, course=TWO), scored(5, course=ONE), "down", {"course"}),
    "a first score": (None, scored(5, course=ONE), "appeared", {"course"}),
    "no score any more": (scored(5, course=ONE), None, "gone", {"course"}),
    "another office": (scored(5, course=ONE), scored(5, TEHSIL, course=ONE), "same", set()),
    "another item over the cap": (
        scored(5, course=ONE),
        scored(5, course=Counted(2, 1, 5)),
        "same",
        {"course"},
    ),
    "points of another line": (scored(5, course=ONE), scored(5, plan_course=ONE), "same", {"course", "plan_course"}),
    "a line of a score on hold": (
        scored(None, NOWHERE, course=ONE),
        scored(None, NOWHERE, course=TWO),
        "same",
        {"course"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_correction_names_who_changes_how_and_in_which_lines(case):
    before, after, kind, codes = CASES[case]
    found = changes({7: before} if before else {}, {7: after} if after else {})

    assert found[7].codes == codes
    assert figures_of(found) == Figures(**{kind: 1})


def test_whom_nothing_changes_is_in_no_correction():
    same = {1: scored(5, course=ONE), 2: scored(10, course=TWO)}

    assert changes(same, dict(same)) == {}
    assert figures_of({}, moved=3) == Figures(moved=3)
    assert Figures(moved=3).officers == 0


@pytest.mark.parametrize(
    ("before", "after", "code", "settled"),
    [
        (scored(5, course=ONE), scored(10, course=TWO), "course", True),
        (scored(5, course=ONE), scored(10, course=TWO), "hours", False),
        (scored(5, course=ONE), scored(5, TEHSIL, course=ONE), "hours", True),
    ],
)
def test_a_dispute_is_settled_by_a_change_of_its_line_or_of_the_posting(before, after, code, settled):
    assert changes({7: before}, {7: after})[7].settles(code) is settled


COUNTED = st.builds(Counted, st.integers(1, 9), st.integers(1, 9), st.integers(1, 50))
SCORED = st.builds(
    Scored,
    st.one_of(st.none(), st.integers(1, 99)),
    st.sampled_from([CLINIC, TEHSIL]),
    st.sampled_from([(10, 20, 30), (11, 20, 30)]),
    st.dictionaries(st.sampled_from(["course", "hours", "rating"]), COUNTED, max_size=3),
)
PEOPLE = st.dictionaries(st.integers(1, 12), SCORED, max_size=12)


@given(PEOPLE, PEOPLE)
def test_what_was_sealed_and_the_difference_are_what_was_computed(before, after):
    assert corrected(before, changes(before, after)) == after


@given(PEOPLE, PEOPLE)
def test_everybody_who_changes_is_counted_once(before, after):
    found = changes(before, after)
    figures = figures_of(found)

    assert figures.officers == len(found)
    assert Figures.read(figures.as_data()) == figures
    assert all(pair.before != pair.after for pair in found.values())


@given(PEOPLE, PEOPLE, PEOPLE)
def test_a_second_correction_begins_where_the_first_ended(sealed, first, second):
    after_first = corrected(sealed, changes(sealed, first))

    assert corrected(after_first, changes(after_first, second)) == second


def test_a_department_that_took_over_an_office_settles_no_dispute_of_its_officers():
    before, after = scored(5, course=ONE), Scored(5, CLINIC, (11, 20, 30), {"course": ONE})
    found = changes({7: before}, {7: after})

    assert figures_of(found) == Figures(same=1)
    assert not found[7].settles("course")


def test_what_a_correction_rests_on_is_read_as_it_was_written():
    basis = Basis(imports=((3, "user", "ab"),), disputes=(4, 5), merged=(9,))

    assert Basis.read(json.loads(canonical(basis.as_data()))) == basis


def reasons(action: str, role: Role, *, hands: frozenset[int] = frozenset(), remark: str = "x") -> list[str]:
    step = next(one for one in CORRECTION.steps if one.action == action)
    actor = Actor(1, "Kabir", grants=(Grant(role),))
    return [one.code for one in step.reasons_against(Circumstances(actor, None, hands, frozenset(), remark))]


def test_who_has_had_a_hand_in_a_correction_does_not_approve_it():
    assert reasons("correction_approve", Role.APPROVER, hands=frozenset({1})) == ["same_hand"]
    assert reasons("correction_approve", Role.APPROVER, hands=frozenset({2})) == []


@pytest.mark.parametrize("action", ["correction_propose", "correction_return"])
def test_a_proposal_and_its_return_say_why(action):
    assert reasons(action, Role.GAD, remark=" ") == ["remark_needed"]


def test_what_is_at_its_end_is_taken_up_no_more():
    assert set(rules.CORRECTION_OPEN) == CORRECTION.states - CORRECTION.ends
