"""The main tasks as somebody does them for the first time: with few clicks, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from tests.journeys.test_from_roster_to_award import CERTIFICATE, ENGLISH, HINDI
from tests.journeys.walker import DESK, PHONE, Walker

MOST_CLICKS = 12


class Finger:
    """Counts every click, choice and tick of somebody; what is typed costs none."""

    def __init__(self, walk: Walker):
        self.walk, self.clicks = walk, 0

    def on(self, place: Locator) -> "Finger":
        place.first.click()
        self.clicks += 1
        self.walk.page.wait_for_load_state()
        return self

    def button(self, label: str) -> "Finger":
        """The first button or link of this name in the page's content."""
        name, main = self.walk.say(label), self.walk.page.locator("main")
        return self.on(main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)))


@pytest.mark.browser
@pytest.mark.parametrize(("language", "has_script"), [("hi", True), ("en", False)])
def test_a_head_who_comes_for_the_first_time_nominates_in_few_clicks(
    visitor: Callable[..., Walker], language: str, has_script: bool
):
    walk = visitor(language, has_script=has_script)
    finger, page = Finger(walk), walk.page
    page.goto(f"{walk.base}/lang/{language}?next=/login")

    finger.on(page.locator('form:has(input[name="login"][value="meena"]) button'))
    page.goto(f"{walk.base}/lang/{language}?next=/")
    finger.on(page.locator('.mainnav a[href="/nominations"]'))
    finger.button("Choose officers").on(page.locator('main a[href*="/nominations/new"]'))
    page.fill("textarea[name=citation_hi]", HINDI)
    page.fill("textarea[name=citation_en]", ENGLISH)
    finger.button("Save draft")
    finger.on(page.locator('button[formaction$="/submit"]'))

    assert page.locator('.badge[data-state="submitted"]').count() > 0
    assert finger.clicks <= MOST_CLICKS


@pytest.mark.browser
def test_an_employee_submits_a_certificate_without_javascript(visitor: Callable[..., Walker]):
    walk = visitor("hi", has_script=False).sign_in("asha").go("/achievements/new")

    walk.page.select_option("select[name=course]", index=1)
    walk.page.fill("input[name=finished_on]", "2025-12-01")
    walk.page.set_input_files("input[type=file]", CERTIFICATE)
    walk.press("Submit")

    assert "/achievements/" in walk.page.url
    assert walk.page.locator(".badge[data-state]").count() > 0


@pytest.mark.browser
def test_a_nodal_officer_enters_a_certificate_and_verifies_without_javascript(visitor: Callable[..., Walker]):
    walk = visitor("en", has_script=False).sign_in("ravi").go("/nominations")
    walk.page.locator('main a[href^="/nominations"][href$="1"]').first.click()
    case = walk.page.url

    walk.page.goto(f"{case}/integrity")
    walk.page.locator("input[type=radio][value=clear]").check()
    walk.page.fill("input[name=reference]", "VIG/17/2026")
    walk.page.fill("input[name=given_on]", "2026-03-02")
    walk.page.fill("input[name=valid_until]", "2030-03-31")
    walk.press("Enter certificate")
    walk.page.locator('button[formaction$="/verify"]').click()

    assert walk.page.locator('.badge[data-state="verified"]').count() > 0


@pytest.mark.browser
@pytest.mark.parametrize(("language", "has_script"), [("hi", True), ("en", False)])
def test_two_people_find_a_flagged_completion_not_credible(
    visitor: Callable[..., Walker], language: str, has_script: bool
):
    walk = visitor(language, has_script=has_script)

    for who, state, action in (("sunita", "open", "doubt"), ("kabir", "doubted", "confirm")):
        walk.sign_in(who).go(f"/flags?state={state}").on(PHONE).on(DESK)
        walk.page.locator("main th a").first.click()
        walk.look().on(PHONE).on(DESK)
        walk.page.locator(f'button[formaction$="/{action}"]').click()
        walk.reads("Nothing was ticked of which this can be said.")
        walk.page.locator("input[name=flag]").first.check()
        walk.page.locator(f'button[formaction$="/{action}"]').click()
        walk.look()
        walk.page.fill("textarea[name=remark]", HINDI)  # it stands ticked still, and asks for words
        walk.page.locator(f'button[formaction$="/{action}"]').click()
        walk.look()

    walk.go("/flags?state=judged").page.locator("main th a").first.click()
    walk.reads("Not credible").look()
