import pytest

from tests.people import scene as scenes


@pytest.fixture
def scene(db) -> scenes.Scene:
    return scenes.build()
