"""Small builders of rows for tests: each makes one thing, with what a test does not care about filled in."""

import itertools
from datetime import UTC, date, datetime

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Assessment, Completion, Enrolment, Flag
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import Actor, Grant, Role, Tree
from karmyogi.courses.models import Course, CourseAlias
from karmyogi.people.models import Designation, IgotProfile, Officer, OrgUnit, Posting, UnitKind
from karmyogi.people.queries import posting_of
from karmyogi.people.service import make_unit as place_unit
from karmyogi.plans.models import Obligation
from karmyogi.scores.models import MonthlyScore, Policy, ScoreMonth
from karmyogi.trainings.models import Attendance, TrainingSession

AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)  # noon in India
JOINED = date(2015, 6, 1)
RETIRES = date(2040, 6, 30)

_numbers = itertools.count(1)


def number() -> int:
    """A number not given out before in this process."""
    return next(_numbers)


def make_unit(
    kind: UnitKind,
    name_en: str,
    *,
    name_hi: str | None = None,
    line: OrgUnit | None = None,
    territory: OrgUnit | None = None,
) -> OrgUnit:
    """A unit below its parents in the two trees; its Hindi name is made up unless given."""
    return place_unit(
        kind,
        name_hi=f"इकाई {name_en}" if name_hi is None else name_hi,
        name_en=name_en,
        line_parent=line,
        territory_parent=territory,
    )


def make_state(name_en: str = "Chhattisgarh") -> OrgUnit:
    return make_unit(UnitKind.STATE, name_en, name_hi="छत्तीसगढ़")


def make_department(state: OrgUnit, name_en: str, **names: str) -> OrgUnit:
    return make_unit(UnitKind.DEPARTMENT, name_en, line=state, territory=state, **names)


def make_district(state: OrgUnit, name_en: str, *, division: OrgUnit | None = None) -> OrgUnit:
    return make_unit(UnitKind.DISTRICT, name_en, line=state, territory=division or state)


def make_office(department: OrgUnit, district: OrgUnit, name_en: str) -> OrgUnit:
    return make_unit(UnitKind.OFFICE, name_en, line=department, territory=district)


def make_designation(name_en: str = "ASSISTANT GRADE-2", name_hi: str = "सहायक ग्रेड-2") -> Designation:
    return Designation.get_or_create(name_en=name_en, defaults={"name_hi": name_hi})[0]


def make_officer(
    name_en: str = "Asha Sahu", name_hi: str = "आशा साहू", *, unit: OrgUnit | None = None, **facts: object
) -> Officer:
    """An officer; with a unit, also posted there from the day of joining."""
    defaults = {
        "employee_code": f"{number():08d}",
        "designation": make_designation(),
        "state_class": "III",
        "joined_on": JOINED,
        "retires_on": RETIRES,
    }
    officer = Officer.create(name_en=name_en, name_hi=name_hi, **(defaults | facts))
    if unit is not None:
        make_posting(officer, unit)
    return officer


def make_posting(
    officer: Officer, unit: OrgUnit, *, from_on: date = JOINED, to_on: date | None = None, **facts: object
) -> Posting:
    return Posting.create(officer=officer, unit=unit, from_on=from_on, to_on=to_on, **facts)


def open_account(user_id: int, login: str, role: Role, *, unit: OrgUnit | None = None) -> User:
    """The account behind a browser, with a role of today: what the worker finds when it does what was asked."""
    user = User.create(id=user_id, login=login, name_en=login.title(), created_at=AT)
    RoleGrant.create(user=user, role=role.value, unit=unit, from_on=date(2026, 1, 1))
    return user


def make_user(name_en: str = "Meena Thakur", *, officer: Officer | None = None) -> User:
    return User.create(login=f"user-{number()}", name_en=name_en, officer=officer, created_at=AT)


def actor_of(user: User, *grants: tuple[Role, OrgUnit | None] | tuple[Role, OrgUnit | None, Tree]) -> Actor:
    """The actor behind an account, holding each role over its unit (None: the whole State), in the line by default."""
    return Actor(user.id, user.name_en, user.officer_id, tuple(_grant(*one) for one in grants))


def _grant(role: Role, unit: OrgUnit | None, tree: Tree = Tree.LINE) -> Grant:
    if unit is None:
        return Grant(role, "/", tree)
    return Grant(role, unit.line_path if tree is Tree.LINE else unit.territory_path, tree)


