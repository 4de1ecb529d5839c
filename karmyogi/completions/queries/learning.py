"""Reads of learning: what an officer has finished, is at, and owes, and the records of the first steps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import peewee

from karmyogi.completions.models import Assessment, Completion, Enrolment, OnboardingStep, Unenrolment
from karmyogi.completions.queries.flags import is_credible
from karmyogi.completions.rules import Mark, Step
from karmyogi.courses.models import Course
from karmyogi.courses.queries import are_twins, is_called
from karmyogi.people.queries import profile_of, records_of
from karmyogi.plans.models import Obligation
from karmyogi.store.imports import ImportChange


def completions_of(officer_id: int, *, limit: int, before: int | None = None) -> list[Completion]:
    """What an officer has finished, newest first, with its course; with `before`, on from that completion of theirs.

    Of one course on several records of the person only the first.
    """
    rows = (
        Completion.select(Completion, Course)
        .join(Course)
        .where(Completion.officer.in_(records_of(officer_id)) & _is_first(officer_id))
        .order_by(Completion.completed_at.desc(), Completion.id.desc())
        .limit(limit)
    )
    return list(rows if before is None else rows.where(_is_earlier(officer_id, before)))


def completion_count(officer_id: int) -> int:
    """How many courses an officer has finished."""
    mine = Completion.officer.in_(records_of(officer_id))
    return Completion.select().where(mine & _is_first(officer_id)).count()


def _is_earlier(officer_id: int, completion_id: int) -> peewee.Expression:
    """The condition that a completion comes after another of the same officer in the list; false for a foreign one."""
    last = Completion.alias()
    at = last.select(last.completed_at).where((last.id == completion_id) & last.officer.in_(records_of(officer_id)))
    same = (Completion.completed_at == at) & (Completion.id < completion_id)
    return (Completion.completed_at < at) | same


def _is_first(officer_id: int) -> peewee.Expression:
    """The condition that no other record of the person has finished the same course before."""
    first = Completion.alias()
    return ~peewee.fn.EXISTS(_before(first, officer_id).where(first.course == Completion.course))


def counts(officer_id: int) -> peewee.Expression:
    """The condition that a completion of a person counts: of one course only the first credible one.

    It may stand under several names, and on several records of the person.
    """
    first = Completion.alias()
    same = are_twins(Completion.course, first.course) | (first.course == Completion.course)
    before = _before(first, officer_id).where(same & is_credible(first.id))
    return is_credible(Completion.id) & ~peewee.fn.EXISTS(before)


def _before(first: type[Completion], officer_id: int) -> peewee.ModelSelect:
    """What the person had finished before a completion."""
    is_before = (first.completed_at < Completion.completed_at) | (
        (first.completed_at == Completion.completed_at) & (first.id < Completion.id)
    )
    return first.select(first.id).where(first.officer.in_(records_of(officer_id)) & is_before)


def under_way(officer_id: int, *, limit: int) -> list[Enrolment]:
    """Enrolments neither finished nor left, furthest first, with their course; what is finished is not under way."""
    done = Completion.select(Completion.course).where(Completion.officer.in_(records_of(officer_id)))
    return list(
        Enrolment.select(Enrolment, Course)
        .join(Course)
        .where(
            Enrolment.officer.in_(records_of(officer_id))
            & Enrolment.status.in_(["not-started", "in-progress"])
            & Enrolment.course.not_in(done)
            & ~peewee.fn.EXISTS(_left())
            & ~peewee.fn.EXISTS(_further(officer_id))
        )
        .order_by(peewee.fn.COALESCE(Enrolment.progress, 0).desc(), Course.name)
        .limit(limit)
    )


def _further(officer_id: int) -> peewee.ModelSelect:
    """The same batch on another record of the person, where it has come further, or as far and was reported first."""
    other, progress = Enrolment.alias(), peewee.fn.COALESCE(Enrolment.progress, 0)
    theirs = peewee.fn.COALESCE(other.progress, 0)
    same = (other.course == Enrolment.course) & (other.batch == Enrolment.batch) & (other.officer != Enrolment.officer)
    is_further = (theirs > progress) | ((theirs == progress) & (other.id < Enrolment.id))
    return other.select(other.id).where(other.officer.in_(records_of(officer_id)) & same & is_further)


def _left() -> peewee.ModelSelect:
    """The reports that an enrolment was left, and not begun again on a later day."""
    same = (
        (Unenrolment.officer == Enrolment.officer)
        & (Unenrolment.course == Enrolment.course)
        & (Unenrolment.batch == Enrolment.batch)
    )
    again = Enrolment.enrolled_at.is_null(False) & (Enrolment.enrolled_at > Unenrolment.left_at)
    return Unenrolment.select(Unenrolment.id).where(same & ~again)


def courses_left(officer_id: int, *, limit: int) -> list[Unenrolment]:
    """The courses an officer left, the latest first, with their course."""
    return list(
        Unenrolment.select(Unenrolment, Course)
        .join(Course)
        .where(Unenrolment.officer.in_(records_of(officer_id)))
        .order_by(Unenrolment.left_at.desc(), Unenrolment.id.desc())
        .limit(limit)
    )


def assessments_of(officer_id: int, *, limit: int) -> list[Assessment]:
    """An officer's results, the latest first; those without a day come last."""
    return list(
        Assessment.select()
        .where(Assessment.officer.in_(records_of(officer_id)))
        .order_by(Assessment.attempted_on.is_null(), Assessment.attempted_on.desc(), Assessment.name)
        .limit(limit)
    )


