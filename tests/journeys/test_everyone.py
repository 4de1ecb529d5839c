"""Everybody finds their pages in order: nine roles, two languages, a phone and a desk."""

from collections.abc import Callable

import pytest

from tests.journeys.walker import DESK, PHONE, Walker

ROLES = ("asha", "ravi", "meena", "devendra", "pooja", "sunita", "lakshmi", "thomas", "gopal")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
@pytest.mark.parametrize("who", ROLES)
def test_everybody_finds_their_pages_in_order(visitor: Callable[..., Walker], who: str, language: str):
    walk = visitor(language).sign_in(who)

    for path in walk.menu():
        walk.on(DESK).go(path).on(PHONE)

    assert len(walk.met) > 4


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_stranger_finds_the_public_pages_in_order(visitor: Callable[..., Walker], language: str):
    walk = visitor(language)
    walk.page.goto(f"{walk.base}/lang/{language}?next=/")

    for path in ("/", "/login", "/first-sign-in", "/verify", "/guide/", "/guide/public", "/leaderboards/public"):
        walk.on(DESK).go(path).on(PHONE)
