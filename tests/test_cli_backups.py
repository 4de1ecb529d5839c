"""`flask backup` and `flask restore` as whoever runs the server meets them, over the demo's story."""

from dataclasses import replace

import pytest

from karmyogi.store.db import database
from tests.apps import app_over
from tests.store.backups.scene import KEYS, empty_database, everything, identity_in
from tests.worlds import media_of

AT_HAND = {"LANG": "en_IN.UTF-8"}


@pytest.fixture
def at_home(told_db, settings, tmp_path):
    """The installation whose backups are made, into a folder of its own."""
    return replace(
        settings, database_url=told_db, media_url=media_of("told"), backup_folder=tmp_path / "backups", key_folder=None
    )


def flask(settings, *words, language="en_IN.UTF-8", answer=None):
    runner = app_over(settings).test_cli_runner(env={"LANG": language})
    return runner.invoke(args=list(words), input=answer)


@pytest.fixture
def new_machine(engines, engine, at_home, tmp_path):
    """Another installation, whose database is still empty and whose keys were made on its first start."""
    keys = tmp_path / "keys"
    keys.mkdir()
    for name in KEYS:
        (keys / name).write_bytes(b"made on the first start of this machine")
    with empty_database(engines, engine) as url:
        yield replace(
            at_home, database_url=url, media_url=f"file://{tmp_path / 'there'}", key_folder=keys,
            trail_key=b"made on the first start of this machine", secret_key=b"made on the first start of this machine",
            factor_key=b"made on the first start of this machine",
        )  # fmt: skip


def dump_of(settings):
    app_over(settings)
    with database.connection_context():
        return everything()


def test_a_state_comes_back_on_a_new_machine_with_its_seals_proven(at_home, new_machine, tmp_path):
    identity, recipient = identity_in(tmp_path)
    before = dump_of(at_home)
    made = flask(replace(at_home, backup_recipients=(recipient,)), "backup")
    assert (made.exit_code, made.stderr, made.exception) == (0, "", None)

    folder = str(next((tmp_path / "backups").glob("karmyogi-*")))
    done = flask(new_machine, "restore", folder, "--identity", str(identity), answer="y\n")

    assert "locked for 1 recipients; secret.key, trail.key and factor.key are in it" in made.output
    assert done.exit_code == 0, done.output
    assert "10 sealed months" in done.output
    assert "Next: start the web server and the scheduler" in done.output
    assert "trail.key.before-" in done.output
    restored = replace(new_machine, trail_key=(new_machine.key_folder / "trail.key").read_bytes())
    assert dump_of(restored) == before
    assert flask(restored, "audit", "verify").exit_code == 0


def test_a_backup_that_is_not_locked_needs_the_key_of_its_trail(at_home, new_machine, tmp_path):
    made = flask(at_home, "backup", "--to", str(tmp_path / "stick"))
    folder = str(next((tmp_path / "stick").iterdir()))

    refused = flask(new_machine, "restore", folder, "--yes")
    in_hindi = flask(new_machine, "restore", folder, "--yes", language="hi_IN.UTF-8")
    done = flask(replace(new_machine, trail_key=KEYS["trail.key"]), "restore", folder, "--yes")

    assert "not locked, so the keys are not in it" in made.output
    assert (refused.exit_code, in_hindi.exit_code, done.exit_code) == (1, 1, 0), done.output
    assert "Put the trail.key of that time in its place first." in refused.stderr
    assert "trail.key उसके स्थान पर रखें" in in_hindi.stderr


def test_whoever_only_looks_or_says_no_changes_nothing(at_home, new_machine, tmp_path):
    flask(at_home, "backup")
    folder = str(next((tmp_path / "backups").iterdir()))
    here = replace(new_machine, trail_key=KEYS["trail.key"])

    looked, no = flask(here, "restore", folder, "--check"), flask(here, "restore", folder, answer="n\n")

    assert (looked.exit_code, no.exit_code) == (0, 1)
    assert looked.output.startswith("whole: made ")
    assert dump_of(here) == ""


def test_over_a_database_that_holds_something_nothing_is_restored(at_home, tmp_path):
    flask(at_home, "backup")
    before = dump_of(at_home)

    refused = flask(at_home, "restore", str(next((tmp_path / "backups").iterdir())), "--yes")

    assert refused.exit_code == 1
    assert "The database is not empty" in refused.stderr
    assert dump_of(at_home) == before


def test_without_a_folder_the_command_says_what_to_set(at_home):
    refused = flask(replace(at_home, backup_folder=None), "backup")

    assert refused.exit_code == 1
    assert "KARMYOGI_BACKUP_DIR" in refused.stderr
