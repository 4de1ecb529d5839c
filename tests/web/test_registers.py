"""Whose rows a person sees: the same on every page of every register, whatever the address says."""

import csv
import io
import re

import pytest

from app import REGISTERS
from karmyogi.awards.models import AwardOrder
from karmyogi.core.permissions import can
from karmyogi.people.models import Officer, Posting
from karmyogi.web import lists, workbooks
from tests import trails
from tests.sheets import formulas_in, rows_above, rows_of
from tests.web import house
from tests.web.house import ASHA, BHOLA, FARID

BY_SLUG = {register.slug: register for register in REGISTERS}
OWNED = sorted(house.OWNED)  # registers of rows that belong to an officer
FARIDS = ("Farid", "फ़रीद", FARID, "/F", "CERT-F", "Claim F", "Honour F")  # what tells of him on a page or in a file
owned = pytest.mark.parametrize("slug", OWNED)


def key_in(slug: str, code: str) -> str:
    return lists.key_text(house.row_of(slug, BY_SLUG[slug].table, code))


def table_of(answer) -> list[list[str]]:
    """The rows of a CSV file, without its heading."""
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))[1:]


def traces(text: str) -> list[str]:
    """What in the rows of a page or in a file tells of Farid."""
    rows = text.partition("<tbody>")[2].partition("</tbody>")[0] if "<html" in text else text
    return [trace for trace in FARIDS if trace in rows]


# D1, P3, T25: every register, every page, a row inside and one outside.


@owned
@pytest.mark.parametrize("who", ["ravi", "devendra", "asha"])
def test_a_strangers_row_does_not_exist(the_house, who, slug):
    browser, register = the_house.browser(who), BY_SLUG[slug]
    may = can(the_house.cast[who], register.read)
    mine, his = key_in(slug, ASHA), key_in(slug, FARID)
    own = 200 if may and not (who == "asha" and slug == "documents") else 404  # nobody owns a paper by their name

    seen = {
        "own": browser.get(f"/admin/{slug}/details/", id=mine).status_code,
        "his": browser.get(f"/admin/{slug}/details/", id=his).status_code,
        "none": browser.get(f"/admin/{slug}/details/", id="999999999").status_code,
        "edit": browser.get(f"/admin/{slug}/edit/", id=his).status_code,
        "save": browser.post(f"/admin/{slug}/edit/?id={his}", name_en="Mine").status_code,
    }

    refused = {"edit": 403, "save": 403}
    assert seen == ({"own": own, "his": 404, "none": 404} | refused if may else dict.fromkeys(seen, 403))


@owned
def test_a_strangers_row_and_no_row_are_the_same_page(the_house, slug):
    ravi = the_house.browser("ravi")
    his, none = key_in(slug, FARID), "2026-03.999" if slug == "scores" else "999999999"

    pages = [ravi.get(f"/admin/{slug}/details/", id=key).text for key in (his, none)]

    without = [re.sub(r'nonce="[^"]+"|csrf_token" value="[^"]+"|id%3D[\w.-]+', "", page) for page in pages]
    assert without[0] == without[1]


@owned
def test_ravi_sees_nothing_of_revenue_however_he_asks(the_house, slug):
    ravi, register = the_house.browser("ravi"), BY_SLUG[slug]
    address = f"/admin/{slug}/"
    questions = [{}, {"search": FARID}, {"search": "Farid"}, {"search": "%"}, {"search": "_"}]
    questions += [{"sort": sort, "desc": desc} for sort in range(len(register.column_list)) for desc in (0, 1)]
    questions += [
        {f"flt_{one.key}": value}
        for one in register.column_filters
        for value in (FARID, "Revenue", "1", "0", "2026-04", "submitted", "III")
    ]

    lists_of = [ravi.get(address, **question) for question in questions]
    files = [ravi.get(f"{address}export/csv/", **question) for question in questions[:5]]

    assert {answer.status_code for answer in lists_of + files} == {200}
    assert [traces(answer.text) for answer in lists_of + files] == [[]] * (len(questions) + 5)


@owned
def test_the_file_holds_what_the_list_shows(the_house, slug):
    counts = {
        who: len(table_of(the_house.browser(who).get(f"/admin/{slug}/export/csv/")))
        for who in ("ravi", "imran", "sunita")
    }

    papers = 2 if slug == "documents" else 1  # an order and a certificate each
    assert counts == {"ravi": 2 * papers, "imran": papers, "sunita": 3 * papers}