def make_policy(policy_number: int = 1, **facts: object) -> Policy:
    """A policy without rules, for tests that only need scores to stand on one."""
    defaults = {
        "effective_from": "2025-04",
        "name_hi": "नीति",
        "name_en": "Policy",
        "course_kinds": ["Course", "Moderated Course"],
        "grace_days": 5,
        "published_at": AT,
    }
    return Policy.get_or_none(Policy.number == policy_number) or Policy.create(
        number=policy_number, **(defaults | facts)
    )


def make_score_month(month: str, *, sealed: bool = True) -> ScoreMonth:
    """A scored month, sealed unless said otherwise."""
    sealed_facts = {"state": "sealed", "sealed_at": AT, "seal_number": number(), "seal": "s" * 64}
    seal = sealed_facts if sealed else {"state": "provisional"}
    return ScoreMonth.create(month=month, policy=make_policy(), run_id="r" * 64, computed_at=AT, **seal)


def make_score(officer: Officer, month: str, points: int, *, unit: OrgUnit, rank: int = 1) -> MonthlyScore:
    """An officer's score among those that a month shows; its ranks are as given, not computed."""
    return MonthlyScore.create(
        month=month,
        run=shown_run(month),
        officer=officer,
        points=points,
        unit=unit,
        department=unit.department,
        state_class=officer.state_class or "",
        rank_state=rank,
        rank_department=rank,
        class_rank_state=rank,
        class_rank_department=rank,
    )


def shown_run(month: str) -> int:
    """The run whose rows a month shows; that of a month made here is 0."""
    return ScoreMonth.select(ScoreMonth.run).where(ScoreMonth.month == month).scalar() or 0


def make_course(name: str = "e-Office Basics", *, kind: str = "Course", provider: str = "NIC") -> Course:
    return Course.get_or_create(name=name, kind=kind, provider=provider)[0]


def make_alias(stands: Course, other: Course | str) -> CourseAlias:
    """Another name of a course: a row of the catalogue, or a name that only plans know."""
    named = (other.provider, other.name, other.kind) if isinstance(other, Course) else ("", other, "")
    told = dict(zip(("provider", "name", "kind"), named, strict=True))
    return CourseAlias.create(course=stands, verdict="same", decided_at=AT, **told)


def make_completion(officer: Officer, course: Course, at: datetime, **facts: object) -> Completion:
    """A finished course; its day and month are those of the moment in India."""
    day = at.astimezone(IST).date()
    return Completion.create(
        officer=officer, course=course, completed_at=at, completed_on=day, month=str(Month.of(day)), **facts
    )


def make_flag(completion: Completion, *, state: str = "open", code: str = "too_fast", **facts: object) -> Flag:
    """A doubt about a completion, as an import raises it, within the office where the officer is posted."""
    posting = posting_of(completion.officer_id, on=AT.date())
    paths = {name: getattr(posting.unit, name) for name in ("line_path", "territory_path")} if posting else {}
    told = {"completed_at": completion.completed_at, "about": str(completion.officer_id), **paths, **facts}
    return Flag.create(officer=completion.officer_id, completion=completion, code=code, state=state, **told)


def make_obligation(officer: Officer, course_name: str, *, due_on: date | None = None) -> Obligation:
    return Obligation.create(officer=officer, course_name=course_name, due_on=due_on)


def make_enrolment(officer: Officer, course: Course, enrolled_on: date, *, status: str = "in-progress") -> Enrolment:
    return Enrolment.create(
        officer=officer, course=course, batch=f"b{number()}", status=status, enrolled_on=enrolled_on
    )


def make_assessment(officer: Officer, attempted_on: date, *, is_passed: bool = True) -> Assessment:
    return Assessment.create(officer=officer, name=f"A{number()}", attempted_on=attempted_on, is_passed=is_passed)


def make_attendance(officer: Officer, held_on: date, *, part: str = "attended") -> Attendance:
    """Attending, or teaching, a session of its own."""
    session = TrainingSession.create(title_en=f"Session {number()}", held_on=held_on)
    return Attendance.create(session=session, officer=officer, part=part)


def make_registration(officer: Officer, registered_on: date) -> IgotProfile:
    return IgotProfile.create(officer=officer, registered_on=registered_on)


def make_achievement(officer: Officer, course: Course | None, finished_on: date, *, state: str) -> Achievement:
    return Achievement.create(
        officer=officer,
        course=course,
        title=course.name if course else "Certificate",
        finished_on=finished_on,
        state=state,
        submitted_at=AT,
        verified_at=AT if state == "verified" else None,
    )
