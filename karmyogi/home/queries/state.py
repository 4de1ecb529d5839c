"""GAD's desk: the road of the data from the file to the sealed month, and of the cases from draft to order."""

from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.home.rules import seal_by
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import StateCount, cycles, state_counts
from karmyogi.nominations.rules import NOMINATION
from karmyogi.reports.queries import imports_for
from karmyogi.scores.models import Policy, ScoreMonth
from karmyogi.store.imports import Import, ImportState

KINDS = ("roster", "user", "plan", "consumption")
FEW = 6


@dataclass(frozen=True)
class LastImport:
    """The newest applied file of one kind, and how many days ago it was made; None before the first."""

    kind: str
    origin: Import | None
    age_days: int | None


def last_imports(actor: Actor, *, on: date) -> list[LastImport]:
    """The newest applied import in reach of each kind, in the order in which they are brought; one statement.

    Whoever reads those of the whole State is told of these alone: the file of one office is no news of the others.
    """
    applied = imports_for(actor).where(Import.state == ImportState.APPLIED.value)
    if scope_of(actor, Permission.REPORTS_READ).everything:
        applied = applied.where(Import.unit_id.is_null())
    newest = applied.select(peewee.fn.MAX(Import.id)).group_by(Import.kind)
    found = {origin.kind: origin for origin in Import.select().where(Import.id.in_(newest))}
    return [LastImport(kind, found.get(kind), _age(found.get(kind), on)) for kind in KINDS]


def _age(origin: Import | None, on: date) -> int | None:
    """Days since the data was true: the day the report was made, else that of which a roster speaks."""
    if origin is None:
        return None
    made = origin.generated_at.astimezone(IST).date() if origin.generated_at else None
    return (on - (made or origin.as_on or origin.applied_at.astimezone(IST).date())).days


def queued_imports(actor: Actor) -> list[Import]:
    """The newest applied imports in reach with rows that wait for a person to say whose they are."""
    waiting = (Import.state == ImportState.APPLIED.value) & (Import.queued > 0)
    return list(imports_for(actor).where(waiting).order_by(Import.id.desc()).limit(FEW))


@dataclass(frozen=True)
class OpenMonth:
    """A month that is computed and not sealed; `until` is the last day before the scheduler seals it."""

    month: str
    state: str
    officer_count: int
    until: date


def open_months() -> list[OpenMonth]:
    """The months with scores that nobody has sealed, oldest first; the running month is among them."""
    rows = (
        ScoreMonth.select(ScoreMonth.month, ScoreMonth.state, ScoreMonth.officer_count, Policy.grace_days)
        .join(Policy)
        .where((ScoreMonth.state != "sealed") & (ScoreMonth.officer_count > 0))
        .order_by(ScoreMonth.month)
        .limit(FEW)
    )
    return [
        OpenMonth(month, state, count, seal_by(Month.parse(month), grace_days=grace_days))
        for month, state, count, grace_days in rows.tuples()
    ]


@dataclass(frozen=True)
class Round:
    """A cycle with its nominations by state, as the reader may know them, and the days left to nominate."""

    cycle: Cycle
    days_left: int
    counts: list[StateCount]


def rounds(actor: Actor, *, on: date) -> list[Round]:
    """The cycles that are open on that day, or whose nominations within reach are not all decided."""
    undecided = Nomination.select(Nomination.cycle).where(Nomination.state.not_in(sorted(NOMINATION.ends)))
    is_open = (Cycle.opens_on <= on) & (Cycle.closes_on >= on)
    found = list(cycles().where(is_open | Cycle.id.in_(undecided)).limit(FEW))
    counts = state_counts(actor, found) if found else []
    rows = [
        Round(cycle, (cycle.closes_on - on).days, [one for one in counts if one.cycle_id == cycle.id])
        for cycle in found
    ]
    return [one for one in rows if one.counts or one.days_left >= 0]
