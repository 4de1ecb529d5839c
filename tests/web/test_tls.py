"""Over TLS the browser is held to it."""

import pytest

from tests.web.site import sqlite_site

ADDRESS = "https://karmyogi.example.in"


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    yield from sqlite_site(engines, tmp_path_factory.mktemp("media"), base_url=ADDRESS)


def test_the_browser_is_told_to_stay_there_and_the_cookie_is_bound_to_the_host(site):
    answer = site.app.test_client().get("/probe/form", base_url=ADDRESS)

    cookie, *conditions = (part.strip() for part in answer.headers["Set-Cookie"].split(";"))
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert cookie.startswith("__Host-karmyogi=")
    assert set(conditions) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize("path", ["/no/such/page", "/static/css/base.css", "/probe/boom", "/healthz"])
def test_every_answer_says_so(site, path):
    answer = site.app.test_client().get(path, base_url=ADDRESS)

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_another_name_is_not_ours_there_either(site):
    assert site.app.test_client().get("/", base_url="https://evil.example").status_code == 400
