"""The trail: who did what to which record, when and why; append-only, numbered without a gap, and chained.

What entries vouch for is in `core/chain.py`. What they tell of people (who acted, remarks, what callers mark as
`personal`) stands beside them in `TrailFact`, from where `reveal` brings it back and `erase` takes it away for good.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import cast

import peewee

from karmyogi.core.chain import (
    ERASED,
    MARK,
    NEW,
    NOTHING_BEFORE,
    Fact,
    canonical,
    keyed_hash,
    link,
    personal,
    put_back,
    set_aside,
    vouched,
)
from karmyogi.core.errors import NotAllowed
from karmyogi.core.months import now
from karmyogi.core.permissions import NOBODY, SYSTEM, Actor, Role
from karmyogi.core.proving import FORMAT, Head, Walk, by_entry
from karmyogi.core.reasons import Reason, reason
from karmyogi.store.db import JsonText, Moment, Table, database, is_postgres, snapshot

AT_A_TIME = 5_000
ERASED_AT_ONCE = 500  # so many facts one entry names
CHAIN_LOCK = 727273
UNNAMED = (SYSTEM.name, NOBODY.name)

__all__ = [
    "TrailEntry",
    "TrailFact",
    "broken_link",
    "erase",
    "export",
    "head",
    "lines",
    "personal",
    "record",
    "reveal",
    "use_key",
    "walk",
]

Beside = tuple[int, str, str | None, object, datetime | None]  # entry, name, salt, value, when it was erased

_key = b""


class TrailEntry(Table):
    """One act on one record; plain ids, so that it outlives what it speaks of."""

    seq = peewee.BigIntegerField(unique=True)  # 1, 2, … without a gap, which the ids may have
    form = peewee.IntegerField(default=NEW)
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
    link = peewee.CharField(max_length=64)

    class Meta:
        indexes = ((("subject", "subject_id"), False),)
        constraints = (peewee.Check("seq > 0 AND form IN (1, 2)"),)

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"


class TrailFact(Table):
    """What an entry tells of people, beside it. Erased, its name stays, and the number of the entry that says so."""

    entry = peewee.BigIntegerField()  # its number on the trail
    name = peewee.TextField()
    salt = peewee.CharField(max_length=32, null=True)
    value = JsonText(null=True)
    erased_by = peewee.BigIntegerField(null=True)

    class Meta:
        indexes = ((("entry", "name"), False),)
        constraints = (
            peewee.Check("(erased_by IS NULL) = (salt IS NOT NULL) AND (erased_by IS NULL) = (value IS NOT NULL)"),
        )

    def __str__(self) -> str:
        return f"{self.entry} {self.name}"


def use_key(key: bytes) -> None:
    """The key of the chain, kept in a file outside the database."""
    global _key  # noqa: PLW0603 - set once at start, like the database proxy
    _key = key


# ── Writing ──


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

    `subject` is the row acted on, or a word when the act is on many rows. What of `change` tells of people is given
    as `personal(…)`; who acted and the remark are taken for that anyway.
    Raises RuntimeError outside a transaction: an act and its entry stand or fall together.
    """
    if not database.in_transaction():
        raise RuntimeError("the trail is written inside the transaction of the act")
    before, facts = _last(), list[Fact]()
    entry = TrailEntry(
        seq=before.seq + 1,
        at=(at or now()).replace(microsecond=0),
        user_id=by.user_id,
        officer_id=by.officer_id,
        actor=by.name if by.name in UNNAMED else _beside("actor", by.name, facts),
        action=action,
        subject=subject if isinstance(subject, str) else subject._meta.table_name,
        subject_id=None if isinstance(subject, str) else subject.id,
        # as it will be read back, so that the hash is of that
        change=json.loads(canonical(set_aside(change or {}, "change", facts))),
        remark=_beside("remark", remark, facts) if remark else "",
        previous_hash=before.hash,
    )
    line = _line(entry, before.link)
    line["hash"] = entry.hash = keyed_hash(line, _key)
    entry.link = link(line)
    entry.save(force_insert=True)
    _keep(entry, facts)
    return entry


def _beside(name: str, text: str, facts: list[Fact]) -> str:
    facts.append(Fact.of(name, text))
    return MARK + facts[-1].digest


