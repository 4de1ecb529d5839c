"""Timed jobs and queued work: one table, run by a process of its own.

APScheduler only rings the bell; `store/jobs.py` sees to it that each job is
done once for each period, however many schedulers run, and that what was
missed while none ran is caught up.
"""

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

import click
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app
from flask.cli import AppGroup

from karmyogi.accounts import service as accounts
from karmyogi.accounts.models import User
from karmyogi.achievements import service as achievements
from karmyogi.core.errors import KarmyogiError, PolicyGap, RuleBroken
from karmyogi.core.months import IST, Month, today
from karmyogi.core.permissions import SYSTEM, Actor
from karmyogi.reports import service as reports
from karmyogi.scores import service as scores
from karmyogi.store import jobs
from karmyogi.store.db import database, is_postgres
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun
from karmyogi.web import installed
from karmyogi.web.console import on_database

logger = logging.getLogger("karmyogi.schedule")
LOOK_EVERY_SECONDS = 2
SCORE = "score-month"
Work = Callable[[JobRun], object]


@dataclass(frozen=True)
class Timed:
    """A job with a time: when it rings, for which periods it is due on a day, and the verb it calls."""

    name: str
    when: CronTrigger
    periods: Callable[[date], Iterable[str]]
    work: Work


def score_open_months(run: JobRun) -> None:
    """The running month, provisionally, once a night; the past one too while it is not sealed."""
    month = Month.of(date.fromisoformat(run.period))
    for due in (month.previous, month):
        with suppress(PolicyGap, RuleBroken):  # before the first policy, or sealed meanwhile
            scores.run_month(due, by=SYSTEM)


def seal_due_months(_run: JobRun) -> object:
    """Seal months whose grace days are over and that no person has sealed, oldest first: the catch-up."""
    return scores.seal_due_months(by=SYSTEM)


def tonight(on: date) -> list[str]:
    return [on.isoformat()]


AT_NIGHT = CronTrigger(hour=2, minute=30, timezone=IST)
AFTER_SCORING = CronTrigger(hour=3, minute=30, timezone=IST)
# fmt: off
SCHEDULE = (
    #     name           when (India)   periods         verb
    Timed("score-night", AT_NIGHT,      tonight,        score_open_months),
    Timed("seal-due",    AFTER_SCORING, tonight,        seal_due_months),
)
# fmt: on


def check_import(run: JobRun) -> object:
    """Look at what an import would do."""
    origin = Import.get_by_id(int(run.period))
    return reports.counts(reports.check(origin, installed.files(), run=run))


def apply_import(run: JobRun) -> None:
    """Apply an import on behalf of the person who asked; certificates that waited for it may now match."""
    origin = Import.get_by_id(int(run.period))
    reports.apply(origin, installed.files(), by=_who_asked(run), run=run)
    achievements.match_waiting()


def score_month(run: JobRun) -> object:
    """Compute one month that a person asked for; the period is `2026-01@` and the moment of asking."""
    row = scores.run_month(Month.parse(run.period.partition("@")[0]), by=_who_asked(run))
    return {"officers": row.officer_count, "run_id": row.run_id}


def _who_asked(run: JobRun) -> Actor:
    """The person behind the work, with the roles they hold today, so that the trail names them; else the system."""
    user = User.get_or_none(User.id == run.requested_by) if run.requested_by else None
    return accounts.actor_of(user, on=today()) if user else SYSTEM


QUEUED: dict[str, Work] = {reports.CHECK: check_import, reports.APPLY: apply_import, SCORE: score_month}


def ring(job: Timed, *, on: date | None = None) -> None:
    """Do a timed job for every period that is due and not done."""
    for period in job.periods(on or today()):
        _at_the_edge(job.name, period, job.work)


def work_off_queue() -> int:
    """Do what people have queued; returns how many pieces were done here."""
    return sum(_at_the_edge(run.job, run.period, QUEUED[run.job]) for run in jobs.waiting(list(QUEUED)))


def _at_the_edge(name: str, period: str, work: Work) -> bool:
    """Run one piece; what it raises is kept on its row and logged, and the scheduler goes on."""
    try:
        return jobs.run_once(name, period, work)
    except KarmyogiError as error:
        logger.warning("%s %s refused: %s", name, period, error)
    except Exception:  # the edge of a job
        logger.exception("%s %s failed", name, period)
    return False


def run_forever(app: Flask, stop: threading.Event) -> None:
    """Ring every job at its time until `stop` is set; a job that runs is finished first."""
    scheduler = BackgroundScheduler(
        timezone=IST, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
    )
    for job in SCHEDULE:
        scheduler.add_job(_within, job.when, args=(app, ring, job), id=job.name)
    scheduler.add_job(_within, IntervalTrigger(seconds=LOOK_EVERY_SECONDS), args=(app, work_off_queue), id="queue")
    scheduler.start()
    for job in SCHEDULE:  # what was missed while no scheduler ran
        if not stop.is_set():
            _within(app, ring, job)
    stop.wait()
    scheduler.shutdown(wait=True)


def _within(app: Flask, work: Callable[..., object], *args: object) -> None:
    with app.app_context(), database.connection_context():
        if is_postgres():
            database.execute_sql("SET statement_timeout = 0")
        work(*args)


commands = AppGroup("schedule", help="Timed jobs and queued work.")


@commands.command("run")
def run_command() -> None:
    """Run the scheduler until it is told to stop."""
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns whenever the queue is still at work
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run_forever(current_app._get_current_object(), stop)


@commands.command("once")
@click.argument("job", type=click.Choice([job.name for job in SCHEDULE] + ["queue"]))
@click.argument("day", metavar="[PERIOD]", required=False, type=click.DateTime(["%Y-%m-%d"]))
@on_database
def once_command(job: str, day: datetime | None) -> None:
    """Run one job now, for one day (as 2026-04-06) or for today; `queue` does what people have asked for."""
    if job == "queue":
        click.echo(work_off_queue())
        return
    timed = next(candidate for candidate in SCHEDULE if candidate.name == job)
    for due in timed.periods(day.date() if day else today()):
        done = jobs.run_once(timed.name, due, timed.work)
        click.echo(f"{timed.name} {due}: {'done' if done else 'nothing to do'}")


@commands.command("list")
@on_database
def list_command() -> None:
    """Every timed job and its last run."""
    for job in SCHEDULE:
        last = JobRun.select().where(JobRun.job == job.name).order_by(JobRun.id.desc()).first()
        click.echo(f"{job.name}  {last.period if last else '-'}  {last.state if last else 'never'}")
