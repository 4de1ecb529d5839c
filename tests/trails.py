"""The trail as a test reads it: entries with what stands beside them put back."""

import peewee

from karmyogi.core.proving import Head, Walk
from karmyogi.core.reasons import Reason
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import TrailEntry, TrailFact, reveal, walk
from tests.worlds import TRAIL_KEY

ON_POSTGRES = {
    "trail_entry": ["trail_is_append_only"],
    "trail_fact": ["trail_fact_is_kept", "trail_fact_is_only_erased"],
}
ON_SQLITE = {
    "trail_entry": ["trail_no_update", "trail_no_delete"],
    "trail_fact": ["trail_fact_no_update", "trail_fact_no_delete"],
}


def told(*which: peewee.Expression) -> list[TrailEntry]:
    """The entries chosen, oldest first, as people read them, and the day in place of what was erased."""
    rows = TrailEntry.select().where(*which) if which else TrailEntry.select()
    return reveal(rows.order_by(TrailEntry.seq), erased=lambda at: f"erased {at:%d.%m.%Y}" if at else "gone")


def told_last(*which: peewee.Expression) -> TrailEntry:
    """The newest of them."""
    return told(*which)[-1]


def unlock() -> None:
    """Whoever owns the tables can take the engine's refusals away; the key of the chain they do not have."""
    for table, triggers in (ON_POSTGRES if is_postgres() else ON_SQLITE).items():
        for trigger in triggers:
            database.execute_sql(f"DROP TRIGGER {trigger}" + (f" ON {table}" if is_postgres() else ""))


def begin_anew() -> None:
    """An empty trail, as only whoever owns the tables makes one: code of before could not prove what is on it."""
    unlock()
    TrailFact.delete().execute()
    TrailEntry.delete().execute()


def faults(*heads: Head) -> list[Reason]:
    """What is wrong with the trail, for who has the key and these heads."""
    return list(walk(Walk(key=TRAIL_KEY, heads=heads)))
