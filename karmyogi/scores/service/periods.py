"""Quarters and financial years: added up anew when what their months count has changed, and shown in one moment."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from karmyogi.core.months import Month, now
from karmyogi.core.periods import Period, periods_of
from karmyogi.core.permissions import Actor, Permission
from karmyogi.scores.models import ScorePeriod
from karmyogi.scores.queries.computing import RANKED, snapshot, staged, staged_officers
from karmyogi.scores.queries.storing import remove_before, remove_run, tell_sizes, write_period
from karmyogi.scores.queries.summing import (
    Counted,
    clear_period,
    counted_in,
    inputs_of,
    keeps_figures,
    periods_begun,
    stage_period,
)
from karmyogi.scores.service.checks import hold, require
from karmyogi.scores.service.computing import number_of
from karmyogi.store.db import database
from karmyogi.store.jobs import JobRun, enqueue
from karmyogi.store.pace import Pace
from karmyogi.store.trail import record

ADD_UP = "add-up-periods"  # the job that adds up the quarter and the year of one month
STAGED_SHARE = 0.5


@dataclass(frozen=True)
class Sum:
    """What adding a period up came to, before it is stored."""

    period: Period
    number: int  # higher than that of every sum that began before
    counted: list[Counted]
    inputs: str
    officers: int

    @property
    def facts(self) -> dict[str, object]:
        return {
            "run": self.number,
            "inputs": self.inputs,
            "counted": [[one.month, one.correction] for one in self.counted],
            "officer_count": self.officers,
            "keeps_figures": keeps_figures(self.counted),
            "data_as_on": self.counted[-1].data_as_on,
        }


def ask_to_add_up(month: str, correction: int = 0, *, by: Actor, at: datetime | None = None) -> JobRun:
    """Queue the adding up of a month's quarter and year, after its sealing or the correction of this number."""
    return enqueue(ADD_UP, f"{month}@{correction}", by=by, at=at)


def add_up(
    months: Iterable[Month] | None = None,
    *,
    by: Actor,
    at: datetime | None = None,
    pace: Pace | None = None,
    again: bool = False,
) -> list[str]:
    """Add up the quarters and years of these months, or all that have begun; returns those whose rows are new.

    What counts already as it is added up stays as it is, unless all are wanted `again`. Only sealed months count, each
    as corrected by then. Raises NotAllowed; Cancelled, and then what is not finished is as before.
    """
    require(by, Permission.SCORES_RUN)
    asked = periods_begun() if months is None else [one for month in months for one in periods_of(month)]
    periods, pace = list(dict.fromkeys(asked)), pace or Pace()
    parts = [pace.part(place / len(periods), (place + 1) / len(periods)) for place in range(len(periods))]
    if again:
        ScorePeriod.update(inputs="").where(ScorePeriod.period.in_([str(one) for one in periods])).execute()
    return [str(one) for one, part in zip(periods, parts, strict=True) if _add_up(one, part, by=by, at=at or now())]


def _add_up(period: Period, pace: Pace, *, by: Actor, at: datetime) -> bool:
    with _cleared():
        summed = _summed(period)
        pace.at(STAGED_SHARE)
        return summed is not None and _store(summed, pace, by=by, at=at)


@contextmanager
def _cleared() -> Iterator[None]:
    try:
        yield
    finally:
        if not database.in_transaction():  # inside one, the next sum clears it
            clear_period()


def _summed(period: Period) -> Sum | None:
    """Everything long, on one view of the data; None where nothing is sealed, or the rows stand as they should."""
    row = _find(period)
    number = number_of(row)
    with snapshot():
        counted = counted_in(period)
        inputs = inputs_of(counted)
        if not counted or (row and row.inputs == inputs):
            return None
        stage_period(counted)
    return Sum(period, number, counted, inputs, staged_officers())


def _find(period: Period) -> ScorePeriod | None:
    return ScorePeriod.get_or_none(ScorePeriod.period == str(period))


def _store(summed: Sum, pace: Pace, *, by: Actor, at: datetime) -> bool:
    """Write the rows beside those that are shown, then show them, unless something newer came meanwhile."""
    rows = max(staged(RANKED), 1)
    is_shown = False
    try:
        for done in write_period(summed.period, summed.number):
            pace.at(STAGED_SHARE + (1 - STAGED_SHARE) * done / rows)
        is_shown = _show(summed, by=by, at=at)
    finally:
        if not is_shown:
            remove_run(summed.period, summed.number)
    if is_shown:
        remove_before(summed.period, summed.number)
        tell_sizes()
    return is_shown


def _show(summed: Sum, *, by: Actor, at: datetime) -> bool:
    """Let the period point to these rows, which takes a moment; not if a month was sealed or corrected meanwhile."""
    with database.atomic():
        hold()
        row = _find(summed.period)
        if (row and row.run > summed.number) or inputs_of(counted_in(summed.period)) != summed.inputs:
            return False
        row = _note(row, summed, at)
        told = {"period": row.period, "months": row.months, "officers": row.officer_count}
        record(by, "scores.add_up", row, told, at=at)
    return True


def _note(row: ScorePeriod | None, summed: Sum, at: datetime) -> ScorePeriod:
    if row is None:
        return ScorePeriod.create(period=str(summed.period), computed_at=at, **summed.facts)
    ScorePeriod.update(computed_at=at, **summed.facts).where(ScorePeriod.id == row.id).execute()
    return ScorePeriod.get_by_id(row.id)
