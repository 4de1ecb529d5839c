"""Why a month has its points, in a real browser: the officer on a phone, and the head who was asked about it."""

from collections.abc import Callable

import pytest

from tests.journeys.walker import Walker

PHONE = {"width": 360, "height": 740}
OPEN_ALL = "document.querySelectorAll('details.explain').forEach(one => one.open = true)"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_asha_opens_every_line_on_a_phone(visitor: Callable[..., Walker], language):
    asha = visitor(language).sign_in("asha").go("/me/scores").go("/me/scores/2025-12")
    asha.page.evaluate(OPEN_ALL)

    asha.on(PHONE)

    assert asha.page.locator("ul.why li").count() > 0


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_meena_reads_the_same_from_the_leaderboard(visitor: Callable[..., Walker], language):
    meena = visitor(language).sign_in("meena").go("/leaderboards?month=2025-12")
    meena.page.locator("a[href*='/scores/2025-12']").first.click()
    meena.look().page.evaluate(OPEN_ALL)

    meena.on(PHONE)

    assert "/scores/2025-12" in meena.page.url
    assert meena.page.locator("ul.why li").count() > 0
