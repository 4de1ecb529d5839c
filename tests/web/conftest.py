"""The registers as people open them: a State with one of everything twice, and a browser for each of the cast."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from karmyogi.config import Settings
from karmyogi.core.permissions import Actor
from karmyogi.store.db import database
from karmyogi.web import access
from karmyogi.web.access import SignedIn
from tests import worlds
from tests.apps import app_over
from tests.conftest import ENGINES, Engines, copy_of, require_postgres
from tests.web import house

worlds.WORLDS.setdefault("house", worlds.World(house.build, after="bare"))


@dataclass
class House:
    """The application over the two-fold State, and the people who open it."""

    app: Flask
    cast: dict[str, Actor]

    def browser(self, who: str, language: str = "en") -> "Browser":
        client = self.app.test_client()
        with client.session_transaction() as session:
            session.update(_user_id=who, _fresh=True, lang=language)
        return Browser(client)


class Browser:
    """One person's browser: it sends the token with a form, as a page does."""

    def __init__(self, client: FlaskClient):
        self.client = client

    def get(self, url: str, /, **query: object) -> TestResponse:
        return self.client.get(url, query_string=query or None, buffered=True)  # a file is read to its end

    def post(self, url: str, /, **fields: object) -> TestResponse:
        return self.client.post(url, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get("/admin/").text)[1]

    def form_of(self, url: str) -> dict[str, str]:
        """The fields of an entry's form as the page fills them in, but for the token."""
        page = self.get(url).text
        inputs = re.findall(r'<input[^>]*name="(\w+)"[^>]*>', page)
        values = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page) for name in inputs}
        return {name: value[1] for name, value in values.items() if value and name not in {"search", "csrf_token"}}


def _opened(url: str, settings: Settings) -> Iterator[House]:
    app = app_over(replace(settings, database_url=url))
    database.connect()
    cast = house.cast()
    access.use_loader(lambda who: _signed_in(who, cast[who]))
    yield House(app, cast)
    database.close_all()


def _signed_in(who: str, actor: Actor) -> SignedIn:
    return SignedIn(who, actor.user_id, actor, name_hi=f"{who} हि", name_en=who.title(), language="en", is_fresh=True)


@pytest.fixture
def own_house(engine: str, engines: Engines, settings: Settings) -> Iterator[House]:
    """A house for one test, to change."""
    with copy_of("house", engines, engine) as url:
        yield from _opened(url, settings)


@pytest.fixture(scope="module", params=ENGINES)
def the_house(request: pytest.FixtureRequest, engines: Engines, tmp_path_factory) -> Iterator[House]:
    """A house for all tests of a module, to look at."""
    if request.param == "postgres":
        require_postgres()
    settings = Settings(
        database_url="",
        media_url=f"file://{tmp_path_factory.mktemp('media')}",
        base_url="http://localhost",
        secret_key=b"a secret for tests, nowhere else used",
        trail_key=b"a key for tests, nowhere else used",
        factor_key=b"a key of seals for tests, nowhere else used",
    )
    with copy_of("house", engines, request.param) as url:
        yield from _opened(url, settings)


@pytest.fixture
def queries_of() -> Callable[[Callable[[], object]], int]:
    """How many statements an act sends to the database."""

    def count(act: Callable[[], object]) -> int:
        sent: list[logging.LogRecord] = []
        handler, logger = logging.Handler(), logging.getLogger("peewee")
        handler.emit = sent.append
        level = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        try:
            act()
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
        return len(sent)

    return count
