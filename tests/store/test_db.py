"""Two engines, one behaviour: moments, facts, checks, and migrations that two processes begin at once."""

import uuid
from datetime import UTC, date, datetime, timedelta, timezone

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.store.db import (
    JsonText,
    Moment,
    Table,
    canonical,
    connect,
    database,
    day_before,
    is_postgres,
    migrate,
    migration_runner,
    one_at_a_time,
    one_of,
    open_database,
    pending_migrations,
    take_time,
)
from karmyogi.web.forms import clean
from tests.conftest import opened
from tests.processes import all_at_once

INDIA = timezone(timedelta(hours=5, minutes=30))
ON_EACH = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Thing(Table):
    at = Moment(null=True)
    facts = JsonText(null=True)
    on = peewee.DateField(null=True)
    text = peewee.TextField(default="")
    state = peewee.TextField(default="open")

    class Meta:
        temporary = True
        constraints = [one_of("state", ["open", "shut"])]


@pytest.fixture
def things(db):
    database.create_tables([Thing])


def stored(**values: object) -> Thing:
    return Thing.get_by_id(Thing.create(**values).id)


def as_text(column: str) -> str:
    return database.execute_sql(f"SELECT CAST({column} AS TEXT) FROM thing").fetchone()[0]


# ── Moments ──


def test_a_moment_without_a_time_zone_is_refused(things):
    with pytest.raises(ValueError, match="time zone"):
        Thing.create(at=datetime(2026, 4, 10, 12))  # noqa: DTZ001 - what is refused

    assert Thing.select().count() == 0


@ON_EACH
@given(st.datetimes(datetime(1950, 1, 1), datetime(2199, 1, 1), timezones=st.just(INDIA)))  # noqa: DTZ001
def test_a_moment_comes_back_as_the_same_moment_in_greenwich(things, moment):
    back = stored(at=moment).at

    assert back == moment
    assert back.tzinfo is UTC


def test_both_engines_write_a_moment_in_the_same_letters(things):
    Thing.create(at=datetime(2026, 4, 10, 12, 0, tzinfo=INDIA))

    assert as_text("at") == "2026-04-10 06:30:00"


def test_a_moment_is_found_by_the_same_moment_of_another_country(things):
    Thing.create(at=datetime(2026, 4, 10, 12, 0, tzinfo=INDIA))

    found = Thing.select().where(Thing.at == datetime(2026, 4, 10, 6, 30, tzinfo=UTC))

    assert found.count() == 1
    assert Thing.select().where(Thing.at > datetime(2026, 4, 10, 11, 59, tzinfo=INDIA)).count() == 1


def test_the_newest_of_some_moments_is_a_moment_and_no_text(things):
    Thing.create(at=datetime(2026, 4, 10, tzinfo=UTC))
    Thing.create(at=datetime(2026, 4, 11, tzinfo=UTC))

    assert Thing.select(peewee.fn.MAX(Thing.at)).scalar() == datetime(2026, 4, 11, tzinfo=UTC)


def test_no_moment_is_no_moment(things):
    assert stored(at=None).at is None


def test_the_day_before_a_date_is_the_same_on_both_engines(things):
    Thing.create(on=date(2024, 3, 1))

    found = database.execute_sql(f'SELECT {day_before("on_date")} FROM (SELECT "on" AS on_date FROM thing) t')

    assert str(found.fetchone()[0]) == "2024-02-29"


# ── Facts and text ──

facts = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abक", max_size=3), inner, max_size=3),
    max_leaves=8,
)


@ON_EACH
@given(facts)
def test_facts_come_back_equal_and_are_written_in_one_way(things, told):
    Thing.delete().execute()

    assert stored(facts=told).facts == told
    assert as_text("facts") == (None if told is None else canonical(told))


def test_the_order_of_names_makes_no_difference_and_hindi_stays_readable(things):
    assert canonical({"ख": 1, "क": [date(2026, 1, 2)]}) == canonical({"क": ["2026-01-02"], "ख": 1})
    assert canonical({"name": "आशा"}) == '{"name":"आशा"}'


