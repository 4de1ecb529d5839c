"""The one door through which a state changes: who may pass, what is written, and that nothing is when it stays shut."""

from datetime import date

import peewee
import pytest

from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import Actor, Grant, Permission, Role, Tree
from karmyogi.core.reasons import reason
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import SCORE_MONTH
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry, broken_link
from karmyogi.store.transitions import (
    Case,
    CaseStep,
    check,
    open_steps,
    perform,
    reasons_barring,
    remember_hand,
    steps_taken,
)
from tests.factories import AT, make_score_month
from tests.processes import all_at_once

HEALTH, REVENUE, RAIPUR = "/1/7/", "/1/70/", "/1/2/"
ASHA, BHOLA = 101, 102
GUARDS = (not_own_case, not_same_hand)
# fmt: off
LEAVE = workflow("leave", "asked", [
    step("ask",     "asked",            "sent",     Permission.NOMINATIONS_CREATE),
    step("verify",  "sent",             "verified", Permission.NOMINATIONS_VERIFY,  *GUARDS),
    step("grant",   "verified",         "granted",  Permission.NOMINATIONS_SELECT,  *GUARDS),
    step("refuse",  "verified",         "refused",  Permission.NOMINATIONS_SELECT,  not_own_case, remark=True),
    step("recall",  "granted refused",  "recalled", Permission.NOMINATIONS_RELEASE, *GUARDS),
], ends="recalled")
# fmt: on


class Leave(Case):
    officer_id = peewee.IntegerField(null=True)
    granted_on = peewee.DateField(null=True)
    days = peewee.IntegerField(default=0)

    class Meta:
        temporary = True
        constraints = [peewee.Check("(state = 'granted') = (granted_on IS NOT NULL)")]


MEENA = Actor(1, "Meena", 201, (Grant(Role.HEAD, HEALTH),))
RAVI = Actor(2, "Ravi", 202, (Grant(Role.NODAL, HEALTH),))
IMRAN = Actor(3, "Imran", 203, (Grant(Role.NODAL, REVENUE),))
SUNITA = Actor(4, "Sunita", 204, (Grant(Role.GAD),))
LAKSHMI = Actor(5, "Lakshmi", 205, (Grant(Role.APPROVER),))


@pytest.fixture
def leave(db) -> Leave:
    database.create_tables([Leave])
    return Leave.create(officer_id=ASHA, line_path=f"{HEALTH}71/", territory_path=f"{RAIPUR}71/", state="asked")


@pytest.fixture
def verified(leave) -> Leave:
    perform(LEAVE, leave, "ask", by=MEENA, at=AT)
    perform(LEAVE, leave, "verify", by=RAVI, at=AT)
    return leave


def everything() -> list[object]:
    return [list(table.select().tuples()) for table in (Leave, CaseStep, TrailEntry)]


def refused(error: type[Exception], case: Leave, action: str, **options: object) -> list:
    """The reasons of a refusal, after making sure that it wrote nothing, neither there nor on the row at hand."""
    before, at_hand = everything(), dict(case.__data__)

    with pytest.raises(error) as found:
        perform(LEAVE, case, action, **options)

    assert everything() == before
    assert dict(case.__data__) == at_hand
    return list(found.value.reasons)


# ── A step that is taken ──


def test_a_step_moves_the_row_with_its_facts_and_remembers_the_hand(verified):
    perform(LEAVE, verified, "grant", by=SUNITA, remark="In order.", at=AT, granted_on=date(2026, 4, 10), days=3)

    stored = Leave.get_by_id(verified.id)
    assert (stored.state, stored.granted_on, stored.days) == ("granted", date(2026, 4, 10), 3)
    assert (verified.state, verified.granted_on, verified.days) == ("granted", date(2026, 4, 10), 3)
    last = steps_taken(LEAVE, verified)[-1]
    assert (last.action, last.from_state, last.to_state, last.at, last.remark) == (
        "grant",
        "verified",
        "granted",
        AT,
        "In order.",
    )
    assert (last.user_id, last.officer_id, last.actor) == (4, 204, "Sunita")


