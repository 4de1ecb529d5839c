import dataclasses
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from karmyogi.config import Settings
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.web import access
from tests import stage
from tests.achievements import scene as scenes
from tests.apps import app_over


@pytest.fixture
def world(request: pytest.FixtureRequest) -> str:
    return stage.world_for(request, "achievements", scenes.build)


@pytest.fixture
def scene(db, settings: Settings) -> scenes.Scene:
    return dataclasses.replace(stage.scene_of("achievements"), files=open_files(settings.media_url))


@dataclasses.dataclass
class Site:
    """The site with the cast signed in by name, speaking English unless told otherwise."""

    app: Flask
    scene: scenes.Scene

    def as_(self, name: str, *, language: str = "en") -> FlaskClient:
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = name
            session["lang"] = language
        return client


@pytest.fixture
def site(db: str, scene: scenes.Scene, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(access, "_loader", [])
    app = app_over(dataclasses.replace(settings, database_url=db))
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    access.use_loader(lambda token: signed_in(scene, token))
    database.connect(reuse_if_open=True)
    yield Site(app, scene)
    database.close_all()


def signed_in(scene: scenes.Scene, name: str) -> access.SignedIn | None:
    actor, officer = scene.actors.get(name), scene.officers.get(name)
    if actor is None:
        return None
    return access.SignedIn(name, actor.user_id, actor, officer.name_hi, officer.name_en, "hi", is_fresh=True)


@pytest.fixture
def count_queries() -> Iterator[Callable[[Callable[[], object]], int]]:
    """How many statements an act sends to the database."""
    logger, heard = logging.getLogger("peewee"), Heard()
    before = logger.level
    logger.addHandler(heard)
    logger.setLevel(logging.DEBUG)

    def count(act: Callable[[], object]) -> int:
        heard.count = 0
        act()
        return heard.count

    yield count
    logger.removeHandler(heard)
    logger.setLevel(before)


class Heard(logging.Handler):
    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1
