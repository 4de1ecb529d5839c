"""A trail that was begun before entries had a number and a link: the migration gives both, and all stays provable."""

import hmac
import json

import peewee
import pytest

from karmyogi.core.chain import NOTHING_BEFORE, canonical
from karmyogi.core.permissions import Actor
from karmyogi.store import trail
from karmyogi.store.db import database, is_postgres, migrate, migration_runner
from karmyogi.store.trail import TrailEntry, broken_link, record
from tests.trails import faults, told
from tests.worlds import TRAIL_KEY

COLUMNS = ("at", "user_id", "officer_id", "actor", "action", "subject", "subject_id", "change", "remark")
MIGRATION = "number_and_link_the_trail"


@pytest.fixture
def begun_before(db) -> None:
    """Three entries as the code of then wrote them, with a gap in their ids; then the migration."""
    names = [step.name for step in migration_runner().status()]
    migration_runner().down(next(name for name in names if MIGRATION in name))
    previous = NOTHING_BEFORE
    for number, change in ((1, {"name": ["आशा", None]}), (2, {}), (5, {"x": 1.5, "b": [True]})):
        values = ("2026-04-10T06:30:00+00:00", 7, None, "Sunita", f"act-{number}", "thing", number, change, "आदेश 12")
        line = previous + canonical(dict(zip(COLUMNS, values, strict=True)))
        digest = hmac.new(TRAIL_KEY, line.encode(), "sha256").hexdigest()
        _insert((number, "2026-04-10 06:30:00", *values[1:7], json.dumps(change), values[8], previous, digest))
        previous = digest
    database.close()
    migrate()
    database.connect(reuse_if_open=True)
    if is_postgres():
        database.execute_sql("SELECT setval('trail_entry_id_seq', 5)")


def _insert(row: tuple[object, ...]) -> None:
    marks = ", ".join(["%s" if is_postgres() else "?"] * len(row))
    columns = ", ".join(("id", *COLUMNS, "previous_hash", "hash"))
    database.execute_sql(f"INSERT INTO trail_entry ({columns}) VALUES ({marks})", row)


def test_entries_of_before_get_numbers_without_a_gap_and_stay_whole(begun_before):
    with database.atomic():
        record(Actor(8, "Kabir"), "after", "thing")

    assert broken_link() is None
    assert [(entry.seq, entry.form, entry.actor) for entry in told()] == [
        (1, 1, "Sunita"),
        (2, 1, "Sunita"),
        (3, 1, "Sunita"),
        (4, 2, "Kabir"),
    ]
    assert faults(trail.head()) == []


def test_the_engine_still_refuses_to_change_them(begun_before):
    for statement in ("UPDATE trail_entry SET remark = ''", "DELETE FROM trail_entry"):
        with pytest.raises(peewee.DatabaseError, match="append-only"), database.atomic():
            database.execute_sql(statement)

    assert TrailEntry.select().count() == 3


def test_a_trail_with_entries_of_the_new_form_is_not_taken_back_to_code_that_cannot_prove_them(db):
    with database.atomic():
        record(Actor(8, "Kabir"), "after", "thing")
    names = [step.name for step in migration_runner().status()]

    with pytest.raises(RuntimeError, match="new form"):
        migration_runner().down(next(name for name in names if MIGRATION in name))

    assert broken_link() is None