def test_every_step_is_on_the_trail_and_the_chain_is_whole(verified):
    told = [(e.action, e.subject, e.subject_id, e.change) for e in TrailEntry.select().order_by(TrailEntry.id)]

    assert told == [
        ("leave.ask", "leave", verified.id, {"state": ["asked", "sent"]}),
        ("leave.verify", "leave", verified.id, {"state": ["sent", "verified"]}),
    ]
    assert broken_link() is None


def test_who_opened_a_case_has_had_a_hand_in_it_though_no_step_led_there(leave):
    remember_hand(LEAVE, leave, "open", by=RAVI, remark="Asked by telephone.", at=AT)
    perform(LEAVE, leave, "ask", by=MEENA, at=AT)

    first = steps_taken(LEAVE, leave)[0]
    assert (first.action, first.from_state, first.to_state, first.user_id) == ("open", "", "asked", RAVI.user_id)
    assert (first.officer_id, first.actor, first.at, first.remark) == (202, "Ravi", AT, "Asked by telephone.")
    assert [one.code for one in refused(RuleBroken, leave, "verify", by=RAVI)] == ["same_hand"]


def test_the_steps_of_another_case_or_another_kind_of_case_are_not_its_own(verified):
    other = Leave.create(line_path=HEALTH, state="asked")
    perform(LEAVE, other, "ask", by=MEENA)
    CaseStep.create(workflow="other", case_id=verified.id, action="x", from_state="a", to_state="b", actor="who", at=AT)

    assert [taken.action for taken in steps_taken(LEAVE, verified)] == ["ask", "verify"]


def test_saving_a_row_after_a_step_does_not_write_over_what_somebody_did_meanwhile(leave):
    perform(LEAVE, leave, "ask", by=MEENA)
    perform(LEAVE, Leave.get_by_id(leave.id), "verify", by=RAVI)

    leave.days = 5
    leave.save()

    assert (Leave.get_by_id(leave.id).state, Leave.get_by_id(leave.id).days) == ("verified", 5)


# ── A step that is refused ──


def test_a_step_that_does_not_leave_this_state_is_refused(leave):
    assert refused(WrongState, leave, "grant", by=SUNITA) == [reason("moved_on", state="asked")]


def test_a_second_tab_is_told_where_the_case_stands_now(leave):
    second_tab = Leave.get_by_id(leave.id)
    perform(LEAVE, leave, "ask", by=MEENA)

    assert refused(WrongState, second_tab, "ask", by=MEENA) == [reason("moved_on", state="sent")]


def test_a_nodal_officer_of_another_department_is_refused(leave):
    perform(LEAVE, leave, "ask", by=MEENA)

    assert refused(NotAllowed, leave, "verify", by=IMRAN) == [reason("not_allowed")]


@pytest.mark.parametrize(
    "who",
    [
        Actor(9, "Nobody"),
        Actor(9, "A head", 300, (Grant(Role.HEAD, HEALTH),)),
        Actor(9, "By the wrong tree", 300, (Grant(Role.NODAL, HEALTH, Tree.TERRITORY),)),
        Actor(9, "The nominee as an employee", ASHA, (Grant(Role.EMPLOYEE),)),
        Actor(9, "An auditor", 300, (Grant(Role.AUDITOR),)),
        Actor(9, "An administrator", 300, (Grant(Role.SYSADMIN),)),
    ],
    ids=lambda who: who.name,
)
def test_who_does_not_hold_the_power_over_this_case_is_refused(leave, who):
    perform(LEAVE, leave, "ask", by=MEENA)

    assert refused(NotAllowed, leave, "verify", by=who) == [reason("not_allowed")]


def test_nobody_decides_about_themselves(leave):
    asha = Actor(9, "Asha", ASHA, (Grant(Role.NODAL, HEALTH),))
    perform(LEAVE, leave, "ask", by=MEENA)

    assert refused(RuleBroken, leave, "verify", by=asha) == [reason("own_case")]


@pytest.mark.parametrize(
    "second_role",
    [
        Actor(1, "Meena again", 201, (Grant(Role.NODAL, HEALTH),)),
        Actor(99, "Meena by another account", 201, (Grant(Role.NODAL, HEALTH),)),
    ],
    ids=lambda who: who.name,
)
def test_whoever_asked_does_not_verify_in_a_second_role(leave, second_role):
    perform(LEAVE, leave, "ask", by=MEENA)

    assert refused(RuleBroken, leave, "verify", by=second_role) == [reason("same_hand")]


