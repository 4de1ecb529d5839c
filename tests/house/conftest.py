"""The application over a State with a thing of every kind in every state; one for each module and engine."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from karmyogi.config import Settings
from karmyogi.store.db import database
from tests import worlds
from tests.apps import Extension, app_over
from tests.conftest import Engines, copy_of
from tests.house import plants
from tests.visitors import Visitor

worlds.WORLDS.setdefault("matrix", worlds.World(plants.build, after="told"))


@dataclass
class Site:
    """The application and its visitors, each in front of a browser of their own."""

    app: Flask

    def visitor(self, login: str, *, language: str = "en") -> Visitor:
        visitor = Visitor(self.app, language=language)
        if login:
            visitor.sign_in(login)
        else:
            visitor.get("/login")
        return visitor


@pytest.fixture(scope="module")
def site(engines: Engines) -> Iterator[Site]:
    """On SQLite: what holds for every page holds on both engines, and the pages' own tests run on both."""
    yield from opened_site("sqlite", engines)


def opened_site(engine: str, engines: Engines, extension: Extension | None = None) -> Iterator[Site]:
    with copy_of("matrix", engines, engine) as url:
        settings = Settings(
            database_url=url,
            media_url=worlds.media_of("told"),
            base_url="http://localhost",
            secret_key=b"a secret for tests, nowhere else used",
            trail_key=worlds.TRAIL_KEY,
            factor_key=worlds.FACTOR_KEY,
            demo=True,
        )
        app = app_over(settings, extension)
        database.connect()
        yield Site(app)
        database.close_all()
