"""What every test may ask for: an empty migrated database, on each engine, in a moment."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from karmyogi.config import Settings
from karmyogi.store import seals, trail
from karmyogi.store.db import database, open_database
from tests import place, postgres, worlds
from tests.apps import app_over
from tests.visitors import Visitor

ENGINES = ("sqlite", "postgres")
CLUSTER = pytest.StashKey[postgres.Cluster]()


def pytest_configure(config: pytest.Config) -> None:
    """The controlling process prepares one folder and one server; its workers inherit both."""
    if hasattr(config, "workerinput") or "KARMYOGI_TEST_FOLDER" in os.environ:
        return
    folder = place.take()
    os.environ["KARMYOGI_TEST_FOLDER"] = str(folder)
    binaries = postgres.find_binaries()
    if binaries:
        cluster = config.stash[CLUSTER] = postgres.Cluster(binaries, folder / "postgres")
        os.environ["KARMYOGI_TEST_POSTGRES"] = cluster.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if cluster := config.stash.get(CLUSTER, None):
        cluster.stop()
    if folder := os.environ.pop("KARMYOGI_TEST_FOLDER", ""):
        place.leave(Path(folder))


def require_postgres() -> str:
    """The server's URL; without one the test is skipped by name, or fails where everything is required."""
    url = os.environ.get("KARMYOGI_TEST_POSTGRES")
    if not url and os.environ.get("REQUIRE_ALL"):
        pytest.fail("PostgreSQL is required and its binaries were not found")
    if not url:
        pytest.skip("no PostgreSQL binaries on this machine")
    return url


@pytest.fixture(scope="session")
def test_folder() -> Path:
    return Path(os.environ["KARMYOGI_TEST_FOLDER"])


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[bool]:
    """True in the first process to come here under this name; the others wait, then get False."""
    with open(folder / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


class Engines:
    """Makes databases: a template is built once in a session, and each test gets a copy."""

    def __init__(self, folder: Path):
        self.folder = folder

    def url_of(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        return require_postgres().format(name=name)

    def build_template(self, engine: str, name: str, build: Callable[[], None]) -> None:
        with only_one(self.folder, f"{engine}-{name}") as first:
            if not first:
                return
            if engine == "postgres":
                self._on_server(f'CREATE DATABASE "{name}"')
            with opened(self.url_of(engine, name)):
                build()
                if engine == "sqlite":
                    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy(self, engine: str, template: str) -> str:
        name = f"{template}_{uuid.uuid4().hex[:12]}"
        if engine == "sqlite":
            shutil.copyfile(self.folder / f"{template}.db", self.folder / f"{name}.db")
        else:
            with only_one_at_a_time(self.folder, template):  # a template may be copied by one at a time
                self._copy_on_server(template, name)
        return self.url_of(engine, name)

    def drop(self, engine: str, url: str) -> None:
        if engine == "sqlite":
            for path in self.folder.glob(f"{Path(url).stem}.db*"):
                path.unlink()
        else:
            name = url.split("/")[3].split("?", maxsplit=1)[0]
            self._on_server(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _copy_on_server(self, template: str, name: str) -> None:
        """In memory file by file, which is the slower way on a disk, and the only one before PostgreSQL 15."""
        has_choice = self._server.info.server_version >= 15_00_00
        strategy = "STRATEGY FILE_COPY" if has_choice and place.is_memory(self.folder) else ""
        self._on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')

    def _on_server(self, statement: str) -> None:
        self._server.execute(statement)

    @cached_property
    def _server(self) -> psycopg.Connection:
        """One connection for all that makes and drops databases."""
        return psycopg.connect(require_postgres().format(name="postgres"), autocommit=True)


@contextmanager
def only_one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    with open(folder / f"{name}.copy", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def opened(url: str) -> Iterator[None]:
    """Point every table at this database, with one connection for the test's thread."""
    trail.use_key(worlds.TRAIL_KEY)
    seals.use_key(worlds.FACTOR_KEY)
    open_database(url, patient=True)
    database.connect()
    try:
        yield
    finally:
        database.close_all()


@pytest.fixture
def undone() -> Iterator[None]:
    """What the test changes is taken back."""
    with database.atomic() as transaction:
        yield
        transaction.rollback()


@pytest.fixture(scope="session")
def engines(test_folder: Path) -> Engines:
    return Engines(test_folder)


@contextmanager
def copy_of(template: str, engines: Engines, engine: str) -> Iterator[str]:
    """A copy of a world, opened for the test's thread, and dropped after it."""
    for needed in worlds.upto(template):
        source = worlds.WORLDS[needed].after
        if source:
            _grow(engines, engine, needed, source)
        else:
            engines.build_template(engine, needed, worlds.WORLDS[needed].build)
    url = engines.copy(engine, template)
    with opened(url):
        yield url
    engines.drop(engine, url)


def _grow(engines: Engines, engine: str, name: str, source: str) -> None:
    """Build one world on a copy of another."""
    with only_one(engines.folder, f"{engine}-{name}") as first:
        if not first:
            return
        if engine == "sqlite":
            shutil.copyfile(engines.folder / f"{source}.db", engines.folder / f"{name}.db")
        else:
            engines._copy_on_server(source, name)
        with opened(engines.url_of(engine, name)):
            worlds.WORLDS[name].build()
            if engine == "sqlite":
                database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        require_postgres()
    return request.param


@pytest.fixture
def world() -> str:
    """What `db` is a copy of; rooms with a scene name its world (tests/stage.py)."""
    return "bare"


@pytest.fixture
def db(engine: str, engines: Engines, world: str) -> Iterator[str]:
    """A migrated and otherwise empty database, on each engine; with the room's scene for who asks for `scene`."""
    with copy_of(world, engines, engine) as url:
        yield url


@pytest.fixture
def installed_db(engine: str, engines: Engines) -> Iterator[str]:
    """The State's units and designations and its first policy."""
    with copy_of("installed", engines, engine) as url:
        yield url


@pytest.fixture
def imported_db(engine: str, engines: Engines) -> Iterator[str]:
    """The sample roster and the three sample reports, imported."""
    with copy_of("imported", engines, engine) as url:
        yield url


@pytest.fixture
def told_db(engine: str, engines: Engines) -> Iterator[str]:
    """The demo's story: the cast, sealed months, cases on the way, and two awards."""
    with copy_of("told", engines, engine) as url:
        yield url


@pytest.fixture
def app(told_db: str, settings: Settings) -> Iterator[Flask]:
    """The application over the demo's story."""
    yield app_over(replace(settings, database_url=told_db, media_url=worlds.media_of("told"), demo=True))
    database.close_all()


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """`visit("asha")` is Asha in front of her browser, in Hindi unless told otherwise; `visit()` is a stranger."""

    def arrive(key: str = "", *, language: str = "hi") -> Visitor:
        visitor = Visitor(app, language=language)
        return visitor.sign_in(key) if key else visitor

    return arrive


@pytest.fixture
def settings(test_folder: Path, tmp_path: Path) -> Settings:
    return Settings(
        database_url="",
        media_url=f"file://{tmp_path / 'media'}",
        base_url="http://localhost",
        secret_key=b"a secret for tests, nowhere else used",
        trail_key=worlds.TRAIL_KEY,
        factor_key=worlds.FACTOR_KEY,
    )
