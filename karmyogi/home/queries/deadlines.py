"""The next last days for one person: cycles, months to seal, disputes, integrity certificates, courses of the plan."""

from collections.abc import Iterator
from datetime import date, timedelta

import peewee

from karmyogi.completions.queries import Standing, dues_of
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.home.rules import Deadline, Ends, next_deadlines, seal_by
from karmyogi.nominations.models import IntegrityCertificate, Nomination
from karmyogi.nominations.queries import nominations_for, open_cycles
from karmyogi.nominations.rules import NOMINATION
from karmyogi.people.models import Officer
from karmyogi.scores.models import Dispute, Policy, ScoreMonth
from karmyogi.scores.queries import DUE_ON, disputes_waiting

EXPIRY_DAYS = 30  # an authority needs weeks to give a new certificate
FEW = 10  # of one kind; only the soonest are shown


def deadlines(actor: Actor, *, on: date) -> list[Deadline]:
    """The next last days that concern this person, the nearest first."""
    found = [
        *_cycles(actor, on),
        *_months(actor, on),
        *_disputes(actor, on),
        *_integrity(actor, on),
        *_courses(actor, on),
    ]
    return next_deadlines(found, on=on)


def _cycles(actor: Actor, on: date) -> Iterator[Deadline]:
    if can(actor, Permission.CYCLES_READ):
        for cycle in open_cycles(on=on)[:FEW]:
            yield Deadline(Ends.CYCLE, cycle.closes_on, cycle.id, cycle.name_hi, cycle.name_en)


def _months(actor: Actor, on: date) -> Iterator[Deadline]:
    """The months that are over and computed and that nobody has sealed."""
    if can(actor, Permission.SCORES_PROPOSE_SEAL) or can(actor, Permission.SCORES_SEAL):
        over = (ScoreMonth.state != "sealed") & (ScoreMonth.month < str(Month.of(on))) & (ScoreMonth.officer_count > 0)
        rows = ScoreMonth.select(ScoreMonth.month, Policy.grace_days).join(Policy).where(over).limit(FEW)
        for month, grace_days in rows.order_by(ScoreMonth.month).tuples():
            yield Deadline(Ends.SEAL, seal_by(Month.parse(month), grace_days=grace_days), month)


def _disputes(actor: Actor, on: date) -> Iterator[Deadline]:
    if can(actor, Permission.DISPUTES_ANSWER):
        waiting = disputes_waiting(actor, on=on).select(Dispute.id, DUE_ON, Officer.name_hi, Officer.name_en)
        for key, last, name_hi, name_en in waiting.limit(FEW).tuples():
            yield Deadline(Ends.DISPUTE, _day(last), key, name_hi, name_en)


def _integrity(actor: Actor, on: date) -> Iterator[Deadline]:
    """The certificates of nominees under way that end soon, for those who enter the new ones."""
    if not any(can(actor, one) for one in (Permission.NOMINATIONS_VERIFY, Permission.NOMINATIONS_SELECT)):
        return
    until = peewee.fn.MAX(IntegrityCertificate.valid_until)
    names = Nomination.id, Officer.name_hi, Officer.name_en
    soon = (
        nominations_for(actor)
        .select(*names, until)
        .switch(Nomination)
        .join(IntegrityCertificate, on=IntegrityCertificate.officer == Nomination.officer)
        .where(Nomination.state.not_in(sorted(NOMINATION.ends)))
        .group_by(*names)
        .having(until.between(on, on + timedelta(days=EXPIRY_DAYS)))
        .order_by(until, Nomination.id)
        .limit(FEW)
    )
    for key, name_hi, name_en, last in soon.tuples():
        yield Deadline(Ends.INTEGRITY, _day(last), key, name_hi, name_en)


def _courses(actor: Actor, on: date) -> Iterator[Deadline]:
    if actor.officer_id is not None and can(actor, Permission.ME_READ):
        due = [one for one in dues_of(actor.officer_id, on=on) if one.standing is Standing.DUE and one.due_on]
        for one in due[:FEW]:
            yield Deadline(Ends.COURSE, one.due_on, one.course_name, one.course_name, one.course_name)


def _day(value: date | str) -> date:
    """SQLite gives the latest of dates as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
