"""A State with two departments and two scored months: twelve officers of Health, three of Revenue."""

from datetime import UTC, date, datetime

from karmyogi.completions.models import Completion
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role, Tree
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.service import keep_words
from karmyogi.scores import service
from karmyogi.store.db import database
from karmyogi.store.imports import Import
from karmyogi.store.jobs import JobRun
from tests import worlds
from tests.factories import make_office, make_officer
from tests.web.site import Site

HEALTH, REVENUE = "Public Health and Family Welfare", "Revenue and Disaster Management"
# How many courses each finished in January, and in which order a reader of Hindi finds their names.
HEALTH_COURSES = {"अनिल": 4, "उमा": 3, "कमल": 3, "गीता": 2} | {f"छाया {n}": 1 for n in range(1, 9)}
REVENUE_COURSES = {"जय": 2, "तारा": 1, "दीपक": 1}
REPORTED_AT = datetime(2026, 2, 2, 6, 0, tzinfo=UTC)


def unit(name_en: str, kind: str = "") -> OrgUnit:
    """A unit by its name; a division may be called as one of its districts is."""
    found = OrgUnit.select().where(OrgUnit.name_en == name_en)
    return (found.where(OrgUnit.kind == kind) if kind else found).get()


def build() -> None:
    """December sealed and added up, January computed and open."""
    courses = [Course.create(provider="iGOT", name=f"Course {n}", kind="Course", duration_seconds=60) for n in range(8)]
    for department, district, finished in ((HEALTH, "Raipur", HEALTH_COURSES), (REVENUE, "Durg", REVENUE_COURSES)):
        office = make_office(unit(department), unit(district, "district"), f"{district} Office")
        for name_hi, count in finished.items():
            officer = make_officer(f"Officer {name_hi}", name_hi, unit=office, state_class="III")
            _finish(officer, courses[:count], date(2026, 1, 8))
            _finish(officer, courses[4:5], date(2025, 12, 9))
    with database.atomic():
        keep_words(Officer.id > 0)
    Import.create(
        file_name="x.csv", sha256="a" * 64, size_bytes=1, kind="consumption", state="applied", received_at=REPORTED_AT,
        applied_at=REPORTED_AT, generated_at=REPORTED_AT,
    )  # fmt: skip
    for month in (Month(2025, 12), Month(2026, 1)):
        service.run_month(month, by=SYSTEM)
    service.seal_month(Month(2025, 12), by=SYSTEM)
    service.add_up(by=SYSTEM)
    JobRun.delete().execute()  # which the sealing had asked for


def _finish(officer: Officer, courses: list[Course], on: date) -> None:
    at = datetime(on.year, on.month, on.day, 6, 0, tzinfo=UTC)
    for course in courses:
        Completion.create(month=f"{on:%Y-%m}", officer=officer, course=course, completed_at=at, completed_on=on)


def cast() -> dict[str, Actor]:
    """Who opens the pages: nobody needs an account, the guard only looks at the actor."""
    health, revenue, raipur = unit(HEALTH).line_path, unit(REVENUE).line_path, unit("Raipur", "district").territory_path
    grants = {
        "asha": (Grant(Role.EMPLOYEE),),
        "ravi": (Grant(Role.NODAL, health),),
        "leela": (Grant(Role.NODAL, unit("Raipur Office").line_path),),  # of one office alone
        "meena": (Grant(Role.HEAD, health),),
        "imran": (Grant(Role.NODAL, revenue),),
        "devendra": (Grant(Role.TERRITORY, raipur, Tree.TERRITORY),),
        "sunita": (Grant(Role.GAD),),
        "kabir": (Grant(Role.GAD), Grant(Role.APPROVER)),
        "lakshmi": (Grant(Role.APPROVER),),
        "thomas": (Grant(Role.AUDITOR),),
        "pooja": (Grant(Role.PANEL),),
        "gopal": (Grant(Role.SYSADMIN),),
    }
    asha = Officer.get(Officer.name_hi == "अनिल").id
    return {
        name: Actor(number, name.title(), asha if name == "asha" else 90_000 + number, held)
        for number, (name, held) in enumerate(grants.items(), 1)
    }


EVERYBODY = ("", "asha", "ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas", "pooja", "gopal")


def statuses(site: Site, path: str) -> dict[str, int]:
    """How the page answers each of the cast, and a stranger."""
    return {who: site.browser(who).get(path).status_code for who in EVERYBODY}


def those(found: dict[str, int], status: int) -> set[str]:
    return {who for who, answer in found.items() if answer == status}


worlds.WORLDS.setdefault("board", worlds.World(build, after="installed"))
