"""A small State in which a session attended is a point: where tests of boards and seals begin."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from karmyogi.core import profile
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM, Actor, Role, Tree
from karmyogi.people.models import Officer, OrgUnit, UnitKind
from karmyogi.scores import service
from tests import factories as make

JANUARY, FEBRUARY = Month(2026, 1), Month(2026, 2)
AT = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)  # noon in India, January and February are over


def policy(number: int = 1, *, effective_from: str = "2025-04", points: int = 1) -> profile.Policy:
    """A point for each session attended, without limit."""
    rule = profile.PolicyRule(
        code="session",
        label_hi="सत्र में उपस्थिति",
        label_en="Session attended",
        kind="activity",
        counts="session",
        points=points,
        once=False,
        note_hi="",
        note_en="",
    )
    return profile.Policy(number, "नीति", "Policy", effective_from, 10, ("Course",), (rule,))


@dataclass
class Scene:
    """Health and Revenue, each with an office in Raipur, and Health with one more in Durg."""

    state: OrgUnit
    division: OrgUnit
    raipur: OrgUnit
    durg: OrgUnit
    health: OrgUnit
    revenue: OrgUnit
    clinic: OrgUnit  # Health, Raipur
    hospital: OrgUnit  # Health, Durg
    tehsil: OrgUnit  # Revenue, Raipur
    actors: dict[str, Actor] = field(default_factory=dict)

    def officer(self, points: int, *, unit: OrgUnit | None = None, month: Month = JANUARY, **facts: object) -> Officer:
        """An officer with so many points in a month."""
        officer = make.make_officer(unit=unit or self.clinic, **facts)
        self.earn(officer, points, month=month)
        return officer

    def officers(self, count: int, *, points: int = 1, **facts: object) -> list[Officer]:
        return [self.officer(points, **facts) for _ in range(count)]

    def earn(self, officer: Officer, points: int, *, month: Month = JANUARY) -> None:
        for _ in range(points):
            make.make_attendance(officer, month.first_on)

    def run(self, month: Month = JANUARY) -> None:
        service.run_month(month, by=SYSTEM, at=AT)


def build() -> Scene:
    """The units, the policy, and the cast as actors."""
    state = make.make_state()
    division = make.make_unit(UnitKind.DIVISION, "Raipur Division", line=state, territory=state)
    raipur = make.make_district(state, "Raipur", division=division)
    durg = make.make_district(state, "Durg", division=division)
    health, revenue = make.make_department(state, "Health"), make.make_department(state, "Revenue")
    scene = Scene(
        state,
        division,
        raipur,
        durg,
        health,
        revenue,
        make.make_office(health, raipur, "Clinic"),
        make.make_office(health, durg, "Hospital"),
        make.make_office(revenue, raipur, "Tehsil"),
    )
    service.install_policy(policy(), by=SYSTEM, at=AT)
    scene.actors = _cast(scene)
    return scene


def _cast(scene: Scene) -> dict[str, Actor]:
    grants = {
        "ravi": (Role.NODAL, scene.health),
        "meena": (Role.HEAD, scene.health),
        "imran": (Role.NODAL, scene.revenue),
        "sunita": (Role.GAD, None),
        "rekha": (Role.APPROVER, None),  # GAD's second person
        "thomas": (Role.AUDITOR, None),
        "collector": (Role.TERRITORY, scene.durg, Tree.TERRITORY),
        "asha": (Role.EMPLOYEE, None),
    }
    return {name: make.actor_of(make.make_user(name.title()), grant) for name, grant in grants.items()}