@ON_EACH
@given(st.text())
def test_whatever_a_form_lets_through_both_engines_keep_as_it_is(things, typed):
    text = clean(typed, keep="\n")

    assert stored(text=text).text == text


def test_only_what_was_changed_is_written(things):
    thing = Thing.create(text="first", state="open")
    Thing.update(state="shut").where(Thing.id == thing.id).execute()  # somebody else, meanwhile

    thing.text = "second"
    thing.save()

    assert (Thing.get().text, Thing.get().state) == ("second", "shut")


def test_a_state_that_is_none_of_the_set_is_refused_by_the_database(things):
    with pytest.raises(peewee.IntegrityError), database.atomic():
        Thing.create(state="ajar")

    assert Thing.select().count() == 0


# ── Connections ──


def test_a_connection_is_set_as_every_page_needs_it(db):
    if is_postgres():
        asked = {name: database.execute_sql(f"SHOW {name}").fetchone()[0] for name in ("TimeZone", "statement_timeout")}
        assert asked == {"TimeZone": "UTC", "statement_timeout": "0"}  # tests are patient
    else:
        names = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout", "trusted_schema")
        asked = [database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names]
        assert asked == ["wal", 1, 2, 10_000, 0]


def test_a_long_report_is_laid_out_in_a_file_and_not_in_memory(db):
    if not is_postgres():  # which does so anyway
        names = ("temp_store", "temp.cache_size")
        assert [database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in names] == [1, -64_000]


def test_a_page_waits_fifteen_seconds_for_a_statement_and_no_longer(db):
    if is_postgres():
        page = connect(db)
        page.connect()
        try:
            assert _granted(page) == ["15s", "4MB"]
        finally:
            page.close_all()


def test_long_work_takes_its_time_and_memory_to_sort_half_a_million_rows(db):
    if is_postgres():
        database.execute_sql("SET statement_timeout = '15s'")
        database.execute_sql("SET work_mem = '4MB'")
        take_time()

        assert _granted(database) == ["0", "64MB"]


def _granted(connection) -> list[str]:
    return [connection.execute_sql(f"SHOW {name}").fetchone()[0] for name in ("statement_timeout", "work_mem")]


# ── Migrations ──


@pytest.fixture
def empty(engine, engines):
    """The address of a database without a single table."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    if engine == "postgres":
        engines._on_server(f'CREATE DATABASE "{name}"')
    url = engines.url_of(engine, name)
    with opened(url):
        yield url
    engines.drop(engine, url)


def test_processes_that_migrate_at_once_apply_every_migration_once(empty):
    applied = all_at_once(empty, migrate, [()] * 3)

    names = [step.name for step in migration_runner().status()]
    assert sorted(applied, key=len) == [[], [], names]
    assert pending_migrations() == []


def test_a_second_migration_finds_nothing_to_do(db):
    assert migrate() == []


def test_what_is_pending_is_named(db):
    last = migration_runner().status()[-1].name
    migration_runner().down()

    assert pending_migrations() == [last]
    assert migrate() == [last]


def add_one_by_reading_first() -> int:
    with one_at_a_time(1):
        count = int(Thing._meta.database.execute_sql("SELECT COUNT(*) FROM job_run").fetchone()[0])
        database.execute_sql(
            "INSERT INTO job_run (job, period, state, progress, attempts, cancel_asked, queued_at) "
            f"VALUES ('count', '{count}', 'queued', 0, 0, {'false' if is_postgres() else 0}, '2026-01-01 00:00:00')"
        )
    return count


def test_who_waits_for_their_turn_sees_what_those_before_them_did(db):
    assert sorted(all_at_once(db, add_one_by_reading_first, [()] * 4)) == [0, 1, 2, 3]


def test_a_database_whose_folder_is_new_gets_one_that_only_its_owner_reads(tmp_path):
    open_database(f"sqlite:///{tmp_path}/new/folder/karmyogi.db")
    database.connect()
    database.close_all()

    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700
