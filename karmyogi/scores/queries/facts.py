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
from karmyogi.scores.models import Policy, PolicyRule
from karmyogi.trainings.models import Attendance, TrainingSession


def facts_of(officer_id: int, month: Month) -> rules.Facts:
    """Everything of an officer's, on whichever record of theirs, that bears on a month; days are Indian."""
    registered_on, registered_by = _registration(officer_id)
    first_enrolled_on, first_enrolled_by = _first_enrolment(officer_id)
    return rules.Facts(
        postings=_postings(officer_id),
        completions=_completions(officer_id, month),
        assessments=_assessments(officer_id, month),
        attendances=_attendances(officer_id, month),
        registered_on=registered_on,
        first_enrolled_on=first_enrolled_on,
        registered_by=registered_by,
        first_enrolled_by=first_enrolled_by,
    )


def _postings(officer_id: int) -> tuple[rules.Posting, ...]:
    rows = Posting.select(Posting.from_on, Posting.to_on).where(Posting.officer.in_(records_of(officer_id)))
    return tuple(rules.Posting(*row) for row in rows.tuples())


def _completions(officer_id: int, month: Month) -> tuple[rules.Completion, ...]:
    planned = Obligation.officer.in_(records_of(officer_id)) & is_called(Course, Obligation.course_name)
    due = Obligation.select(peewee.fn.MAX(Obligation.due_on)).where(planned)
    rows = (
        Completion.select(
            Completion,
            Course,
            peewee.fn.EXISTS(Obligation.select(Obligation.id).where(planned)).alias("is_planned"),
            due.alias("due_on"),
        )
        .join(Course, on=Completion.course == Course.id, attr="course")
        .switch(Completion)
        .where(Completion.officer.in_(records_of(officer_id)) & (Completion.month == str(month)) & counts(officer_id))
    )
    claims = _verified_claims(officer_id)
    return tuple(_completion(row, claims.get(row.course_id)) for row in rows)


def _verified_claims(officer_id: int) -> dict[int, Achievement]:
    """The officer's verified claims by course, of several the one verified first."""
    mine = Achievement.officer.in_(records_of(officer_id)) & (Achievement.state == "verified")
    rows = Achievement.select().where(mine & Achievement.course.is_null(False))
    return {claim.course_id: claim for claim in rows.order_by(Achievement.verified_at.desc(), Achievement.id.desc())}


def _completion(row: Completion, claim: Achievement | None) -> rules.Completion:
    return rules.Completion(
        course_name=row.course.name,
        completed_at=row.completed_at,
        completed_on=row.completed_on,
        provider=row.course.provider,
        kind=row.course.kind,
        is_planned=bool(row.is_planned),
        due_on=Obligation.due_on.adapt(row.due_on) if isinstance(row.due_on, str) else row.due_on,
        has_certificate=row.has_certificate,
        is_verified=claim is not None,
        is_rated=row.is_rated,
        duration_seconds=row.duration_seconds,
        origin=rules.Origin(
            row.import_id,
            row.row_number,
            certificate_id=row.certificate_id,
            achievement_id=claim and claim.id,
            verified_at=claim and claim.verified_at,
        ),
    )


def _assessments(officer_id: int, month: Month) -> tuple[rules.Assessment, ...]:
    """What was attempted in the month; of one assessment that several records have passed only the first."""
    earlier = Assessment.alias()
    same = [getattr(earlier, name) == getattr(Assessment, name) for name in ("kind", "name", "course_name")]
    is_before = (earlier.attempted_on < Assessment.attempted_on) | (
        (earlier.attempted_on == Assessment.attempted_on) & (earlier.id < Assessment.id)
    )
    before = earlier.select(earlier.id).where(earlier.officer.in_(records_of(officer_id)), earlier.is_passed, *same)
    rows = Assessment.select().where(
        Assessment.officer.in_(records_of(officer_id))
        & Assessment.attempted_on.between(month.first_on, month.last_on)
        & ~peewee.fn.EXISTS(before.where(is_before))
    )
    return tuple(
        rules.Assessment(row.name, row.attempted_on, row.is_passed, _origin(row.import_id, row.row_number))
        for row in rows
    )


def _attendances(officer_id: int, month: Month) -> tuple[rules.Attendance, ...]:
    """Sessions of the month, each once in each part, whichever of the person's records took it."""
    rows = (
        Attendance.select(Attendance, TrainingSession)
        .join(TrainingSession)
        .where(Attendance.officer.in_(records_of(officer_id)))
        .where(TrainingSession.held_on.between(month.first_on, month.last_on))
        .order_by(Attendance.id)
    )
    once: dict[tuple[int, str], Attendance] = {}
    for row in rows:
        once.setdefault((row.session_id, row.part), row)
    return tuple(_attendance(row) for row in once.values())


def _attendance(row: Attendance) -> rules.Attendance:
    origin = rules.Origin(row.import_id, row.row_number, session_id=row.session_id)
    return rules.Attendance(row.session.title_hi, row.session.title_en, row.session.held_on, row.part, origin)


def _origin(import_id: int | None, row_number: int | None) -> rules.Origin:
    return rules.Origin(import_id, row_number)


def _registration(officer_id: int) -> tuple[date | None, rules.Origin]:
    """The earliest day of registration, and the row that tells it."""
    mine = IgotProfile.officer.in_(records_of(officer_id)) & IgotProfile.registered_on.is_null(False)
    return _first(IgotProfile, IgotProfile.registered_on, mine)


def _first_enrolment(officer_id: int) -> tuple[date | None, rules.Origin]:
    """The earliest enrolment, and the row that tells it."""
    enrolled = Enrolment.officer.in_(records_of(officer_id)) & (Enrolment.status != "not-enrolled")
    return _first(Enrolment, Enrolment.enrolled_on, enrolled & Enrolment.enrolled_on.is_null(False))


def _first(
    table: type[IgotProfile] | type[Enrolment], day: peewee.Field, which: peewee.Expression
) -> tuple[date | None, rules.Origin]:
    rows = table.select(day, table.import_id, table.row_number).where(which)
    found = rows.order_by(day, table._meta.primary_key).tuples().first()
    return (found[0], _origin(*found[1:])) if found else (None, rules.Origin())


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
        rules=tuple(as_rule(rule) for rule in ruled),
        order_number=policy.order_number or "",
        order_on=policy.order_on,
    )


def as_rule(row: PolicyRule) -> rules.Rule:
    """A stored rule in the words of `rules`."""
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
        conditions=rules.conditions_from(row.conditions),
        counted_first=row.counted_first or rules.EARLIEST,
    )
