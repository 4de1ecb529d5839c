"""A backup is of one moment, holds everybody up for no longer than a blink, and stands whole or not at all."""

import json
import os
import shutil
import signal
import sqlite3
import stat
import threading
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import TEXTS
from karmyogi.store import backups
from karmyogi.store.backups.engines import here, look
from karmyogi.store.backups.manifest import BackupRefused
from karmyogi.store.db import database, is_postgres
from karmyogi.store.files import open_files
from karmyogi.store.jobs import Cancelled
from karmyogi.store.trail import TrailEntry, record
from tests.conftest import opened
from tests.store.backups.scene import empty_database, identity_in, plan_in

AT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def names_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_backup_says_what_it_holds(db, files, plan):
    held = look(here)

    made = backups.make(files, plan, by=SYSTEM, at=AT)

    told = json.loads((made.folder / "manifest.json").read_text())
    assert made.folder.name == "karmyogi-20261126T233000Z"
    assert (told["made_at"], told["format"], told["code"]) == ("2026-11-26T23:30:00+00:00", 1, "0.1.0")
    assert (told["engine"], told["migration"]) == ("postgresql" if is_postgres() else "sqlite", held.migration)
    assert (told["rows"], told["trail_entries"], told["trail_head"]) == (held.rows, held.trail_entries, held.trail_head)
    assert told["rows"]["org_unit"] > 80
    assert names_in(made.folder) == sorted([*told["files"], "manifest.json"])
    assert {path.name for path in files.everything()} <= {name.rpartition("/")[2] for name in told["files"]}
    assert made.new_files == 3


