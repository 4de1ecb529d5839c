"""The database: one proxy, two engines with one behaviour, and the columns every table is built from."""

import fcntl
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import peewee
import psycopg
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import PooledSqliteDatabase
from playhouse.postgres_ext import PooledPsycopg3Database

from karmyogi.config import ROOT
from karmyogi.core import chain

MIGRATIONS = ROOT / "migrations"
MIGRATION_LOCK = 727272  # any number, the same in every process
# What PostgreSQL grants a page, and what it grants long work: the time of a statement, and memory for each sort.
OF_A_PAGE = {"statement_timeout": "15s"}
OF_LONG_WORK = {"statement_timeout": "0", "work_mem": "64MB"}
# Memory for temporary tables is taken only where there are some. Statements with look-ups for each row are estimated so
# dear that PostgreSQL would compile them, which takes longer than to answer them.
OF_BOTH = {"TimeZone": "UTC", "temp_buffers": "64MB", "jit": "off"}

database = peewee.DatabaseProxy()
canonical = chain.canonical  # of JsonText and of what is hashed


def connect(url: str, *, patient: bool = False) -> peewee.Database:
    """A pooled database for `sqlite:///path` or `postgresql://…`.

    `patient` opens connections for long work, as `take_time` makes one of a page's.
    """
    if urlsplit(url).scheme == "sqlite":
        return _connect_sqlite(url.removeprefix("sqlite:///"))
    granted = OF_BOTH | (OF_LONG_WORK if patient else OF_A_PAGE)
    pool: peewee.Database = PooledPsycopg3Database(
        **parse(url, unquote_password=True, unquote_user=True),
        # The default cursor numbers each parameter apart, which breaks GROUP BY of expressions.
        cursor_factory=psycopg.ClientCursor,
        max_connections=32,
        timeout=5,
        stale_timeout=300,
        options=" ".join(f"-c {name}={value}" for name, value in granted.items()),
    )
    return pool


def _connect_sqlite(path: str) -> peewee.Database:
    Path(path).absolute().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pool: peewee.Database = PooledSqliteDatabase(
        path,
        lock_type="IMMEDIATE",  # a deferred transaction that later writes fails at once under load
        max_connections=32,
        stale_timeout=300,
        timeout=10,
        check_same_thread=False,  # the pool lends a connection to one thread at a time
        pragmas={
            "journal_mode": "wal",
            "foreign_keys": 1,
            "busy_timeout": 10_000,
            "synchronous": "full",
            "trusted_schema": 0,
            "cache_size": -64_000,
            "temp_store": "file",  # half a million rows of a report do not fit into memory; the first 64 MB stay there
            "temp.cache_size": -64_000,
        },
    )
    return pool


def open_database(url: str, *, patient: bool = False) -> None:
    """Point every table at the database of `url`; connections open when first needed."""
    database.initialize(connect(url, patient=patient))


def take_time() -> None:
    """Let this connection take time and memory, for imports, scoring and migrations; pages keep their limits."""
    if is_postgres():
        for name, value in OF_LONG_WORK.items():
            database.execute_sql(f"SET {name} = '{value}'")


def is_postgres() -> bool:
    """True on PostgreSQL, for the few statements the two engines spell differently."""
    return isinstance(database.obj, peewee.PostgresqlDatabase)


def held(rows: peewee.ModelSelect) -> peewee.ModelSelect:
    """These rows, which no other verb changes before this transaction ends; rows that merely point to them may come.

    SQLite's immediate transaction already keeps others out.
    """
    return rows.for_update("FOR NO KEY UPDATE") if is_postgres() else rows  # type: ignore[arg-type]  # or the kind of lock


def day_before(column: str) -> str:
    """SQL for the day before a date column, on either engine."""
    return f"({column} - 1)" if is_postgres() else f"date({column}, '-1 day')"


def day_after(column: str) -> str:
    """SQL for the day after a date column, on either engine."""
    return f"({column} + 1)" if is_postgres() else f"date({column}, '+1 day')"


def seconds_between(early: str, late: str) -> str:
    """SQL for the whole seconds from one moment to another, on either engine."""
    return f"EXTRACT(EPOCH FROM ({late} - {early}))" if is_postgres() else f"(unixepoch({late}) - unixepoch({early}))"


