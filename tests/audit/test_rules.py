"""What a proof found, as its job keeps it."""

import json
from datetime import timedelta

import pytest

from karmyogi.audit.rules import Found, is_old
from karmyogi.core.reasons import reason
from tests.factories import AT

FAULTS = (
    reason("seal_score_wrong", month="2025-12", employee_code="00000001"),
    reason("proof_names_more", month="2025-12", count=17),
    reason("seal_header_wrong", month="2026-01"),
)
FOUND = Found(40, 41, None, ("2025-12", "2026-01", "2026-02"), (("2025-12", 1),), FAULTS, (("2025-12", 12, 3),))


def test_what_is_kept_is_read_back_to_the_letter():
    assert Found.read(json.loads(json.dumps(FOUND.kept()))) == FOUND


def test_faults_that_are_only_counted_count_too():
    assert FOUND.count == 19
    assert [FOUND.faults_of(month) for month in FOUND.months] == [18, 1, 0]
    assert FOUND.kept()["count"] == 19


def test_a_broken_trail_is_a_fault_of_no_month():
    found = Found(40, 41, 7, ("2025-12",))

    assert (found.count, found.faults_of("2025-12")) == (1, 0)


@pytest.mark.parametrize(("age", "old"), [(timedelta(days=2), False), (timedelta(days=2, seconds=1), True)])
def test_a_proof_is_old_after_two_days(age, old):
    assert is_old(AT, at=AT + age) is old
