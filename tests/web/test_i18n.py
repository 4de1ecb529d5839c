"""Hindi first, English always: which language a reader gets, and how dates, sums and refusals are said in it."""

import multiprocessing
import os
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from babel.messages.mofile import read_mo
from flask import session

from karmyogi.core.money import rupees
from karmyogi.core.months import Month
from karmyogi.core.reasons import reason
from karmyogi.web import i18n
from karmyogi.web.i18n import compile_catalogues, day, in_both, language, local, moment, month_name, number, say, word
from tests.visitors import words_of
from tests.web.site import sqlite_site


@pytest.fixture(scope="module")
def site(engines, tmp_path_factory):
    yield from sqlite_site(engines, tmp_path_factory.mktemp("media"))


@contextmanager
def reading_in(site, chosen: str):
    with site.app.test_request_context("/"):
        session["lang"] = chosen
        yield


def in_each(site, said) -> tuple[str, str]:
    """What is said in Hindi and what in English."""
    told = []
    for chosen in ("hi", "en"):
        with reading_in(site, chosen):
            told.append(said())
    return tuple(told)


# ── Dates and sums ──


@pytest.mark.parametrize(
    ("value", "hindi", "english"),
    [
        (date(2026, 10, 5), "05 अक्टूबर 2026", "05 October 2026"),
        ("2024-02-29", "29 फ़रवरी 2024", "29 February 2024"),
        (datetime(2026, 1, 31, 18, 30, tzinfo=UTC), "01 फ़रवरी 2026", "01 February 2026"),
        (datetime(2026, 1, 31, 18, 29, 59, tzinfo=UTC), "31 जनवरी 2026", "31 January 2026"),
        (None, "–", "–"),
        ("", "–", "–"),
    ],
)
def test_a_day_is_said_in_words_and_as_it_is_in_india(site, value, hindi, english):
    assert in_each(site, lambda: day(value)) == (hindi, english)


def test_a_moment_is_said_as_the_clock_stands_in_india(site):
    half_past_ten_in_greenwich = datetime(2026, 10, 5, 10, 32, tzinfo=UTC)

    assert in_each(site, lambda: moment(half_past_ten_in_greenwich)) == (
        "05 अक्टूबर 2026, 16:02",
        "05 October 2026, 16:02",
    )
    assert in_each(site, lambda: moment(None)) == ("–", "–")


@pytest.mark.parametrize("value", ["2026-01", Month(2026, 1)])
def test_a_month_is_said_with_its_name(site, value):
    assert in_each(site, lambda: month_name(value)) == ("जनवरी 2026", "January 2026")


def test_no_month_is_a_dash(site):
    assert in_each(site, lambda: month_name(None)) == ("–", "–")


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999, "999"), (1000, "1,000"), (400000, "4,00,000"), (12345678, "1,23,45,678"), (None, "–")],
)
def test_numbers_are_grouped_as_in_india_in_international_digits_in_both_languages(site, value, said):
    assert in_each(site, lambda: number(value)) == (said, said)


def test_sums_look_the_same_in_both_languages(site):
    assert in_each(site, lambda: site.app.jinja_env.filters["rupees"](250000)) == ("₹2,50,000", "₹2,50,000")
    assert site.app.jinja_env.filters["rupees"] is rupees


# ── Which language ──


def test_a_stranger_reads_hindi(site):
    page = site.app.test_client().get("/login")

    assert page.text.count('<html lang="hi">') == 1


def test_a_person_reads_their_own_language_until_they_choose_another_on_this_browser(site):
    browser = site.browser("asha", language="")  # her account says English

    own = browser.get("/probe/form") and browser.get("/no/such/page")
    browser.get("/lang/hi")
    chosen = browser.get("/no/such/page")

    assert [page.text.count('<html lang="en-IN">') for page in (own, chosen)] == [1, 0]
    assert chosen.text.count('<html lang="hi">') == 1


def test_a_choice_made_before_signing_in_stays_afterwards(site):
    browser = site.browser(language="hi")

    with browser.client.session_transaction() as kept:
        kept["_user_id"] = "asha"

    assert browser.get("/no/such/page").text.count('<html lang="hi">') == 1


@pytest.mark.parametrize("code", ["xx", "HI", "../hi", "en-IN"])
def test_a_language_there_is_none_of_changes_nothing(site, code):
    browser = site.browser(language="en")

    browser.get(f"/lang/{code}")

    assert browser.get("/no/such/page").text.count('<html lang="en-IN">') == 1


