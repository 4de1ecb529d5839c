"""What everybody may read: first ranks of a sealed month, by name for those who agreed, and nothing of the others."""

from collections import Counter
from dataclasses import fields

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.home.service import merge_officers
from karmyogi.people.models import Consent, Officer
from karmyogi.people.rules import Purpose
from karmyogi.people.service import give_consent, withdraw_consent
from karmyogi.scores import queries, service
from karmyogi.scores.models import MonthlyScore, PeerGroup, ScoreHold, ScoreMonth
from karmyogi.scores.queries.public import NAMED_AT_MOST, PublicGroup
from karmyogi.scores.rules import BoardScope, may_be_told
from karmyogi.store.db import database
from tests import factories as make
from tests.scores.scene import AT, FEBRUARY, JANUARY, Scene

STATE, DEPARTMENT, DISTRICT = BoardScope.STATE, BoardScope.DEPARTMENT, BoardScope.DISTRICT


def agree(*officers: Officer) -> None:
    for officer in officers:
        actor = Actor(1, officer.name_en, officer.id, (Grant(Role.EMPLOYEE),))
        give_consent(officer, Purpose.PUBLIC_NAME, words=1, language="hi", by=actor, at=AT)


def take_back(officer: Officer) -> None:
    withdraw_consent(officer, Purpose.PUBLIC_NAME, by=Actor(1, "Asha", officer.id, (Grant(Role.EMPLOYEE),)))


def seal(month: Month = JANUARY) -> None:
    with database.atomic():
        service.seal_month(month, by=SYSTEM, at=AT)


def public(scope: BoardScope, unit=None) -> PublicGroup | None:
    month = Month.parse(queries.public_month().month)
    found = queries.public_groups(month, scope, unit_id=unit and unit.id)
    return found[0] if found else None


def names_in(group: PublicGroup | None) -> list[tuple[int, str]]:
    return [(one.rank, one.name_en) for one in group.named]


@pytest.fixture
def told(scene) -> Scene:
    """January sealed: Asha and Ravi first, then Imran, then Meena and twelve more; Asha and Meena agreed."""
    people = {name: scene.officer(points, name_en=name, unit=unit) for name, points, unit in (
        ("Asha", 9, scene.clinic), ("Ravi", 9, scene.clinic), ("Imran", 7, scene.tehsil), ("Meena", 5, scene.clinic),
    )}  # fmt: skip
    scene.officers(12, name_en="Somebody", name_hi="कोई")
    scene.run()
    seal()
    scene.people = people
    agree(people["Asha"], people["Meena"])
    return scene


def test_those_who_agreed_are_named_and_of_the_others_only_their_number_is_told(told):
    group = public(STATE, told.state)

    assert (group.size, group.leaders, group.agreed, group.unnamed) == (16, 3, 1, 2)
    assert names_in(group) == [(1, "Asha")]
    assert (group.named[0].department_en, group.named[0].district_en) == ("Health", "Raipur")


def test_each_group_has_its_own_first_ranks(told):
    assert names_in(public(DEPARTMENT, told.health)) == [(1, "Asha"), (3, "Meena")]
    assert names_in(public(DISTRICT, told.raipur)) == [(1, "Asha")]


def test_nothing_that_is_told_holds_points_or_a_code(told):
    assert [one.name for one in fields(queries.Named)] == [
        "rank", "name_hi", "name_en", "department_hi", "department_en", "district_hi", "district_en",
    ]  # fmt: skip


# Names that must not appear


def test_who_takes_it_back_is_gone_at_once(told):
    take_back(told.people["Asha"])

    group = public(STATE, told.state)
    assert names_in(group) == []
    assert (group.leaders, group.unnamed) == (3, 3)


def test_a_month_that_is_not_sealed_is_not_read(told):
    hero = told.officer(20, name_en="Hero", month=FEBRUARY)
    told.officers(12, month=FEBRUARY)
    agree(hero)
    told.run(FEBRUARY)

    assert queries.public_month().month == str(JANUARY)
    assert "Hero" not in {name for _rank, name in names_in(public(STATE, told.state))}


def test_before_the_first_seal_there_is_nothing(scene):
    scene.officers(12)
    scene.run()

    assert queries.public_month() is None


def test_a_score_on_hold_is_not_named(scene):
    held, seen = scene.officer(9, name_en="Held"), scene.officer(8, name_en="Seen")
    scene.officers(12)
    ScoreHold.create(
        officer=held, month=str(JANUARY), state="held", reason="x", proposed_at=AT, confirmed_at=AT, line_path="/",
        territory_path="/",
    )  # fmt: skip
    scene.run()
    seal()
    agree(held, seen)

    assert names_in(public(STATE, scene.state)) == [(1, "Seen")]


def test_rows_of_a_computation_that_is_not_shown_are_not_read(told):
    """Half a run, or a correction that nobody has approved, lies beside the sealed rows."""
    shown, hero = ScoreMonth.get(), told.officer(0, name_en="Hero")
    agree(hero)
    MonthlyScore.create(
        month=shown.month, run=shown.run + 1, officer=hero, points=99, unit=told.clinic, department=told.health,
        district=told.raipur, rank_state=1, rank_department=1, rank_district=1,
    )  # fmt: skip
    PeerGroup.create(month=shown.month, run=shown.run + 1, scope="state", unit=told.state, size=99, total_points=99)

    group = public(STATE, told.state)
    assert (group.size, names_in(group)) == (16, [(1, "Asha")])


