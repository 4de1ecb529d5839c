"""`make drill`: a backup while others write, brought back on another machine, and how long that takes.

Usage: python -m tests.drill [--officers N] [--engine sqlite|postgres]
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psycopg

from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.demo import story
from karmyogi.people.service import install_state
from karmyogi.scores.service import install_policy, verify_seals
from karmyogi.store import backups, trail
from karmyogi.store.backups import BackupRefused, Checked, Made, Plan
from karmyogi.store.db import database, migrate, open_database
from karmyogi.store.files import PrivateFiles, open_files
from karmyogi.store.trail import TrailEntry, broken_link, record
from tests import postgres
from tests.store.backups.scene import KEYS, identity_in, plan_in
from tests.store.backups.spoiling import BROKEN

MEGABYTE = 1_000_000
FORK = get_context("fork")


@dataclass(frozen=True)
class Place:
    """A machine: its database, its private files, and what it backs up where."""

    url: str
    files: PrivateFiles
    plan: Plan


@dataclass(frozen=True)
class Lost:
    """What stood when the backup was finished, and how long that took; what is not in it is lost with the machine."""

    written: int
    seconds: float


def tell(what: str, figure: str) -> None:
    print(f"  {what:<60} {figure}", flush=True)  # noqa: T201 - this program prints


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--officers", type=int, default=1_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), help="this engine, instead of both")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        here.chmod(0o711)  # PostgreSQL's own account goes through to its folder
        whole = [drill(name, urls, here, asked.officers) for name, urls in _engines(asked.engine, here)]
    sys.exit(not all(whole))


def _engines(asked: str | None, folder: Path) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each engine with the addresses of a database that lives and of one that is empty."""
    if asked != "postgres":
        yield "SQLite", (f"sqlite:///{folder}/living.db", f"sqlite:///{folder}/empty.db")
    if asked != "sqlite" and (binaries := postgres.find_binaries()):
        cluster = postgres.Cluster(binaries, folder / "postgres", postgres.OF_A_STATE)
        try:
            address = cluster.start()
            with psycopg.connect(address.format(name="postgres"), autocommit=True) as server:
                server.execute("CREATE DATABASE empty")
            yield "PostgreSQL", (address.format(name="postgres"), address.format(name="empty"))
        finally:
            cluster.stop()


def drill(name: str, urls: tuple[str, str], folder: Path, officers: int) -> bool:
    """All of it on one engine; True if everything came back and every broken backup was refused."""
    print(name, flush=True)  # noqa: T201 - this program prints
    identity, recipient = identity_in(folder)
    living = Place(urls[0], open_files(str(folder / name / "media")), plan_in(folder / name / "backups", recipient))
    elsewhere = Place(urls[1], open_files(str(folder / name / "there")), plan_in(folder / name, keys=KEYS))
    with opened(living.url):
        build(living, officers)
    made, lost = back_up_under_load(living)
    shutil.rmtree(living.files.root)
    with opened(elsewhere.url):
        refused = refusals(made, elsewhere, identity, folder / name)
        is_whole = bring_back(made, elsewhere, identity, lost)
    tell("broken backups refused", f"{refused} of {len(BROKEN) - 1}")
    return is_whole and refused == len(BROKEN) - 1


@contextmanager
def opened(url: str) -> Iterator[None]:
    trail.use_key(KEYS["trail.key"])
    open_database(url, patient=True)
    with database.connection_context():
        yield
    database.close_all()


def build(place: Place, officers: int) -> None:
    """The demo's story: months sealed, cases on the way, awards, and the files that belong to them."""
    migrate()
    profile = load_profile("chhattisgarh")
    install_state(profile, by=SYSTEM)
    install_policy(profile.policy, by=SYSTEM)
    story.tell(profile, place.files, officers=officers, seed=1, say=lambda _text: None)


