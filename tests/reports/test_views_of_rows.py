"""Imports as they are read: by whom, and row by row."""

import re
from dataclasses import replace

import pytest

from karmyogi.reports import queries
from karmyogi.store.imports import Import
from tests import worlds
from tests.conftest import ENGINES, copy_of, require_postgres
from tests.reports.test_views import CAST
from tests.visitors import words_of
from tests.web.site import opened_site, settings_for


@pytest.fixture(scope="module", params=ENGINES)
def site(request, engines, tmp_path_factory):
    """The sample as imported, for all that is only read here, on each engine."""
    if request.param == "postgres":
        require_postgres()
    settings = replace(settings_for(tmp_path_factory.mktemp("media")), media_url=worlds.media_of("imported"))
    with copy_of("imported", engines, request.param) as url, opened_site(settings, url, CAST) as site:
        yield site


def enrolments() -> Import:
    return Import.get(Import.kind == "consumption")


def next_of(page) -> str | None:
    found = re.search(r'<a rel="next" href="([^"]+)"', page.text)
    return found and found[1].replace("&amp;", "&")


def row_numbers(page) -> list[int]:
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    return [int(number.replace(",", "")) for number in re.findall(r'<th scope="row">([\d,]+)</th>', table)]


def test_imports_are_read_by_the_administration_the_approver_and_the_auditor(site):
    address = f"/imports/{enrolments().id}"
    for path in ("/imports/", address, f"{address}/progress", f"{address}/problems.csv"):
        found = {who: site.browser(who).get(path).status_code for who in ("", *CAST)}

        assert found.pop("ravi") == (200 if path == "/imports/" else 404), path  # the State's file is not an office's
        assert {who for who, status in found.items() if status == 200} == {"sunita", "lakshmi", "thomas"}, path
        assert {who for who, status in found.items() if status == 403} == {"asha", "meena", "gopal"}, path
        assert found[""] == 302, path


def test_who_only_reads_finds_nothing_to_press_and_may_not_press_it(site):
    address = f"/imports/{enrolments().id}"
    for who in ("lakshmi", "thomas"):
        browser = site.browser(who)
        pages = [browser.get(path).text.partition("<main")[2] for path in ("/imports/", address)]
        tried = [browser.post(path).status_code for path in ("/imports/", f"{address}/apply", f"{address}/discard")]

        assert [page.count('method="post"') for page in pages] == [0, 0]
        assert tried == [403, 403, 403]
    assert Import.select().count() == 4


@pytest.mark.parametrize("number", ["0", "99999", str(2**31), str(2**63), "9" * 100])
def test_an_import_that_there_is_none_of_is_not_there(site, number):
    sunita = site.browser("sunita")

    assert [sunita.get(f"/imports/{number}{tail}").status_code for tail in ("", "/progress", "/problems.csv")] == [
        404
    ] * 3
    assert [sunita.post(f"/imports/{number}{tail}").status_code for tail in ("/apply", "/discard")] == [404] * 2


def test_every_outcome_is_counted_and_leads_to_its_rows(site):
    origin, page = enrolments(), site.browser("sunita").get(f"/imports/{enrolments().id}")

    tabs = re.findall(r'<li><a href="[^"]*outcome=(\w+)"[^>]*>[^<]*<span class="count">([\d,]+)</span>', page.text)
    counted = {outcome: int(count.replace(",", "")) for outcome, count in tabs}
    assert counted == {name: getattr(origin, name) for name in queries.TABS if getattr(origin, name)}


def test_the_rows_that_need_attention_come_first_and_each_says_why(site):
    page = site.browser("sunita").get(f"/imports/{enrolments().id}")

    assert len(row_numbers(page)) == enrolments().rejected == 22
    assert "%(" not in words_of(page)


def test_leafing_through_rows_shows_each_once_in_the_order_of_the_file(site, monkeypatch):
    monkeypatch.setattr(queries, "ROWS_SHOWN", 7)
    monkeypatch.setattr(queries.rows_of, "__kwdefaults__", {"after": 0, "limit": 7})
    browser, seen, address = site.browser("sunita"), [], f"/imports/{enrolments().id}?outcome=queued"

    while address:
        page = browser.get(address)
        seen += row_numbers(page)
        address = next_of(page)

    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == enrolments().queued == 23


@pytest.mark.parametrize(
    "query", ["outcome=x", "outcome=", "after=-1", "after=x", f"after={2**63}", f"after={'9' * 40}"]
)
def test_what_somebody_writes_into_the_address_breaks_no_page(site, query):
    assert site.browser("sunita").get(f"/imports/{enrolments().id}?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["before=0", "before=-1", "before=x", f"before={2**63}", f"before={'9' * 40}", "before=2"]
)
def test_nor_the_list(site, query):
    assert site.browser("sunita").get(f"/imports/?{query}").status_code == 200


def test_the_freshness_of_the_data_stands_beside_it(site):
    page = site.browser("sunita").get("/imports/")

    assert (
        words_of(page).count("iGOT data as on 02 February 2026") == 2
    )  # in the head of the page and on its printed foot
