"""More of the demo's story, for `make run`: batches and sessions, an earlier year, and cases in every state.

Told after `story.tell`, by the same verbs. Days are counted from today, but
for the sessions of February 2026 and the award year before.
"""

import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from karmyogi.accounts import service as accounts
from karmyogi.accounts.models import RoleGrant, User
from karmyogi.achievements import service as achievements
from karmyogi.achievements.service import Claim
from karmyogi.awards import service as awards
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.awards.rules import Line
from karmyogi.core.errors import PolicyGap
from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import SYSTEM, Actor, Role
from karmyogi.demo import points, story
from karmyogi.demo.cast import CAST, HEALTH, REVENUE
from karmyogi.demo.certificate import draw_certificate
from karmyogi.demo.next_issue import extract_of, write_next_issue
from karmyogi.demo.rows import Issue
from karmyogi.demo.story import Stage, actor
from karmyogi.demo.writer import write_state
from karmyogi.documents import service as documents
from karmyogi.nominations import queries as nominations_queries
from karmyogi.nominations import service as nominations
from karmyogi.nominations.models import Category, Cycle, Nomination, Scheme
from karmyogi.nominations.rules import Criteria, IntegrityAnswer, Verdict
from karmyogi.nominations.service import Proposal, Terms
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.reports import service as reports
from karmyogi.schedule import table
from karmyogi.scores import service as scores
from karmyogi.store import jobs
from karmyogi.store.imports import Import
from karmyogi.trainings import service as trainings

FEWEST = 600  # officers: in a smaller state a division has no two batches, or a department nobody left to nominate
SCHOOLS = "School Education"
FEBRUARY = Month(2026, 2)
DIVISION_DAYS = (9, 12, 18, 24, 26)  # of February: one division a day, two batches each
BATCHES, IN_A_BATCH = 10, 12
DECIDERS = {HEALTH: ("meena", "ravi"), REVENUE: ("farah", "imran"), SCHOOLS: ("school-head", "school-nodal")}
# What becomes of further nominations: the steps and whose they are, the head of the department or its nodal officer.
SUBMITTED = (("submit", "head"),)
VERIFIED = (*SUBMITTED, ("verify", "nodal"))
SELECTED = (*VERIFIED, ("select", "sunita"))
RELEASED = (*SELECTED, ("release", "lakshmi"))
ROADS = {
    HEALTH: (VERIFIED, (*SUBMITTED, ("return", "nodal"))),
    REVENUE: (RELEASED, (*VERIFIED, ("reject", "sunita"))),
    SCHOOLS: (SELECTED, SUBMITTED, (*SUBMITTED, ("withdraw", "head")), ()),
}
REMARK = "उद्धरण में कार्य का परिणाम लिखें।"
CLAIMS = (  # what Asha brought: the title, the days since it was finished, and what became of it
    ("Noting and drafting in e-Office", 40, ""),
    ("Right to Information for public authorities", 55, "verify"),
    ("Cyber hygiene at the workplace", 70, "return"),
    ("First aid at the workplace", 85, "withdraw"),
)


def tell(stage: Stage, *, officers: int, seed: int, base_url: str) -> None:
    """Everything that the short story leaves out.

    `officers` and `seed` are those of the state that was brought in; `base_url` is where papers are verified.
    """
    hold_sessions(stage)
    give_more_roles()
    last_year(stage, base_url=base_url)
    walk_further_cases()
    bring_certificates(stage)
    points.tell(stage)
    leave_work_open(stage, officers=officers, seed=seed)


# Ten batches of twelve


