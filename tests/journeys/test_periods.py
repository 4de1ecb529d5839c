"""Boards of quarters and years, and one's own, in a real browser, on a screen and on a phone."""

from collections.abc import Callable

import pytest

from tests.journeys.walker import Walker

PHONE = {"width": 360, "height": 740}
COUNTED = "All its months are sealed and counted: %(months)s."
MONTHS = {"hi": "अक्टूबर 2025 से दिसंबर 2025 तक", "en": "October 2025 to December 2025"}


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_sunita_chooses_a_quarter_of_officers_and_goes_on_to_its_units(visitor: Callable[..., Walker], language):
    sunita = visitor(language).sign_in("sunita").go("/leaderboards")
    sunita.page.select_option("#filter-month", "2025-Q3")

    sunita.press("Show").look().on(PHONE)

    sunita.reads(COUNTED, months=MONTHS[language])
    sunita.press("Units").look().on(PHONE)
    sunita.reads(COUNTED, months=MONTHS[language])
    assert sunita.page.locator("tbody tr").count() > 1


@pytest.mark.browser
@pytest.mark.parametrize("language", ["hi", "en"])
def test_asha_goes_from_her_page_to_her_quarters_and_years(visitor: Callable[..., Walker], language):
    asha = visitor(language).sign_in("asha").go("/me")

    asha.press("Financial year %(year)s", year="2025-26").look().on(PHONE)

    asha.reads("Quarters and financial years")
    assert asha.page.url.endswith("/me/scores#periods")
