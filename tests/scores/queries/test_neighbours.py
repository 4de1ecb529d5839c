"""The ranks beside an officer's own: told from how many have how many points, and from the scores of older months."""

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer
from karmyogi.scores import queries
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.scores.rules import SCORES_ALONE, BoardScope
from tests.scores.scene import JANUARY, Scene


@pytest.fixture
def few_among_many(scene) -> list[Officer]:
    """Ten of class I here and there among thirty of class III, with ties, in two departments."""
    few = [scene.officer(points, state_class="I") for points in (1, 1, 2, 4, 4, 4, 7, 9, 9, 12)]
    many = [scene.officer(1 + n // 3, unit=scene.tehsil if n % 2 else scene.clinic) for n in range(30)]
    scene.run()
    return [*few, *many]


def told(officers: list[Officer]) -> dict[tuple[int, BoardScope], object]:
    standings = {officer.id: queries.standing_of(officer.id, JANUARY) for officer in officers}
    return {
        (number, scope): queries.neighbours(standing, scope=scope)
        for number, standing in standings.items()
        for scope in BoardScope
    }


def test_the_counts_of_a_month_tell_the_same_neighbours_as_its_scores(few_among_many):
    from_counts = told(few_among_many)
    ScoreMonth.update(seal_version=SCORES_ALONE).execute()

    assert from_counts == told(few_among_many)
    assert sum(one is not None and one.ahead is not None for one in from_counts.values()) > 100


def test_of_few_in_a_class_the_next_above_and_below_are_told_with_their_ranks(few_among_many):
    with_four = few_among_many[3]

    around = queries.neighbours(queries.standing_of(with_four.id, JANUARY), scope=BoardScope.STATE)

    assert (around.place.rank, around.ahead, around.behind) == (
        5,
        queries.Neighbour(4, 3),
        queries.Neighbour(8, 2),
    )


def test_who_shares_all_points_with_everybody_has_nobody_ahead_or_behind(scene: Scene):
    asha, *_others = scene.officers(12, points=3)
    scene.run()

    around = queries.neighbours(queries.standing_of(asha.id, JANUARY))

    assert (around.ahead, around.behind) == (None, None)
    assert MonthlyScore.select().count() == queries.how_many(JANUARY, around.place.group, by=SYSTEM) == 12
