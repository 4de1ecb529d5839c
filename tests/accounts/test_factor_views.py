"""The second factor on pages: asked for after the password, set up on a telephone, given up for another one."""

import re
import time
from base64 import b32decode
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest

from karmyogi.accounts import queries, service
from karmyogi.accounts.models import Authenticator, Session, User
from karmyogi.accounts.rules import factors
from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.store.jobs import JobRun
from karmyogi.web.kept import SECONDS, keep, kept
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
        assert browser.post(path).status_code == 428
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


# ── Before grave acts ──


def fields_of(page: str) -> dict[str, str]:
    """The hidden values of the page's own form, as a browser sends them."""
    form = page.partition("<main")[2]
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', form)
    return {_value_of(one, "name"): unescape(_value_of(one, "value")) for one in found if _value_of(one, "name")}


def _value_of(tag: str, name: str) -> str:
    told = re.search(rf' {name}="([^"]*)"', tag)
    return told[1] if told else ""


def test_what_was_typed_for_a_grave_act_is_kept_while_the_code_is_asked(gopal, browser):
    browser.sign_in("gopal", ANOTHER)
    old_proof()

    asked = browser.post("/accounts/new", login="farah", name_en="Farah & Sons", name_hi="फ़राह")

    assert asked.status_code == 428
    assert User.select().where(User.login == "farah").count() == 0
    shown = browser.post("/sign-in/code", code=next_code(gopal), kept=fields_of(asked.text)["kept"])
    assert 'action="/accounts/new"' in shown.text
    kept = fields_of(shown.text)
    assert {name: kept[name] for name in ("login", "name_en", "name_hi")} == {
        "login": "farah",
        "name_en": "Farah & Sons",
        "name_hi": "फ़राह",
    }
    assert where(browser.post("/accounts/new", **kept)).startswith("/accounts/")
    assert User.get(User.login == "farah").name_en == "Farah & Sons"


def test_a_wrong_code_keeps_it_further_and_a_recovery_code_does_as_well(gopal, browser):
    code, *_others = service.new_recovery_codes(gopal)
    browser.sign_in("gopal", ANOTHER)
    old_proof()
    kept = fields_of(browser.post("/accounts/new", login="farah", name_en="Farah").text)["kept"]

    again = browser.post("/sign-in/code", code="000000", kept=kept)
    assert again.status_code == 422
    assert fields_of(again.text)["kept"] == kept

    assert fields_of(browser.post("/sign-in/recovery", recovery=code, kept=kept).text)["login"] == "farah"


@pytest.mark.parametrize("spoilt", ["", "x", "changed", "of another", "old"])
def test_what_was_not_kept_for_this_person_is_not_sent(gopal, browser, app, spoilt):
    browser.sign_in("gopal", ANOTHER)
    old_proof()
    kept = fields_of(browser.post("/accounts/new", login="farah", name_en="Farah").text)["kept"]
    with app.test_request_context("/accounts/new", method="POST", data={"login": "evil"}):
        others, own = keep(gopal.id + 1), keep(gopal.id)
    texts = {"changed": kept[:-3] + "abc", "of another": others, "old": own, "x": "x", "": ""}
    moment = time.time() + (SECONDS + 5 if spoilt == "old" else 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("itsdangerous.timed.time.time", lambda: moment)
        answer = browser.post("/sign-in/code", code=next_code(gopal), kept=texts[spoilt])

    assert where(answer) == "/"


def test_a_form_of_another_site_is_not_kept(gopal, browser):
    browser.sign_in("gopal", ANOTHER)
    old_proof()

    without_token = browser.client.post("/accounts/new", data={"login": "evil"}, **browser.options)
    browser.options["headers"] = {"Sec-Fetch-Site": "cross-site"}
    from_elsewhere = browser.post("/accounts/new", login="evil")

    assert (without_token.status_code, from_elsewhere.status_code) == (400, 403)
    assert "kept" not in without_token.text + from_elsewhere.text


def test_files_are_said_to_be_lost(app):
    with app.test_request_context("/x?y=1", method="POST", data={"a": "1", "scan": (BytesIO(b"x"), "scan.pdf")}):
        found = kept(keep(7), 7)

    assert (found.address, found.fields, found.had_files) == ("/x?y=1", [("a", "1")], True)
