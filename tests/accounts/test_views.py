"""Signing in as a person would: pages, cookies, and what somebody else might try."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.accounts import service
from karmyogi.accounts.models import RoleGrant, Session, SignInThrottle
from karmyogi.core.months import now
from karmyogi.core.permissions import SYSTEM, Permission, Role
from karmyogi.web.access import requires
from karmyogi.web.pages import is_own_path
from tests.accounts.conftest import ANOTHER, PASSWORD, Browser, actor, make_app, make_user
from tests.apps import app_over


@pytest.fixture
def browser(app) -> Browser:
    return Browser(app)


def without_what_differs(page) -> str:
    """A page without its nonces and tokens, and without the name that was typed."""
    text = re.sub(r'(nonce|name="csrf_token" value)="[^"]*"', "", page.text)
    return re.sub(r'(id="login" name="login"[^>]*) value="[^"]*"', r"\1", text)


def where(answer) -> str:
    assert answer.status_code == 302
    return answer.location


# ── Signing in ──


def test_a_person_signs_in_and_comes_to_the_page_they_wanted(asha, browser):
    assert where(browser.get("/account")) == "/login?next=/account"

    answer = browser.sign_in("asha", PASSWORD, next="/account")

    assert where(answer) == "/account"
    assert browser.get("/account").status_code == 200


def test_who_is_signed_in_does_not_see_the_sign_in_page_again(asha, browser):
    browser.sign_in("asha", PASSWORD)

    assert where(browser.get("/login?next=/password")) == "/password"


def test_every_refusal_is_the_same_page(asha, gopal, app):
    closed = make_user("closed", password=ANOTHER)
    service.close_account(closed, by=actor(gopal))
    tries = [("nobody", PASSWORD), ("asha", ANOTHER), ("closed", ANOTHER)]

    pages = [Browser(app, f"10.0.0.{n}").sign_in(*tried) for n, tried in enumerate(tries)]
    waiting = Browser(app, "10.0.1.1")
    for _time in range(5):
        waiting.sign_in("gopal", PASSWORD)
    SignInThrottle.update(blocked_until=now() + timedelta(minutes=5)).execute()
    pages.append(waiting.sign_in("gopal", ANOTHER))

    assert [page.status_code for page in pages] == [422] * 4
    assert len({without_what_differs(page) for page in pages}) == 1
    assert len({tuple(sorted(page.headers.keys())) for page in pages}) == 1


def test_a_refusal_sends_the_password_back_to_nobody(asha, browser):
    page = browser.sign_in("asha", "a wrong password that was typed")

    assert 'value="asha"' in page.text
    assert "a wrong password" not in page.text


def test_signing_in_without_the_pages_own_token_is_refused(asha, browser):
    answer = browser.client.post("/login", data={"login": "asha", "password": PASSWORD})

    assert answer.status_code == 400
    assert Session.select().count() == 0


def test_the_token_of_another_browser_is_refused(asha, app):
    stranger = Browser(app).token_of("/login")

    answer = Browser(app).post("/login", csrf_token=stranger, login="asha", password=PASSWORD)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/ई",
        "evil.example",
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in(asha, browser, target):
    answer = browser.sign_in("asha", PASSWORD, next=target)

    assert answer.status_code == 400
    assert Session.select().count() == 0


@given(st.one_of(st.text(max_size=30), st.text(alphabet="/\\.:@?#%\t\n evil", max_size=12).map("/".__add__)))
def test_a_path_that_counts_as_ours_leads_to_us(target):
    if is_own_path(target):
        assert urlsplit(urljoin("https://karmyogi.example.in/login", target)).netloc == "karmyogi.example.in"
        assert target.isascii()
        assert not any(c < " " or c in "\\\x7f" for c in target)


def test_the_language_chosen_before_signing_in_stays(asha, browser):
    browser.get("/lang/en")
    browser.sign_in("asha", PASSWORD)

    assert browser.get("/account").text.count('<html lang="en-IN">') == 1


@pytest.mark.parametrize(
    ("proxies", "addresses"),
    [(0, {"127.0.0.1"}), (1, {"203.0.113.7", "198.51.100.9"})],
)
def test_a_stranger_does_not_use_up_the_tries_of_all_who_come_through_our_proxy(db, settings, proxies, addresses):
    app = make_app(replace(settings, proxies=proxies), db)
    for address in ("203.0.113.7", "198.51.100.9"):
        came_by = {"X-Forwarded-For": f"10.9.9.9, {address}"}  # the first part is the reader's own word
        Browser(app, headers=came_by).sign_in("nobody", ANOTHER)

    counted = {row.key.removeprefix("address:") for row in SignInThrottle.select() if row.key.startswith("address:")}
    assert counted == addresses


# ── The cookie ──


def cookie_of(app, base_url="http://localhost"):
    browser = Browser(app, base_url=base_url)
    answer = browser.sign_in("asha", PASSWORD)
    (header,) = answer.headers.getlist("Set-Cookie")
    name, _is, rest = header.partition("=")
    return name, set(rest.split("; ")[1:])


def test_the_cookie_is_for_this_site_alone_and_for_no_script(asha, app):
    assert cookie_of(app) == ("karmyogi", {"HttpOnly", "Path=/", "SameSite=Lax"})


def test_over_https_the_cookie_is_bound_to_the_host(db, asha, settings):
    secure = make_app(replace(settings, base_url="https://localhost"), db)

    assert cookie_of(secure, "https://localhost") == (
        "__Host-karmyogi",
        {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"},
    )


def test_a_cookie_planted_before_signing_in_is_worth_nothing_after(asha, app):
    browser, stranger = Browser(app), Browser(app)
    browser.get("/login")
    stranger.client.set_cookie("karmyogi", browser.cookie)

    browser.sign_in("asha", PASSWORD)

    assert browser.cookie != stranger.cookie
    assert where(stranger.get("/account")) == "/login?next=/account"


def test_a_cookie_kept_from_before_signing_out_is_refused(asha, app):
    browser, thief = Browser(app), Browser(app)
    browser.sign_in("asha", PASSWORD)
    thief.client.set_cookie("karmyogi", browser.cookie)
    assert thief.get("/account").status_code == 200

    browser.post("/logout")

    assert where(thief.get("/account")) == "/login?next=/account"
    assert where(browser.get("/account")) == "/login?next=/account"


def test_signing_out_clears_what_the_browser_kept(asha, browser):
    browser.sign_in("asha", PASSWORD)

    answer = browser.post("/logout")

    assert where(answer) == "/"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_signing_out_works_when_the_session_has_already_run_out(asha, browser):
    browser.sign_in("asha", PASSWORD)
    token = browser.token_of("/account")
    Session.update(touched_at=now() - timedelta(hours=1)).execute()

    assert where(browser.post("/logout", csrf_token=token)) == "/"


def test_a_session_unused_for_too_long_leads_back_to_signing_in(asha, browser):
    browser.sign_in("asha", PASSWORD)
    Session.update(touched_at=now() - timedelta(minutes=31)).execute()

    assert where(browser.get("/account")) == "/login?next=/account"


def test_using_a_page_keeps_the_session_alive(asha, browser):
    browser.sign_in("asha", PASSWORD)
    before = now() - timedelta(minutes=20)
    Session.update(touched_at=before).execute()

    browser.get("/account")

    assert Session.get().touched_at > before


def test_signing_in_as_somebody_else_ends_the_session_before(asha, gopal, browser):
    browser.sign_in("asha", PASSWORD)
    token = browser.token_of("/account")

    browser.post("/login", csrf_token=token, login="gopal", password=ANOTHER)

    assert [session.user for session in Session.select().where(Session.ended_at.is_null())] == [gopal]


def test_signed_in_pages_are_not_kept_by_the_browser(asha, browser):
    browser.sign_in("asha", PASSWORD)

    assert browser.get("/account").headers["Cache-Control"] == "no-store"


# ── Roles ──


def add_desk(app: Flask) -> None:
    app.add_url_rule("/desk", view_func=requires(Permission.NOMINATIONS_VERIFY)(lambda: "a desk"), endpoint="desk")


def test_a_role_taken_away_is_gone_at_the_very_next_request(asha, place, db, settings):
    service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM)
    browser = Browser(app_over(replace(settings, database_url=db), add_desk))
    browser.sign_in("asha", PASSWORD)
    assert browser.get("/desk").status_code == 200

    RoleGrant.update(ended_at=now()).where(RoleGrant.user == asha).execute()

    assert browser.get("/desk").status_code == 403


def test_a_role_taken_away_by_its_verb_ends_the_session(asha, place, browser):
    grant = service.grant_role(asha, Role.NODAL, unit=place.health, by=SYSTEM)
    browser.sign_in("asha", PASSWORD)

    service.end_grant(grant, by=SYSTEM)

    assert where(browser.get("/account")) == "/login?next=/account"


# ── First sign-in and passwords ──


def test_a_new_person_sets_a_password_and_is_in(place, browser):
    make_user("ravi")
    secret = service.make_first_secret("ravi", by=SYSTEM).lower().replace("-", " ")

    answer = browser.post("/first-sign-in", login="ravi", secret=secret, password=ANOTHER, again=ANOTHER)

    assert where(answer) == "/"
    assert browser.get("/account").status_code == 200
    assert where(Browser(browser.app).sign_in("ravi", ANOTHER)) == "/"


def test_a_secret_opens_nothing_twice(place, app):
    make_user("ravi")
    secret = service.make_first_secret("ravi", by=SYSTEM)
    Browser(app).post("/first-sign-in", login="ravi", secret=secret, password=ANOTHER, again=ANOTHER)

    thief = Browser(app)
    answer = thief.post("/first-sign-in", login="ravi", secret=secret, password=PASSWORD, again=PASSWORD)

    assert answer.status_code == 422
    assert where(thief.get("/account")) == "/login?next=/account"


@pytest.mark.parametrize(
    ("password", "again"),
    [("too short", "too short"), ("passwordpassword", "passwordpassword"), (ANOTHER, PASSWORD), ("", "")],
)
def test_a_password_that_will_not_do_is_told_and_the_secret_still_works(place, browser, password, again):
    make_user("ravi")
    secret = service.make_first_secret("ravi", by=SYSTEM)

    assert (
        browser.post("/first-sign-in", login="ravi", secret=secret, password=password, again=again).status_code == 422
    )
    assert where(browser.post("/first-sign-in", login="ravi", secret=secret, password=ANOTHER, again=ANOTHER)) == "/"


def test_changing_the_password_signs_out_every_other_browser(asha, app):
    here, there = Browser(app), Browser(app)
    for each in (here, there):
        each.sign_in("asha", PASSWORD)

    answer = here.post("/password", current=PASSWORD, password=ANOTHER, again=ANOTHER)

    assert where(answer) == "/"
    assert here.get("/account").status_code == 200
    assert where(there.get("/account")) == "/login?next=/account"


def test_the_password_is_not_changed_without_the_current_one(asha, browser):
    browser.sign_in("asha", PASSWORD)

    answer = browser.post("/password", current="not the current one", password=ANOTHER, again=ANOTHER)

    assert answer.status_code == 422
    assert where(Browser(browser.app).sign_in("asha", PASSWORD)) == "/"


def test_password_managers_know_every_field(asha, browser):
    autocomplete = re.compile(r'<input[^>]*autocomplete="([^"]+)"[^>]*type="(\w+)"')

    assert autocomplete.findall(browser.get("/login").text) == [("username", "text"), ("current-password", "password")]
    assert autocomplete.findall(browser.get("/first-sign-in").text) == [
        ("username", "text"),
        ("one-time-code", "text"),
        ("new-password", "password"),
        ("new-password", "password"),
    ]
    browser.sign_in("asha", PASSWORD)
    assert autocomplete.findall(browser.get("/password").text) == [
        ("current-password", "password"),
        ("new-password", "password"),
        ("new-password", "password"),
    ]


# ── My browsers ──


def test_a_person_signs_out_another_of_their_browsers(asha, app):
    here, there = Browser(app), Browser(app)
    here.sign_in("asha", PASSWORD)
    there.sign_in("asha", PASSWORD)
    other = Session.select().order_by(Session.id.desc()).get()

    assert where(here.post(f"/account/sessions/{other.id}/end")) == "/account"

    assert here.get("/account").status_code == 200
    assert where(there.get("/account")) == "/login?next=/account"


def test_a_person_signs_out_all_their_other_browsers(asha, app):
    browsers = [Browser(app) for _number in range(3)]
    for each in browsers:
        each.sign_in("asha", PASSWORD)

    browsers[1].post("/account/sessions/end-others")

    assert [each.get("/account").status_code for each in browsers] == [302, 200, 302]


def test_nobody_sees_or_ends_the_session_of_somebody_else(asha, gopal, app):
    hers, his = Browser(app), Browser(app, "198.51.100.7")
    hers.sign_in("asha", PASSWORD)
    his.sign_in("gopal", ANOTHER)
    theirs = Session.get(Session.user == gopal)

    assert "198.51.100.7" not in hers.get("/account").text
    assert hers.post(f"/account/sessions/{theirs.id}/end").status_code == 404
    assert hers.post("/account/sessions/99999999999999999999/end").status_code == 404
    assert his.get("/account").status_code == 200


# ── The demo ──


@pytest.fixture
def ravi(place):
    return service.create_user("ravi", name_hi="रवि", name_en="Ravi", is_demo=True, by=SYSTEM)


def test_in_a_demo_one_of_the_cast_signs_in_without_a_password(ravi, browser):
    assert browser.get("/login").text.count('name="login" value="ravi"') == 1

    assert where(browser.post("/demo-sign-in", token_from="/login", login="ravi")) == "/"
    assert browser.get("/account").status_code == 200


def test_a_real_account_is_not_signed_in_without_a_password_even_in_a_demo(ravi, asha, browser):
    assert browser.get("/login").text.count('name="login" value="asha"') == 0

    assert browser.post("/demo-sign-in", token_from="/login", login="asha").status_code == 422
    assert Session.select().count() == 0


def test_the_cast_stays_out_when_the_browser_is_not_on_this_machine(ravi, app):
    away = Browser(app, "10.1.2.3")
    behind_a_proxy = Browser(app, headers={"X-Forwarded-For": "10.1.2.3"})

    for browser in (away, behind_a_proxy):
        assert browser.get("/login").text.count('value="ravi"') == 0
        assert browser.post("/demo-sign-in", token_from="/login", login="ravi").status_code == 404
    assert Session.select().count() == 0


def test_the_cast_stays_out_of_an_installation_that_is_no_demo(db, ravi, settings):
    browser = Browser(make_app(replace(settings, demo=False), db))

    assert browser.get("/login").text.count('value="ravi"') == 0
    assert browser.post("/demo-sign-in", token_from="/login", login="ravi").status_code == 404
