"""What would have earned more: rules with room left, and none that has no room."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.reasons import Reason, reason
from karmyogi.scores.rules import Completion, Counted, Facts, Known, Posting, Telling, chances, lines_for, told
from tests.scores.scene import JANUARY
from tests.scores.test_telling import FACTS, IN_SERVICE, STATE_POLICY, course, sums

ALL_AT_ONCE = Known(frozenset({1, 2}), datetime(2026, 2, 10, tzinfo=UTC))


def more(facts: Facts) -> dict[str, Reason]:
    """By code, for a month that was counted from just these facts."""
    stored = sums(lines_for(facts, STATE_POLICY, JANUARY))
    lines = told(facts, STATE_POLICY, JANUARY, Telling(stored, ALL_AT_ONCE, is_sealed=True))
    return {one.rule.code: one.why for one in chances(lines, facts, STATE_POLICY, JANUARY)}


def of_courses(count: int, **facts: object) -> dict[str, Reason]:
    return more(Facts(IN_SERVICE, tuple(course(day, **facts) for day in range(1, count + 1))))


@pytest.mark.parametrize(("count", "left"), [(0, 4), (1, 3), (3, 1), (4, None), (5, None)])
def test_a_cap_leaves_room_until_it_is_full(count, left):
    why = of_courses(count).get("course")

    assert why == (left and reason("more_under_cap", left=left, cap=4))


def test_courses_of_the_plan_have_always_room():
    assert of_courses(9, is_planned=True)["plan_course"] == reason("more_without_cap")


def test_registering_counts_once_and_only_for_those_who_never_did():
    assert more(Facts(IN_SERVICE))["registered"] == reason("more_once")
    assert "registered" not in more(Facts(IN_SERVICE, registered_on=date(2019, 5, 1)))


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 60), (1, 60), (60, 59), (3599, 1), (3600, 60), (5400, 30)])
def test_the_minutes_to_the_next_full_hour_are_rounded_up(seconds, minutes):
    facts = Facts(IN_SERVICE, (course(3, has_certificate=True, duration_seconds=seconds),))

    assert more(facts)["hours"] == reason("more_minutes", minutes=minutes)


def test_hours_over_the_cap_offer_nothing():
    facts = Facts(IN_SERVICE, (course(3, has_certificate=True, duration_seconds=8 * 3600),))

    assert "hours" not in more(facts)


def test_finished_courses_without_rating_or_verified_certificate_are_at_hand():
    found = more(Facts(IN_SERVICE, (course(3), course(4, is_rated=True, is_verified=True))))

    assert found["rating"] == reason("more_unrated", count=1)
    assert found["certificate"] == reason("more_unverified", count=1)


def test_where_all_are_rated_the_cap_tells_the_room():
    assert of_courses(1, is_rated=True)["rating"] == reason("more_under_cap", left=3, cap=4)


def test_a_course_finished_outside_every_posting_is_not_at_hand():
    facts = Facts((Posting(date(2026, 1, 10)),), (course(3),))

    assert more(facts)["rating"] == reason("more_under_cap", left=4, cap=4)


def test_late_courses_of_the_plan_are_named():
    late = course(9, is_planned=True, due_on=date(2026, 1, 8))

    assert more(Facts(IN_SERVICE, (late,)))["plan_in_time"] == reason("more_late", count=1)


@given(facts=FACTS)
def test_one_more_free_course_earns_just_what_is_promised(facts):
    """A course at the end of the month earns the rule's points if there is room, and none if there is not."""
    facts = replace(facts, postings=IN_SERVICE)
    at = datetime(2026, 1, 31, 18, 0, tzinfo=UTC)
    one_more = Completion("One more", at, at.date(), kind="Course")
    before = sums(lines_for(facts, STATE_POLICY, JANUARY)).get("course", Counted()).points
    after_facts = replace(facts, completions=(*facts.completions, one_more))
    after = sums(lines_for(after_facts, STATE_POLICY, JANUARY))["course"].points

    assert after - before == (5 if "course" in more(facts) else 0)


@given(facts=FACTS, code=st.sampled_from([rule.code for rule in STATE_POLICY.rules if rule.cap]))
def test_no_rule_whose_cap_is_full_promises_anything(facts, code):
    counted = sums(lines_for(facts, STATE_POLICY, JANUARY)).get(code)
    cap = next(rule.cap for rule in STATE_POLICY.rules if rule.code == code)

    assert (code in more(facts)) is (counted is None or counted.items < cap)
