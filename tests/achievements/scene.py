"""A small State with two departments, its cast, and pictures of certificates: where tests of achievements begin."""

import io
import itertools
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

import segno
from PIL import Image, ImageDraw

from karmyogi.achievements import service
from karmyogi.achievements.models import Achievement
from karmyogi.achievements.service import Claim, Submission
from karmyogi.completions.models import Completion, Enrolment
from karmyogi.core.permissions import Actor, Role
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from tests import factories as make

AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)  # noon in India
LATER = datetime(2026, 4, 12, 6, 30, tzinfo=UTC)
FINISHED = date(2026, 3, 14)
PORTAL = "https://portal.igotkarmayogi.gov.in/certs/"

_shades = itertools.count()


def new_id() -> str:
    return str(uuid.uuid4())


def certificate(certificate_id: str = "", *others: str) -> bytes:
    """A picture whose QR codes name these certificates, unlike every other picture by its bytes."""
    return picture(*(f"{PORTAL}{one}" for one in (certificate_id, *others) if one))


def picture(*codes: str) -> bytes:
    """A small PNG with these texts as QR codes, unlike every other by the colour of its paper."""
    shade = next(_shades)
    page = Image.new("RGB", (200 + 220 * len(codes), 240), (255, 255 - shade % 16, 255 - shade // 16 % 16))
    ImageDraw.Draw(page).text((8, 8), "CERTIFICATE OF COMPLETION", fill="navy")
    for place, text in enumerate(codes):
        file = io.BytesIO()
        segno.make(text, error="m", micro=False).save(file, kind="png", scale=4, border=4)
        page.paste(Image.open(file).convert("RGB"), (180 + 220 * place, 30))
    return saved(page)


def saved(page: Image.Image, form: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    page.save(file, form, **options)
    return file.getvalue()


def make_course(name: str = "Code of Conduct for Government Employees") -> Course:
    return Course.create(provider="ISTM", name=name, kind="Course", duration_seconds=3600)


def import_completion(
    officer: Officer, course: Course, certificate_id: str = "", *, completed_on: date = FINISHED
) -> Completion:
    """What a consumption report leaves behind: the enrolment and the completion, both naming the certificate."""
    at = datetime(completed_on.year, completed_on.month, completed_on.day, 9, tzinfo=UTC)
    told = {"certificate_id": certificate_id, "has_certificate": bool(certificate_id)}
    Enrolment.create(
        officer=officer, course=course, status="completed", completed_at=at, completed_on=completed_on, **told
    )
    return Completion.create(
        month=f"{completed_on:%Y-%m}",
        officer=officer,
        course=course,
        completed_at=at,
        completed_on=completed_on,
        **told,
    )


@dataclass
class Scene:
    """The cast by name. Asha, Bhola: employees of Health; Farid: of Revenue; the others as their roles say."""

    files: PrivateFiles
    units: dict[str, OrgUnit]
    officers: dict[str, Officer]
    actors: dict[str, Actor]
    course: Course

    def submit(self, who: str = "asha", content: bytes | None = None, **claim: object) -> Submission:
        """The officer's own submission; a title and a day are filled in for a claim without a course."""
        written = {"title": "A seminar elsewhere", "finished_on": FINISHED} if "course_id" not in claim else {}
        content = certificate() if content is None else content
        kept = service.keep(content, self.files)
        return service.submit(self.officers[who], Claim(**written | claim), kept, by=self.actors[who], at=AT)

    def claim(self, who: str = "asha", content: bytes | None = None, **claim: object) -> Achievement:
        return self.submit(who, content, **claim).achievement

    def returned(self, who: str = "asha", content: bytes | None = None, **claim: object) -> Achievement:
        return service.send_back(self.claim(who, content, **claim), by=self.actors["ravi"], remark="चित्र धुँधला है", at=AT)


CAST = (
    # name, Hindi name, English name, desk, role, unit it reaches
    ("asha", "आशा साहू", "Asha Sahu", "health_office", None, None),
    ("bhola", "भोला यादव", "Bhola Yadav", "health_office", None, None),
    ("farid", "फरीद अंसारी", "Farid Ansari", "revenue_office", None, None),
    ("ravi", "रवि देवांगन", "Ravi Dewangan", "health", Role.NODAL, "health"),
    ("rekha", "रेखा साहू", "Rekha Sahu", "health", Role.NODAL, "health"),
    ("imran", "इमरान कुरैशी", "Imran Qureshi", "revenue", Role.NODAL, "revenue"),
    ("meena", "मीना ठाकुर", "Meena Thakur", "health", Role.HEAD, "health"),
    ("sunita", "सुनीता मरकाम", "Sunita Markam", "gad", Role.GAD, "state"),
    ("lakshmi", "लक्ष्मी चंद्राकर", "Lakshmi Chandrakar", "gad", Role.APPROVER, "state"),
    ("thomas", "थॉमस कुजूर", "Thomas Kujur", "gad", Role.AUDITOR, "state"),
    ("devendra", "देवेंद्र नेताम", "Devendra Netam", "revenue", Role.TERRITORY, "raipur"),
    ("pooja", "पूजा अग्रवाल", "Pooja Agrawal", "gad", Role.PANEL, "state"),
    ("gopal", "गोपाल सोनी", "Gopal Soni", "gad", Role.SYSADMIN, "state"),
)


def build() -> Scene:
    """All but the files, which each test has for itself."""
    with database.atomic():
        units = _units()
        officers = {name: make.make_officer(en, hi, unit=units[desk]) for name, hi, en, desk, _, _ in CAST}
        actors = {name: _actor(officers[name], en, role, units.get(reach)) for name, _, en, _, role, reach in CAST}
        return Scene(None, units, officers, actors, make_course())


def _units() -> dict[str, OrgUnit]:
    state = make.make_state()
    raipur = make.make_district(state, "Raipur")
    units = {
        "state": state,
        "raipur": raipur,
        "health": make.make_department(state, "Public Health and Family Welfare", name_hi="लोक स्वास्थ्य एवं परिवार कल्याण"),
        "revenue": make.make_department(state, "Revenue and Disaster Management", name_hi="राजस्व एवं आपदा प्रबंधन"),
        "gad": make.make_department(state, "General Administration", name_hi="सामान्य प्रशासन"),
    }
    units["health_office"] = make.make_office(units["health"], raipur, "Health District Office, Raipur")
    units["revenue_office"] = make.make_office(units["revenue"], raipur, "Revenue District Office, Raipur")
    return units


def _actor(officer: Officer, name_en: str, role: Role | None, unit: OrgUnit | None) -> Actor:
    user = make.make_user(name_en, officer=officer)
    if role is None:
        return make.actor_of(user, (Role.EMPLOYEE, None))
    return make.actor_of(user, (Role.EMPLOYEE, None), (role, unit))
