"""Drafts of the policy, decided without a database: what bars them, and what they change."""

from dataclasses import replace
from datetime import date

import pytest

from karmyogi.core.months import Month
from karmyogi.scores.rules import Difference, Ground, Rule, Terms, differences, reasons_against_draft, terms_from

COURSE = Rule("course", "completion", "course", 5, 4, False, "पाठ्यक्रम", "Course", "", "")
SESSION = Rule("session", "activity", "session", 3, 4, False, "सत्र", "Session", "", "")
HOURS = Rule("hours", "activity", "hours", 1, 8, False, "घंटे", "Hours", "", "")
IN_FORCE = Terms("नीति", "Policy", Month(2025, 4), ("Course",), 10, (COURSE, SESSION))
DRAFT = replace(
    IN_FORCE,
    effective_from=Month(2026, 3),
    rules=(replace(COURSE, points=6), SESSION),
    order_number="F 1-2/2026",
    order_on=date(2026, 2, 20),
)
GROUND = Ground(IN_FORCE, 1, Month(2026, 1))
ON = date(2026, 2, 20)


def barred(terms: Terms = DRAFT, ground: Ground = GROUND, *, base: int = 1) -> list[str]:
    return [one.code for one in reasons_against_draft(terms, ground, base=base, on=ON)]


def test_a_draft_is_stored_and_read_back_as_it_was():
    assert terms_from(DRAFT.as_data()) == DRAFT
    assert terms_from(IN_FORCE.as_data()) == IN_FORCE


def test_a_right_draft_is_barred_by_nothing():
    assert barred() == []


WRONG = {
    "draft_name_missing": {"name_hi": "  "},
    "draft_order_missing": {"order_number": ""},
    "draft_order_in_future": {"order_on": date(2026, 2, 21)},
    "draft_month_sealed": {"effective_from": Month(2026, 1)},
    "draft_unchanged": {"rules": IN_FORCE.rules},
    "policy_points_wrong": {"rules": (replace(COURSE, points=0),)},
    "policy_without_rules": {"rules": ()},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_with_a_draft_is_said(code):
    assert barred(replace(DRAFT, **WRONG[code])) == [code]


def test_a_version_takes_effect_after_the_last_sealed_month_and_not_before_the_version_before_it():
    of_march = replace(GROUND, latest=replace(IN_FORCE, effective_from=Month(2026, 4)))

    assert barred(replace(DRAFT, effective_from=Month(2026, 2))) == []
    assert barred(DRAFT, of_march) == ["draft_month_before"]
    assert (GROUND.first_free, of_march.first_free) == (Month(2026, 2), Month(2026, 4))
    assert replace(GROUND, last_sealed=None).first_free == Month(2025, 4)


def test_a_draft_written_beside_an_older_version_is_read_again_first():
    assert barred(ground=replace(GROUND, number=2)) == ["draft_base_moved"]


def test_every_change_is_told_with_what_stood_there():
    changed = replace(
        DRAFT, grace_days=15, rules=(HOURS, replace(SESSION, cap=None, label_en="Session attended"), COURSE)
    )

    assert differences(IN_FORCE, changed) == [
        Difference("grace_days", 10, 15),
        Difference("added", None, 1, HOURS),
        Difference("cap", 4, None, changed.rules[1]),
        Difference("label_en", "Session", "Session attended", changed.rules[1]),
        Difference("order", 2, 1, changed.rules[1]),
        Difference("order", 1, 2, COURSE),
    ]


def test_a_rule_left_out_is_told_with_the_points_it_gave():
    assert differences(IN_FORCE, replace(DRAFT, rules=(SESSION,))) == [Difference("removed", 5, None, COURSE)]


def test_the_month_and_the_order_are_every_versions_own_and_no_change():
    assert differences(IN_FORCE, replace(DRAFT, rules=IN_FORCE.rules)) == []
