"""A State with three of everything: Asha's and Bhola's in Health, Farid's in Revenue, who must never meet them."""

from datetime import UTC, date, datetime

from karmyogi.accounts.models import RoleGrant, User
from karmyogi.achievements.models import Achievement
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.completions.models import Assessment, Completion, Enrolment, Flag, Unenrolment
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role, Tree
from karmyogi.courses.models import Competency, Course, CourseBatch, CourseCompetency
from karmyogi.documents.models import IssuedDocument
from karmyogi.nominations.models import Category, Cycle, Nomination, Scheme
from karmyogi.people.models import (
    Designation,
    Honour,
    IgotProfile,
    NameCorrection,
    Officer,
    OrgUnit,
    Posting,
    UnitKind,
)
from karmyogi.people.service import keep_words, make_unit
from karmyogi.plans.models import Obligation, PlanSummary
from karmyogi.scores.models import Correction, Dispute, MonthlyScore, Policy, PolicyRule, ScoreHold, ScoreMonth
from karmyogi.scores.rules import CORRECTION, DISPUTE, SCORE_HOLD
from karmyogi.store.db import Table, database
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun
from karmyogi.store.trail import record
from karmyogi.store.transitions import CaseStep
from karmyogi.trainings.models import ProgrammePart

AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)  # noon in India
DAY = date(2026, 4, 10)
JOINED = date(2015, 6, 1)
ASHA, FARID, BHOLA = "90000001", "90000002", "90000003"  # by employee code
MARKS = {ASHA: "A", FARID: "F", BHOLA: "B"}  # in the numbers of their papers
OFFICES = {"A": "Health Office", "F": "Revenue Office", "B": "Health Office"}
PRIVATE = ("canary@example.in", "7000000001", "1981", "canary-hash", "canary-fact")  # what no register may show
FORMULA = '=HYPERLINK("http://evil.example")'
SCRIPT = "<script>alert('canary')</script>"


def build() -> None:
    """Everything, in one transaction."""
    with database.atomic():
        _units()
        _common()
        for officer in (_asha(), _farid(), _bhola()):
            mark = MARKS[officer.employee_code]
            unit = OrgUnit.get(OrgUnit.name_en == OFFICES[mark])
            _service_record(officer, unit, mark)
            _learning(officer, mark)
            _recognition(officer, unit, mark)


def _units() -> None:
    state = make_unit(UnitKind.STATE, name_hi="छत्तीसगढ़", name_en="Chhattisgarh")
    above = {"line_parent": state, "territory_parent": state}
    raipur = make_unit(UnitKind.DISTRICT, name_hi="रायपुर", name_en="Raipur", **above)
    durg = make_unit(UnitKind.DISTRICT, name_hi="दुर्ग", name_en="Durg", **above)
    for name_hi, name_en, district in (("स्वास्थ्य", "Health", raipur), ("राजस्व", "Revenue", durg)):
        department = make_unit(UnitKind.DEPARTMENT, name_hi=f"{name_hi} विभाग", name_en=name_en, **above)
        make_unit(
            UnitKind.OFFICE,
            name_hi=f"{name_hi} कार्यालय",
            name_en=f"{name_en} Office",
            line_parent=department,
            territory_parent=district,
        )


def _common() -> None:
    for number in (1, 2, 3):
        _catalogue(number)
        _rounds(number)
        _work(number)


def _catalogue(number: int) -> None:
    name = f"Yoga at the workplace {number}"
    course = Course.create(name=name, provider="Institute", kind="Course", duration_seconds=5400, rating=455)
    CourseBatch.create(course=course, batch=f"b{number}", enrolled=40, completed=number)
    skill = Competency.create(area="Behavioural", theme="Well-being", sub_theme=f"Calm {number}")
    CourseCompetency.create(course_name=name, competency=skill)
    Designation.create(name_en=f"CLERK {number}", name_hi=f"लिपिक {number}")
    policy = Policy.create(
        number=number,
        effective_from=f"2025-0{number}",
        name_hi=f"नीति {number}",
        name_en=f"Policy {number}",
        course_kinds=["Course"],
        grace_days=5,
        published_at=AT,
    )
    PolicyRule.create(
        policy=policy,
        position=1,
        code="course",
        kind="completion",
        counts="course",
        label_hi="पाठ्यक्रम",
        label_en="A course",
        points=5,
    )
    ScoreMonth.create(month=f"2026-0{number}", policy=policy, run_id="r" * 64, computed_at=AT, state="provisional")
    run = {"base_run": 0, "base_run_id": "r" * 64, "run": number, "run_id": "c" * 64, "officer_count": 1}
    case = {"month": f"2026-0{number}", "policy": policy, "state": CORRECTION.start, "computed_at": AT}
    Correction.create(**case, **run, changes="d" * 64)


