"""The demo's story, and beside it a thing of every kind in every state, here and there: what the matrix asks for."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from karmyogi.accounts import service as accounts
from karmyogi.accounts.models import Authenticator, Session, User
from karmyogi.achievements import service as achievements
from karmyogi.achievements.models import Achievement, CertificateImage
from karmyogi.achievements.rules import ACHIEVEMENT
from karmyogi.audit import service as proofs
from karmyogi.awards import service as awards
from karmyogi.awards.models import Award, AwardOrder, Corrigendum
from karmyogi.awards.rules import Line
from karmyogi.completions.models import Assessment, Completion, Unenrolment
from karmyogi.completions.service import judge
from karmyogi.core.months import Month, now, today
from karmyogi.core.permissions import SYSTEM, Actor, Role
from karmyogi.core.profile import load_profile
from karmyogi.courses import service as naming
from karmyogi.courses.models import Competency, Course, CourseBatch, CourseCompetency
from karmyogi.courses.rules import Named
from karmyogi.demo import story
from karmyogi.demo.cast import CAST, GAD, HEALTH, REVENUE
from karmyogi.documents.models import SignedScan
from karmyogi.home import service as home
from karmyogi.nominations import service as nominations
from karmyogi.nominations.models import Cycle, Nomination, Scheme
from karmyogi.nominations.queries import quota_used
from karmyogi.nominations.rules import Criteria
from karmyogi.nominations.service import Proposal, Terms
from karmyogi.people import service as names
from karmyogi.people.models import NameCorrection, Officer, OrgUnit, Posting, UnitKind
from karmyogi.people.queries import version_of
from karmyogi.people.rules import Names
from karmyogi.plans.models import PlanSummary
from karmyogi.reports import queries as reports
from karmyogi.reports import service as imports
from karmyogi.reports.models import QueuedPerson
from karmyogi.scores import service as points
from karmyogi.scores.models import Correction, Dispute, Policy, PolicyDraft, ScoreHold, ScoreMonth
from karmyogi.scores.rules import terms_from
from karmyogi.store import seals
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles, open_files
from karmyogi.store.imports import Bundle, BundleState, Import, ImportState
from karmyogi.store.jobs import JobRun, enqueue, run_once
from karmyogi.store.saved_views import SavedView
from karmyogi.trainings.models import ProgrammePart
from tests import factories as make
from tests import worlds
from tests.house.oracle import REGISTERS, WITH_PHONE

PAGE_CYCLE = "the cycle of the matrix"
CODES = {member.key: member.employee_code for member in CAST}
PLANTED = "a planted browser"


@dataclass(frozen=True)
class Extra:
    """A further account: the roles it holds, each over a unit, and until when; it belongs to no officer."""

    login: str
    roles: tuple[tuple[Role, str, str], ...] = ()
    to_on: date | None = None


# Who the cast does not have: people without an officer, without a role, with two, or with one that is over.
EXTRAS = (
    Extra("gita", ((Role.HEAD, "department", GAD),)),
    Extra("nina", ((Role.NODAL, "department", GAD),)),
    Extra("latif", ((Role.APPROVER, "state", "Chhattisgarh"),)),
    Extra("noori", ((Role.NODAL, "department", REVENUE), (Role.TERRITORY, "division", "Bilaspur"))),
    Extra("farid", ((Role.NODAL, "department", HEALTH),), to_on=date(2026, 11, 1)),
    Extra("vikas"),
)


def build() -> None:
    """Everything that the story lacks, by the verbs that pages use where there is one."""
    files = open_files(worlds.media_of("told"))
    _accounts()
    cycle = _cycle()
    _nominations(cycle)
    _orders(cycle, files)
    _claims(files)
    _names()
    _disputes()
    _units()
    _merged()
    _imports()
    _queue()
    _reported()
    _bundles()
    _drafts_of_the_policy()
    _months()
    _holds()
    _corrections()
    _proofs()
    _sessions()
    _saved_views()


def officer_of(key: str) -> Officer:
    return Officer.get(Officer.employee_code == CODES[key])


def unit(kind: str, name_en: str) -> OrgUnit:
    return OrgUnit.get((OrgUnit.kind == kind) & (OrgUnit.name_en == name_en))


def officers_of(department: str, *, division: str | None = None) -> list[Officer]:
    """Officers posted in a department's offices, none of them of the cast, by code."""
    place = OrgUnit.department == unit("department", department)
    if division:
        place &= OrgUnit.division == unit("division", division)
    rows = (
        Officer.select().join(Posting).join(OrgUnit).where(place & Officer.employee_code.not_in(list(CODES.values())))
    )
    return list(rows.order_by(Officer.employee_code))