class Standing(StrEnum):
    """Where an officer stands with one course of the plan."""

    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    OVERDUE = "overdue"
    DUE = "due"


@dataclass(frozen=True)
class Due:
    """A course the plan expects, its due date, and when it was finished if it was."""

    course_name: str
    due_on: date | None
    completed_on: date | None
    standing: Standing
    import_id: int | None = None
    row_number: int | None = None


def dues_of(officer_id: int, *, on: date) -> list[Due]:
    """The plan's courses for an officer, by whatever name they were finished: open ones first by due date.

    A course is in time through its due date, in India. What several records of the person expect is expected once,
    with the latest due date.
    """
    finished = (
        Completion.select(peewee.fn.MIN(Completion.completed_on))
        .join(Course)
        .where(Completion.officer.in_(records_of(officer_id)) & is_called(Course, Obligation.course_name))
        .where(is_credible(Completion.id))
    )
    mine = Obligation.officer.in_(records_of(officer_id))
    told = (Obligation.course_name, Obligation.due_on, finished, Obligation.import_id, Obligation.row_number)
    dues = [
        replace(_due(name, due_on, _day(completed_on), on), import_id=import_id, row_number=row_number)
        for name, due_on, completed_on, import_id, row_number in Obligation.select(*told).where(mine).tuples()
    ]
    dues.sort(key=lambda due: due.due_on or date.min)
    dues = list({due.course_name: due for due in dues}.values())  # of each course the latest stays
    return sorted(dues, key=lambda due: (due.completed_on is not None, due.due_on or date.max, due.course_name))


@dataclass(frozen=True)
class PlanCount:
    """How many courses a plan expects of an officer, how many of them are finished, and how many in time."""

    allocated: int
    finished: int
    in_time: int


def counted(dues: Sequence[Due]) -> PlanCount:
    """Our own count of an officer's plan, in the terms of iGOT's summary."""
    standings = Counter(due.standing for due in dues)
    in_time = standings[Standing.DONE_IN_TIME]
    return PlanCount(len(dues), in_time + standings[Standing.DONE_LATE], in_time)


