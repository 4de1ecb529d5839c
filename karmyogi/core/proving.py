"""Proving a trail, entry by entry: what was changed, is missing or misplaced, or was cut off at the end.

It needs neither the database nor a key of ours, only an export and a head noted before, and nothing but Python:
`python -m karmyogi.core.proving FILE [HEAD …]` ends with 1 if anything is wrong.
"""

import json
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from karmyogi.core.chain import ENTRY, ERASED, NEW, NOTHING_BEFORE, OLD, Fact, Line, keyed_hash, link, vouched
from karmyogi.core.reasons import N_, Reason, declare, reason

FORMAT = "karmyogi-trail-1"
MOST_TOLD = 100  # faults that are named one by one

declare(
    chain_unreadable=N_("Line %(line)s of the file is no entry."),
    chain_header=N_("The head in the first line of the file is not that of its last entry."),
    chain_changed=N_("Entry %(entry)s was changed."),
    chain_unlinked=N_("Entry %(entry)s does not follow from the one before it."),
    chain_missing=N_("Entry %(entry)s is missing."),
    chain_missing_from_to=N_("Entries %(entry)s to %(last)s are missing."),
    chain_misplaced=N_("Entry %(entry)s does not stand in its place."),
    chain_repeated=N_("Entry %(entry)s stands there twice."),
    chain_key=N_("Entry %(entry)s does not fit the key."),
    chain_fact_changed=N_("Beside entry %(entry)s, %(name)s was changed."),
    chain_fact_missing=N_("Beside entry %(entry)s, %(name)s is missing, and no entry says that it was erased."),
    chain_fact_strange=N_("Beside entry %(entry)s stands %(name)s, of which the entry knows nothing."),
    chain_fact_back=N_("Beside entry %(entry)s stands %(name)s, which by entry %(by)s was erased."),
    chain_cut=N_("The trail ends before entry %(entry)s, of which there is a head: it was cut off."),
    chain_cut_facts=N_("The trail ends before entry %(entry)s, of which something is left: it was cut off."),
    chain_head=N_("Entry %(entry)s is not the one of the head: it, or one before it, was changed since."),
    chain_head_lost=N_("No entry has the head %(head)s: the trail was cut off or changed since."),
)


@dataclass(frozen=True)
class Head:
    """A link noted before: everything up to it must still be there. Without its number it is looked for."""

    link: str
    seq: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Head":
        """From `12:<64 hex digits>` or the digits alone. Raises ValueError."""
        number, _colon, digits = text.strip().rpartition(":")
        if len(digits) != 64 or int(digits, 16) < 0:
            raise ValueError(text)
        return cls(digits.lower(), int(number) if number else None)

    def __str__(self) -> str:
        return f"{self.seq}:{self.link}" if self.seq else self.link