def hold_sessions(stage: Stage) -> None:
    """Two batches of each division meet on its day in February; then the month is computed, with their points."""
    divisions = OrgUnit.select().where(OrgUnit.kind == "division").order_by(OrgUnit.name_en)
    for division, day in zip(divisions, DIVISION_DAYS, strict=True):
        found = _officers_of(division, 2 * IN_A_BATCH + 2)
        trainers, learners = found[:2], found[2:]
        for half in range(2):
            number = 2 * DIVISION_DAYS.index(day) + half + 1
            trainings.enter_session(
                title_hi=f"मिशन कर्मयोगी प्रशिक्षण, बैच {number}, {division.name_hi} संभाग",
                title_en=f"Mission Karmayogi training, batch {number}, {division.name_en} division",
                held_on=date(FEBRUARY.year, FEBRUARY.number, day),
                attended=learners[half * IN_A_BATCH : (half + 1) * IN_A_BATCH],
                taught=[trainers[half]],
                by=SYSTEM,
            )
    scores.run_month(FEBRUARY, by=SYSTEM)
    stage.say(f"{FEBRUARY}: {BATCHES} × {IN_A_BATCH}")


def _officers_of(division: OrgUnit, count: int) -> list[Officer]:
    """Officers posted in a division on the day, none of the cast, by code."""
    cast = [member.employee_code for member in CAST]
    rows = Officer.select().join(Posting).join(OrgUnit)
    here = (OrgUnit.division == division) & Officer.employee_code.not_in(cast) & (Posting.from_on <= FEBRUARY.first_on)
    still = Posting.to_on.is_null() | (Posting.to_on >= FEBRUARY.last_on)
    return list(rows.where(here & still).order_by(Officer.employee_code).limit(count))


# People with more than one role, and one in charge for some weeks


def give_more_roles() -> None:
    """The professor of the panel is also nodal officer; School Education has a head in charge and a nodal officer."""
    _grant(User.get(User.login == "pooja"), Role.NODAL, "Higher Education")
    head, nodal = _two_of(SCHOOLS)
    _grant(accounts.create_user("school-head", by=SYSTEM, officer=head, is_demo=True), Role.HEAD, SCHOOLS, days=30)
    _grant(accounts.create_user("school-nodal", by=SYSTEM, officer=nodal, is_demo=True), Role.NODAL, SCHOOLS)


def _grant(user: User, role: Role, department: str, *, days: int = 0) -> RoleGrant:
    """A role over a department; with `days`, in charge from ten days ago for so many days."""
    begun, ends = (today() - timedelta(days=10), today() + timedelta(days=days - 10)) if days else (None, None)
    unit = _department(department)
    return accounts.grant_role(user, role, unit=unit, by=SYSTEM, from_on=begun, to_on=ends, is_in_charge=bool(days))


def _department(name: str) -> OrgUnit:
    return OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == name))


def _two_of(department: str) -> list[Officer]:
    rows = Officer.select().join(Posting).join(OrgUnit).where(OrgUnit.department == _department(department))
    return list(rows.order_by(Officer.employee_code.desc()).limit(2))


# An earlier cycle


def last_year(stage: Stage, *, base_url: str) -> None:
    """The cycle of the year before, closed: four were awarded by one order, and one award was taken back since."""
    begun = today() - timedelta(days=330)
    cycle = _last_years_cycle(begun)
    cases = [_walk(cycle, department, RELEASED, on=begun + timedelta(days=10)) for department in (HEALTH, REVENUE) * 2]
    order = awards.issue_order(
        cycle,
        cases,
        ordered_on=begun + timedelta(days=60),
        wording=awards.wording_for(
            cycle, signatory=("सचिव, सामान्य प्रशासन विभाग", "Secretary, General Administration Department")
        ),
        issuer=awards.issuer_of(stage.profile, base_url=base_url),
        files=stage.files,
        by=actor("sunita"),
        at=_at(begun + timedelta(days=60)),
    )
    _sign_and_correct(stage, order, base_url=base_url, on=begun + timedelta(days=70))
    awards.revoke_award(
        Award.select().where(Award.order == order).order_by(Award.id.desc()).first(),
        reason_hi="जाँच में पाया गया कि आदेश में भूलवश अन्य अधिकारी का नाम सम्मिलित हो गया था।",
        reason_en="It was found that another officer's name had been entered in the order by mistake.",
        by=actor("lakshmi"),
        at=_at(begun + timedelta(days=90)),
    )
    stage.say(f"{order.number}")


