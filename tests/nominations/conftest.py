import pytest

from tests import stage
from tests.nominations import scene as scenes


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return stage.world_for(request, "nominations", scenes.build)


@pytest.fixture
def scene(db) -> scenes.Scene:
    return stage.scene_of("nominations")
