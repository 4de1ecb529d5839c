from collections.abc import Callable

import pytest

from tests import stage
from tests.house.test_lists import statements
from tests.scores import scene as scenes


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return stage.world_for(request, "scores", scenes.build)


@pytest.fixture
def scene(db) -> scenes.Scene:
    return stage.scene_of("scores")


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], int]:
    """How many statements an act sends to the database."""

    def count(act: Callable[[], object]) -> int:
        with statements() as asked:
            act()
        return asked.total()

    return count
