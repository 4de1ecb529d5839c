"""Temporary tables: what a file says is laid out here first, so that judging and writing are set-based.

They live on the connection that made them, outside the main database, so on
SQLite nobody waits while a long file is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from karmyogi.store.db import database, is_postgres

CHUNK = 5_000
COPIED = 20_000  # rows in one COPY, which holds the connection: between two of them it is free for other things


def create(name: str, columns: Mapping[str, str]) -> None:
    """A temporary table `name`, empty, replacing any earlier one; columns map to SQL types."""
    listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    drop(name)
    database.execute_sql(f"CREATE TEMPORARY TABLE {name} ({listed})")


def drop(name: str) -> None:
    """Remove the temporary table `name`, if there is one; "temp" keeps a real table of that name out of reach."""
    schema = "pg_temp" if is_postgres() else "temp"
    database.execute_sql(f"DROP TABLE IF EXISTS {schema}.{name}")


def create_as(name: str, select: str, parameters: Sequence[object] = ()) -> None:
    """A temporary table `name` from the rows of a SELECT, replacing any earlier one."""
    drop(name)
    database.execute_sql(f"CREATE TEMPORARY TABLE {name} AS {select}", parameters)


def index(name: str, *columns: str) -> None:
    """An index on a temporary table, and its statistics on PostgreSQL, so that joins find it."""
    database.execute_sql(f"CREATE INDEX {name}_{'_'.join(columns)} ON {name} ({', '.join(columns)})")


def analyze(name: str, *columns: str) -> None:
    """Tell PostgreSQL how large a table has become; SQLite plans well without.

    Of a wide table only the columns that are compared need be looked at.
    """
    if is_postgres():
        of = f" ({', '.join(columns)})" if columns else ""
        database.execute_sql(f"ANALYZE {name}{of}")


def weigh(name: str, *columns: str) -> None:
    """Tell either engine how large a temporary table is; of these columns PostgreSQL learns more.

    For tables that meet large ones: SQLite, which takes each for a million rows, would rather read a whole table of the
    State than look up the few rows that are wanted.
    """
    if is_postgres():
        analyze(name, *columns)
    else:
        database.execute_sql(f"ANALYZE {name}")


def load(name: str, width: int, rows: Iterable[Sequence[object]]) -> int:
    """Append rows of `width` values; returns how many. COPY on PostgreSQL, executemany on SQLite."""
    return _copy(name, rows) if is_postgres() else _insert(name, width, rows)


def _copy(name: str, rows: Iterable[Sequence[object]]) -> int:
    count = 0
    for chunk in _chunks(rows, COPIED):
        with database.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in chunk:
                copy.write_row(row)
        count += len(chunk)
    return count


def _insert(name: str, width: int, rows: Iterable[Sequence[object]]) -> int:
    statement = f"INSERT INTO {name} VALUES ({', '.join('?' * width)})"  # noqa: S608 - our own names
    connection = database.connection()
    count = 0
    for chunk in _chunks(rows, CHUNK):
        with _deferred(connection):
            connection.executemany(statement, chunk)
        count += len(chunk)
    return count


def _chunks(rows: Iterable[Sequence[object]], size: int) -> Iterator[list[Sequence[object]]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk


@contextmanager
def _deferred(connection: object) -> Iterator[None]:
    """One transaction for a chunk that takes no lock on the main database."""
    if database.in_transaction():
        yield
        return
    connection.execute("BEGIN DEFERRED")  # type: ignore[attr-defined]
    try:
        yield
        connection.execute("COMMIT")  # type: ignore[attr-defined]
    except BaseException:
        connection.execute("ROLLBACK")  # type: ignore[attr-defined]
        raise