def test_nobody_else_may_read_it(db, files, plan):
    made = backups.make(files, plan, by=SYSTEM, at=AT)

    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [made.folder, *made.folder.rglob("media/*/*/*")]} == {
        0
    }
    assert stat.S_IMODE(next(made.folder.glob("database.*")).stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(plan.folder.stat().st_mode) == 0o700


def test_who_made_it_is_on_the_trail(db, files, plan):
    made = backups.make(files, plan, by=SYSTEM, at=AT)

    entry = TrailEntry.select().order_by(TrailEntry.id.desc()).get()
    assert (entry.action, entry.at, entry.change) == ("backup.made", AT, made.result)


def test_a_database_with_nothing_in_it_is_no_backup(engines, engine, files, plan):
    with empty_database(engines, engine):
        assert refusal(files, plan) == ["backup_of_nothing"]

    assert list(plan.folder.iterdir()) == []


def refusal(files, plan, **others):
    with pytest.raises(BackupRefused) as refused:
        backups.make(files, plan, by=SYSTEM, at=AT, **others)
    return [reason.code for reason in refused.value.reasons]


# ── Of one moment, while others write ──


def write_pairs(url, stop, told):
    """Two entries of a pair in one transaction, again and again; tells how many pairs and the longest of them."""
    pairs, longest = 0, 0.0
    with opened(url):
        while not stop.is_set():
            begun = time.monotonic()
            with database.atomic():
                record(SYSTEM, "pair", "left")
                record(SYSTEM, "pair", "right")
            pairs, longest = pairs + 1, max(longest, time.monotonic() - begun)
            time.sleep(0.002)  # on SQLite one who never pauses keeps all others out, backup or not
    told.put((pairs, longest))
    os._exit(0)


def test_while_others_write_it_is_of_one_moment_and_keeps_nobody_waiting(db, files, plan, elsewhere, tmp_path):
    fork = get_context("fork")
    stop, told = fork.Event(), fork.SimpleQueue()
    database.close_all()
    writer = fork.Process(target=write_pairs, args=(db, stop, told))
    writer.start()
    database.connect()
    made = [backups.make(files, plan, by=SYSTEM, at=AT + timedelta(seconds=number)) for number in range(3)]
    stop.set()
    pairs, longest = told.get()
    writer.join()

    entries = [one.manifest.trail_entries for one in made]
    assert entries[0] < entries[1] < entries[2]
    assert pairs > 3
    assert longest < 5
    with elsewhere():
        checked = backups.check(made[1].folder, plan)
        backups.restore(checked, open_files(str(tmp_path / "there")))
        written = TrailEntry.select().where(TrailEntry.action == "pair")
        left, right = (written.where(TrailEntry.subject == side).count() for side in ("left", "right"))
        assert left == right > 0
        assert backups.unlike(checked.manifest) == []


# ── Files that did not change ──


def test_files_that_did_not_change_lie_on_the_disk_once(db, files, plan):
    first = backups.make(files, plan, by=SYSTEM, at=AT)
    files.put(b"a fourth", kind="scan")

    second = backups.make(files, plan, by=SYSTEM, at=LATER)

    media = [name for name in first.manifest.files if name.startswith("media/")]
    assert {(first.folder / name).stat().st_ino == (second.folder / name).stat().st_ino for name in media} == {True}
    assert (second.new_files, len(second.manifest.files)) == (1, 5)
    shutil.rmtree(first.folder)
    assert backups.check(second.folder, plan).manifest == second.manifest


def test_locked_files_are_linked_too_but_only_for_the_same_recipients(db, files, tmp_path):
    (one, first), (_two, second) = identity_in(tmp_path), identity_in(tmp_path)
    alone, both = plan_in(tmp_path / "b", first), plan_in(tmp_path / "b", first, second)

    made = [
        backups.make(files, plan, by=SYSTEM, at=AT + timedelta(hours=number)).new_files
        for number, plan in enumerate((alone, alone, both, both, plan_in(tmp_path / "b")))
    ]

    assert made == [3, 0, 3, 0, 3]
    assert backups.check(tmp_path / "b" / "karmyogi-20261127T013000Z", both, identity=one)


def test_a_locked_backup_shows_nothing_of_what_is_in_it(db, files, tmp_path):
    _identity, recipient = identity_in(tmp_path)

    made = backups.make(files, plan_in(tmp_path / "b", recipient), by=SYSTEM, at=AT)

    content = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert {name.endswith(".age") for name in made.manifest.files} == {True}
    assert {"keys/secret.key.age", "keys/trail.key.age", "keys/factor.key.age"} <= set(made.manifest.files)
    assert [
        secret for secret in (b"prama", "प्रमाण".encode(), b"Raipur", b"nowhere else used") if secret in content
    ] == []


def test_keys_are_never_in_a_backup_that_is_not_locked(db, files, plan):
    made = backups.make(files, plan, by=SYSTEM, at=AT)

    content = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    assert b"nowhere else used" not in content


def test_a_private_file_that_is_damaged_is_named_and_an_earlier_good_copy_stands(db, files, plan):
    good = backups.make(files, plan, by=SYSTEM, at=AT)
    spoilt = sorted(files.everything())[0]
    spoilt.write_bytes(b"tea")

    after = backups.make(files, plan, by=SYSTEM, at=LATER)
    anew = backups.make(files, plan, by=SYSTEM, at=LATER, to=plan.folder / "elsewhere")

    assert (good.manifest.damaged, after.manifest.damaged) == ([], [])
    assert backups.check(after.folder, plan).manifest.files.keys() == good.manifest.files.keys()
    assert [name.rpartition("/")[2] for name in anew.manifest.damaged] == [spoilt.name]
    assert len(anew.manifest.files) == 3
    assert backups.check(anew.folder, plan)


# ── Whole or not at all ──


def test_whatever_stops_it_nothing_half_done_stays(db, files, plan):
    good = backups.make(files, plan, by=SYSTEM, at=AT)

    def off():
        raise Cancelled("no longer wanted")

    with pytest.raises(Cancelled):
        backups.make(files, plan, by=SYSTEM, at=LATER, alive=off)

    assert list(plan.folder.iterdir()) == [good.folder]


def test_what_a_killed_process_left_never_looks_like_a_backup_and_is_taken_away(db, files, plan):
    database.close_all()
    child = get_context("fork").Process(target=_die_backing_up, args=(db, files, plan))
    child.start()
    child.join()
    database.connect()
    left = [path.name for path in plan.folder.iterdir()]

    made = backups.make(files, plan, by=SYSTEM, at=LATER)

    assert child.exitcode == -signal.SIGKILL
    assert left == [".unfinished-karmyogi-20261126T233000Z"]
    assert list(plan.folder.iterdir()) == [made.folder]


def _die_backing_up(url, files, plan):
    with opened(url):
        backups.make(files, plan, by=SYSTEM, at=AT, alive=lambda: os.kill(os.getpid(), signal.SIGKILL))
    os._exit(0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a folder a disk of its own")
def test_a_full_disk_is_said_and_the_earlier_backup_stands(db, files, plan, tmp_path):
    plan.folder.mkdir()
    if os.system(f"mount -t tmpfs -o size=8m tmpfs {plan.folder} 2>/dev/null"):
        pytest.skip("no disk of its own to be had here")
    try:
        good = backups.make(files, plan, by=SYSTEM, at=AT)
        files.put(os.urandom(8_000_000), kind="scan")
        assert refusal(files, plan, to=plan.folder / "x") == ["backup_no_room"]
        assert backups.check(good.folder, plan)
    finally:
        os.system(f"umount {plan.folder}")


def test_without_a_folder_or_with_one_that_cannot_be_it_says_so(db, files, plan, tmp_path):
    (tmp_path / "file").touch()

    assert refusal(files, plan_in(None)) == ["backup_no_folder"]
    assert refusal(files, plan, to=tmp_path / "file" / "x") == ["backup_folder_unusable"]
    assert all(code in TEXTS for code in ("backup_no_folder", "backup_folder_unusable"))


def test_a_damaged_database_is_said_and_no_backup_of_it_is_made(engine, db, files, plan):
    if is_postgres():
        pytest.skip("its own program reads every row, and fails")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close_all()
    path = db.removeprefix("sqlite:///")
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'designation'")
    raw.close()
    database.connect()

    assert refusal(files, plan) == ["backup_database_damaged"]
    assert list(plan.folder.iterdir()) == []


def test_two_at_once_make_two(db, files, plan):
    done = []

    def make(number):
        with database.connection_context():
            done.append(backups.make(files, plan, by=SYSTEM, at=AT + timedelta(seconds=number)))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 2
    assert [backups.check(one.folder, plan).manifest.made_at for one in done] == [one.manifest.made_at for one in done]
