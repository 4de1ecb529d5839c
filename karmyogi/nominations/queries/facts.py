"""What the records hold of many officers at once, one query each; a record and a count read the same."""

from datetime import date

import peewee

from karmyogi.completions.models import Completion
from karmyogi.courses.models import Course
from karmyogi.courses.queries import is_called
from karmyogi.nominations.models import NOT_LIVE, Cycle, IntegrityCertificate, Nomination
from karmyogi.nominations.rules import Criteria
from karmyogi.people.models import Designation, Honour, Officer, OrgUnit, Posting
from karmyogi.people.queries import is_held
from karmyogi.plans.models import Obligation
from karmyogi.scores.models import MonthlyScore, ScoreMonth

Ids = peewee.ModelSelect  # a query that gives officer ids


def postings_of(cycle: Cycle) -> peewee.ModelSelect:
    """The posting that decides, of every officer: the last begun of those held on the cut-off day, in a department.

    A record that gave way to another is nobody of its own.
    """
    newer, post = Posting.alias(), peewee.fn.COALESCE(Posting.designation, Officer.designation)
    held_too = (newer.from_on <= cycle.cut_off_on) & (newer.to_on.is_null() | (newer.to_on >= cycle.cut_off_on))
    later = newer.select(newer.id).where(
        (newer.officer == Posting.officer) & (newer.from_on > Posting.from_on) & held_too
    )
    return (
        Posting.select(Posting, Officer, OrgUnit, Designation)
        .join(Officer)
        .switch(Posting)
        .join(OrgUnit)
        .switch(Posting)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Designation.id == post, attr="post")
        .where(is_held(cycle.cut_off_on) & ~peewee.fn.EXISTS(later) & OrgUnit.department.is_null(False))
        .where(Officer.merged_into.is_null())
    )


def sealed_scores_of(officers: Ids, cycle: Cycle) -> peewee.ModelSelect:
    """Officer, points and number of months, over the sealed months of the period with a score."""
    return (
        MonthlyScore.select(
            MonthlyScore.officer,
            peewee.fn.SUM(MonthlyScore.points).alias("points"),
            peewee.fn.COUNT(MonthlyScore.month).alias("months"),
        )
        .join(ScoreMonth, on=ScoreMonth.month == MonthlyScore.month)
        .where(
            (ScoreMonth.state == "sealed")
            & MonthlyScore.month.between(cycle.first_month, cycle.last_month)
            & MonthlyScore.officer.in_(officers)
        )
        .group_by(MonthlyScore.officer)
    )


def overdue_of(officers: Ids, criteria: Criteria, on: date) -> peewee.ModelSelect:
    """Officer and number of plan courses whose due date has passed and which no completion fulfils."""
    done = (
        Completion.select(Completion.id)
        .join(Course)
        .where(
            (Completion.officer == Obligation.officer)
            & is_called(Course, Obligation.course_name)
            & Course.kind.in_(criteria.course_kinds)
            & (Completion.completed_on <= on)
        )
    )
    return (
        Obligation.select(Obligation.officer, peewee.fn.COUNT(Obligation.id).alias("courses"))
        .where((Obligation.due_on < on) & Obligation.officer.in_(officers) & ~peewee.fn.EXISTS(done))
        .group_by(Obligation.officer)
    )


def honours_of(officers: Ids) -> peewee.ModelSelect:
    """Officer and day of the latest honour that still stands."""
    return (
        Honour.select(Honour.officer, peewee.fn.MAX(Honour.given_on).alias("given_on"))
        .where(Honour.officer.in_(officers) & Honour.withdrawn_on.is_null())
        .group_by(Honour.officer)
    )


def integrity_of(officers: Ids, on: date) -> peewee.ModelSelect:
    """Officer and latest integrity certificate given by that day; of two of one day, the one entered later."""
    newer = IntegrityCertificate.alias()
    overtaken = newer.select(newer.id).where(
        (newer.officer == IntegrityCertificate.officer)
        & (newer.given_on <= on)
        & (
            (newer.given_on > IntegrityCertificate.given_on)
            | ((newer.given_on == IntegrityCertificate.given_on) & (newer.id > IntegrityCertificate.id))
        )
    )
    return IntegrityCertificate.select(
        IntegrityCertificate.officer,
        IntegrityCertificate.answer,
        IntegrityCertificate.given_on,
        IntegrityCertificate.valid_until,
    ).where(
        IntegrityCertificate.officer.in_(officers)
        & (IntegrityCertificate.given_on <= on)
        & ~peewee.fn.EXISTS(overtaken)
    )


def live(officers: Ids, cycle: Cycle) -> peewee.ModelSelect:
    """Officer, id and state of the live nomination in the cycle."""
    return Nomination.select(Nomination.officer, Nomination.id, Nomination.state).where(
        (Nomination.cycle == cycle) & Nomination.officer.in_(officers) & is_live()
    )


def is_live() -> peewee.Expression:
    """The condition that a nomination was neither withdrawn nor rejected."""
    return Nomination.state.not_in(NOT_LIVE)
