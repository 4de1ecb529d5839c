"""Worlds that tests start from: each built once in a session, then copied."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.demo import story
from karmyogi.demo.writer import write_state
from karmyogi.people.service import install_state
from karmyogi.reports import service as reports
from karmyogi.scores.service import install_policy
from karmyogi.store.db import migrate
from karmyogi.store.files import open_files

DATA = Path(__file__).parent / "data" / "igot"
TRAIL_KEY = b"a key for tests only, nowhere else used at all"
FACTOR_KEY = b"a key of seals for tests only, nowhere else used"
TOWN = {"officers": 300, "seed": 3, "until": "2026-01"}  # the state that walks go through
SAMPLE = ("roster.csv", "user-report.csv", "cbp-report-mdo-enrolment.csv", "user-enrollment-report.csv")


@dataclass(frozen=True)
class World:
    """How a template database comes to be, on an empty one or after another world."""

    build: Callable[[], object]
    after: str | None = None


def installed() -> None:
    """The State's units and designations and its first policy, as on the first day."""
    profile = load_profile("chhattisgarh")
    install_state(profile, by=SYSTEM)
    install_policy(profile.policy, by=SYSTEM)


def imported() -> None:
    """The four sample files, in the order in which they say they must come."""
    files = open_files(media_of("imported"))
    for name in SAMPLE:
        with (DATA / name).open("rb") as stream:
            origin = reports.receive(stream, files, name=name, by=SYSTEM, creates_units=name == "roster.csv")
        reports.apply(reports.check(origin, files), files, by=SYSTEM)


def peopled() -> None:
    """A small fictional state with the cast's accounts and an open cycle; of learning nothing is known yet."""
    profile = load_profile("chhattisgarh")
    stage = story.Stage(profile, open_files(media_of("peopled")), lambda _text: None)
    with TemporaryDirectory() as folder:
        story.bring(stage, write_state(Path(folder), **TOWN, profile=profile)["roster"])
    story.make_accounts()
    story.open_cycle()


def told() -> None:
    """The demo's story, small: the cast with their roles, ten sealed months, cases on the way and two awards."""
    files = open_files(media_of("told"))
    story.tell(load_profile("chhattisgarh"), files, officers=500, seed=1, say=lambda _text: None)


def media_of(world: str) -> str:
    """Where the private files of a world lie; content-addressed, so that its copies may share them."""
    return f"file://{os.environ['KARMYOGI_TEST_FOLDER']}/{world}-media"


WORLDS: dict[str, World] = {
    "bare": World(migrate),
    "installed": World(installed, after="bare"),
    "imported": World(imported, after="installed"),
    "peopled": World(peopled, after="installed"),
    "told": World(told, after="installed"),
}


def upto(name: str) -> list[str]:
    """The worlds that must stand before `name` can, in order, itself last."""
    after = WORLDS[name].after
    return [*(upto(after) if after else []), name]
