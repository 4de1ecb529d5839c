"""The process that works: it looks at the clock and at the queue, and does each piece once, however many there are.

APScheduler only rings the bell; `store/jobs.py` sees to it that each job is
done once for each period, and that what another process left behind is taken over.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from karmyogi.core.errors import KarmyogiError
from karmyogi.core.months import IST, now
from karmyogi.schedule import table
from karmyogi.schedule.table import Timed, Work
from karmyogi.store import heartbeats, jobs
from karmyogi.store.db import database, take_time
from karmyogi.web import installed

logger = logging.getLogger("karmyogi.schedule")
LOOK_EVERY_SECONDS = 2
NEVER = threading.Event()


def ring(job: Timed, *, at: datetime, stop: threading.Event = NEVER) -> None:
    """Do a timed job for every period that is due at its last time up to `at`, and not done."""
    if not job.is_on():
        return
    for period in job.periods(job.last_ring(at).date()):
        if stop.is_set():
            return
        _at_the_edge(job.name, period, job.work, at)


def work_off_queue(*, at: datetime, stop: threading.Event = NEVER) -> int:
    """Do what people have queued and what others left behind; returns how many pieces were done here."""
    names = [job.name for job in table.SCHEDULE if job.is_on()]
    done = 0
    for run in jobs.waiting([*names, *table.QUEUED], again=names, at=at):
        if stop.is_set():
            break
        done += _at_the_edge(run.job, run.period, table.work_of(run.job), at)
    return done


def _at_the_edge(name: str, period: str, work: Work, at: datetime) -> bool:
    """Do one piece; what it raises is kept on its row and logged, and the scheduler goes on.

    A claim that the database does not take is no fault of the piece: it is raised, and the next look claims again.
    """
    if not jobs.claim(name, period, at=at):
        return False
    try:
        return jobs.carry_out(jobs.find(name, period), lambda run: work(run, installed.files))
    except KarmyogiError as error:
        logger.warning("%s %s refused: %s", name, period, error)
    except Exception:  # the edge of a job
        logger.exception("%s %s failed", name, period)
    return False


@dataclass
class Worker:
    """One scheduler: three things to look at, each in its own thread, until it is told to stop."""

    app: Flask
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Callable[[], datetime] = now
    rung: dict[str, datetime] = field(default_factory=dict)  # each job's last time that was seen to

    def run(self) -> None:
        """Work until `stop` is set; what is being done is finished first."""
        scheduler = BackgroundScheduler(timezone=IST, job_defaults={"coalesce": True, "max_instances": 1})
        for look, seconds in (
            (self.beat, heartbeats.BEAT_SECONDS),
            (self.look_at_the_clock, LOOK_EVERY_SECONDS),
            (self.look_at_the_queue, LOOK_EVERY_SECONDS),
        ):
            every = IntervalTrigger(seconds=seconds)
            scheduler.add_job(self._within, every, args=(look,), id=look.__name__, next_run_time=now())
        scheduler.start()
        self.stop.wait()
        scheduler.shutdown(wait=True)
        self._within(heartbeats.leave)

    def beat(self) -> None:
        heartbeats.beat(at=self.clock())

    def look_at_the_clock(self) -> None:
        """Ring each job whose time has come since the last look; at the first look, what was missed before."""
        for job in table.SCHEDULE:
            at = self.clock()
            last = job.last_ring(at)
            if self.rung.get(job.name) != last and not self.stop.is_set():
                ring(job, at=at, stop=self.stop)
                self.rung[job.name] = last

    def look_at_the_queue(self) -> None:
        work_off_queue(at=self.clock(), stop=self.stop)

    def _within(self, look: Callable[[], object]) -> None:
        with self.app.app_context(), database.connection_context():
            take_time()
            look()
