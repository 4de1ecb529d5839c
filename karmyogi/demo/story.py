"""The demo's story: a fictional state comes in through the real importer, is scored and sealed, and some are honoured.

Everything here is done by the verbs that pages use, by the cast who may do it.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from karmyogi.accounts import service as accounts
from karmyogi.accounts.models import User
from karmyogi.audit import service as audit
from karmyogi.awards import service as awards
from karmyogi.core.months import Month, months_between, now, today
from karmyogi.core.permissions import SYSTEM, Actor, Role
from karmyogi.core.profile import Profile
from karmyogi.demo.cast import CAST, HEALTH, REVENUE, CastMember
from karmyogi.demo.writer import write_state
from karmyogi.nominations import queries as nominations_queries
from karmyogi.nominations import service as nominations
from karmyogi.nominations.models import Category, Cycle, Nomination
from karmyogi.nominations.rules import Criteria, IntegrityAnswer, Verdict
from karmyogi.nominations.service import Proposal, Terms
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.reports import service as reports
from karmyogi.schedule.worker import work_off_queue
from karmyogi.scores import service as scores
from karmyogi.store.files import PrivateFiles

FIRST, LAST = Month(2025, 4), Month(2026, 1)
CITATION_HI = (
    "{name} ने मिशन कर्मयोगी के अंतर्गत समय पर पाठ्यक्रम पूर्ण कर न केवल अपनी दक्षता बढ़ाई, "
    "बल्कि कार्यालय के सहकर्मियों को भी सीखने के लिए प्रेरित किया। इनके प्रयास से आवेदनों का निराकरण समय-सीमा में होने लगा।"
)
CITATION_EN = (
    "{name} completed the courses of the plan in time under Mission Karmayogi and helped colleagues in the office "
    "to learn as well. Applications of citizens are now settled within the time limit."
)


@dataclass(frozen=True)
class Stage:
    """What the story needs at hand: the State, its files, and a way to say how far it is."""

    profile: Profile
    files: PrivateFiles
    say: Callable[[str], object]


def tell(profile: Profile, files: PrivateFiles, *, officers: int, seed: int, say: Callable[[str], object]) -> None:
    """Import, score, seal, walk some cases from nomination to award, and have it proven."""
    stage = Stage(profile, files, say)
    import_state(stage, officers=officers, seed=seed)
    make_accounts()
    score_months(stage)
    cycle = open_cycle()
    walk_cases(stage, cycle)
    audit.ask_for_proof(by=actor("thomas"))
    work_off_queue(at=now())


def import_state(stage: Stage, *, officers: int, seed: int) -> None:
    """Write the files of a fictional state and bring each in as the page would."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_state(Path(folder), officers=officers, seed=seed, until=str(LAST), profile=stage.profile)
        for path in paths.values():
            bring(stage, path)


def bring(stage: Stage, path: Path) -> None:
    """Import one file as the page would: look at it, then apply it."""
    with path.open("rb") as stream:
        origin = reports.receive(stream, stage.files, name=path.name, by=SYSTEM, creates_units=True)
    reports.apply(reports.check(origin, stage.files), stage.files, by=SYSTEM)
    stage.say(f"{path.name}: {origin.row_count}")


def make_accounts() -> None:
    """An account for each of the cast, with the role they play."""
    for member in CAST:
        officer = Officer.get(Officer.employee_code == member.employee_code)
        user = accounts.create_user(member.key, by=SYSTEM, officer=officer, is_demo=True)
        role = Role(member.role)
        if role is not Role.EMPLOYEE:
            accounts.grant_role(user, role, unit=_unit_of(member), by=SYSTEM)


def _unit_of(member: CastMember) -> OrgUnit:
    return OrgUnit.get((OrgUnit.kind == member.unit_level) & (OrgUnit.name_en == member.unit_name))


def score_months(stage: Stage) -> None:
    """Score every month and seal it, oldest first."""
    for month in months_between(FIRST, LAST):
        scores.run_month(month, by=SYSTEM)
        scores.seal_month(month, by=SYSTEM)
        stage.say(f"{month}: sealed")
    work_off_queue(at=now())  # each seal has asked for the sums of its quarter and year


