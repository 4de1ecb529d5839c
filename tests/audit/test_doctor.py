"""The doctor: finds nothing in a healthy State, and each way in which a row may lie."""

import json
from dataclasses import replace

import pytest

from karmyogi.audit.service import ALL, examine
from karmyogi.store.db import database, is_postgres
from karmyogi.store.files import open_files
from karmyogi.store.invariants import look_now
from tests.apps import app_over
from tests.audit.lies import GUARDS_DOWN, LIES
from tests.store.backups.scene import everything
from tests.worlds import media_of

OF_THE_ENGINE = {"trail-is-append-only", "engine-is-sound"}  # each has a test of its own


def broken() -> dict[str, list[str]]:
    """The names of what is broken, with the tables of the rows."""
    files = open_files(media_of("told"))
    look = look_now(lambda sha256, kind: files.exists(sha256, kind=kind))
    return {one.invariant.name: [row.table for row in one.offences] for one in examine(look) if one.offences}


def told_a_lie(engine, lie) -> dict[str, list[str]]:
    """What the doctor finds after one lie, which is taken back."""
    with database.atomic() as trial:
        for statement in GUARDS_DOWN[engine]:
            database.execute_sql(statement)
        lie() if callable(lie) else database.execute_sql(lie)
        found = broken()
        trial.rollback()
    return found


def test_of_a_healthy_state_the_doctor_says_nothing_and_writes_nothing(told_db):
    before = everything()

    assert broken() == {}
    assert everything() == before


def test_every_lie_is_found_by_its_own_invariant(told_db, engine):
    missed = {
        f"{name} {number}": found
        for name, lies in LIES.items()
        for number, lie in enumerate(lies)
        if name not in (found := told_a_lie(engine, lie))
    }

    assert missed == {}
    assert broken() == {}


def test_every_invariant_has_a_name_of_its_own_and_a_lie_that_it_must_find():
    names = [one.name for one in ALL]

    assert len(set(names)) == len(names) > 25
    assert set(LIES) == set(names) - OF_THE_ENGINE


def test_guards_that_were_taken_down_are_missed(told_db):
    with database.atomic() as trial:
        down = "ALTER TABLE trail_entry DISABLE TRIGGER USER" if is_postgres() else "DROP TRIGGER trail_no_delete"
        database.execute_sql(down)
        assert broken() == {"trail-is-append-only": ["trail_entry"]}
        trial.rollback()


def test_a_row_that_its_own_table_forbids_is_found(told_db):
    if is_postgres():
        pytest.skip("PostgreSQL proves its pages by programs of its own")
    with database.atomic() as trial:
        database.execute_sql("PRAGMA ignore_check_constraints = ON")
        database.execute_sql("UPDATE officer SET name_hi = '', name_en = '' WHERE id = (SELECT MAX(id) FROM officer)")
        database.execute_sql("PRAGMA ignore_check_constraints = OFF")
        assert "engine-is-sound" in broken()
        trial.rollback()


@pytest.fixture
def flask(told_db, settings, tmp_path):
    here = replace(settings, database_url=told_db, media_url=media_of("told"), backup_folder=tmp_path / "backups")
    yield lambda *words: app_over(here).test_cli_runner(env={"LANG": "en_IN.UTF-8"}).invoke(args=list(words))
    database.close_all()


def test_the_command_ends_with_zero_and_with_one_and_names_the_row_in_both_languages(flask):
    healthy = flask("doctor")
    with database.connection_context():
        database.execute_sql("UPDATE account SET password_hash = 'tea' WHERE id = (SELECT MIN(id) FROM account)")
    sick, told = flask("doctor"), flask("doctor", "--json")

    assert (healthy.exit_code, healthy.output) == (0, f"{len(ALL)} invariants hold\n")
    assert (sick.exit_code, told.exit_code) == (1, 1)
    assert "BROKEN passwords-are-kept-as-argon2id: " in sick.stderr
    assert "  account 1 " in sick.stderr
    found = json.loads(told.stdout)
    assert (found["healthy"], len(found["invariants"])) == (False, len(ALL))
    assert [one["name"] for one in found["invariants"] if one["broken"]] == ["passwords-are-kept-as-argon2id"]
    assert "tea" not in sick.stderr + told.stdout


def test_a_backup_of_sqlite_is_looked_at_as_it_is_and_one_of_postgresql_where_it_was_restored(flask, tmp_path):
    flask("backup")
    folder = str(next((tmp_path / "backups").iterdir()))
    with database.connection_context():
        engine_is_postgres = is_postgres()
        database.execute_sql("UPDATE account SET password_hash = 'tea' WHERE id = (SELECT MIN(id) FROM account)")

    looked = flask("doctor", "--on", folder)

    if engine_is_postgres:
        assert (looked.exit_code, "restore it there first" in looked.stderr) == (1, True)
    else:
        assert (looked.exception, looked.output) == (None, f"{len(ALL)} invariants hold\n")
    assert flask("doctor").exit_code == 1
