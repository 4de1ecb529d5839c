"""A list answers any address, at any size of table, and asks the database for no more than it shows."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app import REGISTERS
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Designation, Officer
from karmyogi.store.db import database, is_postgres
from karmyogi.store.imports import Import
from karmyogi.web import filters, lists
from tests.web.house import ASHA, BHOLA, FARID

BY_SLUG = {register.slug: register for register in REGISTERS}
by_slug = pytest.mark.parametrize("slug", sorted(BY_SLUG))
TAMPERED = (
    "page=-1",
    "page=99999999999999999999",
    "page=1e20",
    "page=9999",
    "page=abc&page_size=abc&sort=abc&desc=abc",
    "page_size=1000000",
    "page_size=-1",
    "page_size=0",
    "sort=-1",
    "sort=99",
    "sort=99999999999999999999999",
    "sort=0&desc=99999999999999999999999",
    "search=%00",
    "search=%ff%fe",
    "search=%25",
    "search=_",
    "search=%27%20OR%201%3D1--",
    "search=" + "a+" * 2000,
    "search=" + "a" * 5000,
    "search=%E0%A5%A7%E0%A5%A8",
    "_external=1&_scheme=javascript&_anchor=x&_method=POST",
    "endpoint=static&filename=x",
    "self=1&view_args=2",
    "flt",
    "flt_",
    "flt0_",
    "flt0_abc=1",
    "flt0_999=1",
    "flt_month__=1",
    "flt0_-1=1",
    "flt=1&flt0=1&flt_0=1",
    "&".join(f"flt{n}_month=1" for n in range(100)),
)
KEYS = (
    "",
    "abc",
    "-1",
    "0",
    "1.5",
    "1.2.3",
    "%00",
    "99999999999999999999999",
    "999999999999999999",
    "٣",
    "1%00",
    "None",
)
NASTY = (
    "%00",
    "-1",
    "99999999999999999999999",
    "1e5",
    "abc",
    "2026-13",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "%25",
)


def rows_in(page) -> list[str]:
    """What the rows of a list are called."""
    return re.findall(r'<th scope="row"[^>]*><a [^>]*>(.*?)</a>', page.text)


def pressed(kind: filters.Filter) -> str:
    """A value that a filter understands."""
    samples = {
        filters.From: "2026-04-10",
        filters.Until: "2026-04-10",
        filters.InMonth: "2026-04",
        filters.Whole: "1",
        filters.Filled: "1",
        filters.YesNo: "1",
    }
    return kind.codes[0] if isinstance(kind, filters.OneOf) else samples.get(type(kind), "a")


# B8, P12, T60, T61: an address may be tampered with; it never breaks a page.


@by_slug
def test_a_tampered_address_of_a_list_breaks_nothing(the_house, slug):
    thomas = the_house.browser("thomas")

    answers = {query: thomas.get(f"/admin/{slug}/?{query}").status_code for query in TAMPERED}

    past_the_end = {"page=99999999999999999999", "page=9999"}
    assert answers == {query: 404 if query in past_the_end else 200 for query in TAMPERED}


@by_slug
def test_a_tampered_key_is_no_row(the_house, slug):
    thomas = the_house.browser("thomas")
    queries = [f"id={key}" for key in KEYS] + ["", "id=1&id=2", "ID=1"]

    answers = {query: thomas.get(f"/admin/{slug}/details/?{query}").status_code for query in queries}

    assert answers == dict.fromkeys(queries, 404)


@by_slug
def test_a_filter_takes_sense_and_leaves_nonsense_out(the_house, slug):
    thomas = the_house.browser("thomas")
    every = BY_SLUG[slug].column_filters

    def all_at_once(values: list[str]) -> str:
        return "&".join(f"flt{index}_{every[index].key}={value}" for index, value in enumerate(values))

    queries = [f"flt_{one.key}={pressed(one)}" for one in every]
    queries += [all_at_once([value] * len(every)) for value in ("", *NASTY)]
    queries.append(f"search=a&sort=0&{all_at_once([pressed(one) for one in every])}")  # B4, B5: over all joined tables

    answers = {query: thomas.get(f"/admin/{slug}/?{query}").status_code for query in queries}

    assert answers == dict.fromkeys(queries, 200)


def test_a_value_that_makes_no_sense_is_said_to_be_left_out(the_house):
    page = the_house.browser("thomas").get("/admin/completions/", flt_month="<b>2026-13")

    assert re.findall(r"“(.*?)” is no value of “(.*?)”", page.text) == [("&lt;b&gt;2026-13", "Month")]
    assert len(rows_in(page)) == 3


@given(
    query=st.dictionaries(
        st.sampled_from(["page", "page_size", "sort", "desc", "search", "id", "flt_month", "flt1_status", "flt0_kind"]),
        st.text(),
    )
)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@pytest.mark.parametrize("slug", ["scores", "enrolments", "units"])
def test_whatever_is_typed_into_an_address_the_page_stands(the_house, slug, query):
    thomas = the_house.browser("thomas")

    answers = {
        door: thomas.get(f"/admin/{slug}/{door}", **query).status_code for door in ("", "details/", "export/csv/")
    }

    assert {status for status in answers.values() if status not in {200, 404}} == set()


def test_what_an_address_says_beside_the_list_goes_no_further(the_house):
    page = the_house.browser("thomas").get("/admin/officers/?_external=1&_scheme=javascript&_anchor=x&colour=red")

    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"javascript|colour|_scheme|http://", main) == []


# B13, T59: search and filters.


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("asha", ["Asha Sahu"]),
        ("साहू आशा", ["Asha Sahu"]),
        (ASHA, ["Asha Sahu"]),
        (f"{FARID}0", []),
        ("९००००००२", ["Farid Khan"]),
        ("9000000", ["Asha Sahu", "Farid Khan", "Bhola Yadav"]),
        ("%", []),
        ("_", []),
        ("a", ["Asha Sahu"]),
        ("ahu", []),
        ("", ["Asha Sahu", "Farid Khan", "Bhola Yadav"]),
    ],
)
def test_an_officer_is_found_by_the_beginning_of_a_name_or_of_the_code(the_house, search, found):
    assert rows_in(the_house.browser("thomas").get("/admin/officers/", search=search)) == found


@pytest.mark.parametrize(
    ("slug", "codes"),
    [
        ("enrolments", [ASHA, "CERT-A"]),
        ("obligations", [ASHA]),
        ("awards", [ASHA, "AWARD/A", "ORDER/A"]),
        ("scores", [ASHA]),
        ("postings", [ASHA]),
    ],
)
def test_a_fact_is_found_by_each_of_its_codes(the_house, slug, codes):
    thomas = the_house.browser("thomas")

    assert {code: rows_in(thomas.get(f"/admin/{slug}/", search=code)) for code in codes} == {
        code: ["Asha Sahu"] for code in codes
    }


@pytest.mark.parametrize("slug", ["officers", "enrolments", "completions", "obligations", "postings", "scores"])
def test_a_list_of_millions_is_read_by_its_indexes(the_house, slug):
    register = BY_SLUG[slug]
    view = next(view for view in the_house.app.extensions["admin"][0]._views[1:] if view.slug == slug)
    everything = view.rows(SYSTEM)
    looked_up = lists.matching(everything, ASHA, codes=register.search_codes, texts=register.search_texts)

    searched, listed = plan_of(looked_up), plan_of(lists.in_order(everything, view._order(None, None)))

    assert [step for step in searched if step.startswith(("SCAN", "Seq Scan"))] == []
    assert [step for step in listed if step.startswith(("USE TEMP B-TREE", "Sort  ("))] == []


def plan_of(rows) -> list[str]:
    """How the engine would find these rows; PostgreSQL is told that its three rows are many."""
    statement, values = rows.sql()
    if not is_postgres():
        return [step[3] for step in database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()]
    with database.atomic():
        for detour in ("seqscan", "sort", "hashjoin", "mergejoin"):  # left to it where no index leads
            database.execute_sql(f"SET LOCAL enable_{detour} = off")
        plan = database.execute_sql(f"EXPLAIN {statement}", values).fetchall()
    return [line.strip().removeprefix("->").strip() for (line,) in plan]


def test_a_filter_counts_the_days_as_they_are_in_india(the_house, undone):
    last, first = datetime(2026, 5, 1, 18, 29, 59, tzinfo=UTC), datetime(2026, 5, 1, 18, 30, tzinfo=UTC)
    Import.update(received_at=last).where(Import.id == 1).execute()  # the last second of a day in India
    Import.update(received_at=first).where(Import.id == 2).execute()  # the first of the next
    sunita = the_house.browser("sunita")

    days = {
        day: sunita.get("/admin/imports/", flt_received_at_from=day, flt0_received_at_until=day)
        for day in ("2026-05-01", "2026-05-02")
    }

    keys = {day: re.findall(r"details/\?id=(\d+)", page.text) for day, page in days.items()}
    assert keys == {"2026-05-01": ["1"], "2026-05-02": ["2"]}


def test_officers_are_found_by_the_office_they_hold_a_post_in(the_house):
    thomas = the_house.browser("thomas", "en")

    found = {
        text: rows_in(thomas.get("/admin/officers/", flt_unit=text))
        for text in ("Revenue", "राजस्व", "Raipur", "Nowhere")
    }

    assert found == {
        "Revenue": ["Farid Khan"],
        "राजस्व": ["Farid Khan"],
        "Raipur": ["Asha Sahu", "Bhola Yadav"],
        "Nowhere": [],
    }


def test_a_sort_follows_the_readers_language(the_house, undone):
    Designation.update(name_hi="अ").where(Designation.name_en == "CLERK 3").execute()
    thomas = {language: the_house.browser("thomas", language) for language in ("hi", "en")}

    first = {
        language: rows_in(browser.get("/admin/units/", sort=0, search="Health"))[0]
        for language, browser in thomas.items()
    }
    down = rows_in(thomas["en"].get("/admin/designations/", sort=0, desc=1))

    assert first == {"hi": "स्वास्थ्य कार्यालय", "en": "Health"}
    assert down == ["CLERK 3", "CLERK 2", "CLERK 1"]


def test_a_column_that_is_not_sorted_by_leads_nowhere(the_house):
    thomas = the_house.browser("thomas")

    plain = rows_in(thomas.get("/admin/officers/"))
    asked = rows_in(thomas.get("/admin/officers/", sort=0, desc=1))

    assert asked == plain


# No list offers a table of thousands as a choice (B1, P6), and no choice shows a bare code (B7, B11).


@by_slug
def test_no_choice_is_made_of_people_offices_or_courses(the_house, slug):
    thomas, sunita = the_house.browser("thomas"), the_house.browser("sunita")
    pages = [thomas.get(f"/admin/{slug}/"), sunita.get(f"/admin/{slug}/new/")]
    pages.append(sunita.get(f"/admin/{slug}/edit/", id="1"))

    offered = {text for page in pages for text in re.findall(r"<option[^>]*>(.*?)</option>", page.text)}

    rows = {"Asha Sahu", "Farid Khan", "Bhola Yadav", "Health", "Health Office", "Raipur", "Yoga at the workplace 1"}
    assert offered & rows == set()
    assert {text for text in offered if re.fullmatch(r"[a-z_-]+", text)} == set()


# The number of rows (house test 9 stands in test_registers.py).


def test_nobody_waits_for_a_number_past_a_thousand(own_house, queries_of):
    Designation.insert_many([{"name_en": f"POST {n:04}"} for n in range(1001)]).execute()
    thomas = own_house.browser("thomas")

    many = thomas.get("/admin/designations/").text
    few = thomas.get("/admin/designations/", search="CLERK").text

    assert re.findall(r"more than 1,000 entries|[\d,]+ entries", many) == ["more than 1,000 entries"]
    assert re.findall(r"more than 1,000 entries|[\d,]+ entries", few) == ["3 entries"]
    assert re.findall(r"Page \d+ of \d+", many) == []
    assert thomas.get("/admin/designations/", page=20).status_code == 200
    assert thomas.get("/admin/designations/", page=21).status_code == 404


def test_a_count_stops_at_its_cap(the_house):
    counted = lists.count_up_to(Officer.select(), 2)
    statement = str(Officer.select().limit(3))

    assert counted == 3
    assert statement.endswith("LIMIT 3")


def test_blanks_come_last_on_both_engines(the_house, undone):
    Officer.update(cadre_on=date(2020, 1, 1)).where(Officer.employee_code == BHOLA).execute()

    for down in (False, True):
        rows = lists.in_order(Officer.select(), [(Officer.cadre_on, down)])
        assert [officer.employee_code for officer in rows] == [BHOLA, ASHA, FARID]


# Values of filters, by themselves.


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (filters.Code(Officer.employee_code, "Code"), " १२ ", "12"),
        (filters.Whole(Officer.id, "Number"), "१२", 12),
        (filters.YesNo(Officer.id, "Yes"), "0", False),
        (filters.InMonth(Officer.cadre, "Month"), "2026-04", str(Month(2026, 4))),
        (filters.From(Officer.joined_on, "From"), "2026-04-10", date(2026, 4, 10)),
        (filters.OneOf(Officer.state_class, "Class", ["I"]), "I", "I"),
    ],
)
def test_a_filter_reads_what_it_means(kind, text, value):
    assert kind.clean(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (filters.Whole(Officer.id, "Number"), "-1"),
        (filters.Whole(Officer.id, "Number"), "2147483648"),
        (filters.YesNo(Officer.id, "Yes"), "2"),
        (filters.InMonth(Officer.cadre, "Month"), "2026-13"),
        (filters.Until(Officer.joined_on, "Until"), "2026-02-30"),
        (filters.OneOf(Officer.state_class, "Class", ["I"]), "V"),
    ],
)
def test_a_filter_refuses_what_means_nothing(kind, text):
    assert not kind.validate(text)
