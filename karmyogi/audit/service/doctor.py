"""The doctor: every invariant of every room, asked in one view of the data, and nothing written."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from karmyogi.accounts import invariants as of_accounts
from karmyogi.achievements import invariants as of_achievements
from karmyogi.completions import invariants as of_completions
from karmyogi.people import invariants as of_people
from karmyogi.reports import invariants as of_reports
from karmyogi.scores.queries.computing import snapshot
from karmyogi.store import invariants as of_the_store
from karmyogi.store.invariants import MOST_FOUND, Invariant, Look, Offence

ALL: tuple[Invariant, ...] = (
    *of_the_store.INVARIANTS,
    *of_people.INVARIANTS,
    *of_accounts.INVARIANTS,
    *of_completions.INVARIANTS,
    *of_reports.INVARIANTS,
    *of_achievements.INVARIANTS,
)


@dataclass(frozen=True)
class Finding:
    """What looking for one invariant came to: the rows that break it, a hundred at most, and how long it took."""

    invariant: Invariant
    offences: tuple[Offence, ...]
    has_more: bool
    seconds: float


def examine(look: Look, invariants: Iterable[Invariant] = ALL) -> Iterator[Finding]:
    """Ask one invariant after another; what people do meanwhile is not seen, and nobody waits for it."""
    with snapshot():
        for invariant in invariants:
            begun = time.monotonic()
            found = tuple(islice(invariant.find(look), MOST_FOUND + 1))
            yield Finding(invariant, found[:MOST_FOUND], len(found) > MOST_FOUND, time.monotonic() - begun)
