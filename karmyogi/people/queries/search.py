"""The search for officers: by code, by names however they are spelled, and by telephone for those who may.

A word of a search is looked up in an index of keys (`OfficerWord`), which gives
the first few in order. A small reach is gone through officer by officer
instead: of a common name the index might give thousands before one of its own.
"""

from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice

import peewee

from karmyogi.core.permissions import Actor, Permission, Scope, scope_of
from karmyogi.people.models import Designation, KeyKind, Officer, OfficerKey, OfficerWord, OrgUnit, Posting
from karmyogi.people.queries.merging import person_of
from karmyogi.people.queries.reach import (
    any_of,
    is_held,
    is_within,
    officer_within,
    officers_posted_in,
    postings_with_places,
)
from karmyogi.people.rules import asked_keys, beginnings, phone_in

FOUND_AT_MOST = 20
FEW = 2_000  # officers of a small reach
COUNTED = 5_000  # officers with a word: more need not be told apart
EVERYBODY = peewee.Value(1) == peewee.Value(1)


@dataclass(frozen=True)
class Narrowing:
    """What narrows a search besides its text: the unit an officer is posted in, by its kind, and the class."""

    department: int | None = None
    district: int | None = None
    state_class: str = ""


@dataclass(frozen=True)
class Found:
    """Officers that a search finds, the best first, each with today's `posting` or None; whether there are more."""

    officers: list[Officer]
    is_more: bool


@dataclass(frozen=True)
class Wanted:
    """A word that an officer's code or names must have: the very key, or a word with one of these beginnings."""

    keys: tuple[str, ...]
    is_whole: bool = False

    def fits(self, word: peewee.Field) -> peewee.Expression:
        return word == self.keys[0] if self.is_whole else any_of([begins(word, key) for key in self.keys])

    def fits_one(self, word: peewee.Field) -> peewee.Expression:
        """The same, asked of the few words of one officer: nothing that tempts a planner to read a range of all."""
        if self.is_whole:
            return self.fits(word)
        return any_of([peewee.fn.SUBSTR(word, 1, len(key)) == key for key in self.keys])


Reading = tuple[Wanted, ...]  # one way to read a text: a word for each of its words


def begins(word: peewee.Field, key: str) -> peewee.Expression:
    """True for words that begin with this key, in the order of the index."""
    return (word >= key) & (word < key[:-1] + chr(ord(key[-1]) + 1))


def readings(text: str) -> list[Reading]:
    """Every way to read a text, the likeliest first: by whole words, then by how they begin.

    Each beginning of the last word is a way of its own, so that one range of the index answers it in order.
    """
    ways = asked_keys(text)
    whole = [tuple(Wanted((key,), is_whole=True) for key in keys) for keys in ways]
    open_words = [[Wanted(tuple(beginnings(key))) for key in keys[:-1]] for keys in ways]
    begun = [
        (*before, Wanted((last,)))
        for keys, before in zip(ways, open_words, strict=True)
        for last in beginnings(keys[-1])
    ]
    return whole + begun


def officers_found(
    text: str, actor: Actor, *, on: date, narrowed_by: Narrowing | None = None, limit: int = FOUND_AT_MOST
) -> Found:
    """The officers within the actor's reach whom this text may mean, however their names are spelled.

    Every word must begin a word of the names, or the code, in either script. First stand those with a word for each
    word, then those where it only begins so. Who may know contacts finds by a whole telephone number, too; for others
    it is a number like any other. The same few statements whatever is found.
    """
    inside = _Inside(scope_of(actor, Permission.OFFICERS_SEARCH), narrowed_by or Narrowing(), on)
    ids, ways = _by_phone(text, actor, inside), readings(text)
    counts, few = _counts(ways), inside.few()
    for way in ways:
        if len(ids) <= limit and all(counts.get(wanted, 1) for wanted in way):
            most = limit + 1 + len(ids)
            more = _among(few, way, inside, most) if few is not None else _in_order(way, counts, inside, most)
            ids = list(dict.fromkeys([*ids, *more]))
    return Found(_shown(ids[:limit], on), len(ids) > limit)


def officers_called(text: str) -> peewee.Expression:
    """The condition that an officer is found by this text as in `officers_found`, but by no telephone number."""
    return any_of([_has_all(way) for way in readings(text)])


def _has_all(way: Reading) -> peewee.Expression:
    found = EVERYBODY
    for wanted in way:
        found = found & Officer.id.in_(OfficerWord.select(OfficerWord.officer).where(wanted.fits(OfficerWord.word)))
    return found


def _ids(query: peewee.ModelSelect) -> list[int]:
    return [officer_id for (officer_id,) in query.tuples()]


