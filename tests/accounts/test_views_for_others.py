"""Slips, accounts and roles on pages: what is shown once, and to whom."""

import re
from datetime import date

import pytest

from karmyogi.accounts import service
from karmyogi.accounts.models import OneTimeSecret, RoleGrant, User
from karmyogi.core.months import today
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.people.models import Posting
from tests.accounts.conftest import ANOTHER, PASSWORD, Browser, make_officer, make_user
from tests.accounts.test_views import where

CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3,5}\b")


def post(code, unit):
    officer = make_officer(code, "कोई", f"Officer {code}")
    Posting.create(officer=officer, unit=unit, from_on=date(2020, 1, 1))
    return officer


@pytest.fixture
def ravi(place, app) -> Browser:
    user = make_user("ravi", password=ANOTHER, officer=make_officer("00000102", "रवि", "Ravi"))
    service.grant_role(user, Role.NODAL, unit=place.health, by=SYSTEM)
    browser = Browser(app)
    browser.sign_in("ravi", ANOTHER)
    return browser


@pytest.fixture
def desk(gopal, app) -> Browser:
    browser = Browser(app)
    browser.sign_in("gopal", ANOTHER)
    return browser


# ── Slips ──


def test_a_nodal_officer_goes_from_the_list_of_offices_to_slips_that_let_in(place, ravi, app):
    post("00000201", place.clinic)
    path = f"/activation/{place.clinic.id}"
    assert f'href="{path}"' in ravi.get("/activation").text
    assert "Officer 00000201" in ravi.get(path).text
    assert CODE.search(ravi.get(f"{path}/print").text) is None

    page = ravi.post(f"{path}/print", which="new")

    assert page.headers["Cache-Control"] == "no-store"
    assert "Officer 00000201" in page.text
    assert "http://localhost/first-sign-in" in page.text
    (code,) = CODE.findall(page.text)
    officer = Browser(app)
    answer = officer.post("/first-sign-in", login="00000201", secret=code, password=PASSWORD, again=PASSWORD)
    assert where(answer) == "/"
    assert officer.get("/account").status_code == 200


def test_the_code_is_on_no_page_that_is_opened_again(place, ravi):
    post("00000201", place.clinic)
    path = f"/activation/{place.clinic.id}"
    (code,) = CODE.findall(ravi.post(f"{path}/print", which="new").text)

    for again in ("/activation", path, f"{path}/print", f"{path}?standing=slip_out"):
        assert code not in ravi.get(again).text


def test_printing_again_asks_first_and_says_how_many_slips_die(place, ravi):
    post("00000201", place.clinic)
    path = f"/activation/{place.clinic.id}/print"
    ravi.post(path, which="new")

    asked = ravi.get(path)

    assert 'value="all"' in asked.text
    assert 'value="new"' not in asked.text
    assert ravi.post(path, which="new").status_code == 422
    assert ravi.post(path, which="all").status_code == 200
    assert OneTimeSecret.select().where(OneTimeSecret.used_at.is_null()).count() == 1


def test_an_office_outside_ones_reach_is_not_there(place, ravi):
    officer = post("00000301", place.revenue)

    for path in (f"/activation/{place.revenue.id}", f"/activation/officer/{officer.id}"):
        assert ravi.get(path).status_code == 404
    assert ravi.post(f"/activation/{place.revenue.id}/print", which="new").status_code == 404
    assert ravi.post(f"/activation/officer/{officer.id}", standing="slip_none").status_code == 404
    assert f'href="/activation/{place.revenue.id}"' not in ravi.get("/activation?q=Revenue").text


def test_one_officer_is_given_a_slip_for_a_new_password(place, ravi, app):
    officer = post("00000201", place.clinic)
    make_user("00000201", password=PASSWORD, officer=officer)
    path = f"/activation/officer/{officer.id}"
    assert 'value="account_active"' in ravi.get(path).text

    (code,) = CODE.findall(ravi.post(path, standing="account_active").text)

    answer = Browser(app).post("/first-sign-in", login="00000201", secret=code, password=ANOTHER, again=ANOTHER)
    assert where(answer) == "/"


