"""The trail: written with the act or not at all, never changed, and whole or broken at a named entry."""

from datetime import UTC, date, datetime, timedelta, timezone

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.core.chain import NOTHING_BEFORE, keyed_hash, link
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.core.reasons import reason
from karmyogi.people.models import Designation
from karmyogi.store import trail
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import TrailEntry, TrailFact, broken_link, record
from tests.factories import AT
from tests.processes import all_at_once
from tests.trails import faults, told, told_last, unlock

SUNITA = Actor(7, "Sunita", officer_id=103)
ON_EACH = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write(action: str = "act", change: dict[str, object] | None = None, **options: object) -> TrailEntry:
    with database.atomic():
        return record(SUNITA, action, "thing", change, **options)


@pytest.fixture
def entries(db) -> list[TrailEntry]:
    return [write(f"act-{number}", {"number": number}, at=AT + timedelta(hours=number)) for number in range(1, 7)]


# ── Writing ──


def test_an_entry_says_who_did_what_to_which_record_when_and_why(db):
    clerk = Designation.create(name_en="CLERK", name_hi="लिपिक")

    with database.atomic():
        record(SUNITA, "designation.rename", clerk, {"name_hi": ["लिपिक", "सहायक"]}, remark="आदेश 12", at=AT)

    entry = told_last()
    assert (entry.at, entry.user_id, entry.officer_id, entry.actor) == (AT, 7, 103, "Sunita")
    assert (entry.action, entry.subject, entry.subject_id) == ("designation.rename", "designation", clerk.id)
    assert (entry.change, entry.remark) == ({"name_hi": ["लिपिक", "सहायक"]}, "आदेश 12")
    assert entry.previous_hash == NOTHING_BEFORE


def test_an_act_on_many_rows_names_what_they_are(db):
    with database.atomic():
        record(SYSTEM, "people.install", "org_unit", {"created": 84})

    entry = TrailEntry.get()
    assert (entry.user_id, entry.actor, entry.subject, entry.subject_id) == (None, "system", "org_unit", None)


def test_outside_a_transaction_nothing_is_written(db):
    with pytest.raises(RuntimeError, match="transaction"):
        record(SUNITA, "act", "thing")

    assert TrailEntry.select().count() == 0


def test_an_act_that_is_undone_leaves_no_entry_and_the_chain_goes_on(db):
    write("first")
    with database.atomic() as act:
        record(SUNITA, "undone", "thing")
        act.rollback()
    write("second")

    assert [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)] == ["first", "second"]
    assert [entry.seq for entry in TrailEntry.select().order_by(TrailEntry.id)] == [1, 2]
    assert broken_link() is None


def test_a_moment_without_a_time_zone_is_refused(db):
    with pytest.raises(ValueError, match="time zone"):
        write(at=datetime(2026, 4, 10, 12))  # noqa: DTZ001 - what is refused

    assert TrailEntry.select().count() == 0


# ── A chain that is whole ──


def test_an_empty_trail_is_whole(db):
    assert broken_link() is None


def test_each_entry_follows_from_the_one_before_it(entries):
    hashes = [entry.hash for entry in TrailEntry.select().order_by(TrailEntry.id)]

    assert [entry.previous_hash for entry in TrailEntry.select().order_by(TrailEntry.id)] == [
        NOTHING_BEFORE,
        *hashes[:-1],
    ]
    assert len(set(hashes)) == 6
    assert broken_link() is None


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    | st.dates() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.tuples(inner)
    | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=5,
)  # fmt: skip


@ON_EACH
@given(
    st.dictionaries(st.text("abक", max_size=3), values, max_size=3),
    st.timedeltas(timedelta(hours=-12), timedelta(hours=12)),
)
def test_whatever_an_entry_tells_it_reads_back_as_it_was_hashed(db, change, offset):
    zone = timezone(timedelta(minutes=offset.total_seconds() // 60))

    write("act", change, at=datetime(2026, 4, 10, 6, 30, 15, 999, tzinfo=UTC).astimezone(zone))

    assert broken_link() is None


def test_numbers_as_names_of_facts_are_told_in_the_order_they_are_read_back(db):
    write("act", {2: "two", 10: "ten", 1: date(2026, 1, 2)})

    assert TrailEntry.get().change == {"1": "2026-01-02", "10": "ten", "2": "two"}
    assert broken_link() is None


def write_ten() -> None:
    for number in range(10):
        write("act", {"number": number})


def test_eight_that_write_at_once_make_one_chain_without_a_gap(db):
    all_at_once(db, write_ten, [()] * 8)

    assert [entry.seq for entry in TrailEntry.select().order_by(TrailEntry.id)] == list(range(1, 81))
    assert broken_link() is None


# ── The engine refuses ──


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET remark = 'nothing happened'",
        "UPDATE trail_entry SET actor = actor WHERE id = 3",
        "DELETE FROM trail_entry WHERE id = (SELECT MAX(id) FROM trail_entry)",
        "DELETE FROM trail_entry",
        "INSERT INTO trail_entry SELECT * FROM trail_entry WHERE true ON CONFLICT (id) DO UPDATE SET remark = 'x'",
    ],
)
def test_the_database_itself_refuses_to_change_or_drop_an_entry(entries, statement):
    with pytest.raises(peewee.DatabaseError, match="append-only"), database.atomic():
        database.execute_sql(statement)

    assert [entry.remark for entry in TrailEntry.select()] == [""] * 6