def _keep(entry: TrailEntry, facts: Sequence[Fact]) -> None:
    rows = [{"entry": entry.seq, "name": one.name, "salt": one.salt, "value": one.value} for one in facts]
    for some in peewee.chunked(rows, AT_A_TIME):
        TrailFact.insert_many(some).execute()


def _last() -> TrailEntry:
    """The end of the chain, where nobody else adds anything before this transaction ends."""
    if is_postgres():  # SQLite's immediate transaction already keeps others out
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (CHAIN_LOCK,))
    newest = TrailEntry.select(TrailEntry.seq, TrailEntry.hash, TrailEntry.link).order_by(TrailEntry.seq.desc())
    return newest.first() or TrailEntry(seq=0, hash=NOTHING_BEFORE, link=NOTHING_BEFORE)


def erase(which: peewee.Expression, *, why: str, by: Actor, at: datetime | None = None) -> int:
    """Erase facts beside entries, chosen by their columns, for good; returns how many.

    Entries of their own say which facts and why (a word of the code). The chain stays whole, and of what is erased
    nothing can be found again: not in the live database, though copies made of it before still hold it. What an
    entry of the old form tells of people stands in the chain itself and stays. Raises NotAllowed but for the system.
    """
    if Role.SYSTEM not in by.roles:
        raise NotAllowed("not_allowed")
    with database.atomic():
        rows = TrailFact.select().where(which & TrailFact.erased_by.is_null()).order_by(TrailFact.entry, TrailFact.name)
        found = list(rows)
        if found and not is_postgres():
            database.execute_sql("PRAGMA secure_delete = ON")  # or the bytes would stay in the file
        for some in peewee.chunked(found, ERASED_AT_ONCE):
            told = {"facts": [[fact.entry, fact.name] for fact in some], "why": why}
            entry = record(by, ERASED, "trail_fact", told, at=at)
            these = [fact.id for fact in some]
            gone = TrailFact.update(salt=None, value=None, erased_by=entry.seq)
            gone.where(TrailFact.id.in_(these)).execute()  # type: ignore[attr-defined]  # on the class it is the column
    return len(found)


# ── Reading ──


def reveal(entries: Iterable[TrailEntry], *, erased: Callable[[datetime | None], str]) -> list[TrailEntry]:
    """The entries with what stands beside them put back in its place, by one query for all.

    `erased` says that a value was erased at some moment; without one it is not there though nobody erased it, or is
    no longer what the entry vouches for.
    """
    told = list(entries)
    facts = _facts_beside([entry.seq for entry in told])
    for entry in told:
        beside, values = facts.get(entry.seq, {}), dict[str, object]()
        for name, digest in vouched(entry.__data__).items():
            values[name] = _value_of(beside.get(name), digest, erased)
        entry.actor = str(values.get("actor", entry.actor))
        entry.remark = str(values.get("remark", entry.remark))
        entry.change = put_back(entry.change, "change", values)
    return told


def _value_of(fact: Beside | None, digest: str, erased: Callable[[datetime | None], str]) -> object:
    _entry, name, salt, value, erased_at = fact or (0, "", "", None, None)
    return value if Fact(name, salt or "", value).digest == digest else erased(erased_at)


def _facts_beside(numbers: Sequence[int]) -> dict[int, dict[str, Beside]]:
    """Of these entries what stands beside them, by entry and name."""
    erasing = TrailEntry.alias()
    rows = (
        TrailFact.select(TrailFact.entry, TrailFact.name, TrailFact.salt, TrailFact.value, erasing.at)
        .left_outer_join(erasing, on=(TrailFact.erased_by == erasing.seq))
        .where(TrailFact.entry << list(numbers))
        .order_by(TrailFact.entry, TrailFact.id)
        .tuples()
    )
    told = groupby(cast("Iterable[Beside]", rows), key=lambda one: one[0])
    return {entry: {fact[1]: fact for fact in some} for entry, some in told}


# ── Proving ──


