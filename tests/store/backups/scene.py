"""What tests of backups share: a canonical dump of everything, empty databases, and keys."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyrage import x25519

from karmyogi.store.backups import Plan
from karmyogi.store.backups.engines import here, tables
from karmyogi.store.db import canonical, database
from tests.conftest import Engines, opened
from tests.worlds import FACTOR_KEY, TRAIL_KEY

KEYS = {
    "secret.key": b"a secret for tests, nowhere else used",
    "trail.key": TRAIL_KEY,
    "factor.key": FACTOR_KEY,
}
Empty = Callable[[], Iterator[str]]


def everything() -> str:
    """Every column of every row of every table, with what is asked of each table, in the order of their values."""
    return "\n".join(line for table in tables(here) for line in [table, *_lines_of(table)])


def _lines_of(table: str) -> list[str]:
    cursor = database.execute_sql(f'SELECT * FROM "{table}"')
    names = [column[0] for column in cursor.description]
    return sorted(canonical(dict(zip(names, row, strict=True))) for row in cursor.fetchall())


@contextmanager
def empty_database(engines: Engines, engine: str) -> Iterator[str]:
    """A database without a single table, open for the block."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    if engine == "postgres":
        engines._on_server(f'CREATE DATABASE "{name}"')
    url = engines.url_of(engine, name)
    with opened(url):
        yield url
    engines.drop(engine, url)


def plan_in(folder: Path, *recipients: str, keys: dict[str, bytes] = KEYS, key_folder: Path | None = None) -> Plan:
    return Plan(folder=folder, recipients=recipients, keys=keys, key_folder=key_folder)


def identity_in(folder: Path) -> tuple[Path, str]:
    """A new identity in a file as `age-keygen` writes it, and its recipient."""
    identity = x25519.Identity.generate()
    recipient = str(identity.to_public())
    path = folder / f"identity-{recipient[-6:]}.txt"
    path.write_text(f"# created: 2026-11-26T05:00:00Z\n# public key: {recipient}\n{identity}\n")
    return path, recipient
