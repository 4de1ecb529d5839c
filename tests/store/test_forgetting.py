"""A trail that forgets: what it tells of people is erased for good, and the chain stays whole."""

import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path

import peewee
import pytest

from karmyogi.core.chain import NOTHING_BEFORE, link
from karmyogi.core.errors import NotAllowed
from karmyogi.core.permissions import NOBODY, SYSTEM, Actor
from karmyogi.core.reasons import reason
from karmyogi.store import trail
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import TrailEntry, TrailFact, broken_link, erase, personal, record
from tests import worlds
from tests.factories import AT
from tests.trails import faults, told, told_last, unlock

SUNITA = Actor(7, "Sunita", officer_id=103)


def write(action: str) -> TrailEntry:
    with database.atomic():
        return record(SUNITA, action, "thing", at=AT)


@pytest.fixture
def entries(db) -> list[TrailEntry]:
    return [write(f"act-{number}") for number in range(1, 7)]


@pytest.fixture
def unlocked(entries) -> list[TrailEntry]:
    unlock()
    return entries


def plant() -> TrailEntry:
    told = {"login": personal("asha.planted"), "name": personal(["आशा रोपित", "आशा साहू"]), "officer": 3}
    with database.atomic():
        return record(Actor(8, "Kabir Planted"), "officer.rename", "officer", told, remark="रोपित कारण", at=AT)


PLANTED = ("asha.planted", "Kabir Planted", "रोपित")


def test_what_an_entry_tells_of_people_stands_beside_it_and_is_read_as_before(db):
    plant()

    entry = told_last()

    assert (entry.actor, entry.remark) == ("Kabir Planted", "रोपित कारण")
    assert entry.change == {"login": "asha.planted", "name": ["आशा रोपित", "आशा साहू"], "officer": 3}
    kept = str(TrailEntry.select().dicts().get())
    assert [text for text in (*PLANTED, "साहू") if text in kept] == []


def test_the_system_and_nobody_name_no_person_so_that_nothing_stands_beside_them(db):
    with database.atomic():
        record(SYSTEM, "act", "thing", {"word": "plain"})
        record(NOBODY, "act", "thing")

    assert [entry.actor for entry in TrailEntry.select().order_by(TrailEntry.seq)] == ["system", "nobody"]
    assert TrailFact.select().count() == 0


def test_what_was_erased_is_found_nowhere_and_the_chain_stays_whole(entries):
    before, planted = trail.head(), plant()

    gone = erase(TrailFact.entry == planted.seq, why="retention", by=SYSTEM, at=AT + timedelta(days=400))

    assert (gone, broken_link(), faults(before)) == (5, None, [])
    entry = told(TrailEntry.seq == planted.seq)[0]
    assert (entry.actor, entry.remark, entry.change["name"][1]) == ("erased 15.05.2027",) * 3
    assert entry.change["officer"] == 3
    assert [text for text in (*PLANTED, "साहू") if text in "".join(trail.export())] == []
    assert [fact.name for fact in TrailFact.select().where(TrailFact.salt.is_null()).order_by(TrailFact.name)] == [
        "actor",
        "change.login",
        "change.name.0",
        "change.name.1",
        "remark",
    ]


def test_the_trail_says_itself_what_was_erased_and_why(entries):
    gone = erase(TrailFact.entry.in_([2, 4]), why="retention", by=SYSTEM)

    assert gone == 2
    assert told_last().change == {"facts": [[2, "actor"], [4, "actor"]], "why": "retention"}
    assert erase(TrailFact.entry.in_([2, 4]), why="retention", by=SYSTEM) == 0
    assert TrailEntry.select().count() == 7


def test_many_are_erased_in_several_entries_and_each_names_its_own(entries, monkeypatch):
    monkeypatch.setattr(trail, "ERASED_AT_ONCE", 2)

    assert erase(TrailFact.entry <= 5, why="retention", by=SYSTEM) == 5
    assert [len(entry.change["facts"]) for entry in told(TrailEntry.action == "trail.erase")] == [2, 2, 1]
    assert faults() == []


def test_of_the_database_file_itself_nothing_of_it_is_left(db):
    if is_postgres():
        pytest.skip("the server keeps old rows until its vacuum")
    planted = plant()

    erase(TrailFact.entry == planted.seq, why="retention", by=SYSTEM)

    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(Path(f"{database.database}{end}").read_bytes() for end in ("", "-wal"))
    assert [text for text in PLANTED if text.encode() in kept] == []


def test_no_person_can_erase(entries):
    with pytest.raises(NotAllowed):
        erase(TrailFact.entry == 2, why="retention", by=SUNITA)

    assert [entry.actor for entry in told()] == ["Sunita"] * 6


def test_what_was_erased_and_is_put_back_from_a_copy_is_named(entries):
    kept = TrailFact.get(TrailFact.entry == 3)
    salt, value = kept.salt, kept.value
    erase(TrailFact.entry == 3, why="retention", by=SYSTEM)
    unlock()

    TrailFact.update(salt=salt, value=value, erased_by=None).where(TrailFact.entry == 3).execute()

    assert faults() == [reason("chain_fact_back", entry=3, name="actor", by=7)]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM trail_fact",
        "UPDATE trail_fact SET value = '\"x\"'",
        "UPDATE trail_fact SET salt = NULL, value = NULL, erased_by = 6 WHERE entry = 3",  # no entry of erasing
        "UPDATE trail_fact SET salt = NULL, value = NULL, erased_by = 70 WHERE entry = 3",
        "UPDATE trail_fact SET salt = NULL, value = NULL, erased_by = 7, name = 'x' WHERE entry = 3",
        "UPDATE trail_fact SET salt = 'x', value = '1', erased_by = NULL WHERE entry = 2",
        "UPDATE trail_fact SET erased_by = 8 WHERE entry = 2",
    ],
)
def test_the_database_itself_refuses_all_but_erasing_in_the_name_of_an_entry(entries, statement):
    for entry in (2, 1):
        erase(TrailFact.entry == entry, why="retention", by=SYSTEM)
    before = list(TrailFact.select().order_by(TrailFact.id).dicts())

    with pytest.raises(peewee.DatabaseError, match="only erased"), database.atomic():
        database.execute_sql(statement)

    assert list(TrailFact.select().order_by(TrailFact.id).dicts()) == before


# ── Entries of before ──


def test_entries_of_the_old_form_stay_provable_beside_new_ones(db):
    kept = old_entry("Sunita", "आदेश 12")
    write("new")

    assert broken_link() is None
    assert [(entry.form, entry.actor, entry.remark) for entry in told()] == [(1, "Sunita", "आदेश 12"), (2, "Sunita", "")]
    assert TrailEntry.get(TrailEntry.seq == 2).previous_hash == kept.hash


def old_entry(actor: str, remark: str) -> TrailEntry:
    """As it was written before entries had a form, and as the migration then numbered and linked it."""
    line = {"at": "2026-04-10T06:30:00+00:00", "user_id": 7, "officer_id": None, "actor": actor, "action": "old"}
    line |= {"subject": "thing", "subject_id": None, "change": {"name": "आशा"}, "remark": remark}
    text = NOTHING_BEFORE + json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    line |= {"hash": hmac.new(worlds.TRAIL_KEY, text.encode(), "sha256").hexdigest(), "previous_hash": NOTHING_BEFORE}
    line |= {"seq": 1, "form": 1, "previous_link": NOTHING_BEFORE}
    stored = {name: value for name, value in line.items() if name != "previous_link"}
    moment = datetime.fromisoformat(line["at"])
    return TrailEntry.create(**stored | {"at": moment, "link": link(line)})