def _sign_and_correct(stage: Stage, order: AwardOrder, *, base_url: str, on: date) -> None:
    """The signed copy of the order, and a corrigendum that gives one award a new certificate."""
    unsigned = stage.files.read(order.document.pdf_sha256, kind="document")
    documents.add_scan(order.document, documents.keep_scan(unsigned, stage.files), by=actor("sunita"), at=_at(on))
    line = Line(
        "row:1:citation",
        "समय-सीमा में होने लगा",
        "निर्धारित समय-सीमा में होने लगा",
        "within the time limit",
        "within the prescribed time limit",
    )
    written = awards.Draft((line,), (order.signatory_hi, order.signatory_en))
    draft = awards.draft_corrigendum(order, written, by=actor("sunita"), at=_at(on))
    awards.issue_corrigendum(
        draft,
        seen=draft.version,
        issuer=awards.issuer_of(stage.profile, base_url=base_url),
        files=stage.files,
        by=actor("lakshmi"),
        at=_at(on + timedelta(days=5)),
    )


def _last_years_cycle(begun: date) -> Cycle:
    return nominations.create_cycle(
        Scheme.select().order_by(Scheme.id).get(),
        name_hi="वर्ष 2024-25",
        name_en="2024-25",
        first_month=Month(2024, 4),
        last_month=Month(2025, 3),
        cut_off_on=Month(2025, 3).last_on,
        opens_on=begun,
        closes_on=begun + timedelta(days=30),
        quota=2,
        criteria=Criteria(cool_off_years=5, integrity_required=True),
        categories=[Terms("क्षमता निर्माण में उत्कृष्टता", "Excellence in capacity building", 21000)],
        by=actor("sunita"),
    )


# Cases in every state


def walk_further_cases() -> None:
    """Further nominations of this year's cycle, so that there is one in every state."""
    cycle = Cycle.select().where(Cycle.closes_on >= today()).order_by(Cycle.id).get()
    for department, roads in ROADS.items():
        for road in roads:
            _walk(cycle, department, road, on=today())


def _walk(cycle: Cycle, department: str, road: tuple[tuple[str, str], ...], *, on: date) -> Nomination:
    """A nomination of the best who may be nominated, brought to the end of this road on one day."""
    head, nodal = (actor(key) for key in DECIDERS[department])
    case = _begin(cycle, _department(department), head, on)
    for action, hand in road:
        by = {"head": head, "nodal": nodal}.get(hand) or actor(hand)
        if action == "submit":
            nominations.submit(case, by=by, at=_at(on))
        else:
            if action == "verify":
                _vouch(case, by, on)
            nominations.act(case, action, by=by, remark=REMARK, at=_at(on))
        case = Nomination.get_by_id(case.id)
    return case


def _begin(cycle: Cycle, department: OrgUnit, head: Actor, on: date) -> Nomination:
    """A draft for the best of the department; nobody is proposed twice in the story, nor one who decides."""
    known = {row.officer_id for row in Nomination.select(Nomination.officer)}
    known |= {row.officer_id for row in User.select(User.officer).where(User.officer.is_null(False))}
    found = next(
        one
        for one in nominations_queries.records_of(department, cycle, on=on)
        if one.verdict is not Verdict.NOT_ELIGIBLE and one.officer_id not in known
    )
    proposal = Proposal(
        category=cycle.categories.order_by(Category.id).first(),
        priority=1 + nominations_queries.quota_used(cycle, department),
        citation_hi=story.CITATION_HI.format(name=found.name_hi),
        citation_en=story.CITATION_EN.format(name=found.name_en),
    )
    officer = Officer.get_by_id(found.officer_id)
    return nominations.start_nomination(cycle, officer, proposal, by=head, at=_at(on))