class _Inside:
    """Whom a search may find at all: within a scope, and within what narrows the search."""

    def __init__(self, scope: Scope, narrowed_by: Narrowing, on: date):
        self.scope, self.on, self.state_class = scope, on, narrowed_by.state_class
        units = {OrgUnit.department: narrowed_by.department, OrgUnit.district: narrowed_by.district}
        self.where = [column == unit for column, unit in units.items() if unit is not None]
        if not scope.everything:
            self.where.append(is_within(scope))

    def few(self) -> list[int] | None:
        """Everybody inside, if they are few; None if they are many."""
        if not self.where:
            return None
        units = OrgUnit.select(OrgUnit.id).where(*self.where)
        ids = _ids(officers_posted_in(units, on=self.on).limit(FEW + 1))
        return ids if len(ids) <= FEW else None

    def holds(self, officer: peewee.Field) -> peewee.Expression:
        """True for the officers inside, asked of one after the other."""
        found = self.of_class(officer)
        if self.where:
            held = Posting.select(Posting.id).join(OrgUnit).where((Posting.officer == officer) & is_held(self.on))
            found = found & _is_there(held.where(*self.where))
        return found

    def of_class(self, officer: peewee.Field) -> peewee.Expression:
        if not self.state_class:
            return EVERYBODY
        other = Officer.alias()
        return _is_there(other.select(other.id).where((other.id == officer) & (other.state_class == self.state_class)))


def _counts(ways: list[Reading]) -> dict[Wanted, int]:
    """How many words fit each that is wanted beside others, up to a limit: one statement, or none."""
    asked = list(dict.fromkeys(wanted for way in ways if len(way) > 1 for wanted in way))
    if not asked:
        return {}
    some = [
        OfficerWord.select(OfficerWord.officer).where(wanted.fits(OfficerWord.word)).limit(COUNTED) for wanted in asked
    ]
    counted = [peewee.Select([few.alias("some")], [peewee.fn.COUNT(peewee.SQL("*"))]) for few in some]
    [row] = OfficerWord._meta.database.execute(peewee.Select(columns=counted))
    return dict(zip(asked, row, strict=True))


def _in_order(way: Reading, counts: dict[Wanted, int], inside: _Inside, most: int) -> list[int]:
    """Ids from the index of words, from the rarest that is wanted on, each officer once.

    Each beginning of the rarest is asked for by itself, so that one range of the index answers it in order.
    """
    first, *others = sorted(way, key=lambda wanted: counts.get(wanted, 0))
    parts = [_range(first, key, others, inside).limit(most).tuples() for key in first.keys]
    return [officer_id for _word, officer_id in islice(merge(*parts), most)]


def _range(first: Wanted, key: str, others: list[Wanted], inside: _Inside) -> peewee.ModelSelect:
    """Words and ids of one range of the index: the officers who have the other words, too."""
    fits = Wanted((key,), first.is_whole).fits(OfficerWord.word)
    query = OfficerWord.select(OfficerWord.word, OfficerWord.officer).where(fits)
    query = query.where(*(_has(wanted, OfficerWord.officer) for wanted in others), inside.holds(OfficerWord.officer))
    if not first.is_whole:
        query = query.where(~_has(first, OfficerWord.officer, before=OfficerWord.word))
    return query.order_by(OfficerWord.word, OfficerWord.officer)


def _among(few: list[int], way: Reading, inside: _Inside, most: int) -> list[int]:
    """Ids of those of these officers who have every word that is wanted."""
    named = Officer.select(Officer.id).where(Officer.id.in_(few) & inside.of_class(Officer.id))
    return _ids(named.where(*(_has(wanted, Officer.id) for wanted in way)).order_by(Officer.id).limit(most))


def _has(wanted: Wanted, officer: peewee.Field, *, before: peewee.Field | None = None) -> peewee.Expression:
    """True for officers with such a word; with `before`, one that comes earlier than that word."""
    also = OfficerWord.alias()
    fitting = also.select(also.word).where((also.officer == officer) & wanted.fits_one(also.word))
    return _is_there(fitting if before is None else fitting.where(also.word < before))


def _is_there(rows: peewee.ModelSelect) -> peewee.Expression:
    """True where there is such a row, asked of one officer after the other until enough are found.

    Without an offset, PostgreSQL would turn the question into a join over everybody.
    """
    return peewee.fn.EXISTS(rows.limit(1).offset(0))


def _by_phone(text: str, actor: Actor, inside: _Inside) -> list[int]:
    """Officers with this very telephone number whom the actor may find, and whose contacts they may know."""
    phone, scope = phone_in(text), scope_of(actor, Permission.OFFICERS_CONTACT)
    if phone is None or not scope:
        return []
    known = officer_within(scope, OfficerKey.officer, on=inside.on) & inside.holds(OfficerKey.officer)
    held = (OfficerKey.kind == KeyKind.PHONE) & (OfficerKey.value == phone)
    keys = OfficerKey.select(person_of(OfficerKey.officer)).where(held & known)
    return list(dict.fromkeys(_ids(keys.order_by(OfficerKey.officer).limit(FOUND_AT_MOST))))


def _shown(ids: list[int], on: date) -> list[Officer]:
    """These officers in this order, each with designation and posting."""
    rows = Officer.select(Officer, Designation).join(Designation, peewee.JOIN.LEFT_OUTER).where(Officer.id.in_(ids))
    by_id, held = {officer.id: officer for officer in rows}, postings_with_places(ids, on=on)
    for officer in by_id.values():
        officer.posting = held.get(officer.id)
    return [by_id[officer_id] for officer_id in ids]