def _accounts() -> None:
    for extra in EXTRAS:
        user = accounts.create_user(extra.login, name_en=extra.login.title(), is_demo=True, by=SYSTEM)
        if extra.login == WITH_PHONE:
            sealed = seals.seal(b"a seed of twenty byt", owner=f"authenticator of account {user.id}")
            Authenticator.create(user=user, sealed_seed=sealed, last_step=0, made_at=now())
        for role, kind, name in extra.roles:
            accounts.grant_role(
                user, role, unit=unit(kind, name), from_on=date(2026, 1, 1), to_on=extra.to_on, by=SYSTEM
            )


def _saved_views() -> None:
    """Two people's views of each register: everybody else is to find neither."""
    for login in ("thomas", "sunita"):
        user = User.get(User.login == login)
        for slug in REGISTERS:
            SavedView.create(user_id=user.id, register=slug, name=f"{slug} of {login}", asked={"search": "x"})


# Nominations


def _cycle() -> Cycle:
    return nominations.create_cycle(
        Scheme.get(),
        name_hi="जाँच का चक्र",
        name_en=PAGE_CYCLE,
        first_month=Month(2025, 4),
        last_month=Month(2026, 1),
        cut_off_on=Month(2026, 1).last_on,
        opens_on=today() - timedelta(days=30),
        closes_on=today() + timedelta(days=300),
        quota=50,
        criteria=Criteria(),
        categories=[Terms("श्रेणी", "Category", 5000)],
        by=story.actor("sunita"),
    )


SUBMITTED = (("submit", "head"),)
VERIFIED = (*SUBMITTED, ("verify", "nodal"))
SELECTED = (*VERIFIED, ("select", "sunita"))
RELEASED = (*SELECTED, ("release", "latif"))
ROADS = {
    "draft": (),
    "submitted": SUBMITTED,
    "verified": VERIFIED,
    "selected": SELECTED,
    "released": RELEASED,
    "returned": (*SUBMITTED, ("return", "nodal")),
    "withdrawn": (*SUBMITTED, ("withdraw", "head")),
    "rejected": (*VERIFIED, ("reject", "kabir")),
}
REVENUES = ("draft", "submitted", "selected", "released", "returned")
HANDS = {HEALTH: ("meena", "ravi"), REVENUE: ("farah", "imran"), GAD: ("gita", "nina")}


def _nominations(cycle: Cycle) -> None:
    """Health's in every state, Revenue's in some, and cases about those who decide."""
    walk = partial(_walk, cycle)
    for officer, state in zip(officers_of(HEALTH), ROADS, strict=False):
        walk(officer, state, HEALTH)
    for officer, state in zip(officers_of(REVENUE)[2:], REVENUES, strict=False):
        walk(officer, state, REVENUE)
    walk(officer_of("asha"), "released", HEALTH)
    walk(officer_of("ravi"), "submitted", HEALTH)
    walk(officer_of("sunita"), "verified", GAD)
    walk(officer_of("lakshmi"), "released", GAD)


def _walk(cycle: Cycle, officer: Officer, state: str, department: str) -> Nomination:
    """A nomination brought to this state by the proper hands."""
    head, nodal = HANDS[department]
    deciders = {"head": head, "nodal": nodal, **({"sunita": "kabir"} if officer == officer_of("sunita") else {})}
    proposal = Proposal(
        category=cycle.categories.get(),
        priority=_next_priority(cycle, department),
        citation_hi=story.CITATION_HI.format(name=officer.name_hi),
        citation_en=story.CITATION_EN.format(name=officer.name_en),
    )
    case = nominations.start_nomination(cycle, officer, proposal, by=story.actor(head))
    for action, hand in ROADS[state]:
        by = story.actor(deciders.get(hand, hand))
        case = nominations.act(Nomination.get_by_id(case.id), action, by=by, remark="कारण")
    return case


