import pytest

from tests.scores import scene as scenes


@pytest.fixture
def scene(db) -> scenes.Scene:
    return scenes.build()
