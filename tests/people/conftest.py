import pytest

from tests import stage
from tests.people import scene as scenes


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return stage.world_for(request, "people", scenes.build)


@pytest.fixture
def scene(db) -> scenes.Scene:
    return stage.scene_of("people")
