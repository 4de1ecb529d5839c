"""Conditions of a rule and its order of counting, decided without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from karmyogi.core.months import Month
from karmyogi.scores.rules import (
    ANY,
    EARLIEST,
    LONGEST,
    OF_COMPLETIONS,
    SOURCES,
    Completion,
    Conditions,
    Facts,
    Policy,
    Posting,
    Rule,
    chances,
    conditions_from,
    faults_of,
    line_of,
    rule_from,
)

JANUARY = Month(2026, 1)
NAMED = {"label_hi": "पाठ्यक्रम", "label_en": "Course"}
COURSE = Rule("course", "completion", "course", 5, cap=2, **NAMED)
HOURS = Rule("hours", "activity", "hours", 1, **NAMED)
OF_OLD = {"code", "kind", "counts", "points", "cap", "once", "label_hi", "label_en", "note_hi", "note_en"}
ALL = Conditions(("Course",), ("NIC",), with_certificate=True, only_planned=True, least_minutes=30)


def done(day: int, **facts: object) -> Completion:
    """A course of half an hour, of NIC's, with a certificate, finished at noon in India of a day of January."""
    usual = {"provider": "NIC", "kind": "Course", "has_certificate": True, "duration_seconds": 1_800}
    at = datetime(2026, 1, day, 6, 30, tzinfo=UTC)
    return Completion(f"Course {day}", at, date(2026, 1, day), **usual | facts)


def told(rule: Rule, *completions: Completion) -> list[tuple[int, str]]:
    """The days of the items in the order in which they are counted, each with what became of it."""
    facts = Facts(postings=(Posting(date(2020, 1, 1)),), completions=completions)
    line = line_of(rule, facts, Policy(1, JANUARY, frozenset({"Course"}), 10, (rule,)), JANUARY)
    return [(entry.item.on.day, entry.why.code) for entry in line.entries]


def faults(rule: Rule) -> list[str]:
    return [one.code for one in faults_of(Policy(2, JANUARY, frozenset({"Course"}), 10, (rule,)))]


OTHERS = {
    "item_of_other_kind": (Conditions(kinds=("Course", "Moderated Course")), {"kind": "Program"}),
    "item_of_other_provider": (Conditions(providers=("NIC", "ATI")), {"provider": "nic"}),
    "item_without_certificate": (Conditions(with_certificate=True), {"has_certificate": False}),
    "item_not_planned": (Conditions(only_planned=True), {}),
    "item_too_short": (Conditions(least_minutes=30), {"duration_seconds": 1_799}),
}


@pytest.mark.parametrize("why", OTHERS)
def test_what_does_not_meet_a_condition_says_which(why):
    conditions, facts = OTHERS[why]

    assert conditions.bar(done(5, is_planned=True)) is None
    assert conditions.bar(done(5, **facts)).code == why
    assert ANY.bar(done(5, **facts)) is None


def test_half_an_hour_to_the_second_is_long_enough_and_a_second_less_is_not():
    rule = replace(COURSE, conditions=Conditions(least_minutes=30))

    assert told(rule, done(5), done(6, duration_seconds=1_799)) == [(5, "item_counted"), (6, "item_too_short")]


def test_what_meets_no_condition_fills_no_cap():
    rule = replace(COURSE, cap=1, conditions=Conditions(providers=("ATI",)))

    assert told(rule, done(5), done(6, provider="ATI")) == [(5, "item_of_other_provider"), (6, "item_counted")]


def test_the_cap_takes_the_longest_where_the_rule_says_so_and_of_equally_long_ones_the_earliest():
    courses = [
        done(5),
        done(7, duration_seconds=7_200),
        done(6, duration_seconds=3_600),
        done(4, duration_seconds=3_600),
    ]
    longest = replace(COURSE, counted_first=LONGEST)

    assert told(COURSE, *courses)[1:] == [(5, "item_counted"), (6, "item_over_cap"), (7, "item_over_cap")]
    assert told(longest, *courses)[:2] == [(7, "item_counted"), (4, "item_counted")]
    assert {why for _day, why in told(longest, *courses)[2:]} == {"item_over_cap_longest"}


def test_the_order_of_counting_changes_no_points():
    courses = [done(day, duration_seconds=day * 700) for day in range(1, 9)]
    facts = Facts(postings=(Posting(date(2020, 1, 1)),), completions=tuple(courses))
    for rule in (COURSE, replace(HOURS, cap=3)):
        policy = Policy(1, JANUARY, frozenset({"Course"}), 10, (rule,))
        lines = [line_of(replace(rule, counted_first=first), facts, policy, JANUARY) for first in (EARLIEST, LONGEST)]
        assert len({(line.found, line.items, line.points) for line in lines}) == 1


def test_minutes_to_the_next_full_hour_are_counted_of_what_meets_the_conditions():
    facts = Facts(postings=(Posting(date(2020, 1, 1)),), completions=(done(5), done(6, provider="ATI")))

    def left(rule: Rule) -> object:
        [chance] = chances([], facts, Policy(1, JANUARY, frozenset(), 10, (rule,)), JANUARY)
        return chance.why.facts["minutes"]

    assert (left(HOURS), left(replace(HOURS, conditions=Conditions(providers=("ATI",))))) == (60, 30)


def test_a_rule_without_conditions_is_stored_and_sealed_as_before_there_were_any():
    assert set(COURSE.as_data()) == OF_OLD
    assert rule_from(COURSE.as_data()) == COURSE


def test_a_rule_with_conditions_is_read_back_as_it_was():
    rule = replace(COURSE, conditions=ALL, counted_first=LONGEST)

    assert set(rule.as_data()) == {*OF_OLD, "conditions", "counted_first"}
    assert rule_from(rule.as_data()) == rule
    assert conditions_from(None) == conditions_from({}) == ANY


def test_every_condition_and_the_order_are_told_as_sentences():
    rule = replace(COURSE, conditions=ALL, counted_first=LONGEST)

    assert [sentence.code for sentence in rule.asks] == [
        "condition_kinds",
        "condition_providers",
        "condition_certificate",
        "condition_planned",
        "condition_minutes",
        "counted_longest",
    ]
    assert COURSE.asks == []


@pytest.mark.parametrize("counts", sorted(SOURCES.keys() - OF_COMPLETIONS))
def test_what_is_no_completion_has_no_conditions_and_no_other_order(counts):
    rule = replace(COURSE, counts=counts, once=False)

    assert faults(rule) == []
    assert faults(replace(rule, conditions=Conditions(with_certificate=True))) == ["policy_conditions_unknown"]
    assert faults(replace(rule, counted_first=LONGEST)) == ["policy_conditions_unknown"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"conditions": Conditions(kinds=("Course", "Program"), least_minutes=1)}, []),
        ({"conditions": Conditions(kinds=("Program",))}, ["policy_conditions_never"]),
        ({"counts": "hours", "conditions": Conditions(kinds=("Program",))}, []),
        ({"conditions": Conditions(only_planned=True)}, ["policy_conditions_never"]),
        ({"counts": "rating", "conditions": Conditions(only_planned=True)}, []),
        ({"conditions": Conditions(least_minutes=1_001)}, ["policy_minutes_wrong"]),
        ({"counted_first": "dearest"}, ["policy_order_unknown"]),
    ],
)
def test_a_version_with_conditions_that_cannot_be_met_or_told_is_not_published(changed, said):
    assert faults(replace(COURSE, **changed)) == said
