"""What a stranger reads of the newest sealed month, on a screen of one's own and on a wall."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize

from tests.journeys.walker import DESK, PHONE, Walker

FULL_HD: ViewportSize = {"width": 1920, "height": 1080}
HD: ViewportSize = {"width": 1280, "height": 720}
# Of a full-HD screen of 55 inches a letter of this size is 17 mm high with its space: read from five metres.
SMALLEST_NAME = 45


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_asha_agrees_to_be_named_and_takes_it_back_on_her_phone(visitor: Callable[..., Walker], language):
    asha = visitor(language).sign_in("asha").go("/me").on(PHONE)

    asha.press("My name in public").look().press("I agree").look().reads("Your name may be shown")
    asha.press("Take back").look().reads("Your name is not shown")

    asha.reads("Earlier answers")


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_stranger_chooses_a_department_on_the_public_board(visitor: Callable[..., Walker], language):
    stranger = visitor(language)
    stranger.page.goto(f"{stranger.base}/lang/{language}?next=/")
    stranger.look().press("Public leaderboard").look().on(PHONE).on(DESK)

    stranger.page.locator("#filter-unit").select_option(index=1)
    stranger.press("Show").look()

    assert "unit=" in stranger.page.url


@pytest.mark.browser
def test_every_page_of_the_wall_fits_its_screen_and_reads_across_a_room(visitor: Callable[..., Walker]):
    wall = visitor("hi").go("/leaderboards/wall?stop=1")
    pages = int(wall.page.locator(".wall-count").inner_text().split("/")[1])

    for page in range(pages):
        for screen in (FULL_HD, HD):
            wall.page.set_viewport_size(screen)
            wall.go(f"/leaderboards/wall?page={page}&stop=1")
            assert wall.page.evaluate("document.documentElement.scrollHeight <= innerHeight"), f"{page} on {screen}"
            letters = wall.page.locator(".wall-name strong").first.evaluate("one => getComputedStyle(one).fontSize")
            assert float(letters.removesuffix("px")) >= SMALLEST_NAME * screen["height"] / FULL_HD["height"]
    wall.on(PHONE)


@pytest.mark.browser
def test_the_wall_needs_no_script_and_turns_when_asked(visitor: Callable[..., Walker]):
    wall = visitor("hi", has_script=False).go("/leaderboards/wall?stop=1")

    wall.press("Next").look()
    there = wall.page.url
    wall.press("Turn pages").look()

    assert "page=1&stop=1" in there
    assert "stop" not in wall.page.url