def _vouch(case: Nomination, nodal: Actor, on: date) -> None:
    nominations.enter_integrity(
        case.officer,
        answer=IntegrityAnswer.CLEAR,
        reference=f"VIG/{case.id}/{on.year}",
        given_on=on - timedelta(days=3),
        valid_until=on + timedelta(days=200),
        by=nodal,
        at=_at(on),
    )


def _at(day: date) -> datetime:
    """Noon in India of a past day; of today, this moment."""
    return now() if day >= today() else datetime.combine(day, time(6, 30), tzinfo=UTC)


# Achievements


def bring_certificates(stage: Stage) -> None:
    """Asha brings four certificates of courses elsewhere; Ravi verifies one and returns one, she withdraws one."""
    asha = Officer.get(Officer.employee_code == next(one.employee_code for one in CAST if one.key == "asha"))
    for title, days, then in CLAIMS:
        finished_on = today() - timedelta(days=days)
        picture = draw_certificate(name=asha.name_en, course=title, on=finished_on)
        claim = Claim(title=title, finished_on=finished_on)
        kept = achievements.keep(picture, stage.files)
        brought = achievements.submit(asha, claim, kept, by=actor("asha")).achievement
        if then == "verify":
            achievements.verify(brought, by=actor("ravi"))
        elif then == "return":
            achievements.send_back(brought, by=actor("ravi"), reasons=["return_date_differs"])
        elif then == "withdraw":
            achievements.withdraw(brought, by=actor("asha"))
    stage.say(f"{len(CLAIMS)} certificates")


# Work that is left open


def leave_work_open(stage: Stage, *, officers: int, seed: int) -> None:
    """February's enrolment report is looked at and waits for GAD; one job failed and one waits for the scheduler.

    Ravi has applied the plan report of Health, of which some rows were left out or wait, and looked at its enrolments.
    """
    with tempfile.TemporaryDirectory() as folder:
        reported = write_state(Path(folder), officers=officers, seed=seed, until=str(story.LAST), profile=stage.profile)
        issue = Issue.after(FEBRUARY.last_on, ministry=stage.profile.state.igot_ministry, state_en="")
        path = Path(folder) / f"user-enrollment-report-{FEBRUARY}.csv"
        write_next_issue(reported["user-enrollment-report"], path, generated_on=issue.generated_on)
        health = _department(HEALTH)
        plan = extract_of(reported["cbp-report-mdo-enrolment"], HEALTH, Path(folder) / "cbp-report-health.csv")
        reports.apply(_look_at(plan, stage, by=actor("ravi"), unit=health), stage.files, by=actor("ravi"))
        _look_at(extract_of(path, HEALTH, Path(folder) / "enrolments-health.csv"), stage, by=actor("ravi"), unit=health)
        _look_at(path, stage, by=actor("sunita"))
    _fail_at_a_month_without_policy()
    jobs.enqueue(table.SCORE, f"{FEBRUARY}{jobs.BY_HAND}{now():%Y%m%d%H%M%S}", by=actor("sunita"))


def _look_at(path: Path, stage: Stage, *, by: Actor, unit: OrgUnit | None = None) -> Import:
    with path.open("rb") as stream:
        origin = reports.receive(stream, stage.files, name=path.name, by=by, unit_id=unit.id if unit else None)
    return reports.check(origin, stage.files)


def _fail_at_a_month_without_policy() -> None:
    asked = jobs.enqueue(table.SCORE, f"2024-12{jobs.BY_HAND}{now():%Y%m%d%H%M%S}", by=actor("kabir"))
    try:
        jobs.run_once(asked.job, asked.period, lambda run: table.score_month(run, lambda: None))
    except PolicyGap:
        return  # this is what the page shows