def test_nor_can_it_be_emptied_at_once_or_changed_through_its_model(entries):
    with pytest.raises(peewee.DatabaseError, match="append-only"), database.atomic():
        database.execute_sql("TRUNCATE trail_entry" if is_postgres() else "DELETE FROM trail_entry")
    entries[2].remark = "nothing happened"
    with pytest.raises(peewee.DatabaseError, match="append-only"), database.atomic():
        entries[2].save()
    with pytest.raises(peewee.DatabaseError, match="append-only"), database.atomic():
        entries[2].delete_instance()

    assert TrailEntry.select().where(TrailEntry.remark == "").count() == 6


# ── Somebody who owns the database tampers with it ──


@pytest.fixture
def unlocked(entries) -> list[TrailEntry]:
    """Whoever owns the tables can take the engine's refusal away; the key of the chain they do not have."""
    unlock()
    return entries


def broken_at() -> str | None:
    entry = broken_link()
    return entry and entry.action


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "Kabir"},
        {"user_id": 8},
        {"user_id": None},
        {"officer_id": None},
        {"action": "act-3x"},
        {"subject": "other"},
        {"subject_id": 1},
        {"change": {"number": 30}},
        {"remark": " "},
        {"at": AT},
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_found(unlocked, change):
    TrailEntry.update(change).where(TrailEntry.id == unlocked[2].id).execute()

    assert broken_link().id == unlocked[2].id


def test_a_dropped_entry_is_found_at_the_one_that_followed_it(unlocked):
    TrailEntry.delete().where(TrailEntry.id == unlocked[2].id).execute()

    assert broken_at() == "act-4"


def test_a_dropped_beginning_is_found(unlocked):
    TrailEntry.delete().where(TrailEntry.id <= unlocked[1].id).execute()

    assert broken_at() == "act-3"


def test_two_entries_that_changed_places_are_found(unlocked):
    third, fourth = unlocked[2].id, unlocked[3].id
    for was, becomes in ((third, 1_000_000), (fourth, third), (1_000_000, fourth)):
        TrailEntry.update(id=becomes).where(TrailEntry.id == was).execute()

    assert broken_at() == "act-4"


def test_an_entry_pushed_in_between_is_found(unlocked):
    for entry in reversed(unlocked[3:]):
        one_on = {"id": entry.id + 1, "seq": entry.seq + 1}
        TrailEntry.update(one_on).where(TrailEntry.id == entry.id).execute()
    forged = TrailEntry.get_by_id(unlocked[2].id)
    forged.id, forged.seq, forged.action = forged.id + 1, forged.seq + 1, "forged"
    forged.previous_hash, forged.hash = unlocked[2].hash, "f" * 64
    forged.save(force_insert=True)

    assert broken_at() == "forged"


def test_a_chain_computed_anew_without_the_key_is_found_at_its_first_entry(unlocked):
    before = unlocked[1]
    for line in [line for line in trail.lines() if line["seq"] > 2]:
        line |= {"subject": "tampered", "previous_hash": before.hash, "previous_link": before.link}
        line["hash"] = keyed_hash(line, b"a key that somebody made up, not the one of the file")
        line["link"] = link(line)
        anew = {name: line[name] for name in ("subject", "previous_hash", "hash", "link")}
        TrailEntry.update(anew).where(TrailEntry.seq == line["seq"]).execute()
        before = TrailEntry.get(TrailEntry.seq == line["seq"])

    assert broken_at() == "act-3"


def cut_off_after(entry: TrailEntry, *, facts: bool) -> None:
    TrailEntry.delete().where(TrailEntry.id > entry.id).execute()
    if facts:
        TrailFact.delete().where(TrailFact.entry > entry.seq).execute()


def test_entries_cut_off_at_the_end_are_found_by_what_stands_beside_them(unlocked):
    cut_off_after(unlocked[3], facts=False)

    assert broken_at() == "act-4"


def test_cut_off_with_all_that_stands_beside_them_they_leave_a_whole_chain_which_only_a_head_finds(unlocked):
    head = trail.head()
    cut_off_after(unlocked[3], facts=True)

    assert broken_link() is None
    assert faults(head) == [reason("chain_cut", entry=6)]


def test_what_is_written_after_the_end_was_cut_goes_on_from_what_is_left_and_the_head_finds_it_still(unlocked):
    head = trail.head()
    cut_off_after(unlocked[3], facts=True)

    for _ in range(3):
        write("after")

    assert broken_link() is None
    assert TrailEntry.get(TrailEntry.action == "after").previous_hash == unlocked[3].hash
    assert faults(head) == [reason("chain_head", entry=6)]


def test_what_stands_beside_an_entry_cannot_be_changed_or_taken_away_unseen(unlocked):
    beside = TrailFact.entry == 3
    TrailFact.update(value="Kabir").where(beside).execute()

    assert faults() == [reason("chain_fact_changed", entry=3, name="actor")]
    assert [entry.actor for entry in told(TrailEntry.seq == 3)] == ["gone"]

    TrailFact.delete().where(beside).execute()

    assert faults() == [reason("chain_fact_missing", entry=3, name="actor")]
    assert [entry.actor for entry in told(TrailEntry.seq == 3)] == ["gone"]


def test_nor_can_it_be_said_to_be_erased_when_no_entry_says_so(unlocked):
    TrailFact.update(value=None, salt=None, erased_by=5).where(TrailFact.entry == 3).execute()

    assert faults() == [reason("chain_fact_missing", entry=3, name="actor")]
