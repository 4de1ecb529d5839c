"""Views that people keep of a register: found again under their name, and never by anybody else."""

import re

import pytest

from karmyogi.store import saved_views
from karmyogi.store.saved_views import SavedView
from karmyogi.store.trail import TrailEntry
from tests.web.test_lists import rows_in

OFFICERS = "/admin/officers/"


@pytest.fixture(autouse=True)
def _undone(undone):
    """Nothing that is kept here is found by another test."""


def kept_by(the_house, who: str) -> list[str]:
    return [view.name for view in saved_views.views_of(the_house.cast[who], "officers")]


def save(browser, name: str, query: str = "search=Asha&flt_state_class=III&sort=1&desc=1"):
    return browser.post(f"{OFFICERS}views/?{query}", name=name)


def link_to(page, name: str) -> str:
    return re.search(rf'<a href="([^"]+)"[^>]*>{name}</a>', page.text)[1].replace("&amp;", "&")


def test_a_view_keeps_search_filters_and_order_under_its_name(the_house):
    ravi = the_house.browser("ravi")

    answer = save(ravi, "  Class   III ")
    page = ravi.get(link_to(ravi.get(OFFICERS), "Class III"))

    assert answer.status_code == 302
    assert SavedView.get().asked == {
        "search": "Asha", "filters": {"state_class": "III"}, "sort": "employee_code", "desc": 1,
    }  # fmt: skip
    assert rows_in(page) == ["Asha Sahu"]
    assert re.search(r'aria-current="page">Class III<', page.text)
    assert page.text.count('aria-sort="descending"') == 1


def test_what_is_shown_is_offered_to_be_kept_only_if_it_is_not_the_whole_list(the_house):
    ravi = the_house.browser("ravi")

    assert "Save this view" not in ravi.get(OFFICERS).text
    assert "Save this view" in ravi.get(OFFICERS, search="Asha").text
    save(ravi, "Asha", "search=Asha")
    assert "Save this view" not in ravi.get(OFFICERS, search="Asha").text


def test_a_view_of_the_same_name_takes_the_place_of_the_one_before(the_house):
    ravi = the_house.browser("ravi")
    save(ravi, "Mine", "search=Asha")
    save(ravi, "Mine", "search=Bhola")

    assert [view.asked for view in SavedView.select()] == [{"search": "Bhola"}]


def test_nobody_sees_or_removes_the_view_of_another(the_house):
    ravi, sunita = the_house.browser("ravi"), the_house.browser("sunita")
    save(ravi, "Canary view")
    number = SavedView.get().id

    seen = [sunita.get(OFFICERS).text, sunita.get(OFFICERS, search="Asha").text]
    answer = sunita.post(f"{OFFICERS}views/{number}/remove/")
    elsewhere = ravi.post(f"/admin/postings/views/{number}/remove/")

    assert [page for page in seen if "Canary view" in page] == []
    assert (answer.status_code, elsewhere.status_code) == (404, 404)
    assert kept_by(the_house, "ravi") == ["Canary view"]


def test_a_view_of_one_register_is_not_shown_in_another(the_house):
    ravi = the_house.browser("ravi")
    save(ravi, "Canary view", "search=Asha")

    assert "Canary view" not in ravi.get("/admin/postings/").text


def test_ones_own_view_can_be_removed(the_house):
    ravi = the_house.browser("ravi")
    save(ravi, "Mine")

    answer = ravi.post(f"{OFFICERS}views/{SavedView.get().id}/remove/")

    assert (answer.status_code, kept_by(the_house, "ravi")) == (302, [])
    acts = [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id.desc()).limit(2)]
    assert acts == ["view.forget", "view.save"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\x00\u200b"])
def test_a_view_needs_a_name_of_reasonable_length(the_house, name):
    assert save(the_house.browser("ravi"), name).status_code == 422
    assert kept_by(the_house, "ravi") == []


def test_nobody_keeps_more_views_than_a_screen_shows(the_house, monkeypatch):
    monkeypatch.setattr(saved_views, "MOST_VIEWS", 2)
    ravi = the_house.browser("ravi")

    answers = [save(ravi, name).status_code for name in ("one", "two", "three", "one")]

    assert answers == [302, 302, 422, 302]
    assert kept_by(the_house, "ravi") == ["one", "two"]


def test_a_view_whose_filter_is_gone_is_not_opened_wider_than_it_was_meant(the_house):
    ravi = the_house.browser("ravi")
    save(ravi, "Old")
    SavedView.update(asked={"filters": {"no_such": "1"}}).execute()

    page = ravi.get(OFFICERS)

    assert re.search(r"<a [^>]*>Old</a>", page.text) is None
    assert "Old: this register can no longer be narrowed like this" in page.text


def test_what_makes_no_sense_in_an_address_is_not_kept(the_house):
    save(
        the_house.browser("ravi"),
        "Odd",
        "search=&flt_state_class=V&flt_no_such=1&sort=99&page_size=7&_scheme=javascript",
    )

    assert SavedView.get().asked == {}


def test_the_name_is_text_and_nothing_else(the_house):
    ravi = the_house.browser("ravi")
    save(ravi, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in ravi.get(OFFICERS).text
    assert "&lt;script&gt;alert(1)" in ravi.get(OFFICERS).text


def test_a_person_without_the_register_keeps_no_view_of_it(the_house):
    assert the_house.browser("pooja").client.post(f"{OFFICERS}views/", data={"name": "x"}).status_code in (400, 403)
    assert SavedView.select().count() == 0
