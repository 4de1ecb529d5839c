"""Who may open a page: closed unless it says for whom it is open."""

import pytest

from karmyogi.accounts.models import User
from karmyogi.web.access import access_of
from tests.factories import AT
from tests.web.site import opened_site


@pytest.fixture
def site(db, settings):
    with opened_site(settings, db) as site:
        yield site


def statuses(site, path: str) -> dict[str, int]:
    people = ("", "asha", "meena", "sunita", "pooja")
    return {who: site.browser(who).get(path).status_code for who in people}


def test_who_opens_which_page(site):
    opened = {name: statuses(site, f"/probe/{name}") for name in ("public", "signed-in", "gad", "either", "silent")}

    assert opened == {
        "public": {"": 200, "asha": 200, "meena": 200, "sunita": 200, "pooja": 200},
        "signed-in": {"": 302, "asha": 200, "meena": 200, "sunita": 200, "pooja": 200},
        "gad": {"": 302, "asha": 403, "meena": 403, "sunita": 200, "pooja": 403},
        "either": {"": 302, "asha": 403, "meena": 200, "sunita": 200, "pooja": 403},
        "silent": {"": 302, "asha": 403, "meena": 403, "sunita": 403, "pooja": 403},
    }


def test_no_page_of_the_product_forgot_to_say_for_whom_it_is_open(site):
    endpoints = {rule.endpoint for rule in site.app.url_map.iter_rules() if not rule.endpoint.startswith("probe.")}

    assert sorted(endpoint for endpoint in endpoints if access_of(site.app, endpoint) is None) == []


def test_a_page_that_is_not_there_looks_the_same_to_a_stranger_and_to_the_administration(site):
    assert statuses(site, "/no/such/page") == {"": 404, "asha": 404, "meena": 404, "sunita": 404, "pooja": 404}


# ── Signing in first ──


def test_a_stranger_is_sent_to_sign_in_and_the_page_wanted_goes_along(site):
    answer = site.browser().get("/probe/signed-in?month=2026-01&class=III")

    assert answer.status_code == 302
    assert answer.location == "/login?next=/probe/signed-in?month%3D2026-01%26class%3DIII"


def test_the_page_wanted_comes_through_the_sign_in_page_also_with_hindi_in_its_address(site):
    browser = site.browser()

    sent = browser.get("/months/आशा?name=कमला")

    assert browser.get(sent.location).status_code == 200


def test_a_stranger_who_sends_a_form_is_told_to_sign_in_and_not_sent_around(site):
    answer = site.browser().post("/probe/signed-in")

    assert answer.status_code == 401
    assert "Please sign in" in answer.text


def test_a_session_that_nobody_knows_is_a_stranger(site):
    assert site.browser("mallory").get("/probe/signed-in").status_code == 302


# ── One row ──

NUMBERS = (0, -1, 2, 2**31 - 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**200, int("9" * 4000))
WORDS = ("x", "1 OR 1=1", "1e3", "०", "NULL", "\x00")


@pytest.fixture
def gopal(site) -> User:
    return User.create(login="gopal", name_en="Gopal", created_at=AT)


def test_the_row_itself_opens(site, gopal):
    assert site.browser().get(f"/probe/account/{gopal.id}?as=number").text == "gopal"


def test_no_number_however_absurd_opens_a_row_or_breaks_the_page(site, gopal):
    browser = site.browser()

    opened = {n: browser.get(f"/probe/account/{n}?as=number").status_code for n in NUMBERS if n != gopal.id}

    assert opened == dict.fromkeys(opened, 404)


def test_a_word_is_no_number_of_a_row(site, gopal):
    browser = site.browser()

    assert {word: browser.get(f"/probe/account/{word}").status_code for word in WORDS} == dict.fromkeys(WORDS, 404)