def test_every_failure_of_a_first_sign_in_is_the_same_page(place, ravi, app):
    post("00000201", place.clinic)
    (code,) = CODE.findall(ravi.post(f"/activation/{place.clinic.id}/print", which="new").text)
    tries = [("00000201", "0000-0000-0000-0000"), ("nobody", code), ("00000102", code)]

    pages = [
        Browser(app, f"10.0.0.{n}").post(
            "/first-sign-in", login=login, secret=secret, password=PASSWORD, again=PASSWORD
        )
        for n, (login, secret) in enumerate(tries)
    ]

    assert {page.status_code for page in pages} == {422}
    assert len({without_what_was_typed(page) for page in pages}) == 1


def without_what_was_typed(page) -> str:
    text = re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page.text)
    return re.sub(r'(name="(?:login|secret)"[^>]*) value="[^"]*"', r"\1", text)


# ── Switching roles ──


@pytest.fixture
def noori(place, app) -> Browser:
    """Nodal officer of Health and of Revenue."""
    user = make_user("noori", password=ANOTHER)
    for unit in (place.health, place.revenue):
        service.grant_role(user, Role.NODAL, unit=unit, by=SYSTEM)
    browser = Browser(app)
    browser.sign_in("noori", ANOTHER)
    return browser


def grant_over(unit) -> RoleGrant:
    return RoleGrant.get(RoleGrant.unit == unit)


def test_who_works_in_one_role_no_longer_reaches_what_the_other_reached(place, noori):
    post("00000201", place.clinic)
    post("00000301", place.revenue)
    both = (f"/activation/{place.clinic.id}", f"/activation/{place.revenue.id}")
    assert [noori.get(path).status_code for path in both] == [200, 200]

    assert where(noori.post("/account/work-as", grant=str(grant_over(place.health).id))) == "/"

    assert [noori.get(path).status_code for path in both] == [200, 404]
    assert noori.post(f"{both[1]}/print", which="new").status_code == 404
    noori.post("/account/work-as", grant="")
    assert [noori.get(path).status_code for path in both] == [200, 200]


def test_the_role_is_chosen_in_this_browser_alone(place, noori, app):
    post("00000301", place.revenue)
    noori.post("/account/work-as", grant=str(grant_over(place.health).id))
    other = Browser(app)
    other.sign_in("noori", ANOTHER)

    assert noori.get(f"/activation/{place.revenue.id}").status_code == 404
    assert other.get(f"/activation/{place.revenue.id}").status_code == 200


def test_everything_is_closed_when_the_chosen_role_is_over(place, noori):
    post("00000201", place.clinic)
    post("00000301", place.revenue)
    chosen = grant_over(place.health)
    noori.post("/account/work-as", grant=str(chosen.id))

    RoleGrant.update(to_on=date(2026, 1, 1), from_on=date(2026, 1, 1)).where(RoleGrant.id == chosen.id).execute()

    assert noori.get("/activation").status_code == 403
    assert noori.get("/account").status_code == 200
    noori.post("/account/work-as", grant="")
    assert noori.get(f"/activation/{place.revenue.id}").status_code == 200


def test_nobody_works_in_a_role_that_is_not_theirs(gopal, noori, ravi, place):
    for wanted in (RoleGrant.get(RoleGrant.user == gopal).id, 999_999, "x"):
        assert noori.post("/account/work-as", grant=str(wanted)).status_code == 404


# ── My account ──


def test_a_language_chosen_on_the_account_is_there_in_the_next_browser(asha, app):
    here, there = Browser(app), Browser(app)
    here.sign_in("asha", PASSWORD)

    assert where(here.post("/account/language", language="en")) == "/account"
    assert here.post("/account/language", language="fr").status_code == 422
    there.sign_in("asha", PASSWORD)

    assert '<html lang="en-IN">' in here.get("/account").text
    assert '<html lang="en-IN">' in there.get("/account").text


def test_signing_out_everywhere_is_everywhere(asha, app):
    browsers = [Browser(app) for _number in range(2)]
    for each in browsers:
        each.sign_in("asha", PASSWORD)

    assert where(browsers[0].post("/account/sign-out-everywhere")) == "/login"

    assert [each.get("/account").status_code for each in browsers] == [302, 302]


def test_a_person_is_told_their_nodal_officer_with_the_phone(asha, place, ravi, app):
    Posting.create(officer=asha.officer, unit=place.clinic, from_on=date(2020, 1, 1))
    nodal = User.get(User.login == "ravi").officer
    nodal.mobile = "9000000102"
    nodal.save()
    browser = Browser(app)
    browser.sign_in("asha", PASSWORD)

    assert 'href="tel:9000000102"' in browser.get("/account").text
    assert "9000000102" not in Browser(app).get(f"/forgotten?department={place.health.id}").text


