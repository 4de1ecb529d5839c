"""A backup comes back as it was, into an empty database and nowhere else."""

import os
import signal
import stat
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.store import backups, trail
from karmyogi.store.backups import engines as programs
from karmyogi.store.backups.manifest import BackupRefused
from karmyogi.store.db import database, pending_migrations
from karmyogi.store.files import open_files
from karmyogi.store.trail import broken_link, record
from tests.conftest import opened
from tests.store.backups.scene import KEYS, everything, identity_in, plan_in

AT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)


def bring_back(made, files, plan, identity=None):
    checked = backups.check(made.folder, plan, identity=identity)
    backups.refuse_target(checked, files)
    backups.put_back_keys(checked, plan, at=AT)
    backups.restore(checked, files)
    return checked.manifest


def contents(files):
    return {path.relative_to(files.root): path.read_bytes() for path in files.everything()}


def test_what_comes_back_is_what_was_there_to_the_byte(db, files, plan, elsewhere, tmp_path):
    before, kept = everything(), contents(files)
    made = backups.make(files, plan, by=SYSTEM, at=AT)

    with elsewhere():
        there = open_files(str(tmp_path / "there"))
        told = bring_back(made, there, plan)

        assert everything() == before
        assert contents(there) == kept
        assert (backups.unlike(told), broken_link(), pending_migrations()) == ([], None, [])
        assert {stat.S_IMODE(path.stat().st_mode) for path in there.everything()} == {0o600}


def test_a_locked_backup_comes_back_with_its_keys_on_a_machine_that_has_others(db, files, elsewhere, tmp_path):
    identity, recipient = identity_in(tmp_path)
    before, kept = everything(), contents(files)
    made = backups.make(files, plan_in(tmp_path / "backups", recipient), by=SYSTEM, at=AT)
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in KEYS:
        (keys / name).write_bytes(b"made on the first start of this machine")
    there = open_files(str(tmp_path / "there"))
    others = dict.fromkeys(KEYS, b"made on the first start of this machine")

    with elsewhere():
        trail.use_key(others["trail.key"])
        told = bring_back(made, there, plan_in(tmp_path / "backups", keys=others, key_folder=keys), identity)

        assert (everything(), contents(there)) == (before, kept)
        assert (backups.unlike(told), broken_link()) == ([], None)
    assert {name: (keys / name).read_bytes() for name in KEYS} == KEYS
    assert {path.name for path in keys.iterdir()} - set(KEYS) == {f"{name}.before-20261126T233000Z" for name in KEYS}


def test_what_was_done_after_the_backup_is_not_in_it(db, files, plan, elsewhere, tmp_path):
    before = everything()
    made = backups.make(files, plan, by=SYSTEM, at=AT)
    with database.atomic():
        record(SYSTEM, "tea.drink", "tea")
    assert everything() != before

    with elsewhere():
        bring_back(made, open_files(str(tmp_path / "there")), plan)

        assert everything() == before


def test_nobody_restores_over_what_is_there(db, files, plan):
    made = backups.make(files, plan, by=SYSTEM, at=AT)
    before = everything()

    with pytest.raises(BackupRefused) as refused:
        bring_back(made, files, plan)

    assert [reason.code for reason in refused.value.reasons] == ["restore_not_empty"]
    assert everything() == before


def test_nobody_begins_where_there_is_no_room(db, files, plan, elsewhere, tmp_path, monkeypatch):
    made = backups.make(files, plan, by=SYSTEM, at=AT)
    usage = os.statvfs(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: type("Usage", (), {"free": 10})())

    with elsewhere():
        with pytest.raises(BackupRefused) as refused:
            bring_back(made, open_files(str(tmp_path / "there")), plan)

        assert usage
        assert {reason.code for reason in refused.value.reasons} == {"restore_no_room"}
        assert programs.tables(programs.here) == []


def test_whoever_is_killed_while_restoring_finds_the_database_empty_and_begins_again(
    db, files, plan, elsewhere, tmp_path
):
    before = everything()
    made = backups.make(files, plan, by=SYSTEM, at=AT)
    there = open_files(str(tmp_path / "there"))

    with elsewhere() as url:
        checked = backups.check(made.folder, plan)
        database.close_all()
        child = get_context("fork").Process(target=_die_restoring, args=(url, checked, there))
        child.start()
        child.join()
        database.connect()
        assert child.exitcode == -signal.SIGKILL
        assert programs.tables(programs.here) == []

        bring_back(made, there, plan)
        assert everything() == before


def _die_restoring(url, checked, there):
    """After the first file; the database is not begun before the last."""
    with opened(url):
        backups.restore(checked, there, alive=lambda: os.kill(os.getpid(), signal.SIGKILL))
    os._exit(0)


def test_rows_that_differ_from_the_manifest_are_named(db, files, plan):
    made = backups.make(files, plan, by=SYSTEM, at=AT)
    assert [reason.code for reason in backups.unlike(made.manifest)] == ["restore_rows_differ", "restore_head_differs"]

    again = backups.make(files, plan, by=SYSTEM, at=AT + timedelta(minutes=1))

    assert again.manifest.rows["trail_entry"] == made.manifest.rows["trail_entry"] + 1