def open_cycle() -> Cycle:
    """A round of the State's yearly scheme that takes nominations now."""
    gad = actor("sunita")
    scheme = nominations.install_scheme(
        "karmayogi-excellence",
        name_hi="कर्मयोगी उत्कृष्टता सम्मान",
        name_en="Karmayogi Excellence Award",
        award_hi="प्रशस्ति पत्र",
        award_en="Certificate of Commendation",
        by=gad,
    )
    return nominations.create_cycle(
        scheme,
        name_hi="वर्ष 2025-26, प्रथम चक्र",
        name_en="2025-26, first cycle",
        first_month=Month(2025, 4),
        last_month=LAST,
        cut_off_on=LAST.last_on,
        opens_on=today() - timedelta(days=20),
        closes_on=today() + timedelta(days=40),
        quota=4,
        criteria=Criteria(min_points=20, min_sealed_months=2, cool_off_years=5, integrity_required=True),
        categories=[
            Terms("क्षमता निर्माण में उत्कृष्टता", "Excellence in capacity building", 25000),
            Terms("ज्ञान साझा करना", "Sharing of knowledge"),
        ],
        by=gad,
    )


def walk_cases(stage: Stage, cycle: Cycle) -> None:
    """Health sends three on their way to different stages; Revenue sends two all the way to an order."""
    health = [_nominate(cycle, HEALTH, "meena", priority) for priority in (1, 2)]
    _submit(health[0], "meena")
    revenue = [_nominate(cycle, REVENUE, "farah", priority) for priority in (1, 2)]
    for case in revenue:
        _submit(case, "farah")
        _verify(case, "imran")
        nominations.act(case, "select", by=actor("sunita"))
        nominations.act(case, "release", by=actor("lakshmi"))
    order = awards.issue_order(
        cycle,
        [Nomination.get_by_id(case.id) for case in revenue],
        ordered_on=today(),
        wording=awards.wording_for(
            cycle,
            signatory=("सचिव, सामान्य प्रशासन विभाग", "Secretary, General Administration Department"),
            copy_to=[
                ("समस्त विभागाध्यक्ष, छत्तीसगढ़", "All heads of department, Chhattisgarh"),
                ("संबंधित अधिकारी/कर्मचारी", "The officers concerned"),
                ("गार्ड फाइल", "Guard file"),
            ],
        ),
        issuer=awards.issuer_of(stage.profile, base_url="http://127.0.0.1:8000"),
        files=stage.files,
        by=actor("sunita"),
    )
    stage.say(f"{order.number}")


def _nominate(cycle: Cycle, department: str, head: str, priority: int) -> Nomination:
    """The best of the department who may be nominated and is neither its head nor of the cast's deciders."""
    unit = OrgUnit.get((OrgUnit.kind == "department") & (OrgUnit.name_en == department))
    taken = {member.employee_code for member in CAST if member.role != "employee"}
    found = next(
        one
        for one in nominations_queries.records_of(unit, cycle, on=today())
        if one.verdict is not Verdict.NOT_ELIGIBLE and not one.nomination_id and one.employee_code not in taken
    )
    proposal = Proposal(
        category=cycle.categories.order_by(Category.id).first(),
        priority=priority,
        citation_hi=CITATION_HI.format(name=found.name_hi),
        citation_en=CITATION_EN.format(name=found.name_en),
    )
    return nominations.start_nomination(cycle, Officer.get_by_id(found.officer_id), proposal, by=actor(head))


def _submit(case: Nomination, head: str) -> None:
    nominations.submit(Nomination.get_by_id(case.id), by=actor(head))


def _verify(case: Nomination, nodal: str) -> None:
    nominations.enter_integrity(
        case.officer,
        answer=IntegrityAnswer.CLEAR,
        reference=f"VIG/{case.id}/{today().year}",
        given_on=today() - timedelta(days=3),
        valid_until=_a_year_later(today()),
        by=actor(nodal),
    )
    nominations.act(case, "verify", by=actor(nodal))


def _a_year_later(day: date) -> date:
    return day + timedelta(days=365)


def actor(key: str) -> Actor:
    """One of the cast, with the grants they hold today."""
    return accounts.actor_of(User.get(User.login == key), on=today())
