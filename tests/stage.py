"""Scenes of rooms: each built once in a process on each engine; a test gets a copy of the database and of the rows."""

import os
from collections.abc import Callable
from copy import deepcopy

import pytest

from karmyogi.store.db import is_postgres
from tests import worlds

_built: dict[tuple[str, bool], object] = {}


def world_for(request: pytest.FixtureRequest, name: str, build: Callable[[], object]) -> str:
    """The world that `db` is a copy of: the one the scene was built in, for a test that asks for `scene`; else bare.

    The process is in its name, since what building it returned is known to this process alone.
    """
    if "scene" not in request.fixturenames:
        return "bare"
    world = f"{name}-{os.getpid()}"
    worlds.WORLDS.setdefault(world, worlds.World(lambda: _keep(name, build()), after="bare"))
    return world


def scene_of(name: str) -> object:
    """What building the scene returned, for this test to change as it likes."""
    return deepcopy(_built[name, is_postgres()])


def _keep(name: str, scene: object) -> None:
    _built[name, is_postgres()] = scene
