"""Verification: what anybody may read of a document, and that the page gives away nothing else and takes nothing."""

import re
from datetime import date

import pytest

from karmyogi.awards import service
from karmyogi.awards.models import Award, AwardOrder
from karmyogi.core.months import today
from karmyogi.demo.story import actor
from karmyogi.documents.rules import ALPHABET, grouped
from karmyogi.people.models import Officer
from karmyogi.store.db import open_database
from tests.visitors import words_of

NEVER_GIVEN = "0123456789ABCDEFGHJKMNPQRS"


def award() -> Award:
    return Award.select().order_by(Award.id).first()


def facts_on(page) -> list[str]:
    """The terms that the page puts names to, in order; the status stands above them."""
    return re.findall(r"<dt>([^<]+)</dt>", page.text)


@pytest.fixture
def stranger(app):
    """A browser that has never been here."""
    return app.test_client()


def revoke() -> Award:
    given = award()
    return service.revoke_award(given, reason_hi="प्रकरण लंबित था।", reason_en="A case was pending.", by=actor("lakshmi"))


def test_anybody_reads_the_eight_things_and_the_fingerprint_of_the_file(stranger):
    given = award()

    page = stranger.get(f"/verify/{given.document.code}?lang=en")

    text = words_of(page)
    assert page.status_code == 200
    assert "Status: Valid" in text
    assert facts_on(page) == [
        "Name",
        "Designation then",
        "Department",
        "The award",
        "Order number",
        "Date of the order",
        "Issued on",
    ]
    assert f"Name {given.officer.name_en} {given.officer.name_hi}" in text
    assert f"Order number {given.order.number}" in text
    assert given.document.pdf_sha256 in text


def test_nothing_else_about_the_person_shows(stranger):
    given = award()
    Officer.update(
        email="canary@example.in", mobile="9812345678", birth_on=date(1971, 3, 9), retires_on=date(2033, 3, 31)
    ).where(Officer.id == given.officer_id).execute()

    for language in ("hi", "en"):
        page = stranger.get(f"/verify/{given.document.code}?lang={language}").text
        # code and fingerprint are drawn by lot, and may hold any four digits
        page = page.replace(given.document.pdf_sha256, "").replace(given.document.code, "")
        for planted in ("canary@", "9812345678", "1971", "2033", given.officer.employee_code, given.number):
            assert planted not in page
        assert given.nomination.citation_en not in page
        assert given.officer.employee_code[-4:] not in page


def test_the_page_needs_no_cookie_sets_none_and_runs_nothing(stranger):
    code = award().document.code

    for path in (f"/verify/{code}", f"/verify/{code}?lang=en", "/verify", "/verify?code=x", f"/verify/{NEVER_GIVEN}"):
        page = stranger.get(path)
        assert page.headers.get_all("Set-Cookie") == []
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert "script-src" not in page.headers["Content-Security-Policy"]
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert "<script" not in page.text
        assert "style=" not in page.text
        assert "csrf_token" not in page.text


def test_who_is_signed_in_gets_the_same_page_as_a_stranger(visit, stranger):
    code = award().document.code
    asha = visit("asha", language="en")

    page = asha.client.get(f"/verify/{code}?lang=en")

    assert page.text == stranger.get(f"/verify/{code}?lang=en").text
    assert page.headers.get_all("Set-Cookie") == []


SLOW_LINE = {"Accept-Encoding": "gzip"}


def test_the_page_with_its_style_sheets_is_smaller_than_sixty_kilobytes(stranger):
    page = stranger.get(f"/verify/{award().document.code}")

    sheets = re.findall(r'<link rel="stylesheet"[^>]*href="([^"]+)', page.text)
    size = len(page.data) + sum(len(stranger.get(sheet, headers=SLOW_LINE).data) for sheet in sheets)

    assert len(sheets) == 1
    assert size < 60_000