@pytest.mark.parametrize(("count", "is_there"), [(9, False), (10, True)])
def test_a_group_of_nine_is_no_group(scene, count, is_there):
    scene.officers(20, unit=scene.hospital)
    agree(*scene.officers(count, points=5, unit=scene.tehsil, name_en="Few"))
    scene.run()
    seal()

    assert (public(DEPARTMENT, scene.revenue) is not None) == is_there
    assert (scene.revenue.id in {unit for _scope, unit, *_names in queries.public_units(JANUARY)}) == is_there


def test_a_record_that_gave_way_is_not_named(told):
    stands = make.make_officer("Asha Sahoo", unit=told.clinic)
    Consent.update(withdrawn_at=None).execute()
    merge_officers(
        told.people["Asha"], stands, why="x", is_checked=True, at=AT,
        by=make.actor_of(make.make_user("Sunita"), (Role.GAD, None)),
    )  # fmt: skip
    by_merging = names_in(public(STATE, told.state))

    Consent.update(withdrawn_at=None).execute()  # even if its consent had been left behind

    assert (by_merging, names_in(public(STATE, told.state))) == ([], [])


# Nobody is found by exclusion


@pytest.mark.parametrize(("silent", "is_told"), [(0, True), (1, False), (9, False), (10, True)])
def test_a_group_tells_nothing_while_fewer_than_ten_of_it_have_not_agreed(scene, silent, is_told):
    agree(*scene.officers(12 - min(silent, 2), name_en="Named"))
    scene.officers(silent, points=3, name_en="Silent")
    scene.run()
    seal()

    group = public(DEPARTMENT, scene.health)

    assert group.is_told == is_told
    assert is_told or (group.leaders, group.agreed, group.named) == (None, 0, ())


def test_a_tie_of_many_names_twenty_and_counts_all(scene):
    agree(*scene.officers(NAMED_AT_MOST + 3, points=2, name_en="Tied"))
    scene.officers(11, points=2)
    scene.run()
    seal()

    group = public(STATE, scene.state)

    assert (group.leaders, group.agreed, len(group.named)) == (NAMED_AT_MOST + 14, NAMED_AT_MOST + 3, NAMED_AT_MOST)
    assert {one.rank for one in group.named} == {1}


# As counted one by one


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    people=st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["clinic", "hospital", "tehsil"]), st.booleans()),
        min_size=8,
        max_size=32,
    )
)
def test_what_is_told_is_what_counting_one_by_one_gives(scene, people):
    with database.atomic() as drawn:
        officers = [(scene.officer(p, unit=getattr(scene, unit), name_en=f"N{n}"), p, unit, agrees)
                    for n, (p, unit, agrees) in enumerate(people)]  # fmt: skip
        agree(*(officer for officer, _p, _unit, agrees in officers if agrees))
        scene.run()
        ScoreMonth.update(state="sealed", sealed_at=AT, seal="s", seal_number=1).execute()
        found = {scope: queries.public_groups(JANUARY, scope) for scope in queries.PUBLIC_SCOPES}
        drawn.rollback()

    inside = {
        STATE: lambda _unit: 1,
        DEPARTMENT: lambda unit: unit != "tehsil",
        DISTRICT: lambda unit: unit != "hospital",
    }
    for scope, key in inside.items():
        expected = Counter()
        for value in {key(unit) for _p, unit, _agrees in people}:
            expected[counted([one for one in officers if key(one[2]) == value])] += 1
        del expected[None]
        assert Counter(summary(group) for group in found[scope]) == expected


def counted(members: list[tuple]) -> tuple | None:
    """Size, leaders, and the names with ranks, of a group as a person would count it; None for fewer than ten."""
    if len(members) < 10:
        return None
    if not may_be_told(sum(not agrees for *_one, agrees in members)):
        return len(members), None, frozenset()
    points = [p for _officer, p, _unit, _agrees in members]
    ranks = [(1 + sum(other > p for other in points), officer, agrees) for officer, p, _unit, agrees in members]
    named = frozenset((rank, officer.name_en) for rank, officer, agrees in ranks if rank <= 3 and agrees)
    return len(members), sum(rank <= 3 for rank, *_one in ranks), named if len(named) <= NAMED_AT_MOST else frozenset()


def summary(group: PublicGroup) -> tuple:
    named = frozenset(names_in(group))
    return group.size, group.leaders, named if group.agreed <= NAMED_AT_MOST else frozenset()


@pytest.mark.parametrize(("unnamed", "told"), [(0, True), (1, False), (9, False), (10, True), (4000, True)])
def test_who_is_not_named_is_one_of_at_least_ten(unnamed, told):
    assert may_be_told(unnamed) == told


def test_all_groups_of_a_kind_cost_two_statements(told, queries_of):
    assert queries_of(lambda: queries.public_groups(JANUARY, DEPARTMENT)) == 2
