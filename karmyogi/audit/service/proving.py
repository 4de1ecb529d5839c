"""Proving the trail and the seals: in the background, each night and when somebody asks; what it came to is kept."""

from collections.abc import Iterable
from datetime import datetime

import peewee

from karmyogi.audit.queries import NIGHTLY, PROVE, PROVEN, proof_at_work
from karmyogi.audit.rules import Found
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import Month, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import reason
from karmyogi.scores import service as scores
from karmyogi.scores.queries import approved_corrections, sealed_months
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun, enqueue, finish, progress
from karmyogi.store.trail import TrailEntry, broken_link, record

EVERY = "all"
# Thousandths of the bar: the trail, the seals with today's records to come, and without.
TRAIL_DONE, SEALS_DONE, ALL_DONE = 50, 500, 990

__all__ = ["EVERY", "NIGHTLY", "PROVE", "ask_for_proof", "prove"]


def ask_for_proof(compared: str = "", *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the proof of the trail and every seal; `compared` is a sealed month, or all, to lay beside today's records.

    While one waits or is at work, it is the one. Raises NotAllowed, or RuleBroken for a month that is not sealed.
    """
    if not can(by, Permission.TRAIL_READ):
        raise NotAllowed(reason("not_allowed"))
    if compared not in ("", EVERY, *(row.month for row in sealed_months())):
        raise RuleBroken(reason("month_not_sealed", month=compared))
    at = at or now()
    return proof_at_work() or enqueue(PROVE, f"{compared}@{at:%Y%m%d%H%M%S%f}", by=by, at=at)


def prove(run: JobRun, compared: str = "", *, by: Actor) -> None:
    """Walk the trail, prove every seal, compare the months asked for with today's records, and keep what was found.

    What it came to stands on the keyed trail too, in numbers. Raises Cancelled, and then nothing is kept.
    """
    found = _found(run, compared)
    told = {"entries": found.entries, "months": len(found.months), "faults": found.count}
    with database.atomic():
        record(by, PROVEN, "trail_entry", told)
        finish(run, found.kept())


def _found(run: JobRun, compared: str) -> Found:
    upto, broken = TrailEntry.select(peewee.fn.MAX(TrailEntry.seq)).scalar() or 0, broken_link()
    progress(run, TRAIL_DONE)
    corrections = tuple(approved_corrections())
    proof = scores.verify_seals(pace=scores.Pace(run, TRAIL_DONE, SEALS_DONE if compared else ALL_DONE))
    asked = [row.month for row in sealed_months() if compared in (EVERY, row.month)]
    return Found(
        entries=TrailEntry.select().where(TrailEntry.seq <= upto).count(),
        upto=upto,
        broken=broken.seq if broken else None,
        months=proof.months,
        corrections=corrections,
        faults=(*proof.faults, *proof.unlike),
        today=tuple((one.month, one.officers, one.differing) for one in _compared(asked, run)),
    )


def _compared(months: list[str], run: JobRun) -> Iterable[scores.Today]:
    for place, month in enumerate(months):
        progress(run, SEALS_DONE + (ALL_DONE - SEALS_DONE) * place // len(months))
        yield scores.compare_with_today(Month.parse(month))
