"""Worlds that tests start from: each built once in a session, then copied."""

from collections.abc import Callable
from dataclasses import dataclass

from karmyogi.store.db import migrate


@dataclass(frozen=True)
class World:
    """How a template database comes to be, on an empty one or after another world."""

    build: Callable[[], object]
    after: str | None = None


WORLDS: dict[str, World] = {"bare": World(migrate)}


def upto(name: str) -> list[str]:
    """The worlds that must stand before `name` can, in order, itself last."""
    after = WORLDS[name].after
    return [*(upto(after) if after else []), name]
