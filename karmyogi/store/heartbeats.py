"""Schedulers seen: each process that works off jobs says from time to time that it is there."""

import datetime as dt

import peewee

from karmyogi.core.months import now
from karmyogi.store.db import Moment, Table
from karmyogi.store.jobs import me

BEAT_SECONDS = 30
GONE_AFTER = dt.timedelta(minutes=3)  # some missed beats are a busy database, not a scheduler that is gone


class Scheduler(Table):
    """One process of `flask schedule run`, since when it runs, and when it was last seen."""

    name = peewee.TextField(unique=True)
    started_at = Moment()
    seen_at = Moment(index=True)
    stopped_at = Moment(null=True)

    def __str__(self) -> str:
        return self.name


def beat(*, at: dt.datetime | None = None) -> None:
    """This process is there."""
    at = at or now()
    seen = Scheduler.update(seen_at=at, stopped_at=None).where(Scheduler.name == me()).execute()
    if not seen:
        Scheduler.insert(name=me(), started_at=at, seen_at=at).on_conflict_ignore().execute()


def leave(*, at: dt.datetime | None = None) -> None:
    """This process ends as it was told to."""
    at = at or now()
    Scheduler.update(seen_at=at, stopped_at=at).where(Scheduler.name == me()).execute()


def alive(*, at: dt.datetime | None = None) -> list[Scheduler]:
    """The schedulers that run at this moment, the longest running first."""
    there = Scheduler.stopped_at.is_null() & (Scheduler.seen_at > (at or now()) - GONE_AFTER)
    return list(Scheduler.select().where(there).order_by(Scheduler.started_at, Scheduler.id))


def last_seen() -> dt.datetime | None:
    """When any scheduler was last seen, running or not; None if there never was one."""
    newest = Scheduler.select(Scheduler.seen_at).order_by(Scheduler.seen_at.desc()).first()
    return newest.seen_at if newest else None


def trim(before: dt.datetime) -> None:
    """Forget the schedulers that were last seen before this moment."""
    Scheduler.delete().where(Scheduler.seen_at < before).execute()