def test_who_follows_the_territory_sees_the_offices_of_the_district(the_house):
    rows = table_of(the_house.browser("devendra").get("/admin/officers/export/csv/"))

    assert sorted(row[1] for row in rows) == [ASHA, BHOLA]


def test_an_employee_sees_their_own_record_alone(the_house):
    asha = the_house.browser("asha")

    rows = {slug: table_of(asha.get(f"/admin/{slug}/export/csv/")) for slug in ("officers", "completions", "scores")}

    assert {slug: [row[1] for row in found] for slug, found in rows.items()} == {slug: [ASHA] for slug in rows}


def test_an_officer_who_left_is_no_longer_seen(the_house, undone):
    Posting.update(to_on="2020-01-01").where(Posting.officer == Officer.get(Officer.employee_code == BHOLA)).execute()

    rows = table_of(the_house.browser("ravi").get("/admin/officers/export/csv/"))

    assert [row[1] for row in rows] == [ASHA]


def test_an_order_is_seen_by_those_who_reach_an_award_of_it(the_house):
    numbers = {
        who: [row[0] for row in table_of(the_house.browser(who).get("/admin/award-orders/export/csv/"))]
        for who in ("asha", "ravi", "imran", "sunita")
    }

    every = [order.number for order in AwardOrder.select().order_by(AwardOrder.id)]
    assert numbers == {"asha": ["ORDER/A"], "ravi": ["ORDER/A", "ORDER/B"], "imran": ["ORDER/F"], "sunita": every}


# B6, house test 9: a list costs the same, however many rows it shows.


@pytest.mark.parametrize("slug", sorted(BY_SLUG))
def test_a_list_costs_the_same_for_one_row_and_for_three(the_house, queries_of, monkeypatch, slug):
    view = next(view for view in the_house.app.extensions["admin"][0]._views[1:] if view.slug == slug)
    thomas = the_house.browser("thomas")
    thomas.get(f"/admin/{slug}/")

    costs = []
    for size in (1, 3):
        monkeypatch.setattr(view, "page_size", size)
        rows = []
        costs.append(queries_of(lambda kept=rows: kept.append(thomas.get(f"/admin/{slug}/"))))
        assert len(re.findall(r'<th scope="row"', rows[0].text)) == size

    assert costs[0] == costs[1]


@owned
def test_a_file_costs_the_same_for_few_rows_and_for_more(the_house, queries_of, slug):
    costs = []
    for who in ("imran", "ravi"):
        browser = the_house.browser(who)
        browser.get(f"/admin/{slug}/")
        costs.append(queries_of(lambda browser=browser: browser.get(f"/admin/{slug}/export/csv/").text))

    assert costs[0] == costs[1]


# D5, P11, T58: the file is harmless, streamed, and leaves a trace.


def test_a_file_holds_no_cell_that_a_spreadsheet_would_run(the_house):
    thomas = the_house.browser("thomas")
    cells = [
        cell
        for slug in BY_SLUG
        for row in table_of(thomas.get(f"/admin/{slug}/export/csv/"))
        for cell in row
        if cell.lstrip("'").startswith("=")
    ]

    assert set(cells) == {f"'{house.FORMULA}", f"'{house.FORMULA}.csv"}


def test_a_file_is_for_excel_and_machines_alike(the_house):
    answer = the_house.browser("sunita").client.get("/admin/enrolments/export/csv/", query_string={"search": ASHA})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=enrolments.csv"
    assert answer.is_streamed
    assert answer.text.startswith("\ufeffOfficer,Employee code,Course,")
    row = ["Asha Sahu", ASHA, "Yoga at the workplace 1", "Completed", "75.5", "2015-06-01", "2026-04-10"]
    assert table_of(answer) == [row]


def test_a_file_of_hundreds_is_read_a_batch_at_a_time(the_house, monkeypatch):
    monkeypatch.setattr(lists.in_batches, "__kwdefaults__", {"size": 2})

    rows = table_of(the_house.browser("sunita").get("/admin/scores/export/csv/"))
    people = table_of(the_house.browser("sunita").get("/admin/officers/export/csv/"))

    assert [row[1] for row in rows] == [ASHA, FARID, BHOLA]
    assert [row[1] for row in people] == [ASHA, FARID, BHOLA]