def _day(value: date | str | None) -> date | None:
    """SQLite gives the least of dates as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _due(course_name: str, due_on: date | None, completed_on: date | None, on: date) -> Due:
    if completed_on:
        late = due_on is not None and completed_on > due_on
        return Due(course_name, due_on, completed_on, Standing.DONE_LATE if late else Standing.DONE_IN_TIME)
    overdue = due_on is not None and due_on < on
    return Due(course_name, due_on, None, Standing.OVERDUE if overdue else Standing.DUE)


# What earlier reports said

TOLD = ("status", "progress", "rating", "has_certificate")


@dataclass(frozen=True)
class Change:
    """One fact of an enrolment that a report changed: what it was and what it became, as stored."""

    what: str
    before: object
    now: object


@dataclass(frozen=True)
class Earlier:
    """What a report said of an enrolment until another said something else; the imports and rows of both."""

    course_name: str
    batch_name: str
    changes: tuple[Change, ...]
    import_id: int | None
    row_number: int | None
    replaced_by: int | None
    replaced_row: int | None


def earlier_of(officer_id: int, *, limit: int) -> list[Earlier]:
    """How an officer's enrolments came to say what they say, the latest change first; unchanged facts are left out."""
    rows = (
        ImportChange.select(ImportChange, Enrolment, Course)
        .join(Enrolment, on=ImportChange.row_id == Enrolment.id, attr="enrolment")
        .join(Course)
        .where(
            (ImportChange.table_name == Enrolment._meta.table_name)
            & ImportChange.last_id.is_null()
            & Enrolment.officer.in_(records_of(officer_id))
        )
        .order_by(ImportChange.id.desc())
    )
    found, since = [], {}
    for row in rows:
        now = since.get(row.row_id) or {**row.enrolment.__data__}
        since[row.row_id] = row.before
        found.append(_earlier(row, now))
    return [one for one in found if one.changes][:limit]


def _earlier(row: ImportChange, now: Mapping[str, object]) -> Earlier:
    """The change that an import made of an enrolment; `now` is the row after it."""
    before = row.before
    differing = [what for what in TOLD if before[what] != now[what] and bool(before[what] or now[what])]
    return Earlier(
        course_name=row.enrolment.course.name,
        batch_name=before["batch_name"] or before["batch"],
        changes=tuple(Change(what, before[what], now[what]) for what in differing),
        import_id=before["import_id"],
        row_number=before["row_number"],
        replaced_by=row.import_id,
        replaced_row=now["row_number"] if now["import_id"] == row.import_id else None,
    )


# The first steps on iGOT


def marks_of(officer_id: int) -> dict[Step, Mark]:
    """What the records of learning show of an officer's first steps, each by its earliest record.

    An officer in iGOT's user report is registered even where the report gives no
    day; a certificate has no day of its own, so that of the course stands for it.
    Submitted certificates are known to `achievements`.
    """
    found = {
        Step.REGISTER: _registration(officer_id),
        Step.ENROL: _first_enrolment(officer_id),
        Step.COMPLETE: _first_completion(officer_id),
        Step.OBTAIN: _first_completion(officer_id, Completion.has_certificate),
        Step.DOWNLOAD: _said(officer_id, Step.DOWNLOAD),
    }
    return {step: mark for step, mark in found.items() if mark}


def _registration(officer_id: int) -> Mark | None:
    profile = profile_of(officer_id)
    return profile and Mark(profile.registered_on)


def _first_enrolment(officer_id: int) -> Mark | None:
    rows = Enrolment.select(peewee.fn.COUNT(Enrolment.id), peewee.fn.MIN(Enrolment.enrolled_on))
    count, on = rows.where(Enrolment.officer.in_(records_of(officer_id)) & is_enrolled()).scalar(as_tuple=True)
    return Mark(on) if count else None


def is_enrolled() -> peewee.Expression:
    """The condition that a row of the enrolment report tells of an enrolment; it also lists officers without one."""
    return Enrolment.status != "not-enrolled"


def _first_completion(officer_id: int, *conditions: peewee.Node) -> Mark | None:
    first = (
        Completion.select(Completion.completed_on, Course.name)
        .join(Course)
        .where(Completion.officer.in_(records_of(officer_id)), *conditions)
        .order_by(Completion.completed_at, Completion.id)
        .tuples()
        .first()
    )
    return first and Mark(*first)


def _said(officer_id: int, step: Step) -> Mark | None:
    its = OnboardingStep.officer.in_(records_of(officer_id)) & (OnboardingStep.step == step.value)
    said = OnboardingStep.select().where(its).order_by(OnboardingStep.said_on).first()
    return said and Mark(said.said_on)
