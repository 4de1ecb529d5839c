"""How far the computing of a month is, told to the job that asked for it."""

from dataclasses import dataclass

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
        reached = self.first + int(min(share, 1.0) * (self.last - self.first))
        if self.job and reached >= self.told + LEAST:
            self.told = reached
            progress(self.job, reached)