def _next_priority(cycle: Cycle, department: str) -> int:
    return 1 + quota_used(cycle, unit("department", department))


# Awards


def _orders(cycle: Cycle, files: PrivateFiles) -> None:
    """Asha's and a colleague's of one order, the colleague's revoked; the approver's own of another."""
    _order(cycle, HEALTH, files)
    _order(cycle, GAD, files)
    colleague = Award.select().where(Award.officer != officer_of("asha")).order_by(Award.id.desc())
    given = [one for one in colleague if one.nomination.department.name_en == HEALTH]
    _corrigenda(Award.get(Award.officer == officer_of("asha")).order, files)
    _scan(Award.get(Award.officer == officer_of("asha")).order, files)
    awards.revoke_award(given[0], reason_hi="त्रुटि", reason_en="An error", by=story.actor("latif"))


def _order(cycle: Cycle, department: str, files: PrivateFiles) -> None:
    released = (Nomination.state == "released") & (Nomination.department == unit("department", department))
    awards.issue_order(
        cycle,
        list(Nomination.select().where(released)),
        ordered_on=today(),
        wording=awards.wording_for(cycle, signatory=("सचिव", "Secretary")),
        issuer=awards.issuer_of(load_profile("chhattisgarh"), base_url="http://127.0.0.1:8000"),
        files=files,
        by=story.actor("sunita"),
    )


def _corrigenda(order: AwardOrder, files: PrivateFiles) -> None:
    """Of one order one in every state: issued, withdrawn, and a draft."""
    issuer = awards.issuer_of(load_profile("chhattisgarh"), base_url="http://127.0.0.1:8000")
    gad = story.actor("sunita")
    issued, withdrawn, _draft = [_correct(order, gad) for _ in range(3)]
    awards.issue_corrigendum(issued, seen=1, issuer=issuer, files=files, by=story.actor("latif"))
    awards.withdraw_corrigendum(withdrawn, remark="कारण", by=gad)


def _correct(order: AwardOrder, by: Actor) -> Corrigendum:
    line = Line("subject", "के संबंध में", "के विषय में")
    return awards.draft_corrigendum(order, awards.Draft((line,), ("सचिव", "Secretary")), by=by)


def _scan(order: AwardOrder, files: PrivateFiles) -> None:
    """Two scans of an order; their pictures are no pictures, since nobody looks at them here."""
    for number in range(2):
        content = f"scan {number}".encode()
        SignedScan.create(
            document=order.document,
            scan_format=("PDF", "PNG")[number],
            original_sha256=files.put(content, kind="scan"),
            image_sha256=files.put(content, kind="scan"),
            pages=1,
            size_bytes=len(content),
            uploader="sunita",
            uploaded_at=now(),
        )


# Achievements


def _claims(files: PrivateFiles) -> None:
    """Asha's in every state; one of the reviewer's own, one of another department, one of Health in Bilaspur."""
    asha, ravi = story.actor("asha"), story.actor("ravi")
    with database.atomic():
        _claim(officer_of("asha"), files)
        achievements.send_back(_claim(officer_of("asha"), files), by=ravi, remark="कारण")
        achievements.withdraw(_claim(officer_of("asha"), files), by=asha)
        achievements.verify(_claim(officer_of("asha"), files), by=ravi)
        for officer in (*map(officer_of, ("ravi", "imran", "sunita")), officers_of(HEALTH, division="Bilaspur")[0]):
            _claim(officer, files)


