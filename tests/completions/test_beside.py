"""What reviewers see beside a rank and a nominee: how much of it people should look at, and nobody else sees it."""

from datetime import UTC, datetime

import pytest

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.queries import FlagCount, flags_beside
from karmyogi.core.permissions import Role
from karmyogi.people.models import Officer
from tests import factories as make

JANUARY, FEBRUARY = datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 2, 10, tzinfo=UTC)
PERIOD = {"first": "2026-01", "last": "2026-01"}


@pytest.fixture
def state(db):
    return make.make_state()


@pytest.fixture
def clinic(state):
    return make.make_office(make.make_department(state, "Health"), make.make_district(state, "Raipur"), "Clinic")


def gad():
    return make.actor_of(make.make_user("Sunita"), (Role.GAD, None))


def finished(officer: Officer, name: str, at: datetime = JANUARY) -> Completion:
    return make.make_completion(officer, make.make_course(name), at)


def flagged(officer: Officer, name: str, at: datetime = JANUARY, *, state: str = "open", **facts: object) -> Flag:
    return make.make_flag(finished(officer, name, at), state=state, **facts)


def test_flags_are_counted_by_state_the_open_first_and_lead_to_the_newest(clinic):
    asha = make.make_officer(unit=clinic)
    flagged(asha, "A", state="not_credible")
    flagged(asha, "B")
    newest = flagged(asha, "C")
    doubted = flagged(asha, "D", state="doubted")

    found = flags_beside([asha.id], gad(), **PERIOD)[asha.id]

    assert found[:2] == [FlagCount("open", 2, newest.id), FlagCount("doubted", 1, doubted.id)]
    assert [one.state for one in found] == ["open", "doubted", "not_credible"]


def test_what_is_credible_or_of_another_month_or_officer_is_not_told(clinic):
    asha, other = make.make_officer(unit=clinic), make.make_officer(unit=clinic)
    flagged(asha, "A", state="credible")
    flagged(asha, "B", FEBRUARY)
    flagged(other, "C")

    assert flags_beside([asha.id], gad(), **PERIOD) == {}
    assert list(flags_beside([asha.id], gad(), first="2026-01", last="2026-02")) == [asha.id]


def test_the_flags_of_a_record_that_gave_way_stand_with_the_one_that_stands(clinic):
    stands, goes = make.make_officer(unit=clinic), make.make_officer(unit=clinic)
    one = flagged(goes, "A")
    Officer.update(merged_into=stands).where(Officer.id == goes.id).execute()

    assert flags_beside([stands.id], gad(), **PERIOD) == {stands.id: [FlagCount("open", 1, one.id)]}


@pytest.mark.parametrize(("role", "sees"), [(Role.NODAL, True), (Role.HEAD, False), (Role.EMPLOYEE, False)])
def test_only_who_may_read_flags_in_that_unit_sees_them(clinic, state, role, sees):
    asha = make.make_officer(unit=clinic)
    flagged(asha, "A", line_path=clinic.line_path, territory_path=clinic.territory_path)
    of_health = make.actor_of(make.make_user("Ravi"), (role, clinic.department))
    of_revenue = make.actor_of(make.make_user("Imran"), (role, make.make_department(state, "Revenue")))

    assert bool(flags_beside([asha.id], of_health, **PERIOD)) is sees
    assert flags_beside([asha.id], of_revenue, **PERIOD) == {}
