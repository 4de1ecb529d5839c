"""The employee's page in a real browser: light on a phone with a slow line, and one sheet of paper."""

from collections.abc import Callable

import pypdfium2
import pytest

from tests.journeys.walker import Walker

LIGHT_BYTES, FEW_REQUESTS = 60_000, 6
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def asha(visitor: Callable[..., Walker]) -> Walker:
    walk = visitor("hi").sign_in("asha")
    walk.page.set_viewport_size(PHONE)
    return walk


@pytest.mark.browser
def test_the_page_is_light_on_a_phone_that_has_never_seen_it(asha):
    context = asha.page.context.browser.new_context(viewport=PHONE, storage_state=asha.page.context.storage_state())
    page, answers = context.new_page(), []
    page.on("requestfinished", lambda request: answers.append(request.sizes()))

    page.goto(f"{asha.base}/me", wait_until="networkidle")
    weight = sum(one["responseHeadersSize"] + one["responseBodySize"] for one in answers)
    context.close()

    assert len(answers) <= FEW_REQUESTS
    assert 0 < weight <= LIGHT_BYTES


@pytest.mark.browser
def test_the_page_prints_on_one_sheet(asha):
    asha.page.goto(f"{asha.base}/me")

    sheets = pypdfium2.PdfDocument(asha.page.pdf(prefer_css_page_size=True))

    assert len(sheets) == 1


@pytest.mark.browser
def test_each_page_of_ones_own_is_right_for_everybody(asha):
    asha.go("/me").go("/me/courses").go("/me/scores").go("/me/scores/2025-12")