def broken_link() -> TrailEntry | None:
    """The first entry at which the chain is not whole, or None if it is; of one that is missing, the one after it.

    What was cut off at the end, with all that stood beside it, leaves a whole chain: that only a head noted before
    shows (`walk`).
    """
    fault = by_entry(list(walk(Walk(key=_key))))
    if fault is None:
        return None
    in_order = TrailEntry.select().order_by(TrailEntry.seq)
    after: TrailEntry | None = in_order.where(TrailEntry.seq >= fault.facts["entry"]).first()
    return after or in_order.order_by(TrailEntry.seq.desc()).first()


def walk(proof: Walk) -> Iterator[Reason]:
    """Every fault of the trail as it stands in the database; `walk(Walk(key=…))` with the key of `trail_key`."""
    with snapshot():
        yield from proof.faults(lines())
        yield from (reason("chain_misplaced", entry=seq) for seq in _out_of_order())
        beyond = TrailFact.select(peewee.fn.MIN(TrailFact.entry)).where(TrailFact.entry > proof.end).scalar()
        if beyond:
            yield reason("chain_cut_facts", entry=beyond)


def _out_of_order() -> list[int]:
    """Entries that were written before the one they follow: pages list them by id."""
    before = peewee.fn.LAG(TrailEntry.id).over(order_by=[TrailEntry.seq])
    ordered = TrailEntry.select(TrailEntry.seq, TrailEntry.id, before.alias("before")).alias("ordered")
    late = TrailEntry.select(ordered.c.seq).from_(ordered).where(ordered.c.id < ordered.c.before)
    return [seq for (seq,) in cast("Iterable[tuple[int]]", late.order_by(ordered.c.seq).tuples())]


def trail_key() -> bytes:
    """The key of the chain, for who proves it."""
    return _key


def head() -> Head | None:
    """Of the last entry: who notes it can prove later that nothing up to here was changed; None on an empty trail."""
    last = TrailEntry.select(TrailEntry.seq, TrailEntry.link).order_by(TrailEntry.seq.desc()).first()
    return Head(last.link, last.seq) if last else None


def export(*, facts: bool = True, at: datetime | None = None) -> Iterator[str]:
    """The lines of the trail as a file, each with its end, as it is at one moment, however long it is.

    The first says what it is. Without `facts` it tells of nobody by name and can be proven all the same.
    """
    with snapshot():
        told = {"trail": FORMAT, "made_at": (at or now()).isoformat(timespec="seconds"), "facts": facts}
        end = head()
        yield canonical({**told, "entries": TrailEntry.select().count(), "head": str(end) if end else None}) + "\n"
        for line in lines(facts=facts):
            yield canonical(line) + "\n"


def lines(*, facts: bool = True) -> Iterator[dict[str, object]]:
    """Every entry as a line of the chain, the oldest first, so many at a time: a trail may not fit into memory."""
    before: TrailEntry | None = None
    while entries := _after(before.seq if before else 0):
        beside = _told_beside(entries[0].seq, entries[-1].seq) if facts else {}
        for entry in entries:
            is_next = entry.seq == 1 if before is None else before.seq == entry.seq - 1
            previous = (before.link if before else NOTHING_BEFORE) if is_next else ""
            told = {"facts": beside[entry.seq]} if entry.seq in beside else {}
            yield {**_line(entry, previous), "hash": entry.hash, "link": entry.link, **told}
            before = entry


def _after(seq: int) -> list[TrailEntry]:
    return list(TrailEntry.select().where(TrailEntry.seq > seq).order_by(TrailEntry.seq).limit(AT_A_TIME))


def _line(entry: TrailEntry, previous_link: str) -> dict[str, object]:
    names = ("seq", "form", "user_id", "officer_id", "actor", "action", "subject", "subject_id", "change", "remark")
    told = {name: entry.__data__[name] for name in (*names, "previous_hash")}
    return {**told, "at": entry.at.astimezone(UTC).isoformat(), "previous_link": previous_link}


def _told_beside(first: int, last: int) -> dict[int, dict[str, dict[str, object]]]:
    rows = TrailFact.select().where(TrailFact.entry.between(first, last)).order_by(TrailFact.entry, TrailFact.id)
    return {entry: {one.name: _told(one) for one in some} for entry, some in groupby(rows, key=lambda one: one.entry)}


def _told(fact: TrailFact) -> dict[str, object]:
    return {"erased_by": fact.erased_by} if fact.erased_by else {"salt": fact.salt, "value": fact.value}
