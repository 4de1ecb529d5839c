"""Entering a session that was held: who may, what is refused, and that its month then counts it."""

from datetime import date, timedelta

import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.people.models import OrgUnit
from karmyogi.scores import service as scores
from karmyogi.scores.models import MonthlyScore
from karmyogi.store.trail import TrailEntry
from karmyogi.trainings.models import Attendance, TrainingSession
from karmyogi.trainings.service import enter_session
from tests import trails
from tests.factories import AT, make_office, make_officer

HELD_ON = AT.astimezone(IST).date() - timedelta(days=3)
TITLES = {"title_hi": "कार्यालयीन लेखन", "title_en": "Office writing"}
SUNITA = Actor(7, "Sunita", grants=(Grant(Role.GAD),))


@pytest.fixture
def officers(installed_db):
    health = OrgUnit.get(OrgUnit.name_en == "Public Health and Family Welfare")
    office = make_office(health, OrgUnit.get(OrgUnit.name_en == "Raipur"), "Health Office")
    return [make_officer(unit=office) for _one in range(3)]


def test_a_session_keeps_everybodys_part_and_is_one_entry_on_the_trail(officers):
    asha, bhola, trainer = officers

    session = enter_session(**TITLES, held_on=HELD_ON, attended=[asha, bhola], taught=[trainer], by=SUNITA, at=AT)

    parts = Attendance.select(Attendance.officer, Attendance.part).where(Attendance.session == session).tuples()
    assert set(parts) == {(asha.id, "attended"), (bhola.id, "attended"), (trainer.id, "taught")}
    entry = trails.told_last(TrailEntry.action == "training.enter_session")
    assert (entry.actor, entry.change["attended"], entry.change["taught"]) == ("Sunita", 2, 1)


def test_the_month_of_a_session_counts_it_by_the_rules_of_the_policy(officers):
    asha, _bhola, trainer = officers
    held_on = date(2026, 2, 9)

    enter_session(**TITLES, held_on=held_on, attended=[asha], taught=[trainer], by=SYSTEM)
    scores.run_month(Month.of(held_on), by=SYSTEM)

    points = {row.officer_id: row.points for row in MonthlyScore.select().where(MonthlyScore.month == "2026-02")}
    assert points == {asha.id: 3, trainer.id: 5}


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_kept(officers):
    asha, *_others = officers
    tomorrow = AT.astimezone(IST).date() + timedelta(days=1)

    with pytest.raises(RuleBroken) as refused:
        enter_session(title_hi=" ", title_en="x", held_on=tomorrow, attended=[], taught=[asha, asha], by=SUNITA, at=AT)

    assert [one.code for one in refused.value.reasons] == [
        "session_untitled",
        "session_in_future",
        "session_without_officers",
        "session_officer_twice",
    ]
    assert TrainingSession.select().count() == 0


def test_a_session_of_today_may_be_entered(officers):
    enter_session(**TITLES, held_on=AT.astimezone(IST).date(), attended=officers, by=SUNITA, at=AT)

    assert Attendance.select().count() == 3


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.NODAL, Role.HEAD, Role.AUDITOR, Role.SYSADMIN])
def test_nobody_but_gad_enters_sessions(officers, role):
    with pytest.raises(NotAllowed):
        enter_session(**TITLES, held_on=HELD_ON, attended=officers, by=Actor(9, "x", grants=(Grant(role),)), at=AT)

    assert TrainingSession.select().count() == 0
