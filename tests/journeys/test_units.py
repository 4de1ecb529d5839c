"""Boards of units and the months of one, in a real browser, on a screen and on a phone."""

from collections.abc import Callable

import pytest

from tests.journeys.walker import Walker

PHONE = {"width": 360, "height": 740}


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_sunita_sorts_units_and_opens_the_months_of_one(visitor: Callable[..., Walker], language):
    sunita = visitor(language).sign_in("sunita").go("/leaderboards/units?month=2026-01&of=district")
    sunita.on(PHONE)
    sunita.page.locator("th a.sort").first.evaluate("one => one.click()")
    sunita.look().page.locator("tbody th a").first.click()

    sunita.look().on(PHONE)

    assert sunita.page.locator("figure.plot svg").count() == 1
