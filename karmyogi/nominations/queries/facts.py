"""What the records hold of many officers at once, one query each; a record and a count read the same.

Facts on a record that gave way to another are those of the one that stands.
"""

from datetime import date

import peewee

from karmyogi.completions.models import Completion
from karmyogi.completions.queries import is_credible
from karmyogi.courses.models import Course
from karmyogi.courses.queries import is_called
from karmyogi.nominations.models import NOT_LIVE, Cycle, IntegrityCertificate, Nomination
from karmyogi.nominations.rules import Criteria
from karmyogi.people.models import Designation, Honour, Officer, OrgUnit, Posting
from karmyogi.people.queries import is_held, persons, records_of, stands_for_others
from karmyogi.plans.models import Obligation
from karmyogi.scores.models import MonthlyScore, ScoreMonth, is_counting

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
    """Officer, points and number of months, over the sealed months of the period with a score.

    A month that was corrected counts as the last approved correction has it. A month in which two records of the
    person have points is one month, with the points of both.
    """
    records = persons(officers).alias("records")
    return (
        MonthlyScore.select(
            records.c.person_id.alias("officer_id"),
            peewee.fn.SUM(MonthlyScore.points).alias("points"),
            peewee.fn.COUNT(MonthlyScore.month.distinct()).alias("months"),
        )
        .join(ScoreMonth, on=is_counting(MonthlyScore))
        .join(records, on=records.c.officer_id == MonthlyScore.officer)
        .where((ScoreMonth.state == "sealed") & MonthlyScore.month.between(cycle.first_month, cycle.last_month))
        .group_by(records.c.person_id)
    )


def overdue_of(officers: Ids, criteria: Criteria, on: date) -> peewee.ModelSelect:
    """Officer and number of plan courses whose due date has passed and which no completion fulfils.

    Of a course that two records of a person are to do the later date counts, and whoever did it has done it.
    """
    records = persons(officers).alias("records")
    done = (
        Completion.select(Completion.id)
        .join(Course)
        .where(
            is_called(Course, Obligation.course_name)
            & Course.kind.in_(criteria.course_kinds)
            & (Completion.completed_on <= on)
            & is_credible(Completion.id)
        )
    )
    later = Obligation.alias()
    put_off = later.select(later.id).where((later.course_name == Obligation.course_name) & (later.due_on >= on))
    person = records.c.person_id
    excused = peewee.fn.EXISTS(done.where(Completion.officer.in_(records_of(person)))) | peewee.fn.EXISTS(
        put_off.where(later.officer.in_(records_of(person)))
    )
    return (
        Obligation.select(
            person.alias("officer_id"), peewee.fn.COUNT(Obligation.course_name.distinct()).alias("courses")
        )
        .join(records, on=records.c.officer_id == Obligation.officer)
        .where((Obligation.due_on < on) & ~peewee.fn.EXISTS(done.where(Completion.officer == Obligation.officer)))
        .where(~(stands_for_others(person) & excused))
        .group_by(person)
    )


def honours_of(officers: Ids) -> peewee.ModelSelect:
    """Officer and day of the latest honour that still stands."""
    records = persons(officers).alias("records")
    return (
        Honour.select(records.c.person_id.alias("officer_id"), peewee.fn.MAX(Honour.given_on).alias("given_on"))
        .join(records, on=records.c.officer_id == Honour.officer)
        .where(Honour.withdrawn_on.is_null())
        .group_by(records.c.person_id)
    )


def integrity_of(officers: Ids, on: date) -> peewee.ModelSelect:
    """Officer and latest integrity certificate given by that day; of two of one day, the one entered later."""
    records, paper, newer = persons(officers).alias("records"), IntegrityCertificate, IntegrityCertificate.alias()
    person = records.c.person_id
    is_later = (newer.given_on > paper.given_on) | ((newer.given_on == paper.given_on) & (newer.id > paper.id))
    later = newer.select(newer.id).where((newer.given_on <= on) & is_later)
    of_another = stands_for_others(person) & peewee.fn.EXISTS(later.where(newer.officer.in_(records_of(person))))
    return (
        paper.select(person.alias("officer_id"), paper.answer, paper.given_on, paper.valid_until)
        .join(records, on=records.c.officer_id == paper.officer)
        .where((paper.given_on <= on) & ~peewee.fn.EXISTS(later.where(newer.officer == paper.officer)) & ~of_another)
    )


def live(officers: Ids, cycle: Cycle) -> peewee.ModelSelect:
    """Officer, id and state of the live nomination in the cycle."""
    records = persons(officers).alias("records")
    return (
        Nomination.select(records.c.person_id.alias("officer_id"), Nomination.id, Nomination.state)
        .join(records, on=records.c.officer_id == Nomination.officer)
        .where((Nomination.cycle == cycle) & is_live())
    )


def is_live() -> peewee.Expression:
    """The condition that a nomination was neither withdrawn nor rejected."""
    return Nomination.state.not_in(NOT_LIVE)
