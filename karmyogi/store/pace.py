"""How far long work is, told to the job that asked for it."""

from dataclasses import dataclass, replace
from typing import Self

from karmyogi.store.jobs import JobRun, progress

LEAST = 10  # thousandths worth telling
LAST = 990  # of a thousand: the rest is the job's own end


@dataclass
class Pace:
    """Tells a job how far its work is, from `first` to `last` of a bar of a thousand parts; without one, nobody."""

    job: JobRun | None = None
    first: int = 0
    last: int = LAST
    told: int = -LEAST

    def at(self, share: float) -> None:
        """A sign of life at this share of the work. Raises Cancelled if somebody called it off."""
        if self._place(share) >= self.told + LEAST:
            self.alive(share)

    def alive(self, share: float) -> None:
        """The same however little was done since the last; the bar never goes back. Raises Cancelled."""
        self.told = max(self.told, self._place(share))
        if self.job:
            progress(self.job, self.told)

    def part(self, first: float, last: float) -> Self:
        """The pace of a part of the work, from one share of it to another."""
        return replace(self, first=self._place(first), last=self._place(last))

    def _place(self, share: float) -> int:
        return self.first + int(min(share, 1.0) * (self.last - self.first))


def share_done(run: JobRun) -> float:
    """How much of its work a job has told to be done, from 0 to about 1; what `Pace.at` was given."""
    return run.progress / LAST
