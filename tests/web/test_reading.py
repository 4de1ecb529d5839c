"""Reading changes nothing: whoever opens whichever page, and however often."""

import pytest

from karmyogi.store.db import database
from tests.conftest import copy_of
from tests.scores import board
from tests.web.site import opened_site


@pytest.fixture
def site(engine, engines, settings):
    with copy_of("board", engines, engine) as url, opened_site(settings, url, board.cast()) as site:
        yield site


def everything() -> dict[str, list[str]]:
    return {
        table: sorted(map(str, database.execute_sql(f'SELECT * FROM "{table}"').fetchall()))
        for table in database.get_tables()
    }


def addresses(site) -> list[str]:
    """Every page that can be asked for without naming a row; those of one's own sessions need a real one."""
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in rule.methods and not rule.arguments]
    return sorted({rule.rule for rule in rules if not rule.endpoint.startswith(("accounts.", "probe."))})


@pytest.mark.parametrize("who", ["", "sunita", "thomas"])
def test_opening_every_page_breaks_nothing_and_changes_nothing(site, who):
    browser, before = site.browser(who), everything()

    answers = {address: browser.get(address).status_code for address in addresses(site)}

    assert len(answers) > 30
    assert {address: status for address, status in answers.items() if status not in {200, 302, 403, 404}} == {}
    assert everything() == before


def test_asking_only_for_the_head_of_a_page_changes_nothing_either(site):
    browser, before = site.browser("sunita"), everything()

    answers = [browser.client.head(address) for address in ("/", "/months", "/leaderboards", "/imports/", "/admin/")]

    assert [(answer.status_code, answer.data) for answer in answers] == [(200, b"")] * 5
    assert everything() == before