@owned
def test_a_file_of_excel_holds_the_rows_of_the_list_and_no_others(the_house, slug):
    answer = the_house.browser("ravi").get(f"/admin/{slug}/export/xlsx/")
    plain = table_of(the_house.browser("ravi").get(f"/admin/{slug}/export/csv/"))

    rows = rows_of(answer)
    assert traces("\n".join(map(str, rows))) == []
    assert len(rows) == rows_above(rows) + 1 + len(plain)


def test_a_file_of_excel_says_what_it_is_and_how_it_was_chosen(the_house):
    answer = the_house.browser("sunita").get("/admin/officers/export/xlsx/", search="Asha", flt_state_class="III")

    assert answer.headers["Content-Disposition"] == "attachment; filename=officers.xlsx"
    rows = rows_of(answer)
    told = {row[0]: row[1] for row in rows[1 : rows_above(rows)] if row[0]}
    assert (rows[0][0], told["Entries"], told["Search"], told["Class"]) == ("Officers", 1, "Asha", "III")
    assert rows[-1][:2] == ["Asha Sahu", ASHA]


def test_no_cell_of_a_file_of_excel_runs(the_house):
    thomas = the_house.browser("thomas")
    files = [thomas.get(f"/admin/{slug}/export/xlsx/") for slug in BY_SLUG]

    assert [formulas_in(file) for file in files] == [[]] * len(files)
    assert house.FORMULA in {cell for file in files for row in rows_of(file) for cell in row}


def test_a_list_too_long_for_excel_is_refused_and_the_other_file_named(the_house, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 2)
    sunita = the_house.browser("sunita")

    refused, taken = sunita.get("/admin/officers/export/xlsx/"), sunita.get("/admin/officers/export/csv/")

    assert (refused.status_code, taken.status_code, len(table_of(taken))) == (422, 200, 3)
    assert "at most 2 rows" in refused.text
    assert trails.told_last().change["kind"] == "csv"


def test_a_file_that_left_the_house_left_a_trace(the_house):
    the_house.browser("ravi").get("/admin/officers/export/csv/", search="Asha", flt_state_class="III")

    entry = trails.told_last()
    assert (entry.actor, entry.action, entry.subject) == ("Ravi", "register.export", "officer")
    assert entry.change == {"search": "Asha", "filters": [["Class", "III"]], "kind": "csv", "rows": 1}


@pytest.mark.parametrize("kind", ["pdf", "json", "html", "..%2fcsv", "CSV"])
def test_there_is_no_other_kind_of_file(the_house, kind):
    assert the_house.browser("sunita").get(f"/admin/officers/export/{kind}/").status_code == 404


# P15: what people wrote is text.


def test_what_people_wrote_is_never_markup(the_house):
    thomas = the_house.browser("thomas")

    details = thomas.get("/admin/nominations/details/", id=key_in("nominations", ASHA)).text

    assert house.SCRIPT not in details
    assert details.count("&lt;script&gt;alert(&#39;canary&#39;)&lt;/script&gt; Asha Sahu") == 1


# What a register shows, in the reader's language.


def test_an_entry_is_told_in_the_readers_language(the_house):
    facts = {}
    for language in ("hi", "en"):
        page = the_house.browser("sunita", language).get("/admin/officers/details/", id=key_in("officers", ASHA))
        facts[language] = re.findall(r"<dd[^>]*>\s*(.*?)\s*</dd>", page.text, flags=re.S)

    same = ["आशा साहू", "Asha Sahu", ASHA]
    told = {language: [re.sub(r"<[^>]+>", "", fact) for fact in found] for language, found in facts.items()}
    assert told["hi"][:5] == [*same, "लिपिक 1", "स्वास्थ्य कार्यालय"]
    assert told["en"][:5] == [*same, "CLERK 1", "Health Office"]
    assert facts["en"][7] == "01 June 2015"


def test_a_fault_of_a_job_is_told_by_its_kind_alone(the_house):
    page = the_house.browser("gopal").get("/admin/jobs/details/", id="1")

    assert re.findall(r"<dt>Fault</dt><dd[^>]*>(.*?)</dd>", page.text) == ["IntegrityError"]