def test_a_revoked_award_says_that_it_was_revoked_when_and_why(stranger):
    code = revoke().document.code

    page = {language: words_of(stranger.get(f"/verify/{code}?lang={language}")) for language in ("hi", "en")}

    on = f"{today():%d %B %Y}"
    assert f"Status: Revoked Revoked on {on}. It no longer counts." in page["en"]
    assert "A case was pending. प्रकरण लंबित था।" in page["en"]
    assert "प्रकरण लंबित था। A case was pending." in page["hi"]
    assert "निरस्त" in page["hi"]
    assert "Valid" not in page["en"]


def test_an_order_is_verified_by_its_subject_number_and_day_and_names_nobody(stranger):
    order = AwardOrder.get()

    page = stranger.get(f"/verify/{order.document.code}?lang=en")

    assert facts_on(page) == ["Subject", "Order number", "Date of the order", "Issued on"]
    assert f"Order number {order.number}" in words_of(page)
    for given in order.awards:
        assert given.officer.name_hi not in page.text


def test_a_code_is_understood_however_a_person_types_it(stranger):
    code = award().document.code

    for typed in (grouped(code), code.lower(), f" {grouped(code).replace('-', ' ')} ", code.replace("0", "O")):
        asked = stranger.get("/verify", query_string={"code": typed})
        assert (asked.status_code, asked.headers["Location"]) == (302, f"/verify/{code}")
        assert stranger.get(f"/verify/{typed.strip()}").status_code == 200
    kept = stranger.get("/verify", query_string={"code": code, "lang": "en"})
    assert kept.headers["Location"] == f"/verify/{code}?lang=en"


def test_a_code_never_given_and_a_text_that_is_no_code_get_the_same_friendly_answer(stranger):
    near = award().document.code
    near = near[:-1] + next(letter for letter in ALPHABET if letter != near[-1])
    texts = (NEVER_GIVEN, near, "no-code", "x" * 26, "००००", "a" * 5000, "%00", "<b>", "U" * 26)

    pages = [stranger.get(f"/verify/{text}?lang=en") for text in texts]
    pages += [stranger.get("/verify", query_string={"code": text, "lang": "en"}) for text in ("<b>", "no code")]

    assert {page.status_code for page in pages} == {404}
    assert len({words_of(page) for page in pages}) == 1
    assert "No document has this code" in words_of(pages[0])
    assert max(len(page.data) for page in pages) - min(len(page.data) for page in pages) < 1000
    assert "<b>" not in pages[-2].text


def test_the_number_of_an_award_tells_a_stranger_nothing(stranger):
    given = award()

    for number in (given.number, given.order.number, given.number.replace("/", "-")):
        page = stranger.get("/verify", query_string={"code": number, "lang": "en"})
        assert page.status_code == 404
        assert given.officer.name_en not in page.text


def test_the_language_is_that_of_the_address_and_is_not_remembered(stranger):
    code = award().document.code

    english = stranger.get(f"/verify/{code}?lang=en")
    again = stranger.get(f"/verify/{code}")

    assert '<html lang="en-IN">' in english.text
    assert f'href="/verify/{code}?lang=hi"' in english.text
    assert '<html lang="hi">' in again.text
    assert f'href="/verify/{code}?lang=en"' in again.text


def test_the_language_chosen_on_this_browser_is_kept(visit):
    english = visit(language="en")

    assert '<html lang="en-IN">' in english.get("/verify").text
    assert '<html lang="hi">' in english.get("/verify?lang=hi").text
    assert '<html lang="en-IN">' in english.get("/verify?lang=xx").text


def test_while_the_database_is_away_nothing_is_said_about_the_document(stranger, engine, tmp_path):
    code = award().document.code
    away = {"sqlite": f"sqlite:///{tmp_path}", "postgres": "postgresql://nobody@127.0.0.1:1/away"}
    open_database(away[engine])

    for path in (f"/verify/{code}", f"/verify/{NEVER_GIVEN}", "/verify"):
        page = stranger.get(path)
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "120"
        assert page.headers.get_all("Set-Cookie") == []
        text = words_of(page)
        assert "कुछ मिनट बाद पुनः प्रयास करें" in text
        assert "Please try again in a few minutes." in text
        for word in ("invalid", "No document", "अमान्य", "निरस्त", "Revoked"):
            assert word not in text