def _rounds(number: int) -> None:
    scheme = Scheme.create(
        code=f"scheme-{number}",
        name_hi=f"योजना {number}",
        name_en=f"Scheme {number}",
        award_hi="सम्मान",
        award_en="Honour",
    )
    cycle = Cycle.create(
        scheme=scheme,
        name_hi=f"चक्र {number}",
        name_en=f"Cycle {number}",
        first_month="2026-01",
        last_month="2026-03",
        cut_off_on=DAY,
        opens_on=DAY,
        closes_on=DAY,
        quota=2,
        criteria={"canary-fact": 1},
    )
    Category.create(cycle=cycle, name_hi=f"श्रेणी {number}", name_en=f"Category {number}", amount_rupees=250_000)


def _work(number: int) -> None:
    Import.create(
        file_name=f"{FORMULA}.csv",
        sha256="a" * 64,
        size_bytes=10,
        kind="roster",
        state="refused",
        received_at=AT,
        refusal=[["canary-fact", {}]],
    )
    JobRun.create(
        job="score-night",
        period=f"2026-04-1{number}",
        state="failed",
        queued_at=AT,
        finished_at=AT,
        error="IntegrityError: Key (email)=(canary@example.in)",
        result={"canary-fact": 1},
    )
    record(SYSTEM, "people.install", "org_unit", {"created": 4, "name_en": ["old", "new"]}, remark=FORMULA, at=AT)


def _asha() -> Officer:
    return _officer("Asha Sahu", "आशा साहू", ASHA)


def _farid() -> Officer:
    return _officer("Farid Khan", "फ़रीद ख़ान", FARID)


def _bhola() -> Officer:
    return _officer("Bhola Yadav", "भोला यादव", BHOLA)


def _officer(name_en: str, name_hi: str, code: str) -> Officer:
    officer = Officer.create(
        employee_code=code,
        name_hi=name_hi,
        name_en=name_en,
        designation=Designation.get(Designation.name_en == f"CLERK {code[-1]}"),
        state_class="III",
        email="canary@example.in",
        mobile="7000000001",
        birth_on=date(1981, 1, 2),
        joined_on=JOINED,
        retires_on=date(2043, 1, 31),
    )
    keep_words(Officer.id == officer.id)
    return officer


def _service_record(officer: Officer, unit: OrgUnit, mark: str) -> None:
    Posting.create(officer=officer, unit=unit, designation=officer.designation, from_on=JOINED)
    Honour.create(officer=officer, title_hi=f"सम्मान {mark}", title_en=f"Honour {mark}", given_on=DAY)
    IgotProfile.create(
        officer=officer, registered_on=JOINED, profile_status="Verified", karma_points=100, extra={"canary-fact": 1}
    )
    NameCorrection.create(
        officer=officer,
        name_hi=f"नाम {mark}",
        name_en=f"Name {mark}",
        reason="x",
        requested_at=AT,
        state="requested",
        **_paths(mark),
    )
    user = User.create(
        login=f"user-{mark}", officer=officer, name_en=officer.name_en, password_hash="canary-hash", created_at=AT
    )
    RoleGrant.create(user=user, role="employee", from_on=JOINED)


def _learning(officer: Officer, mark: str) -> None:
    course = Course.get()
    Obligation.create(officer=officer, course_name=course.name, due_on=DAY, is_apar=True, extra={"canary-fact": 1})
    PlanSummary.create(officer=officer, allocated=3, finished=2, in_time=1, extra={"canary-fact": 1})
    Enrolment.create(
        officer=officer,
        course=course,
        status="completed",
        progress=7550,
        enrolled_on=JOINED,
        completed_at=AT,
        completed_on=DAY,
        certificate_id=f"CERT-{mark}",
        extra={"canary-fact": 1},
    )
    done = Completion.create(month="2026-04", officer=officer, course=course, completed_at=AT, completed_on=DAY)
    Flag.create(officer=officer, completion=done, completed_at=AT, code="too_fast", state="open", **_paths(mark))
    kept = {"officer": officer, "extra": {"canary-fact": 1}}
    Unenrolment.create(course=course, left_at=AT, left_on=DAY, reason="Transferred", progress=2550, **kept)
    Assessment.create(name="Final test", course_name=course.name, is_passed=True, attempted_on=DAY, score=8250, **kept)
    ProgrammePart.create(programme="Induction", component="Day one", held_on=DAY, is_attended=True, **kept)
    Achievement.create(
        officer=officer,
        title=FORMULA if mark == "A" else f"Claim {mark}",
        finished_on=DAY,
        submitted_at=AT,
        state="submitted",
        **_paths(mark),
    )
    office = OrgUnit.get(OrgUnit.name_en == OFFICES[mark])
    MonthlyScore.create(
        month="2026-03",
        officer=officer,
        points=12,
        unit=office,
        department=office.department,
        district=office.district,
        rank_state=1,
    )
    case = {"officer": officer, "month": "2026-03", **_paths(mark)}
    told = {"code": "course", "label_hi": "पाठ्यक्रम", "label_en": "A course", "words": f"Mine {mark}"}
    Dispute.create(**case, **told, state=DISPUTE.start, raised_at=AT, answer_by=DAY)
    ScoreHold.create(**case, reason=f"Looked at {mark}", state=SCORE_HOLD.start, proposed_at=AT)


