"""Leaderboards as each of the cast sees them: their own units, and the ranks of the whole group."""

import re
from urllib.parse import urlsplit

import pytest

from karmyogi.people.models import Officer
from karmyogi.scores.views import boards as views
from tests.conftest import ENGINES, copy_of, require_postgres
from tests.scores import board
from tests.scores.board import HEALTH, HEALTH_COURSES, REVENUE, REVENUE_COURSES, statuses, those, unit
from tests.visitors import words_of
from tests.web.site import opened_site, settings_for


@pytest.fixture(scope="module", params=ENGINES)
def site(request, engines, tmp_path_factory):
    """One State for all that is only read here, on each engine."""
    if request.param == "postgres":
        require_postgres()
    settings = settings_for(tmp_path_factory.mktemp("media"))
    with copy_of("board", engines, request.param) as url, opened_site(settings, url, board.cast()) as site:
        yield site


# ── Leaderboards ──


def rows_on(page) -> list[tuple[str, str]]:
    """The rank, with the sign of a tie, and the name of every row of a board."""
    table = page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    ranks = re.findall(r'data-place="(\d+)">(.*?)</span></span>', table)
    names = re.findall(r'<span class="person">.*?</span><span>(?:<a[^>]*>)?([^<]+)<', table)
    return [(f"{place}{'=' if '>=<' in told else ''}", name) for (place, told), name in zip(ranks, names, strict=True)]


def board_of(site, who: str, **query: object):
    return site.browser(who, language="hi").get("/leaderboards", query_string={"month": "2026-01", **query})


def choices_on(page) -> list[str]:
    select = page.text.partition('id="filter-unit"')[2].partition("</select>")[0]
    return re.findall(r'<option value="(\d+)"', select)


def test_a_board_is_open_to_those_who_look_after_people_and_to_nobody_else(site):
    found = statuses(site, "/leaderboards")

    assert those(found, 200) == {"ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas"}
    assert those(found, 302) == {""}
    assert those(found, 403) == {"asha", "pooja", "gopal"}


def test_the_administration_sees_the_whole_state_and_equal_points_share_a_rank_and_the_next_skips(site):
    page = board_of(site, "sunita")

    shown = rows_on(page)
    assert shown[:5] == [("1", "अनिल"), ("2=", "उमा"), ("2=", "कमल"), ("4=", "गीता"), ("4=", "जय")]
    assert [rank for rank, _name in shown[5:]] == ["6="] * 10
    assert words_of(page).count("इस समूह में अंक प्राप्त अधिकारी: 15") == 1
    assert len(choices_on(page)) == 1 + 5 + 33 + 46 + 2  # and the offices


def test_a_head_sees_the_ranks_of_the_department_and_only_its_officers(site):
    page = board_of(site, "meena")

    assert rows_on(page)[:4] == [("1", "अनिल"), ("2=", "उमा"), ("2=", "कमल"), ("4", "गीता")]
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)
    assert choices_on(page) == [str(unit(HEALTH).id), str(unit("Raipur Office").id)]


def test_every_name_on_a_board_leads_to_a_page_that_opens(site):
    leads = re.findall(r'href="(/officers/\d+)"', board_of(site, "meena").text)

    assert len(leads) == len(HEALTH_COURSES)
    assert {site.browser("meena").get(path).status_code for path in leads[:3]} == {200}


def test_the_unit_of_another_is_not_there_for_a_head_however_it_is_asked_for(site):
    others = [
        unit(REVENUE).id,
        unit("Durg", "district").id,
        unit("Raipur", "division").id,
        unit("Chhattisgarh").id,
        unit("Durg Office").id,
    ]

    asked = [board_of(site, "meena", unit=number).status_code for number in [*others, 0, -1, 10**9, 2**63, 2**200]]

    assert asked == [404] * 10
    assert board_of(site, "meena", unit=unit(HEALTH).id).status_code == 200


def test_a_collector_chooses_among_the_units_of_the_district(site):
    page = board_of(site, "devendra")

    assert choices_on(page) == [str(unit("Raipur", "district").id), str(unit("Raipur Office").id)]
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)


def test_a_group_too_small_to_hide_anybody_is_shown_with_a_wider_one_and_the_page_says_so(site):
    page = board_of(site, "imran")

    assert rows_on(page) == [("4", "जय"), ("6=", "तारा"), ("6=", "दीपक")]
    assert page.text.count("छत्तीसगढ़") > 2
    assert len(re.findall(r'class="notice" data-tone="info"', page.text)) == 1
    assert [name for name in HEALTH_COURSES if name in page.text] == []


