"""From one entry to others: links lead to registers that the reader may open, and each shows only the reader's rows."""

import re

from app import REGISTERS
from karmyogi.web.registers import Register
from tests.web.house import ASHA, FARID
from tests.web.test_registers import key_in, table_of, traces

BY_SLUG = {register.slug: register for register in REGISTERS}


def links_on(browser, slug: str, code: str = ASHA) -> dict[str, str]:
    page = browser.get(f"/admin/{slug}/details/", id=key_in(slug, code))
    main = page.text.partition('class="facts"')[2].partition("</main>")[0]
    return {name: url.replace("&amp;", "&") for url, name in re.findall(r'<a href="([^"]+)">([^<]+)</a>', main)}


def test_an_officer_leads_to_all_that_is_written_of_them(the_house):
    links = links_on(the_house.browser("sunita"), "officers")

    assert links["Postings"] == f"/admin/postings/?search={ASHA}"
    assert {"Completions", "Monthly scores", "Awards", "Nominations", "Honours", "Achievements"} <= set(links)


def test_a_link_leads_only_where_the_reader_may_go(the_house):
    lakshmi, sunita = (links_on(the_house.browser(who), "officers") for who in ("lakshmi", "sunita"))

    assert set(sunita) - set(lakshmi) == {"Achievements"}  # the approver reads none


def test_an_entry_leads_to_those_it_names(the_house):
    links = links_on(the_house.browser("ravi"), "completions")

    assert links["Asha Sahu"].startswith("/admin/officers/details/?id=")
    assert links["Yoga at the workplace 1"].startswith("/admin/courses/details/?id=")


def test_every_link_opens_and_shows_nothing_of_a_stranger(the_house):
    ravi = the_house.browser("ravi")
    urls = {url for slug in ("officers", "completions", "scores", "awards") for url in links_on(ravi, slug).values()}

    pages = {url: ravi.get(url) for url in urls}

    assert len(pages) > 10
    assert {url: page.status_code for url, page in pages.items() if page.status_code != 200} == {}
    assert {url: traces(page.text) for url, page in pages.items() if traces(page.text)} == {}


def test_a_list_about_an_officer_holds_that_officers_rows_alone(the_house):
    sunita = the_house.browser("sunita")
    links = links_on(sunita, "officers", FARID)

    rows = table_of(sunita.get(links["Completions"].replace("/?", "/export/csv/?")))

    assert [row[1] for row in rows] == [FARID]


def test_registers_ask_each_other_only_what_can_be_asked(the_house):
    """The filter of a link must be one that the other register has, or the list would be all of it."""
    wrong = []
    for register in REGISTERS:
        if register.about is Register.about:
            continue
        view = next(
            one for one in the_house.app.extensions["admin"][0]._views if getattr(one, "slug", "") == register.slug
        )
        row = view.rows(the_house.cast["thomas"]).first()
        for slug, question in view.about(row):
            known = {f"flt_{one.key}" for one in BY_SLUG[slug].column_filters} | {"search"}
            wrong += [f"{register.slug} → {slug}: {name}" for name in question if name not in known]

    assert wrong == []
