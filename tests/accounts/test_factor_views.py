"""The second factor on pages: asked for after the password, set up on a telephone, given up for another one."""

import re
from base64 import b32decode
from datetime import timedelta

import pytest

from karmyogi.accounts import queries, service
from karmyogi.accounts.models import Authenticator, Session, User
from karmyogi.accounts.rules import factors
from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.store.jobs import JobRun
from tests.accounts.conftest import ANOTHER, PASSWORD, SEED, Browser, give_factor, make_user, next_code
from tests.accounts.test_views import where

CODE = re.compile(r"<li>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</li>")


@pytest.fixture
def browser(app) -> Browser:
    return Browser(app)


@pytest.fixture
def kabir(place) -> User:
    """Of GAD, and without a telephone that is set up."""
    kabir = make_user("kabir", password=PASSWORD)
    service.grant_role(kabir, Role.GAD, unit=place.state, by=SYSTEM)
    return kabir


def offered(browser: Browser) -> bytes:
    """The key on the page, as a telephone takes it."""
    return seed_in(browser.get("/second-factor").text)


def seed_in(page: str) -> bytes:
    typed = re.search(r'class="key-text"[^>]*>([A-Z2-7 ]+)<', page)[1]
    return b32decode(typed.replace(" ", ""))


def set_up(browser: Browser, **fields: str):
    code = factors.code_of(offered(browser), factors.step_at(now()))
    return browser.post("/second-factor", code=code, **fields)


def old_proof() -> None:
    Session.update(proved_at=now() - timedelta(minutes=11), created_at=now() - timedelta(minutes=12)).execute()


def test_who_decides_is_led_from_the_password_over_the_square_to_the_page_they_wanted(kabir, browser):
    assert where(browser.sign_in("kabir", PASSWORD, next="/account")) == "/second-factor?next=/account"
    page = browser.get("/second-factor?next=/account").text
    assert all(
        part in page for part in ('class="key-square"', 'href="otpauth://totp/karmyogi:kabir?', 'inputmode="numeric"')
    )
    assert 'autocomplete="one-time-code"' in page

    shown = set_up(browser, next="/account")

    codes = CODE.findall(shown.text)
    assert len(set(codes)) == 10
    assert 'href="/account"' in shown.text
    assert browser.get("/account").status_code == 200
    assert [code for code in codes if code in browser.get("/account").text] == []


def test_who_has_one_types_the_code_and_cannot_type_it_again(gopal, browser, app):
    answer = browser.post("/login", login="gopal", password=ANOTHER, next="/accounts")
    assert where(answer) == "/sign-in/code?next=/accounts"
    assert where(browser.get("/accounts")) == "/login?next=/accounts"
    code = next_code(gopal)

    assert where(browser.post("/sign-in/code", code=code, next="/accounts")) == "/accounts"

    assert browser.get("/accounts").status_code == 200
    other = Browser(app)
    other.post("/login", login="gopal", password=ANOTHER)
    refused = other.post("/sign-in/code", code=code)
    assert refused.status_code == 422
    assert f'value="{code}"' in refused.text
    assert where(other.get("/accounts")) == "/login?next=/accounts"


def test_the_cookie_from_before_the_code_is_worth_nothing_afterwards(gopal, browser, app):
    browser.post("/login", login="gopal", password=ANOTHER)
    before = browser.cookie
    browser.show_code(gopal)

    thief = Browser(app)
    thief.client.set_cookie("karmyogi", before)

    assert where(thief.get("/sign-in/code")) == "/login?next=/sign-in/code"


def test_a_recovery_code_lets_in_and_the_page_says_how_many_are_left(gopal, browser):
    first, *_others = service.new_recovery_codes(gopal)
    browser.post("/login", login="gopal", password=ANOTHER)
    assert "10" in browser.get("/sign-in/recovery").text

    assert where(browser.post("/sign-in/recovery", recovery=first.lower())) == "/"

    assert browser.get("/accounts").status_code == 200
    assert "9" in re.search(r"आपके (\S+) आपात कोड", browser.get("/account").text)[1]


def test_an_employee_may_set_one_up_and_is_asked_from_then_on(asha, browser, app):
    browser.sign_in("asha", PASSWORD)
    assert 'href="/second-factor"' in browser.get("/account").text
    assert set_up(browser).status_code == 200

    assert where(Browser(app).post("/login", login="asha", password=PASSWORD)) == "/sign-in/code?next=/"


def test_new_codes_and_another_telephone_ask_again_after_ten_minutes(gopal, browser):
    browser.sign_in("gopal", ANOTHER)
    assert browser.get("/second-factor/codes").status_code == 200
    old_proof()

    for path in ("/second-factor/codes", "/second-factor/remove"):
        assert where(browser.get(path)) == f"/sign-in/code?next={path}"
        assert browser.post(path).status_code == 302
    assert Authenticator.select().count() == 1

    assert where(browser.show_code(gopal, next="/second-factor/codes")) == "/second-factor/codes"
    assert len(CODE.findall(browser.post("/second-factor/codes").text)) == 10
    assert where(browser.post("/second-factor/remove")) == "/second-factor"
    assert where(browser.get("/accounts")) == "/login?next=/accounts"
    assert set_up(browser).status_code == 200
    assert browser.get("/accounts").status_code == 200


def test_who_has_none_is_asked_for_the_password_instead(asha, browser):
    browser.sign_in("asha", PASSWORD)
    old_proof()

    assert where(browser.get("/second-factor/codes")) == "/sign-in/code?next=/second-factor/codes"
    assert where(browser.get("/sign-in/code?next=/second-factor/codes")) == "/sign-in/again?next=/second-factor/codes"
    assert browser.post("/sign-in/again", password=ANOTHER).status_code == 422
    answer = browser.post("/sign-in/again", password=PASSWORD, next="/second-factor/codes")
    assert where(answer) == "/second-factor/codes"
    assert browser.get("/second-factor/codes").status_code == 404


def test_an_administrator_resets_it_hands_over_a_code_and_the_owner_is_told(gopal, kabir, browser, app):
    give_factor(kabir)
    browser.sign_in("gopal", ANOTHER)
    assert f'href="/accounts/{kabir.id}/second-factor"' in browser.get(f"/accounts/{kabir.id}").text

    assert browser.get(f"/accounts/{kabir.id}/second-factor").status_code == 200
    assert where(browser.post(f"/accounts/{kabir.id}/second-factor")) == f"/accounts/{kabir.id}/secret"

    owner = Browser(app)
    assert owner.sign_in("kabir", PASSWORD).status_code == 422
    secret = service.make_first_secret("kabir", by=SYSTEM)
    answer = owner.post("/first-sign-in", login="kabir", secret=secret, password=ANOTHER, again=ANOTHER)
    assert where(answer) == "/second-factor?next=/"
    assert "प्रणाली प्रशासक ने" in owner.get("/second-factor").text
    set_up(owner)
    assert owner.get("/account").status_code == 200
    assert JobRun.select().count() == 0  # this installation sends no mail


def test_nobody_resets_their_own(gopal, browser):
    browser.sign_in("gopal", ANOTHER)

    for ask in (browser.get, browser.post):
        assert ask(f"/accounts/{gopal.id}/second-factor").status_code == 403
    assert queries.authenticator_of(gopal.id)


def test_the_seed_that_tests_know_is_the_one_behind_the_codes(gopal):
    assert next_code(gopal) == factors.code_of(SEED, factors.step_at(now()) - 1)