def columns_of(table: str) -> list[str]:
    """The columns of a table in their order."""
    told = database.execute_sql(f'SELECT * FROM "{table}" LIMIT 0')  # noqa: S608 - a name of the caller's
    return [column[0] for column in told.description]


def references() -> list[tuple[str, str, str]]:
    """Every foreign key of one column as table, column and the table it points to, from the engine's own catalog."""
    if is_postgres():
        found = database.execute_sql(
            "SELECT c.conrelid::regclass::text, a.attname::text, c.confrelid::regclass::text FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
            "WHERE c.contype = 'f' ORDER BY 1, 2"
        )
        return [(table.strip('"'), column, target.strip('"')) for table, column, target in found]
    found = database.execute_sql(
        'SELECT m.name, k."from", k."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) k '
        "WHERE m.type = 'table' ORDER BY 1, 2"
    )
    return list(found)


def rehearse(act: Callable[[], object]) -> None:
    """Do something and take it back: raises what the act would raise, and nothing is kept. For pages that ask first."""
    with database.atomic() as trial:
        act()
        trial.rollback()


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as it is now, however long it takes, and keep nobody from writing meanwhile.

    Within a transaction it is that one.
    """
    if database.in_transaction():
        yield
        return
    with database.atomic() if is_postgres() else database.atomic("DEFERRED"):
        if is_postgres():
            database.execute_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class Table(peewee.Model):
    """The base of every table: snake-case names, and only changed columns are written."""

    id: int

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True


class Moment(peewee.DateTimeField):
    """A moment: aware in Python, stored as UTC without a zone on both engines.

    Raises ValueError on a naive value: whose clock would it be?
    """

    def db_value(self, value: object) -> object:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a moment needs a time zone")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)  # type: ignore[no-untyped-call]

    def python_value(self, value: object) -> datetime | None:
        value = super().python_value(value)  # type: ignore[no-untyped-call]
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


class Letters(peewee.TextField):
    """Text that is compared and sorted letter by letter on both engines, whatever the language of the server.

    So an index answers what begins with some letters.
    """

    def ddl_datatype(self, _context: peewee.Context) -> peewee.SQL:
        return peewee.SQL(letters_type())


def letters_type() -> str:
    """The SQL type of a column of Letters, for temporary tables that are compared with one."""
    return 'TEXT COLLATE "C"' if is_postgres() else "TEXT"


class JsonText(peewee.TextField):
    """Small structured facts as canonical JSON text: sorted keys, readable Hindi, equal if equal."""

    def db_value(self, value: object) -> str | None:
        return None if value is None else canonical(value)

    def python_value(self, value: str | None) -> object:
        return None if value is None else json.loads(value)


def one_of(column: str, values: Iterable[str]) -> peewee.Node:
    """A CHECK that a text column holds one of a closed set."""
    listed = ", ".join(f"'{value}'" for value in values)
    return peewee.Check(f"{column} IN ({listed})")


def migration_runner() -> Runner:
    """What applies and takes back the numbered migrations of this project."""
    return Runner(database.obj, directory=str(MIGRATIONS))


def migrate(target: str | None = None) -> list[str]:
    """Bring the database to the code's version; two that start at once do it once.

    Returns the names applied here, in order.
    """
    with database.connection_context(), one_at_a_time(MIGRATION_LOCK):
        names: list[str] = migration_runner().up(target)
        return names


@contextmanager
def one_at_a_time(lock: int) -> Iterator[None]:
    """Let one process at a time through, on this connection; the others wait, however long it takes."""
    with _server_lock(lock) if is_postgres() else _file_lock(lock):
        yield


@contextmanager
def _server_lock(lock: int) -> Iterator[None]:
    take_time()  # waiting one's turn, or changing a large table
    database.execute_sql("SELECT pg_advisory_lock(%s)", (lock,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (lock,))


@contextmanager
def _file_lock(lock: int) -> Iterator[None]:
    """A file beside the database: SQLite's own lock would end with the first of several transactions."""
    with open(f"{database.database}.lock-{lock}", "w") as beside:
        fcntl.flock(beside, fcntl.LOCK_EX)
        yield


def pending_migrations() -> list[str]:
    """The names of migrations not yet applied."""
    return [step.name for step in migration_runner().status() if not step.applied]
