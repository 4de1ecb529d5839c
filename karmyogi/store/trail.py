"""The trail: who did what to which record, when and why; append-only and chained.

Each entry's hash covers the entry and the hash before it, keyed outside the
database, so a changed, dropped or reordered entry is found by `broken_link`.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import peewee

from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.store.db import JsonText, Moment, Table, canonical, database, is_postgres

AT_A_TIME = 5_000
CHAIN_LOCK = 727273
NOTHING_BEFORE = "0" * 64

_key = b""


class TrailEntry(Table):
    """One act on one record; plain ids, so that it outlives what it speaks of."""

    at = Moment(index=True)
    user_id = peewee.IntegerField(null=True, index=True)
    officer_id = peewee.IntegerField(null=True)
    actor = peewee.TextField()
    action = peewee.TextField(index=True)
    subject = peewee.TextField()
    subject_id = peewee.BigIntegerField(null=True)
    change = JsonText()
    remark = peewee.TextField(default="")
    previous_hash = peewee.CharField(max_length=64)
    hash = peewee.CharField(max_length=64, unique=True)

    class Meta:
        indexes = ((("subject", "subject_id"), False),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"


def use_key(key: bytes) -> None:
    """The key of the chain, kept in a file outside the database."""
    global _key  # noqa: PLW0603 - set once at start, like the database proxy
    _key = key


def record(
    by: Actor,
    action: str,
    subject: Table | str,
    change: Mapping[str, object] | None = None,
    *,
    remark: str = "",
    at: datetime | None = None,
) -> TrailEntry:
    """Write one entry, in the transaction of the act it tells of.

    `subject` is the row acted on, or a word when the act is on many rows.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    if not database.in_transaction():
        raise RuntimeError("the trail is written inside the transaction of the act")
    previous = _last_hash()
    entry = TrailEntry(
        at=(at or now()).replace(microsecond=0),
        user_id=by.user_id,
        officer_id=by.officer_id,
        actor=by.name,
        action=action,
        subject=subject if isinstance(subject, str) else subject._meta.table_name,
        subject_id=None if isinstance(subject, str) else subject.id,
        change=json.loads(canonical(change or {})),  # as it will be read back, so that the hash is of that
        remark=remark,
        previous_hash=previous,
    )
    entry.hash = _hash_of(entry, previous)
    entry.save(force_insert=True)
    return entry


def _last_hash() -> str:
    if is_postgres():  # SQLite's immediate transaction already keeps others out
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (CHAIN_LOCK,))
    newest = TrailEntry.id.desc()  # type: ignore[attr-defined]  # on the class it is the column
    last = TrailEntry.select(TrailEntry.hash).order_by(newest).limit(1).scalar()
    return last or NOTHING_BEFORE


def _hash_of(entry: TrailEntry, previous: str) -> str:
    told = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "user_id": entry.user_id,
        "officer_id": entry.officer_id,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "change": entry.change,
        "remark": entry.remark,
    }
    return hmac.new(_key, f"{previous}{canonical(told)}".encode(), hashlib.sha256).hexdigest()


def broken_link() -> TrailEntry | None:
    """The first entry that does not follow from the one before it, or None if the chain is whole.

    What was cut off at the end leaves a whole chain: that only a copy kept elsewhere shows, or a seal whose entry is
    missing.
    """
    previous = NOTHING_BEFORE
    for entry in _entries():
        if entry.previous_hash != previous or entry.hash != _hash_of(entry, previous):
            return entry
        previous = entry.hash
    return None


def _entries() -> Iterator[TrailEntry]:
    """All of them, oldest first, so many at a time: a driver may otherwise fetch the whole trail at once."""
    last = 0
    while entries := list(TrailEntry.select().where(TrailEntry.id > last).order_by(TrailEntry.id).limit(AT_A_TIME)):
        yield from entries
        last = entries[-1].id
