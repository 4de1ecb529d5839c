"""A small State with its cast, a scheme and an open cycle: where every test of nominations and awards begins."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Role, Tree
from karmyogi.nominations import service
from karmyogi.nominations.models import Category, Cycle, Nomination
from karmyogi.nominations.rules import CitationLimits, Criteria, IntegrityAnswer
from karmyogi.nominations.service import Proposal, Terms
from karmyogi.people.models import Officer, OrgUnit, UnitKind
from karmyogi.store.db import database
from tests import factories as make

CUT_OFF = date(2026, 3, 31)
OPENS, CLOSES = date(2026, 4, 1), date(2026, 4, 30)
AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)  # noon in India, inside the window
ON = date(2026, 4, 10)
CITATION_HI = (
    "श्रीमती आशा साहू ने क्षमता निर्माण योजना के सभी पाठ्यक्रम समय पर पूर्ण किए, "
    "कार्यालय के सहकर्मियों का मार्गदर्शन किया और जिले में नस्तियों का निराकरण आधे समय में संभव बनाया।"
)
CITATION_EN = (
    "Completed every course of the capacity building plan in time, guided the colleagues of the office, "
    "and made it possible to decide files of the district in half the time."
)


@dataclass
class Scene:
    """The cast by name, the units, and a cycle of two places per department that asks for an integrity certificate."""

    state: OrgUnit
    health: OrgUnit
    revenue: OrgUnit
    health_office: OrgUnit
    revenue_office: OrgUnit
    asha: Officer  # Health, to be nominated
    bhola: Officer  # Health, another one
    farid: Officer  # Revenue
    cycle: Cycle
    category: Category
    actors: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def proposal(self, priority: int = 1, **changes: object) -> Proposal:
        written = {"citation_hi": CITATION_HI, "citation_en": CITATION_EN, "category": self.category} | changes
        return Proposal(priority=priority, **written)

    def draft(self, officer: Officer | None = None, *, priority: int = 1, by: Actor | None = None) -> Nomination:
        return service.start_nomination(
            self.cycle, officer or self.asha, self.proposal(priority), by=by or self.meena, at=AT
        )

    def clear(self, officer: Officer | None = None, *, by: Actor | None = None, **facts: object) -> None:
        defaults = {
            "answer": IntegrityAnswer.CLEAR,
            "reference": "स्था/निष्ठा/17",
            "given_on": date(2026, 4, 2),
            "valid_until": date(2026, 9, 30),
            "at": AT,
        }
        service.enter_integrity(officer or self.asha, by=by or self.rekha, **(defaults | facts))

    def brought_to(self, state: str, officer: Officer | None = None, *, priority: int = 1) -> Nomination:
        """A nomination walked by the proper hands to this state."""
        officer = officer or self.asha
        nomination = self.draft(officer, priority=priority)
        for action, by in ROADS[state]:
            if action == "verify":
                self.clear(officer)
            nomination = service.act(nomination, action, by=self.actors[by], remark="कारण", at=AT)
        return nomination


TO_VERIFIED = (("submit", "meena"), ("verify", "ravi"))
TO_SELECTED = (*TO_VERIFIED, ("select", "sunita"))
ROADS = {
    "draft": (),
    "submitted": TO_VERIFIED[:1],
    "verified": TO_VERIFIED,
    "selected": TO_SELECTED,
    "released": (*TO_SELECTED, ("release", "lakshmi")),
    "returned": (*TO_VERIFIED[:1], ("return", "ravi")),
    "withdrawn": (*TO_VERIFIED[:1], ("withdraw", "meena")),
    "rejected": (*TO_VERIFIED, ("reject", "sunita")),
}

CAST = (
    # name, Hindi name, English name, role, unit it reaches
    ("meena", "मीना ठाकुर", "Meena Thakur", Role.HEAD, "health"),
    ("mohan", "मोहन वर्मा", "Mohan Verma", Role.HEAD, "health_office"),
    ("ravi", "रवि देवांगन", "Ravi Dewangan", Role.NODAL, "health"),
    ("rekha", "रेखा साहू", "Rekha Sahu", Role.NODAL, "health"),
    ("farah", "फराह सिद्दीकी", "Farah Siddiqui", Role.HEAD, "revenue"),
    ("imran", "इमरान कुरैशी", "Imran Qureshi", Role.NODAL, "revenue"),
    ("sunita", "सुनीता मरकाम", "Sunita Markam", Role.GAD, "state"),
    ("kabir", "कबीर मानिकपुरी", "Kabir Manikpuri", Role.GAD, "state"),
    ("lakshmi", "लक्ष्मी चंद्राकर", "Lakshmi Chandrakar", Role.APPROVER, "state"),
    ("latif", "लतीफ खान", "Latif Khan", Role.APPROVER, "state"),
    ("thomas", "थॉमस कुजूर", "Thomas Kujur", Role.AUDITOR, "state"),
    ("gopal", "गोपाल सोनी", "Gopal Soni", Role.SYSADMIN, "state"),
    ("pooja", "पूजा अग्रवाल", "Pooja Agrawal", Role.PANEL, "state"),
    ("devendra", "देवेंद्र नेताम", "Devendra Netam", Role.TERRITORY, "raipur"),
)


def build(criteria: Criteria | None = None, *, quota: int = 2) -> Scene:
    with database.atomic():
        return _build(criteria or Criteria(integrity_required=True), quota)


def _build(criteria: Criteria, quota: int) -> Scene:
    state = make.make_state()
    raipur = make.make_district(state, "Raipur")
    units = {
        "state": state,
        "raipur": raipur,
        "health": make.make_department(state, "Public Health and Family Welfare"),
        "revenue": make.make_department(state, "Revenue and Disaster Management"),
        "gad": make.make_department(state, "General Administration"),
    }
    units["health_office"] = make.make_office(units["health"], raipur, "Health District Office, Raipur")
    units["revenue_office"] = make.make_office(units["revenue"], raipur, "Revenue District Office, Raipur")
    actors = {name: _actor(units, *rest) for name, *rest in CAST}
    cycle = open_cycle(actors["sunita"], criteria, quota)
    return Scene(
        state,
        units["health"],
        units["revenue"],
        units["health_office"],
        units["revenue_office"],
        asha=make.make_officer("Asha Sahu", "आशा साहू", unit=units["health_office"]),
        bhola=make.make_officer("Bhola Yadav", "भोला यादव", unit=units["health_office"]),
        farid=make.make_officer("Farid Ansari", "फरीद अंसारी", unit=units["revenue_office"]),
        cycle=cycle,
        category=cycle.categories.get(),
        actors=actors,
    )


def _actor(units: dict[str, OrgUnit], name_hi: str, name_en: str, role: Role, reach: str) -> Actor:
    desk = units[reach] if reach in ("health", "revenue", "health_office") else units["gad"]
    officer = make.make_officer(name_en, name_hi, unit=desk)
    tree = Tree.TERRITORY if role is Role.TERRITORY else Tree.LINE
    own = (Role.EMPLOYEE, None)
    return make.actor_of(make.make_user(name_en, officer=officer), own, (role, units[reach], tree))


def open_cycle(by: Actor, criteria: Criteria, quota: int) -> Cycle:
    scheme = service.install_scheme(
        "karmyogi",
        name_hi="कर्मयोगी पुरस्कार योजना",
        name_en="Karmayogi Award Scheme",
        award_hi="उत्कृष्ट कर्मयोगी पुरस्कार",
        award_en="Excellent Karmayogi Award",
        by=by,
    )
    return service.create_cycle(
        scheme,
        name_hi="2025-26",
        name_en="2025-26",
        first_month=Month(2026, 1),
        last_month=Month(2026, 3),
        cut_off_on=CUT_OFF,
        opens_on=OPENS,
        closes_on=CLOSES,
        quota=quota,
        criteria=criteria,
        categories=[Terms("व्यक्तिगत उत्कृष्टता", "Individual excellence", 5000)],
        by=by,
    )


def officers_in(unit: OrgUnit, count: int) -> list[Officer]:
    """Further officers posted in the unit, none like another by code."""
    with database.atomic():
        return [make.make_officer(f"Officer {i}", f"अधिकारी {i}", unit=unit) for i in range(count)]


__all__ = ["AT", "CITATION_EN", "CITATION_HI", "ON", "CitationLimits", "Scene", "UnitKind", "build", "officers_in"]
