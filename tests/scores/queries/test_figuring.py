"""The figures of units say what the rules say of each officer, added up, on both engines and on random lives."""

from collections import Counter, defaultdict
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.people.models import Officer, OrgUnit, Posting, UnitKind
from karmyogi.scores.models import ScoreHold
from karmyogi.scores.queries import facts_of
from karmyogi.scores.queries.figuring import COUNTS, FIGURES, NUMBERS, stage_run
from karmyogi.scores.queries.raw import fetch
from karmyogi.scores.rules import Policy, UnitFigures, learnt_by, lines_for
from tests import factories as make
from tests.factories import AT
from tests.scores.queries.test_computing import (
    MONTH,
    SHIPPED,
    SHIPPED_POLICY,
    aliases,
    course,
    in_a_world_that_passes,
    last_held,
    live,
    lives,
    merges,
    policies,
)

ONLY_TEACHING = Policy(1, MONTH, frozenset({"Course"}), 10, tuple(one for one in SHIPPED if one.counts == "taught"))
HOMES = ("department", "district", "division")


@given(
    population=st.lists(lives, min_size=3, max_size=5),
    policy=policies() | st.just(ONLY_TEACHING),
    aliases=aliases,
    merged=merges,
    held=st.sampled_from([None, None, 0, 1]),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_figures_are_those_of_the_rules_on_random_states(db, population, policy, aliases, merged, held):
    with in_a_world_that_passes() as offices:
        for other, stands in aliases.items():
            make.make_alias(course(stands), course(other) if isinstance(other, int) else other)
        officers = [live(life, offices) for life in population]
        for goes, stands in merged.items():
            Officer.update(merged_into=officers[stands]).where(Officer.id == officers[goes].id).execute()
        if held is not None:
            hold(officers[held])
        on_hold = None if held is None else officers[merged.get(held, held)].id
        stage_run(MONTH, policy)

        expected = expected_offices(officers, merged, policy, on_hold=on_hold)

        assert staged("office") == expected
        assert staged_of_wider() == added_up(expected)


def hold(officer: Officer) -> None:
    moments = {"proposed_at": AT, "confirmed_at": AT}
    ScoreHold.create(officer=officer, month=str(MONTH), reason="x", state="held", **moments)


def expected_offices(officers, merged, policy, *, on_hold) -> dict[int, UnitFigures]:
    """Officer by officer, each in the office of the last day, or where they were last in the month."""
    found: dict[int, UnitFigures] = defaultdict(UnitFigures)
    standing = {number: officers[merged.get(number, number)] for number in range(len(officers))}
    posted_themselves = {
        officer.id for number, officer in enumerate(officers) if number not in merged and last_day_of(officer)
    }
    for number, officer in enumerate(officers):
        if number not in merged or standing[number].id not in posted_themselves:
            for office in last_day_of(officer):
                found[office] += UnitFigures(officers=1)
    for number, officer in enumerate(officers):
        if number in merged or officer.id == on_hold:
            continue
        facts = facts_of(officer.id, MONTH)
        learnt, points = learnt_by(facts, policy, MONTH), sum(line.points for line in lines_for(facts, policy, MONTH))
        if points or learnt.learners:
            found[last_held(officer)[0]] += learnt + UnitFigures(scored=int(points > 0), points=points)
    return dict(found)


def last_day_of(officer: Officer) -> set[int]:
    held = (Posting.from_on <= MONTH.last_on) & (Posting.to_on.is_null() | (Posting.to_on >= MONTH.last_on))
    return {row.unit_id for row in Posting.select().where(held & (Posting.officer == officer))}


def staged(scope: str) -> dict[int, UnitFigures]:
    rows = fetch(f"SELECT unit_id, {', '.join(NUMBERS)} FROM {FIGURES} WHERE scope = :scope", {"scope": scope})
    return {unit: UnitFigures(*numbers) for unit, *numbers in rows}


def staged_of_wider() -> dict[str, dict[int, UnitFigures]]:
    return {scope: staged(scope) for scope in (*HOMES, "state")}


def added_up(offices: dict[int, UnitFigures]) -> dict[str, dict[int, UnitFigures]]:
    found: dict[str, dict[int, UnitFigures]] = {scope: {} for scope in (*HOMES, "state")}
    state = OrgUnit.get(OrgUnit.kind == UnitKind.STATE).id
    for unit in OrgUnit.select().where(OrgUnit.id.in_(list(offices))):
        homes = {scope: getattr(unit, f"{scope}_id") for scope in HOMES} | {"state": state}
        for scope, home in homes.items():
            if home is not None:
                found[scope][home] = found[scope].get(home, UnitFigures()) + offices[unit.id]
    return found


def test_an_office_stands_under_the_department_it_had_then(scene):
    scene.officers(3)
    stage_run(MONTH, SHIPPED_POLICY)

    listed = dict(fetch(f"SELECT unit_id, department_id FROM {FIGURES} WHERE scope = 'office'", {}))

    assert listed[scene.clinic.id] == scene.health.id


def test_how_many_have_how_many_points_is_told_of_every_group(scene):
    for points, officers in ((1, 4), (3, 2)):
        for officer in scene.officers(officers, points=0, state_class="III"):
            for day in range(1, points + 1):
                make.make_attendance(officer, date(2024, 2, day))
    stage_run(MONTH, SHIPPED_POLICY)

    rows = fetch(f"SELECT scope, unit_id, state_class, points, officers FROM {COUNTS}", {})

    assert Counter(scope for scope, *_rest in rows) == {"state": 4, "division": 4, "district": 4, "department": 4}
    assert {(points, officers) for scope, unit, _class, points, officers in rows if unit == scene.health.id} == {
        (3, 4),
        (9, 2),
    }