def _claim(officer: Officer, files: PrivateFiles) -> Achievement:
    """A claim that waits; its picture is no picture, since nobody looks at it here."""
    place = Posting.get(Posting.officer == officer).unit
    claim = Achievement.create(
        officer=officer,
        title=officer.name_en,
        finished_on=date(2026, 1, 5),
        submitted_at=now(),
        state=ACHIEVEMENT.start,
        line_path=place.line_path,
        territory_path=place.territory_path,
    )
    content = f"picture {claim.id}".encode()
    CertificateImage.create(
        achievement=claim,
        original_sha256=files.put(content, kind="original"),
        image_sha256=files.put(content, kind="image"),
        thumb_sha256=files.put(content, kind="thumb"),
        image_format="PNG",
        width=10,
        height=10,
        size_bytes=len(content),
        uploaded_at=now(),
    )
    return claim


# Corrections of names


def _names() -> None:
    """Asha's withdrawn, refused, approved and open; one of each reviewer's own, one of another department."""
    asha, ravi = story.actor("asha"), story.actor("ravi")
    names.withdraw_name(_ask_for_name("asha"), by=asha)
    names.refuse_name(_ask_for_name("asha"), by=ravi, remark="कारण")
    names.approve_name(_ask_for_name("asha"), by=ravi)
    for key in ("asha", "ravi", "imran", "sunita"):
        _ask_for_name(key)


def _ask_for_name(key: str) -> NameCorrection:
    officer = officer_of(key)
    wanted = Names(f"{officer.name_hi} देवी", f"{officer.name_en} Devi")
    return names.request_name(officer, wanted, why="कारण", by=story.actor(key))


# Disputes of points


def _disputes() -> None:
    """Asha's in every state; one of each reviewer's own, and one of another department."""
    ravi, sunita = story.actor("ravi"), story.actor("sunita")
    points.withdraw_dispute(_dispute("asha", "course"), by=story.actor("asha"))
    for code, answer, decision in (
        ("course", "agree", "uphold"),
        ("hours", "disagree", "decline"),
        ("rating", "agree", ""),
        ("session", "disagree", ""),
    ):
        case = points.answer_dispute(_dispute("asha", code), answer, by=ravi, remark="कारण")
        if decision:
            points.decide_dispute(case, decision, by=sunita, remark="कारण")
    for key in ("asha", "ravi", "imran", "sunita"):
        _dispute(key, "taught")


def _dispute(key: str, code: str) -> Dispute:
    month = ScoreMonth.get(ScoreMonth.month == "2026-01")
    said = points.Complaint(code, "एक पाठ्यक्रम छूट गया है")
    return points.raise_dispute(officer_of(key), month, said, by=story.actor(key))


# Scores on hold


def _holds() -> None:
    """In every state, here and in another department, one of a person who confirms, in a month that is not sealed."""
    sunita, kabir = story.actor("sunita"), story.actor("kabir")
    points.dismiss_hold(_hold("asha"), by=sunita, remark="कारण")
    points.release_hold(points.confirm_hold(_hold("asha"), by=kabir), by=sunita, remark="कारण")
    points.confirm_hold(_hold("ravi"), by=kabir)
    for key in ("asha", "imran", "kabir"):
        _hold(key)


def _hold(key: str) -> ScoreHold:
    month = ScoreMonth.get(ScoreMonth.month == "2026-03")
    return points.propose_hold(officer_of(key), month, reason="कारण", by=story.actor("sunita"))


# Corrections of sealed months


def _corrections() -> None:
    """In several states, each of a month of its own, and none under way of the month that is corrected."""
    sunita, lakshmi = story.actor("sunita"), story.actor("lakshmi")
    drafted, proposed, withdrawn, approved = (
        _correction(month, sunita) for month in ("2025-12", "2025-11", "2026-01", "2025-10")
    )
    points.withdraw_correction(withdrawn, by=sunita)
    for case in (proposed, approved):
        points.propose_correction(case, by=sunita, remark="कारण")
    points.approve_correction(approved, by=lakshmi)
    enqueue("correct-month", f"{drafted.month}@matrix", by=SYSTEM)


def _correction(month: str, by: Actor) -> Correction:
    make.make_attendance(officer_of("asha"), Month.parse(month).first_on)
    return points.draft_correction(Month.parse(month), by=by)


