"""Three schedulers over one database, one of them killed in the middle of its work, twenty times.

Each period's effect is counted in a table of its own. The clock of the
schedulers is the test's, so that a lease runs out when the test says so.
"""

import os
import signal
import time
from datetime import UTC, datetime, timedelta

import peewee
import pytest
from flask import Flask

from karmyogi.core.permissions import SYSTEM
from karmyogi.schedule import table, worker
from karmyogi.schedule.table import Timed
from karmyogi.store import jobs
from karmyogi.store.db import database
from karmyogi.store.jobs import LEASE, JobRun, enqueue
from tests.conftest import opened
from tests.processes import FORK

START = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
SCHEDULERS = 3
ROUNDS = int(os.environ.get("KARMYOGI_ROUNDS", "20"))
PATIENCE = 60.0
IDLE = 0


class Effect(peewee.Model):
    """What a piece of work does, and in which process."""

    period = peewee.TextField()
    process = peewee.IntegerField()

    class Meta:
        database = database  # no table of the house: it is here only


def write_effect(run: JobRun, _files) -> None:
    with database.atomic():
        Effect.create(period=run.period, process=os.getpid())
        Effect.select().where(Effect.period == run.period).count()  # some work of it is reading
        jobs.finish(run, {"written": 1})


class Clock:
    """The schedulers' clock: it stands still but when the test puts it forward."""

    def __init__(self) -> None:
        self.seconds = FORK.Value("d", 0.0)

    def __call__(self) -> datetime:
        return START + timedelta(seconds=self.seconds.value)

    def forward(self, by: timedelta) -> None:
        self.seconds.value += by.total_seconds()


class Assassin:
    """Kills the process that first comes to a certain statement of a piece of work, and nobody else."""

    def __init__(self) -> None:
        self.statement = FORK.Value("i", IDLE)  # which statement of the next piece of work; 0: nobody is to die

    def dying(self, claim):
        """`claim`, after which this process may die at one of its statements."""

        def claimed(job: str, period: str, *, at: datetime) -> bool:
            spoken = 0

            def listen(_event: peewee.QueryEvent) -> None:
                nonlocal spoken
                spoken += 1
                if self._takes(spoken):
                    os.kill(os.getpid(), signal.SIGKILL)

            database.obj.query_hooks[:] = [listen]
            return claim(job, period, at=at)

        return claimed

    def _takes(self, spoken: int) -> bool:
        """True for one process only; whoever dies must not hold the lock."""
        with self.statement.get_lock():
            is_due = self.statement.value == spoken
            if is_due:
                self.statement.value = IDLE
            return is_due


def run_scheduler(url: str, clock: Clock, assassin: Assassin) -> None:
    """One process of `flask schedule run`, which looks often and has our clock, table and assassin."""
    worker.LOOK_EVERY_SECONDS = 0.05
    jobs.claim = assassin.dying(jobs.claim)
    table.SCHEDULE = (Timed("timed", table.AT_NIGHT, table.tonight, write_effect, "", ""),)
    table.QUEUED = {"queued": write_effect}
    with opened(url):
        one = worker.Worker(Flask("test"), clock=clock)
        signal.signal(signal.SIGTERM, lambda *_: one.stop.set())
        one.run()
    os._exit(0)


def start(url: str, clock: Clock, assassin: Assassin):
    database.close_all()  # a child must not inherit a connection
    process = FORK.Process(target=run_scheduler, args=(url, clock, assassin))
    process.start()
    database.connect()
    return process


def wait_until(holds, what: str):
    """What `holds` gives when it gives something; real processes are waited for, not slept for."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited in vain for {what}")


def is_done(job: str, period: str) -> bool:
    return JobRun.select().where((JobRun.job == job) & (JobRun.period == period) & (JobRun.state == "done")).exists()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def assassin() -> Assassin:
    return Assassin()


@pytest.fixture
def schedulers(db, clock, assassin):
    Effect.create_table()
    running = [start(db, clock, assassin) for _one in range(SCHEDULERS)]
    yield running
    for process in running:
        process.kill()
        process.join()


def test_each_period_is_done_exactly_once_though_a_scheduler_is_killed_in_the_middle_of_it(
    db, schedulers, clock, assassin
):
    wait_until(lambda: is_done("timed", "2026-01-05"), "the night that was missed")
    expected = {"2026-01-05"}

    for number in range(ROUNDS):
        assassin.statement.value = number % 10 + 1
        if number % 2:
            period = f"asked {number}"
            enqueue("queued", period, by=SYSTEM)
        else:
            clock.forward(timedelta(days=1))
            period = f"{clock() + timedelta(hours=5, minutes=30):%Y-%m-%d}"
        job = "queued" if number % 2 else "timed"
        expected.add(period)

        victim = wait_until(lambda: next((one for one in schedulers if not one.is_alive()), None), "a death")
        schedulers.remove(victim)
        victim.join()
        assert victim.exitcode == -signal.SIGKILL
        clock.forward(LEASE + timedelta(seconds=1))
        wait_until(lambda job=job, period=period: is_done(job, period), f"{job} {period} to be taken over")
        schedulers.append(start(db, clock, assassin))

    counted = dict(Effect.select(Effect.period, peewee.fn.COUNT(Effect.id)).group_by(Effect.period).tuples())
    assert counted == dict.fromkeys(expected, 1)
    assert {run.state for run in JobRun.select()} == {"done"}
    assert {run.attempts for run in JobRun.select()} == {1, 2}


def test_told_to_stop_all_three_leave_in_peace(schedulers):
    wait_until(lambda: is_done("timed", "2026-01-05"), "the night that was missed")

    for process in schedulers:
        process.terminate()
        process.join(PATIENCE)

    assert [process.exitcode for process in schedulers] == [0, 0, 0]
    assert Effect.select().count() == 1
