"""Temporary tables: laid out beside the main database, seen by nobody else, and in nobody's way."""

import peewee
import pytest

from karmyogi.people.models import Designation
from karmyogi.store import staging
from karmyogi.store.db import connect, database, is_postgres
from tests.processes import all_at_once

COLUMNS = {"number": "INTEGER", "name": "TEXT"}
ROWS = [(1, "आशा"), (2, None), (3, 'a\tb"\\N')]


def rows_of(name: str) -> list[tuple]:
    return database.execute_sql(f"SELECT * FROM {name} ORDER BY 1").fetchall()


def test_rows_are_laid_out_as_they_came_with_hindi_blanks_and_odd_signs(db):
    staging.create("told", COLUMNS)

    loaded = staging.load("told", 2, ROWS)

    assert (loaded, [tuple(row) for row in rows_of("told")]) == (3, ROWS)


def test_more_rows_than_fit_in_one_chunk_come_from_a_source_that_is_read_once(db):
    staging.create("told", COLUMNS)
    count = 2 * staging.CHUNK + 1

    loaded = staging.load("told", 2, ((number, "x") for number in range(count)))

    assert (loaded, len(rows_of("told"))) == (count, count)


def test_no_rows_are_no_rows(db):
    staging.create("told", COLUMNS)

    assert (staging.load("told", 2, []), rows_of("told")) == (0, [])


def test_a_second_load_adds_to_the_first(db):
    staging.create("told", COLUMNS)
    staging.load("told", 2, ROWS[:1])

    staging.load("told", 2, ROWS[1:])

    assert len(rows_of("told")) == 3


def test_a_table_made_anew_is_empty_and_may_have_other_columns(db):
    staging.create("told", COLUMNS)
    staging.load("told", 2, ROWS)

    staging.create("told", {"word": "TEXT"})

    assert rows_of("told") == []
    assert staging.load("told", 1, [("x",)]) == 1


def test_a_table_is_made_from_what_a_question_gives(db):
    staging.create("told", COLUMNS)
    staging.load("told", 2, ROWS)

    for _time in range(2):
        staging.create_as("found", f"SELECT name FROM told WHERE number = {'%s' if is_postgres() else '?'}", (1,))

    assert [tuple(row) for row in rows_of("found")] == [("आशा",)]


def test_an_index_and_statistics_change_no_answer(db):
    staging.create("told", COLUMNS)
    staging.load("told", 2, ROWS)

    staging.index("told", "number", "name")
    staging.analyze("told")

    assert len(rows_of("told")) == 3


def test_a_real_table_of_the_same_name_is_out_of_reach(db):
    Designation.create(name_en="CLERK")

    staging.create("designation", COLUMNS)
    staging.load("designation", 2, ROWS)
    staging.drop("designation")
    staging.drop("designation")  # a second time there is only the real one left

    assert [clerk.name_en for clerk in Designation.select()] == ["CLERK"]


def test_another_connection_does_not_see_it(db):
    staging.create("told", COLUMNS)
    other = connect(db)
    other.connect()
    try:
        with pytest.raises((peewee.OperationalError, peewee.ProgrammingError)):
            other.execute_sql("SELECT * FROM told")
    finally:
        other.close_all()


def stage_own_rows(number: int) -> list[tuple]:
    staging.create("told", COLUMNS)
    staging.load("told", 2, [(number, "mine")])
    return [tuple(row) for row in rows_of("told")]


def test_processes_that_stage_at_once_each_see_their_own(db):
    assert all_at_once(db, stage_own_rows, [(1,), (2,), (3,)]) == [[(1, "mine")], [(2, "mine")], [(3, "mine")]]


def test_while_a_long_file_is_laid_out_somebody_else_may_write(db):
    staging.create("told", COLUMNS)
    writer = connect(db)
    writer.connect()

    def rows():
        yield from ((number, "x") for number in range(staging.CHUNK + 1))
        with Designation.bind_ctx(writer):
            Designation.create(name_en="WRITTEN MEANWHILE")

    try:
        staging.load("told", 2, rows())
    finally:
        writer.close_all()

    assert [one.name_en for one in Designation.select()] == ["WRITTEN MEANWHILE"]


def test_a_file_that_breaks_off_leaves_the_connection_usable(db):
    staging.create("told", COLUMNS)

    def rows():
        yield (1, "x")
        raise KeyError("the file breaks off here")

    with pytest.raises(KeyError):
        staging.load("told", 2, rows())

    assert rows_of("told") == []
    Designation.create(name_en="STILL AT WORK")


def test_inside_a_transaction_what_is_laid_out_is_undone_with_it(db):
    staging.create("told", COLUMNS)

    with database.atomic() as act:
        staging.load("told", 2, ROWS)
        act.rollback()

    assert rows_of("told") == []
