"""What a proof of the trail and the seals came to, as its job keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from karmyogi.core.reasons import Reason

MORE = "proof_names_more"  # of this sort there are so many more than are named
OLD = timedelta(days=2)  # one is made each night: an older one says that the nights before made none


@dataclass(frozen=True)
class Found:
    """What was looked at and what no longer fits; `today` are months beside today's records: officers, and differing.

    `upto` is the number of the last entry that the trail had when the proof began, `corrections` are those that were
    approved by then, as month and number.
    """

    entries: int
    upto: int
    broken: int | None
    months: tuple[str, ...]
    corrections: tuple[tuple[str, int], ...] = ()
    faults: tuple[Reason, ...] = ()
    today: tuple[tuple[str, int, int], ...] = ()

    @property
    def count(self) -> int:
        """Every fault, those too that are only counted; a broken trail is one."""
        return _counted(self.faults) + (self.broken is not None)

    def faults_of(self, month: str) -> int:
        """How many faults a month has."""
        return _counted(tuple(fault for fault in self.faults if fault.facts["month"] == month))

    def kept(self) -> dict[str, object]:
        """As JSON keeps it."""
        faults = [[fault.code, dict(fault.facts)] for fault in self.faults]
        return {**vars(self), "faults": faults, "count": self.count}

    @classmethod
    def read(cls, kept: Mapping[str, object]) -> Self:
        """What `kept` wrote."""
        told = {name: kept[name] for name in ("entries", "upto", "broken")}
        faults = tuple(Reason(code, facts) for code, facts in kept["faults"])
        corrections = tuple((month, number) for month, number in kept["corrections"])
        today = tuple((month, officers, differing) for month, officers, differing in kept["today"])
        return cls(**told, months=tuple(kept["months"]), corrections=corrections, faults=faults, today=today)


def _counted(faults: tuple[Reason, ...]) -> int:
    return sum(fault.facts["count"] if fault.code == MORE else 1 for fault in faults)


def is_old(made_at: datetime, *, at: datetime) -> bool:
    """True if the night's proof has been missed since: a proof of more than two days ago."""
    return at - made_at > OLD
