"""Who has shown the right password and nothing more is a stranger to every page but those that ask for the rest."""

import pytest

from karmyogi.accounts.models import Session, User
from karmyogi.web.access import HALFWAY, access_of
from tests.house.conftest import Site
from tests.house.test_routes import one_address_of_each
from tests.visitors import Visitor, words_of

LED_ON = {"accounts.sign_in"}  # there they are led to what is still to be shown


def half_signed_in(site: Site, login: str) -> Visitor:
    """Somebody at the door, as after their password; without the page that they would be led to first."""
    visitor = site.visitor(login)
    newest = Session.select().where(Session.user == User.get(User.login == login)).order_by(Session.id.desc()).first()
    Session.update(proved_at=None).where(Session.id == newest.id).execute()
    visitor.get("/second-factor")
    visitor.get("/sign-in/code")
    return visitor


@pytest.mark.parametrize(("login", "page"), [("gopal", "/second-factor"), ("noori", "/sign-in/code")])
def test_half_signed_in_nobody_reaches_more_than_a_stranger(site, login, page):
    half, stranger = half_signed_in(site, login), site.visitor("")
    assert half.client.get("/login").location == f"{page}?next=/"
    assert half.client.get(page).status_code == 200

    differing = {
        key: (answer_of(half, key, url), answer_of(stranger, key, url))
        for key, url in one_address_of_each(site.app).items()
        if (endpoint := key.partition(" ")[2]) not in LED_ON | {"accounts.sign_out"}
        and access_of(site.app, endpoint) != HALFWAY
    }

    assert len(differing) > 400
    assert {key: told for key, told in differing.items() if told[0] != told[1]} == {}


def answer_of(visitor: Visitor, key: str, url: str) -> tuple[int, str]:
    """The status, and where it leads to; of a POST with the page's own token and nothing else."""
    method = key.partition(" ")[0]
    data = {"csrf_token": visitor.token} if method == "POST" else None
    response = visitor.client.open(url, method=method, data=data)
    response.close()
    return response.status_code, response.location or ""


def test_half_signed_in_one_is_named_by_no_page_and_may_leave(site):
    half = half_signed_in(site, "gopal")

    page = half.get("/second-factor")

    assert half.get("/account").location == "/login?next=/account"
    assert 'class="mainnav"' not in page.text
    assert "Sign out" in words_of(page)
    assert half.post("/logout").location == "/"
    assert half.get("/second-factor").location == "/login?next=/second-factor"