def _proofs() -> None:
    """The proof of a night, and one that waits."""
    run_once(proofs.NIGHTLY, "2026-02-01", partial(proofs.prove, by=SYSTEM))
    enqueue(proofs.PROVE, "@matrix", by=story.actor("thomas"))


# The structure


def _units() -> None:
    """An office that was renamed and then closed; nobody ever served in it."""
    gad, place = story.actor("sunita"), unit("department", HEALTH)
    office = names.create_unit(
        UnitKind.OFFICE,
        name_hi="पुराना कार्यालय",
        name_en="A planted office",
        line_parent=place,
        territory_parent=unit("district", "Raipur"),
        by=gad,
    )
    renamed = names.rename_unit(
        office, name_hi="बंद कार्यालय", name_en="A closed office", since=today(), seen=version_of(office), by=gad
    )
    home.close_unit(renamed, on=today(), seen=version_of(renamed), by=gad)


# Two records of one person


def _merged() -> None:
    """The last officer of Revenue gave way to the one before."""
    *_others, stands, goes = officers_of(REVENUE)
    home.merge_officers(goes, stands, why="नया कोड", is_checked=True, by=story.actor("sunita"))


def merged() -> Officer:
    """The record that gave way."""
    return Officer.get(Officer.merged_into.is_null(False))


# Imports and months


def _imports() -> None:
    """A file in every state; the story has those that were applied."""
    kept = Import.select().first()
    taken_back = {"applied_at": now(), "undone_at": now()}
    for state in (
        ImportState.RECEIVED,
        ImportState.CHECKED,
        ImportState.REFUSED,
        ImportState.DISCARDED,
        ImportState.UNDONE,
    ):
        Import.create(
            file_name=f"{state.value}.csv",
            kind="roster",
            sha256=kept.sha256,
            size_bytes=kept.size_bytes,
            state=state.value,
            received_at=now(),
            **(taken_back if state is ImportState.UNDONE else {}),
            refusal=[["sheet_not_recognised", {"looks_like": "x"}]] if state is ImportState.REFUSED else None,
        )

    _for_units(kept, taken_back)


def _for_units(kept: Import, taken_back: dict[str, object]) -> None:
    """The same for a department, an office below it and another department; an archive, and people of their queue."""
    health, revenue = unit("department", HEALTH), unit("department", REVENUE)
    office = Posting.get(Posting.officer == officer_of("asha")).unit
    whole = {"sha256": kept.sha256, "size_bytes": kept.size_bytes, "received_at": now()}
    for place, nodal in ((health, "ravi"), (office, "ravi"), (revenue, "imran")):
        for state in (ImportState.RECEIVED, ImportState.CHECKED, ImportState.APPLIED, ImportState.UNDONE):
            times = {ImportState.UNDONE: taken_back, ImportState.APPLIED: {"applied_at": now()}}.get(state, {})
            name = f"{place.id}-{state.value}.csv"
            Import.create(file_name=name, state=state.value, unit_id=place.id, kind="plan", **whole, **times)
        Bundle.create(file_name=f"{place.id}.zip", state="locked", unit_id=place.id, **whole)
        person = {"code": "matched_nobody", "since": now(), "unit_id": place.id}
        QueuedPerson.create(email=f"waits-{place.id}@cg.example.in", **person)
        aside = QueuedPerson.create(email=f"aside-{place.id}@cg.example.in", **person)
        imports.set_aside([aside.id], "कारण", by=story.actor(nodal))


def _queue() -> None:
    """Somebody who is set aside, and somebody for whom that was taken back; two decisions about names of courses."""
    aside, back = reports.waiting_for(story.actor("sunita")).order_by(QueuedPerson.id).limit(2)
    imports.set_aside([aside.id], "कारण", by=story.actor("sunita"))
    courses = list(Course.select().order_by(Course.id).limit(3))
    same, apart = (Named(one.id, one.provider, one.name, one.kind) for one in courses[1:])
    naming.name_course(courses[0], same, by=story.actor("sunita"))
    naming.tell_apart(courses[0], apart, by=story.actor("sunita"))
    imports.undo_answer(imports.set_aside([back.id], "कारण", by=story.actor("sunita")), by=story.actor("sunita"))


