"""Reads of flags: which completions were found not credible, so that no score counts them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import peewee

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.rules import FLAG
from karmyogi.core.months import Month
from karmyogi.courses.models import Course
from karmyogi.people.queries import records_of
from karmyogi.store.transitions import CaseStep

# The ids of the completions that count for nothing; a handful, found by the index of states.
NOT_CREDIBLE = "SELECT completion_id FROM flag WHERE state = 'not_credible'"


@dataclass(frozen=True)
class NotCredible:
    """A completion that two people found not credible, and when the second of them did."""

    completion: Completion
    found_at: datetime | None


def is_credible(completion: peewee.Field) -> peewee.Expression:
    """The condition that nobody has found a completion (a column of ids) not credible; asks a handful of rows once."""
    return completion.not_in(Flag.select(Flag.completion).where(Flag.state == "not_credible"))


def found_not_credible(officer_id: int, *, month: Month | None = None) -> list[NotCredible]:
    """The officer's completions that count for nothing, of one month or of all, the latest first."""
    rows = (
        Flag.select(Flag, Completion, Course)
        .join(Completion)
        .join(Course)
        .where((Flag.state == "not_credible") & Completion.officer.in_(records_of(officer_id)))
        .order_by(Completion.completed_at.desc(), Completion.id.desc(), Flag.id)
    )
    flags = list(rows.where(Completion.month == str(month)) if month else rows)
    found_at, once = _found_at(flags), {flag.completion_id: flag for flag in reversed(flags)}
    return [NotCredible(one.completion, found_at.get(one.id)) for one in flags if once[one.completion_id] is one]


def _found_at(flags: Sequence[Flag]) -> dict[int, datetime]:
    """When each of these flags was confirmed last, by its number."""
    confirmed = (CaseStep.workflow == FLAG.name) & (CaseStep.action == "confirm")
    theirs = CaseStep.case_id.in_([flag.id for flag in flags])
    rows = CaseStep.select(CaseStep.case_id, CaseStep.at).where(confirmed & theirs).order_by(CaseStep.id)
    return dict(rows.tuples()) if flags else {}
