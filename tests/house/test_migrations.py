"""Migrations are numbered, frozen, and give exactly the tables of the models."""

import importlib
import pkgutil
import re

import peewee

import karmyogi
from karmyogi.store.db import MIGRATIONS, Table, database, is_postgres, migrate, migration_runner
from karmyogi.store.transitions import Case

MODELLESS = {"schema_migration"}


def every_table() -> list[type[Table]]:
    for room in pkgutil.iter_modules(karmyogi.__path__):
        if (MIGRATIONS.parent / "karmyogi" / room.name / "models.py").exists():
            importlib.import_module(f"karmyogi.{room.name}.models")
    for floor in ("trail", "transitions", "jobs", "imports", "saved_views"):
        importlib.import_module(f"karmyogi.store.{floor}")
    return [table for table in _below(Table) if table is not Case]


def _below(table: type[Table]) -> list[type[Table]]:
    return [found for child in table.__subclasses__() for found in [child, *_below(child)]]


def catalog() -> dict[str, object]:
    """Columns, types, nullability, CHECKs and indexes as the engine itself tells them."""
    return _catalog_postgres() if is_postgres() else _catalog_sqlite()


def _catalog_sqlite() -> dict[str, object]:
    rows = database.execute_sql("SELECT name, tbl_name, type, sql FROM sqlite_master WHERE type IN ('table', 'index')")
    return {
        name: lines_of(sql) if kind == "table" else " ".join((sql or "").split())
        for name, table, kind, sql in rows
        if table not in MODELLESS and not name.startswith("sqlite_")
    }


def lines_of(sql: str) -> tuple[str, ...]:
    """The columns and constraints of a table, in no order: a column added later stands last, with its key beside it."""
    head, body = " ".join(sql.split()).removesuffix(")").split("(", 1)
    body = re.sub(r'("\w+") (\w+) (REFERENCES "\w+" \("\w+"\)[^,]*)', r"\1 \2, FOREIGN KEY (\1) \3", body)
    lines, depth = [""], 0
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            lines.append("")
        else:
            lines[-1] += letter
    return (head.strip(), *sorted(line.strip() for line in lines))


def _catalog_postgres() -> dict[str, object]:
    columns = database.execute_sql(
        "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable "
        "FROM information_schema.columns WHERE table_schema = 'public'"
    )
    indexes = database.execute_sql("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
    checks = database.execute_sql(
        "SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
        "WHERE c.relnamespace = 'public'::regnamespace"
    )
    found = {("column", t, c): rest for t, c, *rest in columns}
    found |= {("index", t, n): d for t, n, d in indexes}
    found |= {("check", t, d): True for t, d in checks}
    return {key: value for key, value in found.items() if key[1] not in MODELLESS}


def test_an_empty_database_and_all_migrations_give_the_tables_of_the_models(db):
    by_migrations = catalog()

    drop_everything()
    database.create_tables(every_table())
    by_models = catalog()

    assert by_models == by_migrations


def drop_everything() -> None:
    for table in database.get_tables():
        database.execute_sql(f'DROP TABLE "{table}" CASCADE' if is_postgres() else f'DROP TABLE "{table}"')


def test_every_migration_can_be_taken_back_and_applied_again(db):
    before = catalog()
    names = [step.name for step in migration_runner().status()]

    migration_runner().down(names[0])
    left = set(database.get_tables()) - MODELLESS
    database.close()
    again = migrate()
    database.connect()

    assert left == set()
    assert again == names
    assert catalog() == before


def test_migrations_are_numbered_once_each_from_one():
    numbers = [int(path.name[:4]) for path in sorted(MIGRATIONS.glob("[0-9]*.py"))]

    assert numbers == list(range(1, len(numbers) + 1))


def test_no_migration_imports_the_living_code():
    for path in MIGRATIONS.glob("[0-9]*.py"):
        assert not re.search(r"^\s*(from|import)\s+karmyogi", path.read_text(), re.MULTILINE), path.name


def test_every_foreign_key_refuses_to_delete_what_it_points_at():
    keys = [f for table in every_table() for f in table._meta.sorted_fields if isinstance(f, peewee.ForeignKeyField)]

    assert {key.on_delete for key in keys} == {"RESTRICT"}