def test_a_group_large_enough_has_no_such_notice(site):
    assert 'class="notice" data-tone="info"' not in board_of(site, "meena").text


def test_a_class_nobody_is_in_is_shown_with_a_wider_group(site):
    page = board_of(site, "meena", **{"class": "I"})

    assert len(re.findall(r'class="notice" data-tone="info"', page.text)) == 1
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)


@pytest.mark.parametrize("query", [{"class": "V"}, {"class": "' OR 1=1"}, {"month": "1999-01"}, {"month": "x\x00"}])
def test_what_cannot_be_chosen_is_as_if_nothing_had_been(site, query):
    assert board_of(site, "sunita", **query).status_code == 200


def test_without_a_month_the_newest_sealed_one_is_shown(site):
    page = site.browser("sunita").get("/leaderboards")

    assert re.search(r'<option value="([\d-]+)" selected>', page.text)[1] == "2025-12"
    assert {rank for rank, _name in rows_on(page)} == {"1="}


def test_leafing_through_a_board_shows_every_row_once_in_order_and_ties_across_pages(site, monkeypatch):
    whole = rows_on(board_of(site, "sunita"))
    monkeypatch.setattr(views, "PAGE", 2)
    browser, seen, address = site.browser("sunita", language="hi"), [], "/leaderboards?month=2026-01"

    while address:
        page = browser.get(address)
        seen += rows_on(page)
        found = re.search(r'<a rel="next" href="([^"]+)"', page.text)
        address = found and found[1].replace("&amp;", "&")

    assert seen == whole
    assert len(seen) == len(HEALTH_COURSES) + len(REVENUE_COURSES)


def test_leafing_back_goes_over_every_row_and_ends_at_the_top(site, monkeypatch):
    whole = rows_on(board_of(site, "sunita"))
    monkeypatch.setattr(views, "PAGE", 4)
    browser = site.browser("sunita", language="hi")
    page = board_of(site, "sunita", at=Officer.get(Officer.name_hi == "दीपक").id)
    first = whole.index(rows_on(page)[0])

    while back := re.search(r'<a rel="prev" href="([^"]+)"', page.text):
        page, begun = browser.get(back[1].replace("&amp;", "&")), first
        first = whole.index(rows_on(page)[0])
        assert first == max(begun - 4, 0)
        assert rows_on(page) == whole[first : first + 4]

    assert first == 0


def test_an_offices_board_is_a_board_of_its_own_with_its_size_beside_each_rank(site):
    page = board_of(site, "sunita", unit=unit("Raipur Office").id)

    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)
    assert rows_on(page)[3] == ("4", "गीता")
    assert re.findall(r'class="rank-of">([^<]+)<', page.text) == ["12 में से"] * 12
    assert 'class="notice" data-tone="info"' not in page.text


def test_an_office_of_three_is_shown_in_the_state_and_only_those_within_reach(site):
    page = board_of(site, "imran", unit=unit("Durg Office").id)

    assert [name for _rank, name in rows_on(page)] == ["जय", "तारा", "दीपक"]
    assert re.findall(r'class="rank-of">([^<]+)<', page.text) == ["15 में से"] * 3
    assert len(re.findall(r'class="notice" data-tone="info"', page.text)) == 1


def test_who_looks_after_one_office_alone_comes_to_its_board(site):
    page = board_of(site, "leela")

    assert choices_on(page) == [str(unit("Raipur Office").id)]
    assert {name for _rank, name in rows_on(page)} == set(HEALTH_COURSES)


# ── Looking for somebody ──


def landing_of(page) -> list[str]:
    """The names in the rows that are marked."""
    return re.findall(
        r'<tr data-state="self">.*?<span class="person">.*?</span><span>(?:<a[^>]*>)?([^<]+)<', page.text, re.S
    )


@pytest.mark.parametrize("text", ["दीपक", "Officer दीपक", "deepak"])
def test_a_search_that_finds_one_officer_leads_to_their_page_and_marks_them(site, monkeypatch, text):
    monkeypatch.setattr(views, "PAGE", 6)
    dipak = Officer.get(Officer.name_hi == "दीपक")

    answer = board_of(site, "sunita", find=text, district=unit("Durg", "district").id)
    page = site.browser("sunita", language="hi").get(answer.location)

    assert urlsplit(answer.location).fragment == f"officer-{dipak.id}"
    assert f"at={dipak.id}" in answer.location
    assert f"district={unit('Durg', 'district').id}" in answer.location
    assert landing_of(page) == ["दीपक"]
    assert f'id="officer-{dipak.id}"' in page.text


