"""The chain of the trail: what an entry vouches for, and how entries hang together; `core/proving.py` walks it.

A line is one entry as an export has it. Its `hash` is keyed: nobody without our key can make one. Its `link` is not:
whoever holds an export can compute every link again, and who holds one link from before (a head) knows that
nothing up to it was changed since. Facts about people stand beside the entry, which vouches for their salted hash
alone, so that they can be erased and the chain stays whole.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

NOTHING_BEFORE = "0" * 64
ERASED = "trail.erase"
OLD, NEW = 1, 2  # the forms of entries: of the old ones everything is in the entry, and nothing can be erased
KEYED = ("at", "user_id", "officer_id", "actor", "action", "subject", "subject_id", "change", "remark")
LINKED = (*KEYED, "seq", "form", "previous_hash", "hash")
ENTRY = frozenset((*LINKED, "previous_link", "link"))
MARK = "#"  # stands in an entry before the hash of a fact beside it

# Made once: json.dumps makes one for each value that it is given such wishes with, for half a million rows of a file.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


class Line(TypedDict):
    """One entry as an export has it."""

    seq: int
    form: int
    at: str
    user_id: int | None
    officer_id: int | None
    actor: str
    action: str
    subject: str
    subject_id: int | None
    change: object
    remark: str
    previous_hash: str
    hash: str
    previous_link: str
    link: str
    facts: NotRequired[dict[str, dict[str, object]]]


def canonical(value: object) -> str:
    """One text for one value: JSON with sorted names, without spaces, in its own script."""
    return "{}" if value == {} else _encode(value)  # which nearly every row of a file says


def sha256(text: str) -> str:
    """As hex; of what no text can hold, and only a tampered file has, too."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


# ── Facts about people ──


@dataclass(frozen=True)
class Personal:
    """A value about people, to be kept beside the entry."""

    value: object


def personal(value: object) -> object:
    """Mark what an entry tells of people: texts, within lists and tables too. What is no text names nobody."""
    if isinstance(value, Mapping):
        return {key: personal(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [personal(one) for one in value]
    return Personal(value) if isinstance(value, str) and value else value


@dataclass(frozen=True)
class Fact:
    """A value beside an entry; `name` is where in the entry it is vouched for, as `remark` or `change.name_hi.1`."""

    name: str
    salt: str
    value: object

    @property
    def digest(self) -> str:
        return sha256(self.salt + canonical(self.value))

    @classmethod
    def of(cls, name: str, value: object) -> "Fact":
        """With a salt of its own, without which the hash tells nothing once it is erased."""
        return cls(name, secrets.token_hex(16), json.loads(canonical(value)))


def set_aside(value: object, name: str, facts: list[Fact]) -> object:
    """The value with a hash in place of each personal one; these are added to `facts`."""
    if isinstance(value, Personal):
        facts.append(Fact.of(name, value.value))
        return {MARK: facts[-1].digest}
    if isinstance(value, Mapping):
        return {key: set_aside(one, f"{name}.{key}", facts) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [set_aside(one, f"{name}.{place}", facts) for place, one in enumerate(value)]
    return value


def put_back(value: object, name: str, values: Mapping[str, object]) -> object:
    """The value with what belongs in place of each hash, by its name; a hash of which nothing is given stays."""
    if digest_in(value):
        return values.get(name, value)
    if isinstance(value, dict):
        return {key: put_back(one, f"{name}.{key}", values) for key, one in value.items()}
    if isinstance(value, list):
        return [put_back(one, f"{name}.{place}", values) for place, one in enumerate(value)]
    return value


def digest_in(value: object) -> str | None:
    """The hash that stands in an entry in place of a value; None if it is a value."""
    found = value.get(MARK) if isinstance(value, dict) and len(value) == 1 else None
    return found if isinstance(found, str) else None


def vouched(line: Mapping[str, object]) -> dict[str, str]:
    """The hashes of facts that an entry vouches for, by their names."""
    if line["form"] == OLD:
        return {}
    texts = {name: str(line[name])[1:] for name in ("actor", "remark") if str(line[name]).startswith(MARK)}
    return texts | dict(_digests(line["change"], "change"))


def _digests(value: object, name: str) -> Iterator[tuple[str, str]]:
    if digest := digest_in(value):
        yield name, digest
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _digests(one, f"{name}.{key}")
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _digests(one, f"{name}.{place}")


# ── Hashes ──


def keyed_hash(line: Mapping[str, object], key: bytes) -> str:
    """What only the holder of the key can make: over the entry and the keyed hash before it."""
    names = KEYED if line["form"] == OLD else (*KEYED, "seq", "form")
    text = f"{line['previous_hash']}{canonical({name: line[name] for name in names})}"
    return hmac.new(key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def link(line: Mapping[str, object]) -> str:
    """What everybody can compute: SHA-256 over the link before it and the whole entry, its keyed hash included."""
    return sha256(f"{line['previous_link']}{canonical({name: line[name] for name in LINKED})}")
