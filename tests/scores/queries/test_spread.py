"""How points are spread over a group: every officer once, in steps of equal width."""

import pytest

from karmyogi.scores import queries
from karmyogi.scores.queries import Step
from karmyogi.scores.rules import BoardScope, width_of_steps
from tests.scores.scene import JANUARY


def spread(scene, unit=None, *, state_class=""):
    scope = BoardScope.DEPARTMENT if unit else BoardScope.STATE
    group = queries.group_in(JANUARY, scope, (unit or scene.state).id, state_class=state_class)
    return queries.spread(JANUARY, group)


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


def test_it_is_one_statement(scene, queries_of):
    scene.officers(10, points=1)
    scene.run()
    group = queries.group_in(JANUARY, BoardScope.STATE, scene.state.id)

    assert queries_of(lambda: queries.spread(JANUARY, group)) == 1


@pytest.mark.parametrize(
    ("most", "width"), [(1, 1), (10, 1), (11, 2), (20, 2), (21, 5), (50, 5), (51, 10), (100, 10), (101, 20), (201, 50)]
)
def test_steps_are_as_wide_as_people_count_and_never_more_than_ten(most, width):
    assert width_of_steps(most) == width
