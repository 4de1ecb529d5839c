"""A small State: two departments, two divisions with a district each, offices, and the cast."""

from dataclasses import dataclass
from datetime import UTC, datetime

from karmyogi.core.permissions import Actor, Grant, Role, Tree
from karmyogi.people.models import Officer, OrgUnit, UnitKind
from karmyogi.store.db import database
from tests import factories as make

AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)  # noon in India
LATER = datetime(2026, 4, 12, 6, 30, tzinfo=UTC)

CAST = (
    # name, Hindi name, English name, desk, role, unit it reaches
    ("asha", "आशा साहू", "Asha Sahu", "health_office", None, None),
    ("ravi", "रवि देवांगन", "Ravi Dewangan", "health_office", Role.NODAL, "health"),
    ("rekha", "रेखा साहू", "Rekha Sahu", "health_office", Role.NODAL, "health_office"),
    ("imran", "इमरान कुरैशी", "Imran Qureshi", "revenue_office", Role.NODAL, "revenue"),
    ("meena", "मीना ठाकुर", "Meena Thakur", "health_office", Role.HEAD, "health"),
    ("sunita", "सुनीता मरकाम", "Sunita Markam", "gad_office", Role.GAD, "state"),
    ("kabir", "कबीर मानिकपुरी", "Kabir Manikpuri", "gad_office", Role.GAD, "state"),
    ("thomas", "थॉमस कुजूर", "Thomas Kujur", "gad_office", Role.AUDITOR, "state"),
    ("devendra", "देवेंद्र नेताम", "Devendra Netam", "revenue_office", Role.TERRITORY, "raipur"),
)


@dataclass
class Scene:
    units: dict[str, OrgUnit]
    officers: dict[str, Officer]
    actors: dict[str, Actor]

    def unit(self, name: str) -> OrgUnit:
        """The unit as it is now."""
        return OrgUnit.get_by_id(self.units[name].id)

    def officer(self, name: str) -> Officer:
        """The officer as they are now."""
        return Officer.get_by_id(self.officers[name].id)


def build() -> Scene:
    with database.atomic():
        units = _units()
        officers, actors = {}, {}
        for key, name_hi, name_en, desk, role, reach in CAST:
            officers[key] = make.make_officer(name_en, name_hi, unit=units[desk])
            user = make.make_user(name_en, officer=officers[key])
            tree = Tree.TERRITORY if role is Role.TERRITORY else Tree.LINE
            held = make.actor_of(user, *([(role, units[reach], tree)] if role else []))
            actors[key] = Actor(held.user_id, name_en, held.officer_id, (Grant(Role.EMPLOYEE), *held.grants))
    return Scene(units, officers, actors)


def _units() -> dict[str, OrgUnit]:
    state = make.make_state()
    health, revenue, gad = (make.make_department(state, name) for name in ("Health", "Revenue", "GAD"))
    north, south = (make.make_unit(UnitKind.DIVISION, name, line=state, territory=state) for name in ("North", "South"))
    raipur = make.make_district(state, "Raipur", division=north)
    bastar = make.make_district(state, "Bastar", division=south)
    directorate = make.make_unit(UnitKind.DIRECTORATE, "Directorate", line=health, territory=raipur)
    return {
        "state": state,
        "health": health,
        "revenue": revenue,
        "gad": gad,
        "north": north,
        "south": south,
        "raipur": raipur,
        "bastar": bastar,
        "directorate": directorate,
        "health_office": make.make_office(health, raipur, "Health Office, Raipur"),
        "revenue_office": make.make_office(revenue, bastar, "Revenue Office, Bastar"),
        "gad_office": make.make_office(gad, raipur, "GAD Secretariat"),
    }
