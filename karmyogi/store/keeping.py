"""Temporary tables kept in a file, and laid out again from it: faster than from what they were first made of.

The file is in the engine's own form, so it serves only the engine that wrote it:
a SQLite database of these tables, or what PostgreSQL copies out, one table after
another, each after its length in bytes. Whoever reads one sees to it that it is
whole and its own.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from karmyogi.store import staging
from karmyogi.store.db import database, is_postgres

Columns = Mapping[str, str]  # of a table, each with its SQL type
BLOCK = 1024 * 1024
LENGTH_BYTES = 8


def can_keep() -> bool:
    """False inside a transaction, where SQLite cannot let go of a file."""
    return not database.in_transaction()


def save(path: Path, tables: Iterable[str]) -> None:
    """Write these temporary tables into the file, which is there and empty; not in a transaction."""
    if is_postgres():
        _copy_out(path, tables)
    else:
        _write_out(path, tables)


def restore(path: Path, tables: Mapping[str, Columns]) -> None:
    """Lay out temporary tables from a file that `save` wrote of just these, in the same order; not in a transaction."""
    for name, columns in tables.items():
        staging.create(name, columns)
    if is_postgres():
        _copy_in(path, tables)
    else:
        _read_in(path, tables)


def _write_out(path: Path, tables: Iterable[str]) -> None:
    with _attached(path):
        for pragma in ("journal_mode", "synchronous"):  # a file that was cut off is known by its digest
            database.execute_sql(f"PRAGMA kept.{pragma} = off")
        for name in tables:
            database.execute_sql(f"CREATE TABLE kept.{name} AS SELECT * FROM temp.{name}")  # noqa: S608 - ours


def _read_in(path: Path, tables: Iterable[str]) -> None:
    with _attached(path):
        for name in tables:
            database.execute_sql(f"INSERT INTO temp.{name} SELECT * FROM kept.{name}")  # noqa: S608 - names of ours


@contextmanager
def _attached(path: Path) -> Iterator[None]:
    database.execute_sql("ATTACH DATABASE ? AS kept", (str(path),))
    try:
        yield
    finally:
        database.execute_sql("DETACH DATABASE kept")


def _copy_out(path: Path, tables: Iterable[str]) -> None:
    with path.open("wb") as file:
        for name in tables:
            at = file.tell()
            file.seek(LENGTH_BYTES, os.SEEK_CUR)
            with database.cursor() as cursor, cursor.copy(f"COPY {name} TO STDOUT (FORMAT binary)") as copy:
                for part in copy:
                    file.write(part)
            _note_length(file, at)


def _note_length(file: BinaryIO, at: int) -> None:
    end = file.tell()
    file.seek(at)
    file.write((end - at - LENGTH_BYTES).to_bytes(LENGTH_BYTES, "big"))
    file.seek(end)


def _copy_in(path: Path, tables: Iterable[str]) -> None:
    with path.open("rb") as file:
        for name in tables:
            left = int.from_bytes(file.read(LENGTH_BYTES), "big")
            with database.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                while left and (part := file.read(min(left, BLOCK))):
                    copy.write(part)
                    left -= len(part)
