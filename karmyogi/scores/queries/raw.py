"""Statements put together from our own fragments, with parameters named as SQLite writes them, on either engine."""

import re
from collections.abc import Mapping

from karmyogi.store.db import database, is_postgres

Parameters = Mapping[str, object]
Row = tuple[int | str | None, ...]


def execute(sql: str, parameters: Parameters) -> None:
    """Run one statement with parameters named `:like_this`, on either engine."""
    database.execute_sql(_spelled(sql), parameters)


def fetch(sql: str, parameters: Parameters) -> list[Row]:
    """The rows of a SELECT with parameters named `:like_this`, on either engine."""
    return database.execute_sql(_spelled(sql), parameters).fetchall()


def either_alone(first: str, second: str, parameters: Parameters) -> tuple[list[Row], list[Row]]:
    """The rows that only the first of two SELECTs gives, and those that only the second does."""
    alone = "SELECT * FROM ({0}) one EXCEPT SELECT * FROM ({1}) other"
    return fetch(alone.format(first, second), parameters), fetch(alone.format(second, first), parameters)


def _spelled(sql: str) -> str:
    return re.sub(r":(\w+)", r"%(\1)s", sql) if is_postgres() else sql