def back_up_under_load(place: Place) -> tuple[Made, Lost]:
    """Two backups while others write, the second as each night's is; then the machine is lost at once."""
    told = FORK.SimpleQueue()
    writer = FORK.Process(target=_write, args=(place.url, told))
    writer.start()
    told.get()
    with opened(place.url):
        first, took_first = timed(lambda: backups.make(place.files, place.plan, by=SYSTEM))
        time.sleep(1.1)  # a backup has its second for a name
        made, took = timed(lambda: backups.make(place.files, place.plan, by=SYSTEM))
        written = TrailEntry.select().where(TrailEntry.action == "drill").count()
    os.kill(writer.pid, signal.SIGUSR1)
    longest, pairs = told.get()
    writer.join()
    tell("rows, private files", f"{sum(made.manifest.rows.values()):,}, {made.result['files']}")
    tell("size of the backup", f"{first.manifest.size / MEGABYTE:,.1f} MB")
    tell("first backup, second backup", f"{took_first:.1f} s, {took:.1f} s ({made.new_files} new files)")
    tell("acts written meanwhile, longest of them", f"{pairs:,}, {longest * 1000:.0f} ms")
    return made, Lost(written, took)


def _write(url: str, told: object) -> None:
    """Acts of two entries each, until told to stop."""
    stop: list[int] = []
    signal.signal(signal.SIGUSR1, lambda *_: stop.append(1))
    pairs, longest = 0, 0.0
    with opened(url):
        while not stop:
            begun = time.monotonic()
            with database.atomic():
                record(SYSTEM, "drill", "left")
                record(SYSTEM, "drill", "right")
            pairs, longest = pairs + 1, max(longest, time.monotonic() - begun)
            if pairs == 1:
                told.put("at work")
            time.sleep(0.005)
    told.put((longest, pairs))
    os._exit(0)


def refusals(made: Made, place: Place, identity: Path, folder: Path) -> int:
    """How many of the ways to break a backup are refused; one of them breaks nothing that matters."""
    refused = 0
    for spoil, codes in BROKEN.values():
        copy = Path(shutil.copytree(made.folder, folder / "spoilt" / made.folder.name))
        spoil(copy)
        try:
            backups.check(copy, place.plan, identity=identity)
        except BackupRefused as error:
            refused += {one.code for one in error.reasons} == codes
        shutil.rmtree(folder / "spoilt")
    return refused


def bring_back(made: Made, place: Place, identity: Path, lost: Lost) -> bool:
    """Read the backup, restore it, prove it; and tell how long each took."""
    checked, reading = timed(lambda: backups.check(made.folder, place.plan, identity=identity))
    _none, restoring = timed(lambda: _restore(checked, place))
    faults, proving = timed(lambda: _prove(checked))
    held = TrailEntry.select().where(TrailEntry.action == "drill").count()
    tell("read whole, restored, proven", f"{reading:.1f} s, {restoring:.1f} s, {proving:.1f} s")
    tell("RTO: from an empty machine to a proven State", f"{reading + restoring + proving:.1f} s")
    tell("RPO: lost if the machine dies as the backup ends", f"{lost.written - held} entries, {lost.seconds:.1f} s")
    tell("RPO: with one backup each quarter of an hour, at most", f"{15 + lost.seconds / 60:.1f} minutes")
    tell("trail, seals, rows and head as the manifest says", "yes" if not faults else f"NO: {faults}")
    return not faults


def _restore(checked: Checked, place: Place) -> None:
    backups.refuse_target(checked, place.files)
    backups.put_back_keys(checked, place.plan, at=now())
    backups.restore(checked, place.files)


def _prove(checked: Checked) -> list[object]:
    broken, proof = broken_link(), verify_seals()
    return [*backups.unlike(checked.manifest), *([broken] if broken else []), *proof.faults, *proof.unlike]


def timed(work: Callable[[], object]) -> tuple[object, float]:
    begun = time.monotonic()
    return work(), time.monotonic() - begun


if __name__ == "__main__":
    main()
