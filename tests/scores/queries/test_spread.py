"""How points are spread over a group: every officer once, in steps of equal width."""

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.scores import queries
from karmyogi.scores.models import PointCount, ScoreMonth, in_month
from karmyogi.scores.queries import Step
from karmyogi.scores.rules import BoardScope, width_of_steps
from karmyogi.store.db import database, is_postgres
from tests.house.test_lists import statements
from tests.scores.scene import JANUARY


def spread(scene, unit=None, *, state_class="", by=SYSTEM):
    scope = BoardScope.DEPARTMENT if unit else BoardScope.STATE
    group = queries.group_in(JANUARY, scope, (unit or scene.state).id, state_class=state_class)
    return queries.spread(JANUARY, group, by=by)


def test_each_officer_is_counted_once_and_an_empty_step_between_is_kept(scene):
    for points, officers in ((1, 6), (2, 3), (4, 2)):
        scene.officers(officers, points=points)
    scene.run()

    assert spread(scene) == [Step(1, 1, 6), Step(2, 2, 3), Step(3, 3, 0), Step(4, 4, 2)]


def test_only_the_group_is_counted(scene):
    scene.officers(10, points=1, state_class="I")
    scene.officers(12, points=2, state_class="III")
    scene.officers(3, points=3, unit=scene.tehsil)
    scene.run()

    assert spread(scene, scene.health) == [Step(1, 1, 10), Step(2, 2, 12)]
    assert spread(scene, scene.health, state_class="III") == [Step(1, 1, 0), Step(2, 2, 12)]


def test_it_is_read_from_what_the_month_keeps_and_no_score_is_counted(scene):
    scene.officers(10, points=1)
    scene.officers(4, points=2, state_class="III")
    scene.run()
    group = queries.group_in(JANUARY, BoardScope.STATE, scene.state.id)

    with statements() as asked:
        queries.spread(JANUARY, group, by=SYSTEM)

    assert asked.total() == 2
    assert not any("monthly_score" in sql for sql in asked)


@pytest.mark.parametrize("scope", ["STATE", "DEPARTMENT", "DISTRICT", "DIVISION"])
@pytest.mark.parametrize("state_class", ["", "III"])
def test_what_is_kept_is_what_counting_comes_to(scene, scope, state_class):
    scene.officers(10, points=1, state_class="III")
    scene.officers(12, points=4, state_class="II")
    scene.run()
    unit = {"STATE": scene.state, "DEPARTMENT": scene.health, "DISTRICT": scene.raipur, "DIVISION": scene.division}
    group = queries.group_in(JANUARY, BoardScope[scope], unit[scope].id, state_class=state_class)
    kept = queries.spread(JANUARY, group, by=SYSTEM)
    ScoreMonth.update(seal_version=1).execute()

    assert queries.spread(JANUARY, group, by=SYSTEM) == kept != []


@pytest.mark.parametrize(
    ("few", "many", "told"),
    [
        (9, (11, 12), [None, None, 12]),  # nine alone: the smaller of the others hides them
        (10, (11, 12), [10, 11, 12]),
        (11, (10, 12), [11, 10, 12]),
        (0, (10, 12), [0, 10, 12]),
    ],
)
def test_who_does_not_read_the_whole_group_is_told_no_number_below_ten_nor_what_gives_it_away(scene, few, many, told):
    """A head of few sees the picture of the State, and cannot subtract to the few with one point."""
    for points, officers in enumerate((few, *many), start=1):
        scene.officers(officers, points=points, unit=scene.tehsil)
    scene.officers(0)
    scene.run()

    found = [step.officers for step in spread(scene, by=scene.actors["meena"])]

    assert found == told
    hidden = few + sum(many) - sum(one or 0 for one in found)
    assert hidden == 0 or hidden >= 10
    assert [step.officers for step in spread(scene, by=scene.actors["sunita"])] == [few, *many]


def test_a_head_reads_every_number_of_the_own_unit_and_a_collector_of_the_own_district(scene):
    scene.officers(9, points=1, unit=scene.hospital)
    scene.officers(3, points=2, unit=scene.hospital)
    scene.run()
    group = queries.group_in(JANUARY, BoardScope.DISTRICT, scene.durg.id)

    assert [step.officers for step in spread(scene, scene.health, by=scene.actors["meena"])] == [9, 3]
    assert [s.officers for s in queries.spread(JANUARY, group, by=scene.actors["collector"])] == [9, 3]
    assert [s.officers for s in queries.spread(JANUARY, group, by=scene.actors["imran"])] == [None, None]


@pytest.mark.parametrize(
    ("most", "width"), [(1, 1), (10, 1), (11, 2), (20, 2), (21, 5), (50, 5), (51, 10), (100, 10), (101, 20), (201, 50)]
)
def test_steps_are_as_wide_as_people_count_and_never_more_than_ten(most, width):
    assert width_of_steps(most) == width


def test_sqlite_looks_the_kept_numbers_up_by_their_key(scene):
    if is_postgres():
        pytest.skip("PostgreSQL reads a small table whole")
    scene.officers(10, points=1)
    scene.run()
    group = queries.group_in(JANUARY, BoardScope.STATE, scene.state.id)
    kept = PointCount.select(PointCount.points, PointCount.officers).where(
        in_month(JANUARY, PointCount)
        & (PointCount.scope == "state")
        & (PointCount.unit == group.unit_id)
        & (PointCount.state_class == "")
    )

    plan = [row[3] for row in database.execute_sql("EXPLAIN QUERY PLAN " + kept.sql()[0], kept.sql()[1]).fetchall()]

    by_key = "month=? AND scope=? AND unit_id=? AND state_class=?"
    assert any("SEARCH" in step and by_key in step for step in plan), plan