def test_the_first_hand_counts_at_the_last_step_too(verified):
    meena_in_the_gad = Actor(1, "Meena", 201, (Grant(Role.GAD),))

    assert refused(RuleBroken, verified, "grant", by=meena_in_the_gad, granted_on=date(2026, 4, 10)) == [
        reason("same_hand")
    ]


def test_a_step_that_needs_a_remark_is_refused_without_one(verified):
    assert refused(RuleBroken, verified, "refuse", by=SUNITA, remark="  ") == [reason("remark_needed")]


def test_what_the_database_refuses_leaves_no_step_and_no_entry(verified):
    before = everything()

    with pytest.raises(peewee.IntegrityError):
        perform(LEAVE, verified, "grant", by=SUNITA)  # without the date that a granted leave must have

    assert everything() == before
    assert verified.state == "verified"


def test_a_step_inside_a_larger_act_that_fails_is_undone_with_it(verified):
    before = everything()

    with database.atomic() as act:
        perform(LEAVE, verified, "grant", by=SUNITA, granted_on=date(2026, 4, 10))
        act.rollback()

    assert everything() == before


def test_looking_whether_a_step_may_be_taken_writes_nothing(verified):
    before = everything()

    check(LEAVE, verified, LEAVE.step("verified", "grant"), by=SUNITA)
    with pytest.raises(NotAllowed):
        check(LEAVE, verified, LEAVE.step("verified", "grant"), by=LAKSHMI)

    assert everything() == before


# ── Buttons ──


def test_each_is_offered_the_steps_they_could_take_now_and_no_other(verified):
    people = (MEENA, RAVI, IMRAN, SUNITA, LAKSHMI)
    offered = {who.name: [found.action for found in open_steps(LEAVE, verified, by=who)] for who in people}

    assert offered == {"Meena": [], "Ravi": [], "Imran": [], "Sunita": ["grant", "refuse"], "Lakshmi": []}


def test_who_is_asked_for_a_step_is_told_what_bars_them_and_nobody_else_is(leave):
    perform(LEAVE, leave, "ask", by=MEENA, at=AT)
    asha = Actor(6, "Asha", ASHA, (Grant(Role.NODAL, HEALTH),))
    of_revenue = Actor(7, "Asha", ASHA, (Grant(Role.NODAL, REVENUE),))
    people = {"nodal officer": RAVI, "herself": asha, "from elsewhere": of_revenue, "head": MEENA}

    barred = {who: reasons_barring(LEAVE, leave, {"verify"}, by=actor) for who, actor in people.items()}

    assert barred == {"nodal officer": [], "herself": [reason("own_case")], "from elsewhere": [], "head": []}
    assert reasons_barring(LEAVE, leave, {"grant"}, by=SUNITA) == []  # it does not lead on from here


def test_a_remark_still_to_be_written_bars_nobody(verified):
    assert reasons_barring(LEAVE, verified, {"refuse"}, by=SUNITA) == []


def test_at_the_end_nobody_is_offered_anything(verified):
    perform(LEAVE, verified, "grant", by=SUNITA, granted_on=date(2026, 4, 10))
    perform(LEAVE, verified, "recall", by=LAKSHMI, granted_on=None)

    assert [open_steps(LEAVE, verified, by=who) for who in (MEENA, RAVI, SUNITA, LAKSHMI)] == [[], [], [], []]


# ── At once ──


def propose_the_first_month(number: int) -> str:
    """A step on a real table, since a temporary one is seen by its own connection alone."""
    who = Actor(number, f"Sunita {number}", None, (Grant(Role.GAD),))
    perform(SCORE_MONTH, ScoreMonth.get(), "propose", by=who)
    return "proposed"


def test_of_several_who_press_at_one_moment_one_takes_the_step(db):
    make_score_month("2026-01", sealed=False)

    told = all_at_once(db, propose_the_first_month, [(1,), (2,), (3,)])

    assert sorted(told) == ["WrongState", "WrongState", "proposed"]
    assert CaseStep.select().count() == TrailEntry.select().count() == 1
