"""Who may say what of a flagged completion, and what it comes to."""

from datetime import UTC, date, datetime

import pytest

from karmyogi.completions.models import Flag
from karmyogi.completions.queries import Standing, dues_of
from karmyogi.completions.service import judge, judge_each
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.months import Month
from karmyogi.core.permissions import Role
from karmyogi.scores.queries import facts_of
from karmyogi.store.transitions import CaseStep
from tests import factories as make

DONE_AT = datetime(2026, 3, 10, 6, 30, tzinfo=UTC)
MARCH = Month(2026, 3)


@pytest.fixture
def health(db):
    state = make.make_state()
    return make.make_office(make.make_department(state, "Health"), make.make_district(state, "Raipur"), "Hospital")


@pytest.fixture
def asha(health):
    return make.make_officer("Asha Sahu", unit=health)


@pytest.fixture
def flag(asha):
    return flagged(asha, "Noting")


def flagged(officer, name, **facts):
    return make.make_flag(make.make_completion(officer, make.make_course(name), DONE_AT), **facts)


def somebody(role, unit=None, *, officer=None):
    return make.actor_of(make.make_user(f"{role} {make.number()}", officer=officer), (role, unit))


def codes(refused) -> list[str]:
    return [found.code for found in refused.value.reasons]


def test_a_completion_counts_until_two_people_found_it_not_credible(flag, asha):
    sunita, kabir = somebody(Role.GAD), somebody(Role.GAD)
    counted = [len(facts_of(asha.id, MARCH).completions)]

    judge(flag, "doubt", by=sunita, remark="Three courses in a minute.")
    counted.append(len(facts_of(asha.id, MARCH).completions))
    judge(flag, "confirm", by=kabir, remark="So says the portal's log.")
    counted.append(len(facts_of(asha.id, MARCH).completions))
    judge(flag, "restore", by=kabir, remark="The log was another's.")
    counted.append(len(facts_of(asha.id, MARCH).completions))

    assert counted == [1, 1, 0, 1]
    assert [step.action for step in CaseStep.select().order_by(CaseStep.id)] == ["doubt", "confirm", "restore"]


def test_a_plan_is_not_fulfilled_by_what_is_not_credible(flag, asha):
    make.make_obligation(asha, "Noting", due_on=date(2026, 3, 31))
    Flag.update(state="not_credible").execute()

    assert [due.standing for due in dues_of(asha.id, on=date(2026, 4, 1))] == [Standing.OVERDUE]


def test_a_later_completion_under_another_name_counts_if_the_first_is_not_credible(asha):
    first, later = make.make_course("Noting"), make.make_course("Noting 2.0")
    make.make_alias(first, later)
    flag = make.make_flag(make.make_completion(asha, first, DONE_AT))
    make.make_completion(asha, later, DONE_AT.replace(day=20))
    assert [one.course_name for one in facts_of(asha.id, MARCH).completions] == ["Noting"]

    Flag.update(state="not_credible").where(Flag.id == flag.id).execute()

    assert [one.course_name for one in facts_of(asha.id, MARCH).completions] == ["Noting 2.0"]


def test_the_second_person_is_another_one(flag):
    sunita = somebody(Role.GAD)
    judge(flag, "doubt", by=sunita, remark="Odd.")

    with pytest.raises(RuleBroken) as refused:
        judge(flag, "confirm", by=sunita, remark="Odd indeed.")

    assert codes(refused) == ["same_hand"]
    assert Flag.get().state == "doubted"


def test_a_nodal_officer_judges_the_own_unit_and_confirms_nothing(flag, health):
    other = make.make_office(make.make_department(make.make_state(), "Revenue"), health.district, "Tehsil")
    imran, ravi = somebody(Role.NODAL, other), somebody(Role.NODAL, health)

    with pytest.raises(NotAllowed):
        judge(flag, "accept", by=imran)
    judge(flag, "doubt", by=somebody(Role.GAD), remark="Odd.")
    with pytest.raises(NotAllowed):
        judge(flag, "confirm", by=ravi, remark="Odd.")
    judge(flag, "reopen", by=ravi)
    judge(flag, "accept", by=ravi)

    assert Flag.get().state == "credible"


def test_nobody_judges_a_completion_of_their_own(flag, asha, health):
    with pytest.raises(RuleBroken) as refused:
        judge(flag, "accept", by=somebody(Role.NODAL, health, officer=asha))

    assert codes(refused) == ["own_case"]


def test_a_doubt_needs_words(flag):
    with pytest.raises(RuleBroken) as refused:
        judge(flag, "doubt", by=somebody(Role.GAD))

    assert codes(refused) == ["remark_needed"]


def test_many_are_judged_in_one_go_or_not_at_all(asha):
    flags = [flagged(asha, f"Course {n}") for n in range(3)]
    gad = somebody(Role.GAD)
    judge(Flag.get_by_id(flags[2].id), "doubt", by=somebody(Role.GAD), remark="Odd.")

    with pytest.raises(WrongState):
        judge_each(flags, "accept", by=gad)
    assert [one.state for one in Flag.select().order_by(Flag.id)] == ["open", "open", "doubted"]

    judge_each([Flag.get_by_id(one.id) for one in flags[:2]], "accept", by=gad)
    assert [one.state for one in Flag.select().order_by(Flag.id)] == ["credible", "credible", "doubted"]
