"""A running product for walks: real web server, real scheduler, real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
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
    """The address of a product that has people and an open cycle, and nothing scored yet."""
    with copy_of("peopled", engines, engine) as url:
        address = f"http://127.0.0.1:{(port := free_port())}"
        environment = os.environ | {
            "FLASK_APP": str(ROOT / "app.py"),
            "KARMYOGI_DATABASE_URL": url,
            "KARMYOGI_MEDIA_URL": f"file://{tmp_path}/media",
            "KARMYOGI_SECRET_KEY_FILE": str(tmp_path / "secret.key"),
            "KARMYOGI_BASE_URL": address,
            "KARMYOGI_DEMO": "1",
        }
        (tmp_path / "trail.key").write_bytes(worlds.TRAIL_KEY)
        commands = (
            [BIN / "gunicorn", f"--bind=127.0.0.1:{port}", "--threads=4", "--no-control-socket", "app:create_app()"],
            [BIN / "flask", "schedule", "run"],
        )
        log = (tmp_path / "log").open("w")
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
def walker(browser: Browser, running: str) -> Callable[[str], Walker]:
    """`walker("hi")` is somebody with a browser in Hindi."""
    made: list[Walker] = []

    def come(language: str) -> Walker:
        made.append(Walker(browser, running, language, ROOT / "instance" / "translations"))
        return made[-1]

    yield come
    for one in made:
        one.page.context.close()
