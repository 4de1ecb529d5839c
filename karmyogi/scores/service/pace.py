"""How far the computing of a month is, told to the job that asked for it."""

from dataclasses import dataclass, replace
from typing import Self

from karmyogi.store.jobs import JobRun, progress

LEAST = 10  # thousandths worth telling


@dataclass
class Pace:
    """Tells a job how far its month is, from `first` to `last` of a bar of a thousand parts; without one, nobody."""

    job: JobRun | None = None
    first: int = 0
    last: int = 990
    told: int = -LEAST

    def at(self, share: float) -> None:
        """A sign of life at this share of the month. Raises Cancelled if somebody called the work off."""
        reached = self._place(share)
        if self.job and reached >= self.told + LEAST:
            self.told = reached
            progress(self.job, reached)

    def part(self, first: float, last: float) -> Self:
        """The pace of a part of the work, from one share of it to another."""
        return replace(self, first=self._place(first), last=self._place(last))

    def _place(self, share: float) -> int:
        return self.first + int(min(share, 1.0) * (self.last - self.first))
