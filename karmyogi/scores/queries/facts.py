"""What one officer did: the facts that `rules` explain a month from."""

from datetime import date

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Assessment, Completion, Enrolment
from karmyogi.completions.queries import counts
from karmyogi.core.months import Month
from karmyogi.courses.models import Course
from karmyogi.courses.queries import is_called
from karmyogi.people.models import IgotProfile, Posting
from karmyogi.people.queries import records_of
from karmyogi.plans.models import Obligation
from karmyogi.scores import rules
from karmyogi.scores.models import Policy, PolicyRule, ScoreMonth
from karmyogi.trainings.models import Attendance, TrainingSession


def facts_of(officer_id: int, month: Month) -> rules.Facts:
    """Everything of an officer's, on whichever record of theirs, that bears on a month; days are Indian."""
    return rules.Facts(
        postings=_postings(officer_id),
        completions=_completions(officer_id, month),
        assessments=_assessments(officer_id, month),
        attendances=_attendances(officer_id, month),
        registered_on=_registered_on(officer_id),
        first_enrolled_on=_first_enrolled_on(officer_id),
    )


def explanation_of(officer_id: int, month: Month) -> list[rules.Line]:
    """Why an officer's month has the points it has, from today's facts: every line, item by item.

    In a sealed month the stored lines stand, and this may differ where data came later.
    Raises PolicyGap if no policy covers the month.
    """
    scored = ScoreMonth.select(Policy.number).join(Policy).where(ScoreMonth.month == str(month)).scalar()
    policy = rules.policy_for(month, published_policies(), number=scored)
    return rules.explained(facts_of(officer_id, month), policy, month)


def _postings(officer_id: int) -> tuple[rules.Posting, ...]:
    rows = Posting.select(Posting.from_on, Posting.to_on).where(Posting.officer.in_(records_of(officer_id)))
    return tuple(rules.Posting(*row) for row in rows.tuples())


def _completions(officer_id: int, month: Month) -> tuple[rules.Completion, ...]:
    verified = Achievement.select(Achievement.id).where(
        Achievement.officer.in_(records_of(officer_id))
        & (Achievement.course == Completion.course)
        & (Achievement.state == "verified")
    )
    planned = Obligation.officer.in_(records_of(officer_id)) & is_called(Course, Obligation.course_name)
    due = Obligation.select(peewee.fn.MAX(Obligation.due_on)).where(planned)
    rows = (
        Completion.select(
            Completion,
            Course,
            peewee.fn.EXISTS(Obligation.select(Obligation.id).where(planned)).alias("is_planned"),
            due.alias("due_on"),
            peewee.fn.EXISTS(verified).alias("is_verified"),
        )
        .join(Course, on=Completion.course == Course.id, attr="course")
        .switch(Completion)
        .where(Completion.officer.in_(records_of(officer_id)) & (Completion.month == str(month)) & counts(officer_id))
    )
    return tuple(_completion(row) for row in rows)


def _completion(row: Completion) -> rules.Completion:
    return rules.Completion(
        course_name=row.course.name,
        completed_at=row.completed_at,
        completed_on=row.completed_on,
        provider=row.course.provider,
        kind=row.course.kind,
        is_planned=bool(row.is_planned),
        due_on=Obligation.due_on.adapt(row.due_on) if isinstance(row.due_on, str) else row.due_on,
        has_certificate=row.has_certificate,
        is_verified=bool(row.is_verified),
        is_rated=row.is_rated,
        duration_seconds=row.duration_seconds,
    )


def _assessments(officer_id: int, month: Month) -> tuple[rules.Assessment, ...]:
    """What was attempted in the month; of one assessment that several records have passed only the first."""
    earlier = Assessment.alias()
    same = [getattr(earlier, name) == getattr(Assessment, name) for name in ("kind", "name", "course_name")]
    is_before = (earlier.attempted_on < Assessment.attempted_on) | (
        (earlier.attempted_on == Assessment.attempted_on) & (earlier.id < Assessment.id)
    )
    before = earlier.select(earlier.id).where(earlier.officer.in_(records_of(officer_id)), earlier.is_passed, *same)
    rows = Assessment.select(Assessment.name, Assessment.attempted_on, Assessment.is_passed).where(
        Assessment.officer.in_(records_of(officer_id))
        & Assessment.attempted_on.between(month.first_on, month.last_on)
        & ~peewee.fn.EXISTS(before.where(is_before))
    )
    return tuple(rules.Assessment(*row) for row in rows.tuples())


def _attendances(officer_id: int, month: Month) -> tuple[rules.Attendance, ...]:
    held = TrainingSession.held_on
    mine = Attendance.select(Attendance.session, Attendance.part).where(Attendance.officer.in_(records_of(officer_id)))
    once = mine.distinct().alias("once")
    rows = (
        TrainingSession.select(TrainingSession.title_hi, TrainingSession.title_en, held, once.c.part)
        .join(once, on=TrainingSession.id == once.c.session_id)
        .where(held.between(month.first_on, month.last_on))
    )
    return tuple(rules.Attendance(*row) for row in rows.tuples())


def _registered_on(officer_id: int) -> date | None:
    registered = IgotProfile.select(IgotProfile.registered_on).where(IgotProfile.officer.in_(records_of(officer_id)))
    return registered.order_by(IgotProfile.registered_on.asc(nulls="LAST")).limit(1).scalar()


def _first_enrolled_on(officer_id: int) -> object:
    enrolled = Enrolment.officer.in_(records_of(officer_id)) & (Enrolment.status != "not-enrolled")
    return Enrolment.select(peewee.fn.MIN(Enrolment.enrolled_on)).where(enrolled).scalar()


# Policies


def published_policies() -> list[rules.Policy]:
    """Every published version with its rules, oldest first."""
    rows = Policy.select().order_by(Policy.number).prefetch(PolicyRule.select().order_by(PolicyRule.position))
    return [as_rules(policy, policy.rules) for policy in rows]


def as_rules(policy: Policy, ruled: list[PolicyRule]) -> rules.Policy:
    """A stored version in the words of `rules`."""
    return rules.Policy(
        number=policy.number,
        effective_from=Month.parse(policy.effective_from),
        course_kinds=frozenset(policy.course_kinds),
        grace_days=policy.grace_days,
        rules=tuple(_rule(rule) for rule in ruled),
    )


def _rule(row: PolicyRule) -> rules.Rule:
    return rules.Rule(
        code=row.code,
        kind=row.kind,
        counts=row.counts,
        points=row.points,
        cap=row.cap,
        once=row.once,
        label_hi=row.label_hi,
        label_en=row.label_en,
        note_hi=row.note_hi,
        note_en=row.note_en,
    )
