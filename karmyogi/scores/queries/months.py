"""Reads of months: which are computed, open or due to be sealed, and what they rest on."""

from collections.abc import Sequence
from datetime import date

import peewee

from karmyogi.core.months import IST, Month, months_between
from karmyogi.scores.models import Policy, ScoreMonth, ScorePeriod
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.rules import SCORE_MONTH, is_due_to_seal, policy_for
from karmyogi.store.imports import Import, ImportState
from karmyogi.store.jobs import JobRun, JobState
from karmyogi.store.transitions import steps_taken

Inputs = list[list[int | str | None]]


def months_scored() -> list[ScoreMonth]:
    """Every computed month with its policy, newest first; without its list of inputs, which is long."""
    fields = [field for field in ScoreMonth._meta.sorted_fields if field is not ScoreMonth.inputs]
    return list(ScoreMonth.select(*fields, Policy).join(Policy).order_by(ScoreMonth.month.desc()))


def periods_added_up() -> list[ScorePeriod]:
    """Every quarter and year that is added up, the newest quarter before the one before, and years likewise."""
    return list(ScorePeriod.select().where(ScorePeriod.officer_count > 0).order_by(ScorePeriod.period.desc()))


def last_work(row: ScoreMonth, jobs: Sequence[str]) -> JobRun | None:
    """What was last asked for with a month, while it waits, is at work, or ended without its work being done.

    None once the month was computed or took a step after that: what was told then stands no longer.
    """
    its = JobRun.job.in_(jobs) & JobRun.period.startswith(f"{row.month}@") & (JobRun.state != JobState.DONE)
    run: JobRun | None = JobRun.select().where(its).order_by(JobRun.queued_at.desc(), JobRun.id.desc()).first()
    if run is None or run.finished_at is None:
        return run
    moved_at = max([row.computed_at, *(step.at for step in steps_taken(SCORE_MONTH, row)[-1:])])
    return run if run.finished_at >= moved_at else None


def overtaken_by(row: ScoreMonth, job: str) -> int | None:
    """The number of a later version by which an open month has still to be computed; None if there is none.

    The version takes effect in the month or before, and was published after the month was computed, or the `job` that
    computes it anew still waits. A month that was computed by an older version on purpose is not overtaken.
    """
    newest = Policy.select().where(Policy.effective_from <= row.month).order_by(Policy.number.desc()).first()
    if row.state == "sealed" or newest is None or newest.number <= row.policy.number:
        return None
    asked = (JobRun.job == job) & JobRun.period.startswith(f"{row.month}@")
    waits = JobRun.select().where(asked & JobRun.state.in_((JobState.QUEUED.value, JobState.RUNNING.value)))
    return newest.number if newest.published_at > row.computed_at or waits.exists() else None


def first_covered_month() -> Month | None:
    """The first month that a published policy covers; None before one is published."""
    effective_from = Policy.select(peewee.fn.MIN(Policy.effective_from)).scalar()
    return effective_from and Month.parse(effective_from)


def is_open(month: Month) -> bool:
    """True for a month that a policy covers and nobody has sealed, computed or not."""
    first = first_covered_month()
    sealed = (ScoreMonth.month == str(month)) & (ScoreMonth.state == "sealed")
    return first is not None and first <= month and not ScoreMonth.select().where(sealed).exists()


def grace_days(month: Month) -> int:
    """How many days after a month's end the scheduler seals it. Raises PolicyGap if no policy covers it."""
    return policy_for(month, published_policies()).grace_days


def months_due_to_seal(on: date) -> list[Month]:
    """The open months that the scheduler should seal on that day in India, oldest first.

    Their grace days are over, and a report has come in that was made after the
    month's end: an installation without data seals nothing.
    """
    first, reported_on = first_covered_month(), data_as_on()
    if first is None or reported_on is None:
        return []
    policies, sealed = published_policies(), _sealed()
    return [
        month
        for month in months_between(first, Month.of(on).previous)
        if str(month) not in sealed
        and month.last_on < reported_on
        and is_due_to_seal(month, grace_days=policy_for(month, policies).grace_days, on=on)
    ]


def months_to_finish(on: date) -> list[Month]:
    """The months over by that day that a policy covers and nobody has sealed, oldest first.

    From the first open month ever computed on; if none was, only the month
    before, so that a new installation does not compute years without data.
    """
    first, last = first_covered_month(), Month.of(on).previous
    if first is None:
        return []
    known = ScoreMonth.select(peewee.fn.MIN(ScoreMonth.month)).where(ScoreMonth.state != "sealed").scalar()
    begin, sealed = min(last, Month.parse(known)) if known else last, _sealed()
    return [month for month in months_between(max(first, begin), last) if str(month) not in sealed]


def computed_on(month: Month, day: date) -> bool:
    """True if the month's rows were computed on that day in India."""
    at = ScoreMonth.select(ScoreMonth.computed_at).where(ScoreMonth.month == str(month)).scalar()
    return at is not None and at.astimezone(IST).date() == day


def _sealed() -> set[str]:
    return {month for (month,) in ScoreMonth.select(ScoreMonth.month).where(ScoreMonth.state == "sealed").tuples()}


def current_inputs() -> Inputs:
    """The imports applied so far, oldest first: id, kind and hash of the file."""
    applied = Import.select(Import.id, Import.kind, Import.sha256).where(Import.state == ImportState.APPLIED)
    return [list(row) for row in applied.order_by(Import.id).tuples()]


def data_as_on() -> date | None:
    """The day in India on which the newest applied report was made; None before the first."""
    whole = (Import.state == ImportState.APPLIED) & Import.unit_id.is_null()  # one office's file tells of no other
    newest = Import.select(peewee.fn.MAX(Import.generated_at)).where(whole).scalar()
    return newest and newest.astimezone(IST).date()