def _paths(mark: str) -> dict[str, str]:
    office = OrgUnit.get(OrgUnit.name_en == OFFICES[mark])
    return {"line_path": office.line_path, "territory_path": office.territory_path}


def _recognition(officer: Officer, unit: OrgUnit, mark: str) -> None:
    user = User.get(User.officer == officer)
    nomination = Nomination.create(
        cycle=Cycle.get(),
        category=Category.get(),
        officer=officer,
        department=unit.department,
        nominated_by=user,
        priority=ord(mark),
        citation_hi=f"उद्धरण {mark}",
        citation_en=f"{SCRIPT} {officer.name_en}",
        record={"canary-fact": 1},
        opened_at=AT,
        submitted_at=AT,
        state="submitted",
        **_paths(mark),
    )
    CaseStep.create(
        workflow="nomination",
        case_id=nomination.id,
        action="submit",
        from_state="draft",
        to_state="submitted",
        actor=officer.name_en,
        at=AT,
    )
    papers = [_document(kind, f"{kind}/{mark}", mark) for kind in ("award_order", "award_certificate")]
    order = AwardOrder.create(
        office_code="GAD",
        financial_year="2026-27",
        serial=ord(mark),
        number=f"ORDER/{mark}",
        cycle=Cycle.get(),
        ordered_on=DAY,
        subject_hi=f"विषय {mark}",
        subject_en=f"Subject {officer.name_en}",
        signatory_hi="अनिता",
        signatory_en="Anita",
        document=papers[0],
        issued_at=AT,
    )
    Award.create(
        nomination=nomination,
        order=order,
        officer=officer,
        number=f"AWARD/{mark}",
        title_hi="सम्मान",
        title_en="Honour",
        category_hi="श्रेणी",
        category_en="Category",
        amount_rupees=250_000,
        document=papers[1],
        given_on=DAY,
        state="given",
        **_paths(mark),
    )


def _document(kind: str, number: str, mark: str) -> IssuedDocument:
    return IssuedDocument.create(
        kind=kind,
        code=f"{number:0<26}"[:26].upper(),
        number=number,
        facts={"canary-fact": 1},
        pdf_sha256="b" * 64,
        issued_at=AT,
        state="valid",
        **_paths(mark),
    )


def cast() -> dict[str, Actor]:
    """Who asks: nobody needs an account, the guard only looks at the actor."""
    units = {unit.name_en: unit for unit in OrgUnit.select()}
    health, revenue = (units[name].line_path for name in ("Health", "Revenue"))
    raipur = units["Raipur"].territory_path
    asha = Officer.get(Officer.employee_code == ASHA).id
    return {
        "asha": Actor(1, "Asha", asha, (Grant(Role.EMPLOYEE),)),
        "ravi": Actor(2, "Ravi", None, (Grant(Role.NODAL, health),)),
        "imran": Actor(3, "Imran", None, (Grant(Role.NODAL, revenue),)),
        "devendra": Actor(4, "Devendra", None, (Grant(Role.TERRITORY, raipur, Tree.TERRITORY),)),
        "sunita": Actor(5, "Sunita", None, (Grant(Role.GAD),)),
        "lakshmi": Actor(6, "Lakshmi", None, (Grant(Role.APPROVER),)),
        "thomas": Actor(7, "Thomas", None, (Grant(Role.AUDITOR),)),
        "gopal": Actor(8, "Gopal", None, (Grant(Role.SYSADMIN),)),
        "pooja": Actor(9, "Pooja", None, (Grant(Role.PANEL),)),
    }


# Whose each row is: the column that leads to the officer. What stands in none of these is the whole State's.
OWNED = {
    "officers": Officer.employee_code,
    "postings": Posting.officer,
    "honours": Honour.officer,
    "igot-profiles": IgotProfile.officer,
    "obligations": Obligation.officer,
    "plan-summaries": PlanSummary.officer,
    "enrolments": Enrolment.officer,
    "completions": Completion.officer,
    "unenrolments": Unenrolment.officer,
    "assessments": Assessment.officer,
    "programme-parts": ProgrammePart.officer,
    "achievements": Achievement.officer,
    "scores": MonthlyScore.officer,
    "nominations": Nomination.officer,
    "awards": Award.officer,
    "award-orders": AwardOrder.number,
    "documents": IssuedDocument.number,
}


def row_of(slug: str, table: type[Table], code: str) -> Table:
    """An officer's row of a register; of a State-wide register, any row."""
    owner = OWNED.get(slug)
    if owner is None:
        return table.select().first()
    if slug == "officers":
        return table.get(owner == code)
    if slug in {"award-orders", "documents"}:
        return table.select().where(owner.endswith(f"/{MARKS[code]}")).first()
    return table.get(owner == Officer.get(Officer.employee_code == code).id)
