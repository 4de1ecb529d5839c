import pytest

from tests.nominations import scene as scenes


@pytest.fixture
def scene(db) -> scenes.Scene:
    return scenes.build()
