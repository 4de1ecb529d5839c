"""Whether a scheduler runs, since when none does, and what is forgotten."""

from datetime import timedelta

from karmyogi.store import heartbeats
from karmyogi.store.heartbeats import GONE_AFTER, Scheduler
from karmyogi.store.jobs import me
from tests.factories import AT


def test_who_beats_is_alive_until_some_beats_are_missed(db):
    heartbeats.beat(at=AT)
    heartbeats.beat(at=AT + timedelta(seconds=30))

    last = AT + timedelta(seconds=30)
    assert [one.name for one in heartbeats.alive(at=last + GONE_AFTER - timedelta(seconds=1))] == [me()]
    assert heartbeats.alive(at=last + GONE_AFTER) == []
    assert (Scheduler.get().started_at, heartbeats.last_seen()) == (AT, last)


def test_who_leaves_is_gone_at_once_and_one_among_two_is_enough(db):
    Scheduler.create(name="another:1:x", started_at=AT, seen_at=AT)
    heartbeats.beat(at=AT)
    heartbeats.leave(at=AT)

    assert [one.name for one in heartbeats.alive(at=AT)] == ["another:1:x"]


def test_before_the_first_scheduler_nothing_was_ever_seen(db):
    assert (heartbeats.alive(at=AT), heartbeats.last_seen()) == ([], None)


def test_long_gone_schedulers_are_forgotten(db):
    Scheduler.create(name="old", started_at=AT, seen_at=AT - timedelta(days=2))
    Scheduler.create(name="new", started_at=AT, seen_at=AT)

    heartbeats.trim(AT - timedelta(days=1))

    assert [one.name for one in Scheduler.select()] == ["new"]