def test_a_search_that_finds_several_lists_them_with_the_way_to_each(site):
    page = board_of(site, "sunita", find="छाया")

    listed = page.text.partition('id="found-heading"')[2].partition("</section>")[0]
    assert len(re.findall(r'href="/leaderboards\?[^"]*at=\d+#officer-\d+"', listed)) == 8
    assert 'value="छाया"' in page.text


@pytest.mark.parametrize("who", ["meena", "ravi", "devendra"])
def test_who_is_out_of_reach_is_not_found_and_nothing_tells_them_from_nobody(site, who):
    jay = Officer.get(Officer.name_hi == "जय")

    sought, nobody = (board_of(site, who, find=text) for text in (jay.employee_code, "77777777"))
    led, nowhere = (board_of(site, who, at=at) for at in (jay.id, 10**8))

    assert words_of(sought).replace(jay.employee_code, "") == words_of(nobody).replace("77777777", "")
    assert rows_on(led) == rows_on(nowhere)
    assert landing_of(led) == []
    assert "जय" not in led.text


@pytest.mark.parametrize("at", ["x", "-1", "0", "9" * 30, ""])
def test_a_place_that_is_none_shows_the_top(site, at):
    page = board_of(site, "sunita", at=at)

    assert page.status_code == 200
    assert rows_on(page)[0] == ("1", "अनिल")


@pytest.mark.parametrize(
    "query",
    [{"department": "x"}, {"department": 10**9}, {"district": "9" * 30}, {"gender": "female"}, {"sort": "-rank"}],
)
def test_nothing_else_in_the_address_narrows_or_turns_a_board(site, query):
    assert rows_on(board_of(site, "sunita", **query)) == rows_on(board_of(site, "sunita"))


def test_a_board_narrowed_to_a_department_says_so_and_keeps_it_while_leafing(site, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    revenue = unit(REVENUE).id

    page = board_of(site, "sunita", department=revenue)

    assert [name for _rank, name in rows_on(page)] == ["जय", "तारा"]
    assert f"department={revenue}" in re.search(r'<a rel="next" href="([^"]+)"', page.text)[1]
    assert "पूरे समूह" in words_of(page)


def test_a_reader_may_change_the_language_in_the_middle_of_a_board(site, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    browser = site.browser("sunita", language="hi")
    first = browser.get("/leaderboards?month=2026-01")
    second = re.search(r'<a rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")

    switch = re.search(r'<a href="([^"]+)" lang="en"', browser.get(second).text)[1].replace("&amp;", "&")

    assert browser.get(switch).location == second


@pytest.mark.parametrize(
    "query",
    [
        {"_external": "1", "_scheme": "javascript"},
        {"endpoint": "home.front"},
        {"_anchor": "x"},
        {"after_rank": "9" * 30, "after_id": "1"},
        {"after_rank": "1", "after_id": "9" * 30},
        {"after_rank": "0", "after_id": "0", "after_name": "\x00"},
    ],
    ids=lambda query: next(iter(query)),
)
def test_what_somebody_writes_into_the_address_neither_breaks_the_page_nor_leads_anywhere(site, monkeypatch, query):
    monkeypatch.setattr(views, "PAGE", 2)

    page = board_of(site, "sunita", **query)

    assert page.status_code == 200
    next_page = urlsplit(re.search(r'<a rel="next" href="([^"]+)"', page.text)[1])
    assert (next_page.scheme, next_page.netloc, next_page.path, next_page.fragment) == ("", "", "/leaderboards", "")


# ── Months ──


def test_months_are_open_to_those_who_compute_seal_or_prove_them(site):
    for path in ("/months", "/months/2025-12", "/months/2026-01"):
        found = statuses(site, path)

        assert those(found, 200) == {"sunita", "lakshmi", "thomas"}, path
        assert those(found, 302) == {""}, path


@pytest.mark.parametrize("month", ["2019-01", "2026-13", "x", "0000-00", "2026-1", "२०२६-०१", "2026-01%00"])
def test_a_month_that_was_never_scored_is_not_there(site, month):
    assert site.browser("sunita").get(f"/months/{month}").status_code == 404


# ── The policy ──


def test_the_policy_is_open_to_everybody_whose_score_it_makes_or_who_looks_after_them(site):
    found = statuses(site, "/score-policy")

    assert those(found, 200) == {"asha", "ravi", "meena", "imran", "devendra", "sunita", "lakshmi", "thomas"}
    assert those(found, 403) == {"pooja", "gopal"}
