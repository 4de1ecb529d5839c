"""What an employee is told of a score is what was stored, for every officer of the sample and every month."""

from karmyogi.core.months import Month, months_between
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores import queries, service
from karmyogi.scores.models import ScoreLine
from karmyogi.scores.rules import lines_for, policy_for


def test_the_lines_an_employee_reads_add_up_to_the_stored_lines_of_every_officer(imported_db):
    month = Month(2025, 12)
    service.run_month(month, by=SYSTEM)
    policy = policy_for(month, queries.published_policies())
    stored: dict[int, dict[str, tuple[int, int, int]]] = {}
    for line in ScoreLine.select().where(ScoreLine.month == str(month)):
        stored.setdefault(line.officer_id, {})[line.code] = (line.found, line.items, line.points)

    for officer_id, lines in stored.items():
        told = lines_for(queries.facts_of(officer_id, month), policy, month)
        assert {line.code: (line.found, line.items, line.points) for line in told} == lines

    assert len(stored) == 579


def test_every_month_of_the_sample_has_somebody_whose_score_can_be_explained(imported_db):
    for month in months_between(Month(2025, 4), Month(2026, 1)):
        service.run_month(month, by=SYSTEM)

    assert [
        len({row.officer_id for row in ScoreLine.select().where(ScoreLine.month == m.month)})
        for m in sorted(queries.months_scored(), key=lambda m: m.month)
    ] == [400, 464, 398, 415, 456, 429, 455, 490, 579, 507]
