"""`flask schedule`: the process that works, one job by hand, and what ran last."""

import logging
import signal
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from karmyogi.core.errors import NotThere
from karmyogi.core.months import now, today
from karmyogi.schedule import queries, table
from karmyogi.schedule.worker import Worker, work_off_queue
from karmyogi.store import jobs
from karmyogi.web import installed
from karmyogi.web.console import on_database

commands = AppGroup("schedule", help="Timed jobs and queued work.")


@commands.command("run")
def run_command() -> None:
    """Run the scheduler until it is told to stop."""
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)  # it warns whenever the queue is still at work
    worker = Worker(current_app._get_current_object())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop.set())
    worker.run()


@commands.command("once")
@click.argument("job", type=click.Choice([job.name for job in table.SCHEDULE] + ["queue"]))
@click.argument("day", metavar="[PERIOD]", required=False, type=click.DateTime(["%Y-%m-%d"]))
@on_database
def once_command(job: str, day: datetime | None) -> None:
    """Run one job now, for one day (as 2026-04-06) or for today; `queue` does what people have asked for."""
    timed = table.timed(job)
    if job == "queue":
        click.echo(work_off_queue(at=now()))
        return
    if timed is None:
        raise NotThere("job_not_set_up")
    for due in timed.periods(day.date() if day else today()):
        done = jobs.run_once(timed.name, due, lambda run: timed.work(run, installed.files))
        click.echo(f"{timed.name} {due}: {'done' if done else 'nothing to do'}")


@commands.command("list")
@on_database
def list_command() -> None:
    """Every timed job and its last run."""
    for job, last in queries.timed_jobs():
        click.echo(f"{job.name}  {last.period if last else '-'}  {last.state if last else 'never'}")
