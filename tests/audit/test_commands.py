"""`flask audit verify`: what a nightly check relies on."""

from dataclasses import replace

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import TrailEntry, record
from tests.factories import AT
from tests.web.site import app_over


@pytest.fixture
def verify(db, settings):
    runner = app_over(replace(settings, database_url=db)).test_cli_runner(env={"LANG": "en_IN.UTF-8"})
    yield lambda *words: runner.invoke(args=["audit", "verify", *words])
    database.close_all()


def write(count: int) -> None:
    for number in range(count):
        with database.atomic():
            record(SYSTEM, f"act-{number}", "thing", at=AT)


def test_an_empty_trail_is_whole(verify):
    told = verify()

    assert (told.exit_code, told.stdout) == (0, "0 entries, the chain is whole\n")


def test_a_whole_trail_ends_with_zero_and_says_how_long_it_is(verify):
    write(3)

    told = verify()

    assert (told.exit_code, told.stdout, told.stderr) == (0, "3 entries, the chain is whole\n", "")


def test_a_broken_trail_ends_with_one_and_names_the_first_entry_that_does_not_follow(verify):
    write(4)
    for trigger in ["trail_is_append_only"] if is_postgres() else ["trail_no_update", "trail_no_delete"]:
        database.execute_sql(f"DROP TRIGGER {trigger}" + (" ON trail_entry" if is_postgres() else ""))
    changed = TrailEntry.get(TrailEntry.action == "act-1")
    TrailEntry.update(actor="somebody else").where(TrailEntry.id == changed.id).execute()

    told = verify()

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == f"The chain breaks at entry {changed.id}: {AT} act-1\n"


def test_proving_writes_nothing(verify):
    write(2)

    verify()

    assert TrailEntry.select().count() == 2


def test_wrong_usage_ends_with_two(verify):
    assert verify("everything").exit_code == 2