# ── The administrator's desk ──


def test_an_administrator_makes_an_account_gives_a_role_and_a_code(desk, place, app):
    post("00000201", place.clinic)

    answer = desk.post("/accounts/new", employee_code="00000201")
    path = where(answer)
    given = desk.post(f"{path}/grant", role="head", unit_name="Health", to_on="2027-03-31", is_in_charge="y")
    (code,) = CODE.findall(desk.post(f"{path}/secret").text)

    assert where(given) == path
    (grant,) = RoleGrant.select().where(RoleGrant.role == "head")
    assert (grant.unit, grant.from_on, grant.to_on, grant.is_in_charge) == (
        place.health,
        today(),
        date(2027, 3, 31),
        True,
    )
    browser = Browser(app)
    browser.post("/first-sign-in", login="00000201", secret=code, password=PASSWORD, again=PASSWORD)
    assert "स्वास्थ्य विभाग" in browser.get("/account").text


def test_a_name_that_several_units_have_is_chosen_from(desk, asha, place):
    path = f"/accounts/{asha.id}/grant"

    page = desk.post(path, role="head", unit_name="a")

    assert page.status_code == 422
    assert f'value="{place.health.id}"' in page.text
    assert where(desk.post(path, role="head", unit_name="a", unit=str(place.health.id))) == f"/accounts/{asha.id}"
    assert grant_over(place.health).user == asha


@pytest.mark.parametrize(
    "typed",
    [
        {"role": "head", "unit_name": ""},
        {"role": "head", "unit_name": "Nowhere"},
        {"role": "system"},
        {"role": "gad", "from_on": "2026-05-01", "to_on": "2026-04-01"},
        {"role": "gad", "to_on": "tomorrow"},
    ],
)
def test_a_role_that_cannot_be_given_is_refused_with_what_was_typed(desk, asha, typed):
    assert desk.post(f"/accounts/{asha.id}/grant", **typed).status_code == 422
    assert RoleGrant.select().where(RoleGrant.user == asha).count() == 0


def test_an_administrator_ends_a_role_after_being_asked(desk, asha, place):
    grant = service.grant_role(asha, Role.HEAD, unit=place.health, by=SYSTEM)
    path = f"/accounts/grants/{grant.id}/end"
    assert desk.get(path).status_code == 200

    assert where(desk.post(path)) == f"/accounts/{asha.id}"

    assert RoleGrant.get_by_id(grant.id).ended_at is not None
    assert desk.post(path).status_code == 422


def test_an_administrator_closes_and_opens_an_account(desk, asha, app):
    desk.post(f"/accounts/{asha.id}/close")
    assert Browser(app).sign_in("asha", PASSWORD).status_code == 422

    desk.post(f"/accounts/{asha.id}/reopen")
    assert where(Browser(app).sign_in("asha", PASSWORD)) == "/"


def test_an_administrator_changes_nothing_of_their_own(desk, gopal):
    own = f"/accounts/{gopal.id}"

    answers = [desk.get(f"{own}/grant"), desk.post(f"{own}/grant", role="gad"), desk.post(f"{own}/close")]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert desk.get(own).status_code == 200


def test_an_account_is_found_by_sign_in_name_code_and_name(desk, asha):
    other = make_user("other", name_en="Other Person")

    for text in ("asha", "ASHA", "00000101", "साहू", "आशा"):
        page = desk.get(f"/accounts?q={text}").text
        assert f'href="/accounts/{asha.id}"' in page
        assert f'href="/accounts/{other.id}"' not in page


def test_roles_that_end_soon_are_listed_by_themselves(desk, asha, place):
    service.grant_role(asha, Role.HEAD, unit=place.health, to_on=today(), by=SYSTEM)
    service.grant_role(asha, Role.NODAL, unit=place.revenue, by=SYSTEM)

    soon = desk.get("/accounts/roles?view=ending").text
    heads = desk.get("/accounts/roles?role=head").text

    assert (soon.count("/end"), heads.count("/end")) == (1, 1)
    assert desk.get("/accounts/roles").text.count("/end") == 2  # one's own role has no such link