def _reported() -> None:
    """A row of each further report for officers of two departments."""
    on, course = date(2026, 1, 20), Course.get()
    skill = Competency.create(area="Functional", theme="Office procedure", sub_theme="Noting")
    CourseCompetency.create(course_name=course.name, competency=skill)
    CourseBatch.create(course=course, batch="b1", enrolled=4, completed=2)
    for key in ("asha", "imran"):
        mine = {"officer": officer_of(key)}
        PlanSummary.create(allocated=3, finished=2, in_time=1, **mine)
        Unenrolment.create(course=course, left_at=now(), left_on=on, reason="Transferred", **mine)
        Assessment.create(name="Final test", course_name=course.name, is_passed=True, attempted_on=on, **mine)
        ProgrammePart.create(programme="Induction", component="Day one", held_on=on, is_attended=True, **mine)
        _flags(officer_of(key))


def _flags(officer: Officer) -> None:
    """A completion in every state of looking at it, and one whose certificate somebody elsewhere holds."""
    sunita, other = story.actor("sunita"), officer_of("imran" if officer == officer_of("asha") else "asha")
    done = Completion.select().where(Completion.officer == officer).limit(5)
    for completion, steps in zip(done, ("", "accept", "doubt", "doubt confirm", ""), strict=False):
        flag = make.make_flag(completion, code="before_enrolled" if steps else "shared_certificate", other=other)
        for step, by in zip(steps.split(), (sunita, story.actor("kabir")), strict=False):
            judge(flag, step, by=by, remark="कारण")


def _bundles() -> None:
    """An archive in every state; the open one holds a file."""
    kept = Import.select().first()
    for state in BundleState:
        Bundle.create(
            file_name=f"{state.value}.zip",
            sha256=kept.sha256,
            size_bytes=kept.size_bytes,
            state=state.value,
            received_at=now(),
        )
    Import.update(bundle=Bundle.get(Bundle.state == "opened")).where(Import.file_name == "checked.csv").execute()


def _months() -> None:
    """A month that is only computed and one that is proposed, and a run of each kind of work."""
    for month, state in (("2026-02", "provisional"), ("2026-03", "proposed")):
        ScoreMonth.create(month=month, policy=Policy.get(), run_id="r" * 64, computed_at=now(), state=state)
    enqueue("score-month", "2026-02@matrix", by=SYSTEM)
    enqueue("score-night", "2026-02-01", by=SYSTEM)
    for state in ("done", "failed", "cancelled"):
        JobRun.create(job="month-end", period=state, state=state, queued_at=now(), started_at=now(), finished_at=now())


def _drafts_of_the_policy() -> None:
    """One in every state but published, since a new version would move months of the story."""
    sunita, latif = story.actor("sunita"), story.actor("latif")
    draft, submitted, returned, withdrawn = [_drafted(sunita) for _ in range(4)]
    points.ask_for_trial(draft, 1, by=sunita)
    for draft in (submitted, returned):
        points.submit_draft(draft, seen=2, by=sunita)
    points.return_draft(PolicyDraft.get_by_id(returned.id), remark="कारण", by=latif)
    points.withdraw_draft(withdrawn, remark="कारण", by=sunita)


def _drafted(by: Actor) -> PolicyDraft:
    draft = points.begin_draft(by=by)
    terms = terms_from(draft.terms)
    told = replace(terms, grace_days=terms.grace_days + 1, order_number="F 1-2/2026", order_on=today())
    return points.rewrite_draft(draft, told, seen=1, by=by)


def _sessions() -> None:
    """A browser of each account that is signed in, and one of Asha's that is not any longer."""
    for user in User.select():
        accounts.open_session(user, address="127.0.0.1", agent=PLANTED)
    accounts.open_session(User.get(User.login == "asha"), address="127.0.0.1", agent=PLANTED)
    last = Session.select().order_by(Session.id.desc()).first()
    accounts.end_session(last, by=story.actor("asha"))
