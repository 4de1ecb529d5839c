"""Slips: for whom they are printed and for whom not, until when they work, and what a second print does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from karmyogi.accounts import queries, rules, service
from karmyogi.accounts.models import OneTimeSecret, User
from karmyogi.accounts.rules import Standing
from karmyogi.accounts.service import Which
from karmyogi.core.errors import NotAllowed, RuleBroken, WrongState
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.people.models import Posting
from karmyogi.store.db import database
from karmyogi.store.trail import TrailEntry
from tests.accounts.conftest import (
    ANOTHER,
    NOON,
    PASSWORD,
    TODAY,
    actor,
    every_text_in_the_database,
    make_officer,
    make_user,
)

LAST_DAY = date(2026, 3, 14)  # thirty days after the twelfth of February
IT_ENDS = datetime(2026, 3, 14, 18, 30, tzinfo=UTC)  # midnight in India


@pytest.fixture
def ravi(place):
    """The nodal officer of Health."""
    ravi = make_user("ravi", password=ANOTHER, officer=make_officer("00000102", "रवि", "Ravi"))
    service.grant_role(ravi, Role.NODAL, unit=place.health, by=SYSTEM, at=NOON)
    return ravi


def post(code, unit, *, name_en="Somebody", to_on=None):
    officer = make_officer(code, "कोई", name_en)
    Posting.create(officer=officer, unit=unit, from_on=date(2020, 1, 1), to_on=to_on)
    return officer


def print_for(unit, by, which=Which.NEW, *, at=NOON):
    return service.print_slips(unit, which, by=actor(by), at=at)


def codes(printed):
    return {slip.login: slip.code for slip in printed.slips}


def lets_in(login, code, *, at=NOON):
    try:
        return service.use_secret(login, code, PASSWORD, at=at).login == login
    except service.SecretRefused:
        return False


def told(action):
    return [(entry.subject, entry.change) for entry in TrailEntry.select().where(TrailEntry.action == action)]


def test_a_nodal_officer_prints_a_slip_for_each_officer_without_a_password(place, ravi):
    post("00000201", place.clinic)
    post("CG-7", place.clinic)
    active = post("00000203", place.clinic)
    make_user("active", password=PASSWORD, officer=active)
    post("00000204", place.clinic, to_on=date(2026, 2, 11))  # moved on yesterday

    printed = print_for(place.clinic, ravi)

    assert sorted(codes(printed)) == ["00000201", "cg-7"]
    assert (printed.until, printed.left_out) == (LAST_DAY, 0)
    assert lets_in("cg-7", codes(printed)["cg-7"])
    assert told("account.slips") == [
        ("org_unit", {"slips": 2, "left_out": 0, "until": "2026-03-14", "which": "new"}),
    ]


def test_a_code_is_in_groups_and_stands_nowhere_in_the_database(place, ravi):
    post("00000201", place.clinic)

    (code,) = codes(print_for(place.clinic, ravi)).values()

    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    stored = every_text_in_the_database()
    assert code not in stored
    assert rules.secret_core(code) not in stored


def test_a_slip_works_through_its_thirtieth_day_and_not_at_midnight_after_it(place, ravi):
    post("00000201", place.clinic)
    post("00000202", place.clinic)
    printed = codes(print_for(place.clinic, ravi))

    assert lets_in("00000201", printed["00000201"], at=IT_ENDS - timedelta(seconds=1))
    assert not lets_in("00000202", printed["00000202"], at=IT_ENDS)


def test_who_has_a_slip_that_works_is_not_printed_for_until_it_is_asked_for(place, ravi):
    post("00000201", place.clinic)
    first = codes(print_for(place.clinic, ravi))

    with pytest.raises(RuleBroken, match="slips_none"):
        print_for(place.clinic, ravi)
    again = codes(print_for(place.clinic, ravi, Which.ALL))

    assert not lets_in("00000201", first["00000201"])
    assert lets_in("00000201", again["00000201"])


def test_an_expired_slip_is_followed_by_a_new_one_without_asking(place, ravi):
    post("00000201", place.clinic)
    print_for(place.clinic, ravi)

    later = codes(print_for(place.clinic, ravi, at=IT_ENDS))

    assert lets_in("00000201", later["00000201"], at=IT_ENDS)


def test_nobody_prints_outside_their_reach(place, ravi, gopal, asha):
    officer = post("00000301", place.revenue)

    for person in (ravi, gopal, asha):
        with pytest.raises(NotAllowed):
            print_for(place.revenue, person)
        with pytest.raises(NotAllowed):
            service.print_slip(officer, Standing.NONE, by=actor(person), at=NOON)
    assert OneTimeSecret.select().count() == 0


def test_gad_prints_for_the_whole_state(place):
    sunita = make_user("sunita")
    service.grant_role(sunita, Role.GAD, by=SYSTEM, at=NOON)
    post("00000301", place.revenue)

    assert list(codes(print_for(place.revenue, sunita))) == ["00000301"]


@pytest.mark.parametrize("role", [Role.GAD, Role.APPROVER, Role.AUDITOR, Role.SYSADMIN, Role.HEAD, Role.NODAL])
def test_no_slip_is_printed_for_who_holds_a_role_also_one_that_begins_later(place, ravi, role):
    officer = post("00000201", place.clinic)
    holder = make_user("holder", officer=officer)
    unit = place.health if rules.needs_unit(role) else None
    service.grant_role(holder, role, unit=unit, from_on=date(2026, 5, 1), by=SYSTEM, at=NOON)

    with pytest.raises(RuleBroken, match="slips_none"):
        print_for(place.clinic, ravi, Which.ALL)
    with pytest.raises(RuleBroken, match="slip_reserved"):
        service.print_slip(officer, Standing.NONE, by=actor(ravi), at=NOON)


def test_a_slip_gives_a_forgotten_password_back_and_the_old_one_works_until_then(place, ravi):
    officer = post("00000201", place.clinic)
    make_user("asha", password=PASSWORD, officer=officer)

    (slip,) = service.print_slip(officer, Standing.ACTIVE, by=actor(ravi), at=NOON).slips

    assert slip.login == "asha"
    assert service.sign_in("asha", PASSWORD, address="10.0.0.1", at=NOON)
    assert service.use_secret("00000201", slip.code, ANOTHER, at=NOON).login == "asha"
    with pytest.raises(service.SignInRefused):
        service.sign_in("asha", PASSWORD, address="10.0.0.1", at=NOON)


def test_a_slip_drawn_from_an_older_page_is_refused(place, ravi):
    officer = post("00000201", place.clinic)
    print_for(place.clinic, ravi)

    with pytest.raises(WrongState, match="slip_moved_on"):
        service.print_slip(officer, Standing.NONE, by=actor(ravi), at=NOON)


def test_a_closed_account_is_not_opened_by_a_slip(place, ravi, gopal):
    officer = post("00000201", place.clinic)
    service.close_account(make_user("asha", officer=officer), by=actor(gopal), at=NOON)

    with pytest.raises(RuleBroken, match="slips_none"):
        print_for(place.clinic, ravi)
    with pytest.raises(RuleBroken, match="slip_closed"):
        service.print_slip(officer, Standing.CLOSED, by=actor(ravi), at=NOON)


def test_whose_code_is_somebody_elses_sign_in_name_is_left_out_and_counted(place, ravi):
    make_user("00000201", password=PASSWORD)
    post("00000201", place.clinic)
    post("काम-1", place.clinic)
    post("00000203", place.clinic)

    printed = print_for(place.clinic, ravi)

    assert (list(codes(printed)), printed.left_out) == (["00000203"], 2)


def test_a_code_opens_no_account_but_its_own(place, ravi):
    post("00000201", place.clinic)
    post("00000202", place.clinic)
    printed = codes(print_for(place.clinic, ravi))

    assert not lets_in("00000202", printed["00000201"])
    assert lets_in("00000202", printed["00000202"])


def test_guesses_at_one_account_are_slowed_like_passwords(place, ravi):
    post("00000201", place.clinic)
    printed = codes(print_for(place.clinic, ravi))

    for _time in range(5):
        assert not lets_in("00000201", "0000-0000-0000-0000")

    assert not lets_in("00000201", printed["00000201"])
    assert lets_in("00000201", printed["00000201"], at=NOON + timedelta(seconds=2))


def test_of_two_prints_at_the_same_moment_one_set_of_codes_works(place, ravi):
    for number in range(20):
        post(f"000003{number:02d}", place.clinic)
    by = actor(ravi)

    def at_once(_number):

        with database.connection_context():
            return service.print_slips(place.clinic, Which.ALL, by=by, at=NOON)

    with ThreadPoolExecutor(2) as people:
        prints = [codes(one) for one in people.map(at_once, range(2))]

    unused = {row.secret_hash for row in OneTimeSecret.select().where(OneTimeSecret.used_at.is_null())}
    ids = {user.login: user.id for user in User.select()}
    works = [{rules.hash_of_secret(ids[login], code) for login, code in one.items()} for one in prints]
    assert [len(one) for one in works] == [20, 20]
    assert unused in works


def test_two_thousand_slips_cost_no_more_statements_than_one_thousand_parts_need(place, ravi, count_queries):
    for number in range(12):
        post(f"000004{number:02d}", place.clinic)
    post("00000501", place.health)

    few = count_queries(lambda: print_for(place.health, ravi))
    many = count_queries(lambda: print_for(place.clinic, ravi))

    assert many == few


def test_the_counts_of_an_office_say_how_far_its_officers_are(place, ravi):
    for number in range(3):
        post(f"0000020{number}", place.clinic)
    printed = codes(print_for(place.clinic, ravi))
    lets_in("00000200", printed["00000200"])
    post("00000209", place.clinic)
    OneTimeSecret.update(expires_at=NOON).where(OneTimeSecret.user == User.get(User.login == "00000201")).execute()

    counts = queries.counts_of([place.clinic.id], on=TODAY, at=NOON)

    assert counts == {place.clinic.id: (4, 1, 1, 1)}
    for standing, code in [
        (Standing.ACTIVE, "00000200"),
        (Standing.EXPIRED, "00000201"),
        (Standing.OUT, "00000202"),
        (Standing.NONE, "00000209"),
    ]:
        rows = queries.officers_at(place.clinic.id, on=TODAY, at=NOON, standing=standing)
        assert [row.employee_code for row in rows] == [code]
        assert [row.standing(NOON) for row in rows] == [standing]


def test_a_nodal_officer_sees_the_offices_below_their_unit_and_no_others(place, ravi):
    post("00000201", place.clinic)
    post("00000301", place.revenue)

    assert list(queries.offices_for(actor(ravi), on=TODAY)) == [place.clinic]
    assert list(queries.offices_for(actor(ravi), on=TODAY, text="Raipur")) == [place.clinic]
    assert list(queries.offices_for(actor(ravi), on=TODAY, text="Revenue")) == []
