"""The database at one moment, out into a file and back from one: SQLite by its own copying, PostgreSQL by its programs.

Neither keeps a writer waiting: SQLite copies in one step beside the log of writes, `pg_dump` reads one snapshot.
"""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo
from pyrage import x25519

from karmyogi.core.reasons import N_, declare, reason
from karmyogi.store.backups import copying
from karmyogi.store.backups.copying import Hashed
from karmyogi.store.backups.manifest import BackupRefused, Stored
from karmyogi.store.db import database, is_postgres, open_database

Rows = list[tuple[object, ...]]
Ask = Callable[[str], Rows]
Identities = Sequence[x25519.Identity]
GIVE_UP_SECONDS = 5
# What a connection may say that programs of any age understand; the driver brings a library of its own, often newer.
OLDEST_KNOWN = {"host", "hostaddr", "port", "dbname", "user", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey"}

declare(
    backup_of_nothing=N_("There is nothing to back up: the database has no tables yet."),
    backup_database_damaged=N_(
        "The database is damaged (%(problem)s). Nothing was written; keep the last good backup."
    ),
    backup_program_missing=N_("The program %(program)s is not on this machine. Install PostgreSQL's client programs."),
    backup_only_looked_at_restored=N_(
        "A backup of PostgreSQL is looked at in an empty database: restore it there first."
    ),
    backup_program_failed=N_("%(program)s did not finish: %(problem)s."),
)


@dataclass(frozen=True)
class Snapshot:
    """What the database held at the moment of the backup."""

    migration: str
    rows: dict[str, int]
    trail_entries: int
    trail_head: str


def engine() -> str:
    """The engine's name, as a manifest writes it."""
    return "postgresql" if is_postgres() else "sqlite"


def engine_version() -> str:
    """The version of the engine itself."""
    asked = "SHOW server_version" if is_postgres() else "SELECT sqlite_version()"
    return str(database.execute_sql(asked).fetchone()[0])


def here(statement: str) -> Rows:
    """Ask the database of this process."""
    return list(database.execute_sql(statement).fetchall())


def tables(ask: Ask) -> list[str]:
    """Every table of ours, by name; none in a database that is still empty."""
    if is_postgres():
        found = ask("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    else:
        found = ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1")
    return [str(name) for (name,) in found]


def look(ask: Ask) -> Snapshot:
    """Count every table and read the head of the trail. Raises BackupRefused if nothing is there."""
    names = tables(ask)
    if not {"trail_entry", "schema_migration"} <= set(names):
        raise BackupRefused("backup_of_nothing")
    counting = " UNION ALL ".join(f"SELECT '{name}', COUNT(*) FROM \"{name}\"" for name in names)  # noqa: S608 - from the catalog
    rows = {str(name): int(str(count)) for name, count in ask(counting)}
    migration = ask("SELECT name FROM schema_migration ORDER BY name DESC LIMIT 1")
    head = ask("SELECT hash FROM trail_entry ORDER BY id DESC LIMIT 1")
    return Snapshot(_only(migration), rows, rows["trail_entry"], _only(head))


def _only(found: Rows) -> str:
    return str(found[0][0]) if found else ""


def size() -> int:
    """About how many bytes a backup of the database takes; a dump of PostgreSQL holds no indexes and is packed."""
    if is_postgres():
        return int(_only(here("SELECT pg_database_size(current_database())"))) // 4
    return sum(path.stat().st_size for path in (_file(), Path(f"{_file()}-wal")) if path.exists())


def folder() -> Path | None:
    """Where the database itself grows; None on a server, which sees to its own room."""
    return None if is_postgres() else _file().absolute().parent


# Out


def dump(path: Path, recipients: Sequence[str] = ()) -> tuple[Snapshot, Stored]:
    """Write the database of one moment into a new file, and tell what it held."""
    return (_dump_postgres if is_postgres() else _dump_sqlite)(path, recipients)


def _dump_sqlite(path: Path, recipients: Sequence[str]) -> tuple[Snapshot, Stored]:
    """What is to be locked is copied beside the database first, never unlocked into the folder of backups."""
    with _beside_database() as aside:
        plain = aside if recipients else path
        plain.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        plain.touch(mode=copying.FILE_MODE)
        _copy_sqlite(_file(), plain)
        held = _look_into(plain)
        if not recipients:
            return held, Stored(plain.stat().st_size, copying.hash_of(plain))
        with plain.open("rb") as source:
            return held, copying.copy(source, path, recipients)


@contextmanager
def _beside_database() -> Iterator[Path]:
    """A file that is gone when the block ends; what a killed process left is taken away first."""
    for left in _file().parent.glob(f"{_file().name}.backup-*"):
        left.unlink(missing_ok=True)
    handle, name = tempfile.mkstemp(dir=_file().parent, prefix=f"{_file().name}.backup-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _copy_sqlite(source: Path, target: Path) -> None:
    """In one step: in several, whoever writes meanwhile makes it begin anew, without end."""
    with closing(sqlite3.connect(source, timeout=60)) as old, closing(sqlite3.connect(target)) as new:
        new.execute("PRAGMA synchronous = OFF")  # the backup is brought to the disk as a whole
        old.backup(new, pages=-1)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it


def _look_into(copied: Path) -> Snapshot:
    with closing(_reading(copied)) as made:
        told = made.execute("PRAGMA quick_check(1)").fetchone()[0]
        if told != "ok":
            raise BackupRefused(reason("backup_database_damaged", problem=told[:200]))
        return look(lambda statement: made.execute(statement).fetchall())


def _dump_postgres(path: Path, recipients: Sequence[str]) -> tuple[Snapshot, Stored]:
    """The rows are counted in the very snapshot that is dumped."""
    with psycopg.connect(_address(), password=_password(), options="-c statement_timeout=0") as counting:
        counting.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        held = look(lambda statement: counting.execute(statement).fetchall())
        moment = counting.execute("SELECT pg_export_snapshot()").fetchone()[0]  # type: ignore[index]  # it always tells one
        with _program("pg_dump", "--format=custom", f"--snapshot={moment}") as dumping:
            return held, copying.copy(_output_of(dumping), path, recipients)


def _output_of(program: subprocess.Popen[bytes]) -> IO[bytes]:
    assert program.stdout  # noqa: S101 - it was started with one
    return program.stdout


# Back


def load(path: Path, identities: Identities) -> None:
    """Bring a database out of a backup into this one, which is empty: all of it or nothing."""
    (_load_postgres if is_postgres() else _load_sqlite)(path, identities)


def _load_sqlite(path: Path, identities: Identities) -> None:
    """In one transaction of SQLite's own: who is interrupted leaves the database empty."""
    with _opened(path, identities) as source:
        reading, writing = _reading(source), sqlite3.connect(_file(), timeout=60)
        with closing(reading), closing(writing):
            reading.backup(writing, pages=-1)


@contextmanager
def _opened(path: Path, identities: Identities) -> Iterator[Path]:
    """The copy itself if it lies open, else opened beside the database."""
    if not identities:
        yield path
        return
    with _beside_database() as aside:
        with aside.open("wb") as opened:
            copying.open_into(path, Hashed(opened), identities)
        yield aside


@contextmanager
def laid_out(path: Path, identities: Identities) -> Iterator[None]:
    """Let every table be that of a backup of SQLite while the block runs; what is written there is gone after it."""
    if is_postgres():
        raise BackupRefused("backup_only_looked_at_restored")
    here_again = database.obj
    with _beside_database() as aside:
        with aside.open("wb") as opened:
            copying.open_into(path, Hashed(opened), identities)
        open_database(f"sqlite:///{aside}", patient=True)
        try:
            with database.connection_context():
                yield
        finally:
            database.close_all()
            database.initialize(here_again)


def _reading(copied: Path) -> sqlite3.Connection:
    """A file that nobody writes, read without leaving anything beside it."""
    return sqlite3.connect(f"{copied.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _load_postgres(path: Path, identities: Identities) -> None:
    with _program("pg_restore", "--single-transaction", "--exit-on-error") as loading, _input_of(loading) as taking:
        copying.open_into(path, Hashed(taking), identities)


def _input_of(program: subprocess.Popen[bytes]) -> IO[bytes]:
    assert program.stdin  # noqa: S101 - it was started with one
    return program.stdin


@contextmanager
def _program(name: str, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """One of PostgreSQL's programs at work on this database. Raises BackupRefused if it is not there or fails."""
    program = shutil.which(name)
    if program is None:
        raise BackupRefused(reason("backup_program_missing", program=name))
    command = [program, *options, "--no-owner", "--no-privileges", f"--dbname={_address()}"]
    with tempfile.TemporaryFile() as said:
        environment = os.environ | {"PGPASSWORD": _password()}
        with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=said, env=environment) as at_work:  # noqa: S603 - ours
            fed = False
            try:
                yield at_work
                fed = True
            except OSError:
                fed = _has_given_up(at_work)
                if not fed:
                    raise
            finally:
                if not fed:
                    at_work.kill()
        if at_work.returncode:
            said.seek(0)
            raise BackupRefused(reason("backup_program_failed", program=name, problem=_first_line(said.read())))


def _has_given_up(at_work: subprocess.Popen[bytes]) -> bool:
    """Whether a program that takes nothing more has failed by itself, and can say why."""
    with suppress(subprocess.TimeoutExpired):
        return at_work.wait(timeout=GIVE_UP_SECONDS) != 0
    return False


def _first_line(said: bytes) -> str:
    """What it says first; the lines below may tell of a row."""
    return said.decode(errors="replace").strip().partition("\n")[0][:300]


def _file() -> Path:
    return Path(database.database)


def _address() -> str:
    """Where the database is, as PostgreSQL's programs take it; without the password, which others could read there."""
    told = database.connection().info.get_parameters()
    return make_conninfo(**{name: value for name, value in told.items() if name in OLDEST_KNOWN})


def _password() -> str:
    return str(database.connection().info.password)
