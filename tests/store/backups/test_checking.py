"""A backup that is not as it was made, or not for here, is refused with a reason in both languages."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.core.reasons import TEXTS
from karmyogi.store import backups
from karmyogi.store.backups.manifest import BackupRefused
from tests.house.test_language import catalogue
from tests.store.backups.scene import KEYS, identity_in, plan_in
from tests.store.backups.spoiling import BROKEN, a_file, cut, edit, flip, lengthen

AT = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)


_made = {}


@pytest.fixture
def made(db, files, plan, engine, tmp_path_factory):
    """A good backup, made once on each engine and copied for each who spoils it."""
    if engine not in _made:
        folder = tmp_path_factory.mktemp("good")
        _made[engine] = backups.make(files, plan, by=SYSTEM, at=AT, to=folder)
    good = _made[engine]
    return replace(good, folder=Path(shutil.copytree(good.folder, plan.folder / good.folder.name, symlinks=True)))


@pytest.mark.parametrize("name", BROKEN)
def test_every_kind_of_broken_backup_is_refused_by_its_own_reason(made, files, plan, name):
    spoil, codes = BROKEN[name]
    spoil(made.folder)

    assert refusal(made.folder, plan) == codes


def refusal(folder, plan, identity=None):
    try:
        backups.check(folder, plan, identity=identity)
    except BackupRefused as refused:
        return {reason.code for reason in refused.reasons}
    return set()


def test_a_whole_backup_is_read_without_a_word(made, plan):
    assert backups.check(made.folder, plan).manifest == made.manifest


def test_several_faults_are_named_together_and_many_are_counted(made, plan):
    for number in range(25):
        (made.folder / f"extra-{number:02}").touch()
    flip(a_file(made.folder))

    with pytest.raises(BackupRefused) as refused:
        backups.check(made.folder, plan)

    assert len(refused.value.reasons) == 21
    assert refused.value.reasons[-1].facts == {"count": 6}


def test_a_backup_that_was_never_finished_is_none(made, plan):
    aside = made.folder.rename(made.folder.with_name(f".unfinished-{made.folder.name}"))

    assert refusal(aside, plan) == {"backup_half_written"}


def test_a_backup_of_sqlite_goes_into_sqlite_only_and_one_of_postgresql_into_postgresql_only(made, plan, engine):
    edit(made.folder, engine={"sqlite": "postgresql", "postgres": "sqlite"}[engine])

    assert refusal(made.folder, plan) == {"backup_engine_differs"}


def test_with_another_key_of_the_trail_nothing_is_believed(made, tmp_path):
    other = plan_in(tmp_path, keys=KEYS | {"trail.key": b"some other key of some other machine"})

    assert refusal(made.folder, other) == {"backup_trail_key_differs"}


def test_whoever_can_write_there_cannot_sign_anew_without_the_key(made, plan):
    from karmyogi.store.backups import manifest as manifests

    forged = made.manifest.signed(b"a key of the forger's own choosing, long")
    manifests.write(forged, made.folder)
    assert refusal(made.folder, plan) == {"backup_trail_key_differs"}

    edit(made.folder, key_id=made.manifest.key_id)
    assert refusal(made.folder, plan) == {"backup_manifest_changed"}


# Locked ones


@pytest.fixture
def locked(db, files, tmp_path):
    identity, recipient = identity_in(tmp_path)
    plan = plan_in(tmp_path / "locked", recipient)
    return backups.make(files, plan, by=SYSTEM, at=AT), plan, identity


def test_a_locked_backup_is_opened_by_its_identity_and_by_no_other(locked, tmp_path):
    made, plan, identity = locked
    other, _recipient = identity_in(tmp_path)
    (tmp_path / "tea.txt").write_text("tea")

    assert refusal(made.folder, plan, identity) == set()
    assert refusal(made.folder, plan) == {"backup_needs_identity"}
    assert refusal(made.folder, plan, other) == {"backup_other_identity"}
    assert refusal(made.folder, plan, tmp_path / "tea.txt") == {"backup_identity_unreadable"}
    assert refusal(made.folder, plan, tmp_path / "nowhere.txt") == {"backup_identity_unreadable"}


@pytest.mark.parametrize("spoil", [lambda path: path.unlink(), flip, cut, lengthen])
@pytest.mark.parametrize("name", ["keys/trail.key.age", "keys/secret.key.age", "keys/factor.key.age"])
def test_a_locked_backup_whose_keys_are_spoilt_is_refused(locked, name, spoil):
    made, plan, identity = locked
    spoil(made.folder / name)

    assert refusal(made.folder, plan, identity)


def test_every_refusal_is_said_in_hindi_too():
    hindi = catalogue()
    codes = [code for code in TEXTS if code.startswith(("backup_", "restore_"))]

    assert len(codes) > 20
    assert [code for code in codes if not hindi.get(TEXTS[code]).string] == []
