"""Ten thousand officers drawn by lot: the statement and the rules agree on each, and both engines on all of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.people.models import Posting
from karmyogi.scores import rules, service
from karmyogi.scores.models import ScoreHold
from karmyogi.scores.queries import facts_of
from karmyogi.scores.queries.computing import RANKED, RANKS, clear_stage, stage_month
from karmyogi.scores.queries.raw import fetch
from karmyogi.scores.queries.rows import Fingerprint, fingerprint_of, stored
from tests.conftest import ENGINES, Engines, copy_of, require_postgres
from tests.scores import crowd
from tests.scores.all_facts import Person, everybody, facts_of_all
from tests.scores.crowd import FEBRUARY, MARCH
from tests.scores.queries.test_computing import (
    SHIPPED,
    SHIPPED_POLICY,
    expected_groups,
    expected_ranks,
    staged_groups,
    staged_lines,
)

OFFICERS, OF_EACH_ENGINE, ASKED_ONE_BY_ONE = 10_000, 3_000, 150
ASKED = {
    "course": rules.Conditions(kinds=("Course",), providers=("Provider 1", "Provider 2")),
    "plan_in_time": rules.Conditions(least_minutes=30),
    "certificate": rules.Conditions(only_planned=True),
    "hours": rules.Conditions(providers=("Provider 0", "Provider 3"), least_minutes=60),
    "rating": rules.Conditions(with_certificate=True),
}
# Every source once more, the other way round, with other caps and some under conditions.
OTHER_TERMS = replace(
    SHIPPED_POLICY,
    course_kinds=frozenset({"Course"}),
    rules=tuple(
        replace(rule, points=3 + n, cap=n % 3 or None, conditions=ASKED.get(rule.code, rules.ANY))
        for n, rule in enumerate(reversed(SHIPPED))
    ),
)
Lines = dict[str, tuple[int, int, int]]


def test_the_statement_and_the_rules_agree_on_ten_thousand_officers(db):
    crowd.draw(OFFICERS, seed=5)
    people = everybody()

    assert len(people) < OFFICERS  # some are two records of one person
    for month, policy in ((FEBRUARY, SHIPPED_POLICY), (MARCH, OTHER_TERMS)):
        stage_month(month, policy)
        found = staged_lines()
        expected = {person.officer.id: told for person, told in ruled(people, month, policy) if told}
        assert {line for told in expected.values() for line in told} == {rule.code for rule in policy.rules}
        assert found == expected
        assert_scores(people, month, expected)
        clear_stage()


def ruled(people: list[Person], month: Month, policy: rules.Policy) -> Iterator[tuple[Person, Lines]]:
    """The lines of each person by the rules alone."""
    for person, facts in facts_of_all(people, month):
        lines = rules.lines_for(facts, policy, month)
        yield person, {line.code: (line.found, line.items, line.points) for line in lines}


def assert_scores(people: list[Person], month: Month, lines: dict[int, Lines]) -> None:
    """Points, places, ranks and groups are those of the rules, and whoever is on hold that month has none."""
    columns = ("officer_id", "points", "unit_id", "department_id", "district_id", "division_id", "state_class", *RANKS)
    rows = [dict(zip(columns, row, strict=True)) for row in fetch(f"SELECT {', '.join(columns)} FROM {RANKED}", {})]
    held = {hold.officer.merged_into_id or hold.officer_id for hold in ScoreHold.select() if hold.month == str(month)}
    points = {number: sum(line[2] for line in told.values()) for number, told in lines.items() if number not in held}

    assert bool(held & lines.keys()) == (month == FEBRUARY)
    assert {row["officer_id"]: row["points"] for row in rows} == points
    places = {person.officer.id: place_of(person, month) for person in people if person.officer.id in points}
    assert {row["officer_id"]: (row["unit_id"], row["state_class"]) for row in rows} == places
    for name, group in RANKS.items():
        assert {row["officer_id"]: row[name] for row in rows} == expected_ranks(rows, group), name
    assert staged_groups() == expected_groups(rows)


def place_of(person: Person, month: Month) -> tuple[int, str]:
    """Where somebody stands: the posting of the month's last day, or the last one held in it.

    Another record of the same person is asked only if the one that stands was nowhere in the month.
    """
    held = [one for one in person.rows[Posting] if one.from_on <= month.last_on and ended(one, month) >= month.first_on]
    own = [one for one in held if one.officer_id == person.officer.id]
    last = max(own or held, key=lambda one: (ended(one, month), one.from_on))
    return last.unit_id, last.state_class or person.officer.state_class or ""


def ended(posting: Posting, month: Month) -> object:
    return min(posting.to_on or month.last_on, month.last_on)


def test_the_facts_read_table_by_table_are_those_that_are_read_of_one(db):
    crowd.draw(ASKED_ONE_BY_ONE, seed=6)

    for month in (FEBRUARY, MARCH):
        for person, facts in facts_of_all(everybody(), month):
            assert unordered(facts) == unordered(facts_of(person.officer.id, month))


def unordered(facts: rules.Facts) -> dict[str, object]:
    told = {one.name: getattr(facts, one.name) for one in fields(facts) if one.compare}
    return {name: Counter(value) if isinstance(value, tuple) else value for name, value in told.items()}


def test_both_engines_come_to_the_same_rows_and_run_over_a_crowd(engines):
    require_postgres()
    sqlite, postgres = (runs_on(engines, engine) for engine in ENGINES)

    for month, found in sqlite.items():
        assert len(found.scores) > OF_EACH_ENGINE / 2
        assert [key for key, digest in found.scores.items() if postgres[month].scores.get(key) != digest] == []
        assert (found.groups, found.units) == (postgres[month].groups, postgres[month].units)
        assert found == postgres[month]
    assert len({found.run_id for found in sqlite.values()}) == 2


def runs_on(engines: Engines, engine: str) -> dict[Month, Fingerprint]:
    """Two months of a crowd computed and stored on a database of this engine, as they then stand there."""
    with copy_of("bare", engines, engine):
        crowd.draw(OF_EACH_ENGINE, seed=7)
        shipped = load_profile("chhattisgarh").policy
        service.install_policy(replace(shipped, effective_from="2024-01"), by=SYSTEM)
        rows = [service.run_month(month, by=SYSTEM) for month in (FEBRUARY, MARCH)]
        found = {month: fingerprint_of(stored(month)) for month in (FEBRUARY, MARCH)}
        assert [one.run_id for one in found.values()] == [row.run_id for row in rows]
    return found
