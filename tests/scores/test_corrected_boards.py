"""A corrected board stands beside the sealed one: the same rules of groups, ties, holds and reach, and what differs."""

import pytest

from karmyogi.people.models import Posting
from karmyogi.scores import queries, service
from karmyogi.scores.models import MonthlyScore, ScoreHold
from karmyogi.scores.queries.groups import Group
from karmyogi.scores.rules import BoardScope
from karmyogi.trainings.models import Attendance
from tests.scores.correcting import WHY, correct, month_row, propose, seal
from tests.scores.scene import AT, JANUARY, Scene


def group(
    scene: Scene, run: int | None, scope: BoardScope = BoardScope.STATE, unit=None, state_class: str = ""
) -> Group:
    return queries.group_in(JANUARY, scope, (unit or scene.state).id, state_class=state_class, run=run)


def rows(scene: Scene, run: int | None, *, who: str = "sunita", **asked: object) -> list[tuple]:
    found = queries.standings(JANUARY, group(scene, run, **asked), by=scene.actors[who])
    return [(row.officer_id, row.rank, row.points, row.sealed_rank, row.sealed_points, row.gained) for row in found]


@pytest.fixture
def ten(scene) -> list:
    """Nine with two points and one with one, all in the clinic; January is sealed."""
    officers = [*scene.officers(9, points=2), scene.officer(1)]
    seal()
    return officers


def test_what_was_sealed_stands_beside_every_corrected_rank(scene, ten):
    last = ten[-1]
    before = rows(scene, None)
    scene.earn(last, 4)

    case = correct(scene)

    assert rows(scene, None) == before
    assert all(row[3:] == (None, None, None) for row in before)
    found = rows(scene, case.run)
    assert found[0] == (last.id, 1, 5, 10, 1, 4)
    assert {row[1:] for row in found[1:]} == {(2, 2, 1, 2, 0)}  # all nine share the second place


def test_an_officer_without_a_sealed_score_is_told_so(scene, ten):
    late = scene.officer(1)

    case = correct(scene)

    assert rows(scene, case.run)[-1][3:] == (None, None, None)
    assert late.id in [row[0] for row in rows(scene, case.run)]
    assert late.id not in [row[0] for row in rows(scene, None)]


def test_who_came_from_another_office_has_sealed_points_and_no_sealed_rank_in_this_group(scene):
    scene.officers(10, points=2)
    mover = scene.officers(10, points=3, unit=scene.tehsil)[0]
    seal()
    Posting.update(unit=scene.clinic).where(Posting.officer == mover).execute()

    case = correct(scene)

    found = rows(scene, case.run, scope=BoardScope.DEPARTMENT, unit=scene.health)
    assert found[0] == (mover.id, 1, 3, None, 3, 0)
    assert all(row[3] == 1 for row in found[1:])


def test_a_group_that_is_too_small_after_the_correction_is_merged(scene, ten):
    scene.officers(10, points=1, unit=scene.tehsil)
    one = correct(scene)
    Attendance.delete().where(Attendance.officer == ten[0]).execute()
    two = correct(scene)

    health = {"scope": BoardScope.DEPARTMENT, "unit": scene.health}
    assert group(scene, one.run, **health).unit_id == scene.health.id
    assert group(scene, two.run, **health).unit_id == scene.state.id


def test_a_head_sees_the_corrected_board_within_reach_alone(scene, ten):
    scene.officers(2, points=9, unit=scene.tehsil)
    case = correct(scene)

    found = rows(scene, case.run, who="meena")

    assert {row[0] for row in found} == {one.id for one in ten}
    assert found[0][1] == 3  # two of Revenue stand above, unseen
    assert queries.how_many(JANUARY, group(scene, case.run), by=scene.actors["meena"]) == 10


def test_a_score_on_hold_is_on_no_corrected_board(scene):
    officers = scene.officers(11, points=2)
    scene.run()
    hold = service.propose_hold(officers[0], month_row(), reason=WHY, by=scene.actors["sunita"], at=AT)
    service.confirm_hold(hold, by=scene.actors["rekha"], at=AT)
    seal()
    scene.earn(officers[0], 5)
    scene.earn(officers[1], 1)

    case = correct(scene)

    assert ScoreHold.get().state == "held"
    assert officers[0].id not in [row[0] for row in rows(scene, case.run)]
    assert group(scene, case.run).size == 10


def test_a_proposal_is_on_no_board(scene, ten):
    scene.earn(ten[0], 1)
    case = propose(scene)

    assert queries.last_correction("2026-01") is None
    assert MonthlyScore.select().where(MonthlyScore.run == case.run).exists()


def test_places_are_those_of_the_board_that_is_shown(scene, ten):
    last = ten[-1]
    scene.earn(last, 4)
    case = correct(scene)
    by = scene.actors["sunita"]

    keys = [queries.key_of(JANUARY, group(scene, run), last.id, by=by).rank_state for run in (None, case.run)]

    assert keys == [10, 1]
    steps = queries.spread(JANUARY, group(scene, case.run), by=scene.actors["sunita"])
    assert [step.officers for step in steps if step.officers] == [9, 1]
