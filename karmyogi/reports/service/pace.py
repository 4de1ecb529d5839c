"""How far work on an import is: where each step of it begins on a bar of a thousand parts."""

from collections.abc import Callable
from dataclasses import dataclass

from karmyogi.store.jobs import JobRun, progress

READING, COMPARING, WRITING, LAST = 0, 600, 800, 990


@dataclass
class Pace:
    """Tells the job of one import how far it is, and hears there whether somebody called it off (Cancelled)."""

    run: JobRun | None
    share: Callable[[], float] = lambda: 0.0  # of the file, read so far
    furthest: int = READING

    def reading(self) -> None:
        """A sign of life while the file is read; the bar never goes back, however the file is read."""
        self.furthest = max(self.furthest, int(min(self.share(), 1.0) * COMPARING))
        self.at(self.furthest)

    def at(self, thousandths: int) -> None:
        if self.run:
            progress(self.run, thousandths)
