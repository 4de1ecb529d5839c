"""A running product for walks: real web server, real scheduler, real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from karmyogi.config import ROOT
from tests import worlds
from tests.conftest import Engines, copy_of
from tests.journeys.walker import ARGUMENTS, Walker, require_chromium

BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = require_chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield launched
        launched.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def running(engine: str, engines: Engines, tmp_path: Path) -> Iterator[str]:
    """The address of a product that has people and an open cycle, and nothing scored yet; its scheduler works."""
    media = f"file://{tmp_path}/media"
    with copy_of("peopled", engines, engine) as url, served(url, media, tmp_path, has_scheduler=True) as address:
        yield address


@pytest.fixture(scope="module")
def told(engines: Engines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a product in the middle of the demo's story."""
    media, folder = worlds.media_of("told"), tmp_path_factory.mktemp("told")
    with copy_of("told", engines, "sqlite") as url, served(url, media, folder, has_scheduler=False) as address:
        yield address


@pytest.fixture
def at_work(engine: str, engines: Engines, tmp_path: Path) -> Iterator[str]:
    """The address of a product in the middle of the demo's story, of this test's own; its scheduler works."""
    media = f"file://{tmp_path}/media"
    with copy_of("told", engines, engine) as url, served(url, media, tmp_path, has_scheduler=True) as address:
        yield address


@contextmanager
def served(url: str, media: str, folder: Path, *, has_scheduler: bool) -> Iterator[str]:
    """The web server, and the scheduler where it is wanted, over a database of its own."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    environment = os.environ | {
        "FLASK_APP": str(ROOT / "app.py"),
        "KARMYOGI_DATABASE_URL": url,
        "KARMYOGI_MEDIA_URL": media,
        "KARMYOGI_SECRET_KEY_FILE": str(folder / "secret.key"),
        "KARMYOGI_BASE_URL": address,
        "KARMYOGI_DEMO": "1",
    }
    (folder / "trail.key").write_bytes(worlds.TRAIL_KEY)
    commands = [
        [BIN / "gunicorn", f"--bind=127.0.0.1:{port}", "--threads=4", "--no-control-socket", "app:create_app()"],
        [BIN / "flask", "schedule", "run"],
    ][: 1 + has_scheduler]
    log = (folder / "log").open("w")
    started = [subprocess.Popen(c, env=environment, cwd=ROOT, stdout=log, stderr=log) for c in commands]
    try:
        wait_until_it_answers(address)
        yield address
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=30)


def wait_until_it_answers(address: str) -> None:
    for _try in range(200):
        try:
            urllib.request.urlopen(f"{address}/login", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)  # a process that starts has no other way to say so
    raise TimeoutError(f"{address} does not answer")


@pytest.fixture
def walker(browser: Browser, running: str) -> Iterator[Callable[[str], Walker]]:
    """`walker("hi")` is somebody with a browser in Hindi, at the product that has nothing scored yet."""
    with walkers(browser, running) as come:
        yield come


@pytest.fixture
def visitor(browser: Browser, told: str) -> Iterator[Callable[..., Walker]]:
    """`visitor("hi")` is somebody with a browser in Hindi, in the middle of the story."""
    with walkers(browser, told) as come:
        yield come


@pytest.fixture
def colleague(browser: Browser, at_work: str) -> Iterator[Callable[..., Walker]]:
    """`colleague("hi")` is somebody with a browser in Hindi, where months are sealed and work can be asked for."""
    with walkers(browser, at_work) as come:
        yield come


@contextmanager
def walkers(browser: Browser, address: str) -> Iterator[Callable[..., Walker]]:
    made: list[Walker] = []

    def come(language: str, *, has_script: bool = True) -> Walker:
        made.append(Walker(browser, address, language, ROOT / "instance" / "translations", has_script=has_script))
        return made[-1]

    yield come
    for one in made:
        one.page.context.close()
