"""Which months are open, and which the scheduler should seal."""

from datetime import UTC, date, datetime

import pytest

from karmyogi.core.errors import PolicyGap
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores import queries, service
from karmyogi.store.imports import Import
from tests.scores.scene import AT, FEBRUARY, JANUARY


def test_without_a_policy_no_month_is_covered_open_or_due(db):
    assert queries.first_covered_month() is None
    assert not queries.is_open(JANUARY)
    assert queries.months_due_to_seal(date(2026, 3, 1)) == []
    with pytest.raises(PolicyGap):
        queries.grace_days(JANUARY)


def test_a_month_is_open_from_the_first_policy_until_it_is_sealed(scene):
    scene.officer(1)
    scene.run()
    before = [queries.is_open(month) for month in (Month(2025, 3), Month(2025, 4), JANUARY, FEBRUARY)]

    service.seal_month(JANUARY, by=SYSTEM, at=AT)

    assert before == [False, True, True, True]
    assert not queries.is_open(JANUARY)
    assert queries.first_covered_month() == Month(2025, 4)
    assert queries.grace_days(JANUARY) == 10


def test_months_scored_are_listed_newest_first_with_their_policy(scene):
    scene.officer(1)
    scene.run(JANUARY)
    scene.run(FEBRUARY)

    assert [(row.month, row.state, row.officer_count, row.policy.number) for row in queries.months_scored()] == [
        ("2026-02", "provisional", 0, 1),
        ("2026-01", "provisional", 1, 1),
    ]


def test_months_are_due_when_their_grace_days_and_a_report_have_passed_them(scene):
    Import.create(
        kind="consumption",
        file_name="report.csv",
        sha256="a" * 64,
        size_bytes=1,
        state="applied",
        generated_at=datetime(2025, 6, 1, tzinfo=UTC),
        received_at=AT,
        applied_at=AT,
    )

    assert queries.months_due_to_seal(date(2025, 5, 10)) == []
    assert queries.months_due_to_seal(date(2025, 5, 11)) == [Month(2025, 4)]
    assert queries.months_due_to_seal(date(2026, 3, 1)) == [Month(2025, 4), Month(2025, 5)]