def test_the_link_to_the_other_language_leads_back_to_this_very_page(site):
    browser = site.browser(language="en")
    here = "/login?next=/leaderboards%3Fmonth=2026-01%26after_name=%E0%A4%86%E0%A4%B6%E0%A4%BE"
    page = browser.get(here)

    link = page.text.partition('hreflang="hi"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")

    assert browser.get(link).location == here


@pytest.mark.parametrize(
    ("terminal", "spoken"), [("hi_IN.UTF-8", "hi"), ("en_IN.UTF-8", "en"), ("C", "en"), ("", "en")]
)
def test_the_command_line_speaks_as_the_terminal_does(monkeypatch, terminal, spoken):
    monkeypatch.setenv("LANG", terminal)

    assert language() == spoken


# ── Names, words and refusals ──


class Row:
    name_hi, name_en = "आशा साहू", "Asha Sahu"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Row(), ("आशा साहू", "Asha Sahu")),
        ({"name_hi": "", "name_en": "Asha Sahu"}, ("Asha Sahu", "Asha Sahu")),
        ({"name_hi": "आशा साहू", "name_en": None}, ("आशा साहू", "आशा साहू")),
        ({}, ("", "")),
        (object(), ("", "")),
    ],
)
def test_a_name_is_said_in_the_readers_script_or_in_the_other_where_that_is_missing(site, row, said):
    assert in_each(site, lambda: local(row, "name")) == said


def test_a_stored_code_has_a_word_and_an_unknown_one_is_said_as_it_is(site):
    assert in_each(site, lambda: word("sealed")) == ("अंतिम", "Sealed")
    assert in_each(site, lambda: word("no-such-code")) == ("no-such-code", "no-such-code")


def test_a_reason_is_said_with_its_facts_and_its_numbers_as_people_write_them(site):
    told = in_each(site, lambda: say(reason("file_too_large", limit_mb=400000)))

    assert told[1] == "The file is larger than 4,00,000 MB."
    assert told[0] != told[1]
    assert told[0].count("4,00,000") == 1


def test_what_stands_in_a_fact_is_text_and_never_a_place_of_its_own(site):
    with reading_in(site, "en"):
        assert say(reason("moved_on", state="%(state)s 100%")).count("“%(state)s 100%”") == 1


def test_files_and_the_command_line_say_it_in_both_languages_whoever_reads(site):
    both = in_each(site, lambda: in_both(reason("moved_on", state="sealed")))

    assert both[0] == both[1]
    assert both[0]["message_en"].startswith("Somebody else acted first: this case is now “sealed”.")
    assert both[0]["message_hi"].count("sealed") == 1
    assert both[0]["message_hi"] != both[0]["message_en"]


def test_the_frame_of_a_page_is_wholly_hindi_but_for_the_name_of_the_other_language(site):
    page = site.browser(language="hi").get("/no/such/page")

    english = [token for token in words_of(page).split() if token.isascii() and token.isalpha()]
    assert set(english) <= {"Government", "of", "Chhattisgarh", "English"}


# ── Catalogues ──


@pytest.fixture
def sources(tmp_path, monkeypatch):
    folder = tmp_path / "sources"
    (folder / "hi" / "LC_MESSAGES").mkdir(parents=True)
    monkeypatch.setattr(i18n, "SOURCES", folder)
    return folder / "hi" / "LC_MESSAGES" / "messages.po"


def write(sources, hindi: str, *, at: int) -> None:
    sources.write_text(
        f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Seal"\nmsgstr "{hindi}"\n'
    )
    os.utime(sources, (at, at))


def said_of_seal(folder) -> str:
    with (folder / "hi" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return read_mo(file).get("Seal").string


def test_a_catalogue_is_compiled_when_it_is_newer_and_left_alone_otherwise(sources, tmp_path):
    folder = tmp_path / "compiled"
    write(sources, "मुहर", at=1_000)
    compile_catalogues(folder)
    first = said_of_seal(folder)

    write(sources, "अंतिम करें", at=2_000)  # older than what was compiled just now
    compile_catalogues(folder)
    second = said_of_seal(folder)

    write(sources, "अंतिम करें", at=4_000_000_000)
    compile_catalogues(folder)

    assert (first, second, said_of_seal(folder)) == ("मुहर", "मुहर", "अंतिम करें")
    assert [path.name for path in (folder / "hi" / "LC_MESSAGES").iterdir()] == ["messages.mo"]


def test_processes_that_start_at_once_compile_one_whole_catalogue(tmp_path):
    together = multiprocessing.get_context("fork")  # as a web server makes its workers
    gate = together.Barrier(3)
    processes = [together.Process(target=compile_at_the_gate, args=(gate, tmp_path)) for _each in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert [path.name for path in (tmp_path / "hi" / "LC_MESSAGES").iterdir()] == ["messages.mo"]
    with (tmp_path / "hi" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        assert read_mo(file).get("Sealed").string == "अंतिम"


def compile_at_the_gate(gate, folder) -> None:
    gate.wait()
    compile_catalogues(folder)