class Walk:
    """One walk from the first entry to the last, in one pass; every fault is named once.

    With `key` the keyed hashes are proven too; `facts` is false where an export leaves them out.
    """

    def __init__(self, *, key: bytes = b"", heads: Iterable[Head] = (), facts: bool = True) -> None:
        self.count = 0
        self.head: Head | None = None  # of the last entry in its place
        self._key, self.has_facts = key, facts
        self._heads = list(heads)
        self._seen: set[Head] = set()
        self._before: Line | None = None
        self._next = 1
        self._gaps: list[tuple[int, int]] = []
        self._gone: defaultdict[object, set[tuple[int, str]]] = defaultdict(set)  # facts erased, by who says so

    @property
    def end(self) -> int:
        """The number of the last entry that was met; 0 before any."""
        return self._next - 1

    def faults(self, lines: Iterable[object]) -> Iterator[Reason]:
        """Every fault of these lines, as it is met; what is missing comes last."""
        for place, line in enumerate(lines, 1):
            if not is_entry(line):
                yield reason("chain_unreadable", line=place + 1)  # the first line of a file is its header
                continue
            yield from self._hangs(line)
            yield from self._is_itself(line)
            yield from self._vouches(line) if self.has_facts or "facts" in line else ()
            yield from self._meets_heads(line)
            self._before, self.count = line, self.count + 1
        yield from self._lacks()

    def _hangs(self, line: Line) -> Iterator[Reason]:
        seq = line["seq"]
        if seq >= self._next:
            if seq > self._next:
                self._gaps.append((self._next, seq - 1))
            self._next, self.head = seq + 1, Head(line["link"], seq)
        else:
            yield reason("chain_misplaced" if self._fills_gap(seq) else "chain_repeated", entry=seq)
        if seq == 1:
            told = (NOTHING_BEFORE, NOTHING_BEFORE)
        elif self._before and self._before["seq"] == seq - 1:
            told = (self._before["link"], self._before["hash"])
        else:
            return
        if (line["previous_link"], line["previous_hash"]) != told:
            yield reason("chain_unlinked", entry=seq)

    def _fills_gap(self, seq: int) -> bool:
        place = bisect_right(self._gaps, (seq, self._next)) - 1
        if place < 0 or self._gaps[place][1] < seq:
            return False
        first, last = self._gaps[place]
        left = [(start, end) for start, end in ((first, seq - 1), (seq + 1, last)) if start <= end]
        self._gaps[place : place + 1] = left
        return True

    def _is_itself(self, line: Line) -> Iterator[Reason]:
        if line["previous_link"] and link(line) != line["link"]:  # what stood before it may be lost: that is told
            yield reason("chain_changed", entry=line["seq"])
        elif self._key and keyed_hash(line, self._key) != line["hash"]:
            yield reason("chain_key", entry=line["seq"])

    def _vouches(self, line: Line) -> Iterator[Reason]:
        seq, digests, facts = line["seq"], vouched(line), line.get("facts", {})
        for name, digest in digests.items():
            fact = facts.get(name)
            if fact is None:
                yield reason("chain_fact_missing", entry=seq, name=name)
            elif "erased_by" in fact:
                self._gone[fact["erased_by"]].add((seq, name))
            elif Fact(name, str(fact["salt"]), fact["value"]).digest != digest:
                yield reason("chain_fact_changed", entry=seq, name=name)
        for name in facts.keys() - digests.keys():
            yield reason("chain_fact_strange", entry=seq, name=name)
        if line["action"] == ERASED:
            told, gone = set(erased_in(line["change"])), self._gone.pop(seq, set())
            yield from (reason("chain_fact_back", entry=n, name=name, by=seq) for n, name in sorted(told - gone))
            yield from (reason("chain_fact_missing", entry=n, name=name) for n, name in sorted(gone - told))

    def _meets_heads(self, line: Line) -> Iterator[Reason]:
        for head in self._heads:
            if head.seq == line["seq"] and head.link != line["link"]:
                yield reason("chain_head", entry=head.seq)
            if head.seq == line["seq"] or (head.seq is None and head.link == line["link"]):
                self._seen.add(head)

    def _lacks(self) -> Iterator[Reason]:
        for first, last in self._gaps:
            code = "chain_missing" if first == last else "chain_missing_from_to"
            yield reason(code, entry=first, **({} if first == last else {"last": last}))
        for entry, name in sorted(one for gone in self._gone.values() for one in gone):
            yield reason("chain_fact_missing", entry=entry, name=name)
        for head in self._heads:
            if head not in self._seen and (head.seq is None or head.seq >= self._next):
                known = {"head": head.link} if head.seq is None else {"entry": head.seq}
                yield reason("chain_head_lost" if head.seq is None else "chain_cut", **known)


def erased_in(change: object) -> Iterator[tuple[int, str]]:
    """The facts that an entry says were erased: the number of their entry and their name."""
    told = change.get("facts") if isinstance(change, dict) else None
    for one in told if isinstance(told, list) else ():
        if isinstance(one, list) and len(one) == 2 and _is_number(one[0]) and isinstance(one[1], str):
            yield one[0], one[1]


def is_entry(line: object) -> TypeGuard[Line]:
    """True if a line has the shape of an entry and nothing besides, so that it can be proven."""
    if not isinstance(line, dict) or line.keys() - {"facts"} != ENTRY:
        return False
    texts = (line[name] for name in ("previous_link", "link", "previous_hash", "hash", "actor", "remark", "action"))
    facts = line.get("facts", {})
    return (
        _is_number(line["seq"])
        and line["seq"] > 0
        and line["form"] in (OLD, NEW)
        and all(isinstance(text, str) for text in texts)
        and isinstance(facts, dict)
        and all(_is_fact(fact) for fact in facts.values())
    )


def _is_fact(fact: object) -> bool:
    if not isinstance(fact, dict):
        return False
    return (fact.keys() == {"salt", "value"} and isinstance(fact["salt"], str)) or (
        fact.keys() == {"erased_by"} and _is_number(fact["erased_by"])
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def by_entry(faults: Collection[Reason]) -> Reason | None:
    """The fault that lies first in the chain; None if there is none."""
    return min(faults, key=lambda fault: int(fault.facts.get("entry") or 0), default=None)


# ── An export ──


def faults_of_export(lines: Iterable[str], proof: Walk) -> Iterator[Reason]:
    """Every fault of an exported trail: a line of JSON that says what it is, then one for each entry."""
    read = map(_read, lines)
    header = next(read, None)
    if not isinstance(header, dict) or header.get("trail") != FORMAT:
        yield reason("chain_unreadable", line=1)
        header = {}
    proof.has_facts = header.get("facts") is not False
    yield from proof.faults(read)
    if (header.get("entries"), header.get("head")) != (proof.count, str(proof.head) if proof.head else None):
        yield reason("chain_header")


def _read(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def main(file: str, *heads: str) -> int:
    """Prove an export at the command line, in English."""
    proof = Walk(heads=[Head.parse(head) for head in heads])
    with Path(file).open(encoding="utf-8", errors="surrogateescape") as stream:
        faults = list(faults_of_export(stream, proof))
    for fault in faults[:MOST_TOLD]:
        print(fault.text % fault.facts)  # noqa: T201 - said to whoever runs it
    print(f"{proof.count} entries, {len(faults)} faults, head {proof.head}")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
