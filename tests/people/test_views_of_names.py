"""The pages on which a name is asked for, compared and decided."""

from karmyogi.demo.cast import CAST
from karmyogi.people.models import NameCorrection, Officer
from tests.visitors import words_of

CODES = {member.key: member.employee_code for member in CAST}
ASKED = {"name_hi": "आशा देवी साहू", "name_en": "Asha Devi Sahu", "reason": "सेवा पुस्तिका", "reference": "12/2026"}


def asha() -> Officer:
    return Officer.get(Officer.employee_code == CODES["asha"])


def ask(visit) -> NameCorrection:
    browser = visit("asha", language="en")
    browser.get("/me/name")
    assert browser.post("/me/name", ASKED).status_code == 302
    return NameCorrection.get()


def test_asha_is_led_from_her_page_and_her_menu_to_the_form(visit):
    browser = visit("asha", language="en")

    me, form = browser.get("/me"), browser.get("/me/name")

    assert me.text.count('href="/me/name"') == 2
    assert 'value="आशा साहू"' in form.text
    assert "Papers that were issued already stay as issued." in words_of(form)


def test_a_legacy_fonts_coding_is_refused_with_a_way_out_and_keeps_what_was_typed(visit):
    browser = visit("asha", language="en")
    browser.get("/me/name")

    page = browser.post("/me/name", {**ASKED, "name_hi": "vk'kk lkgw"})

    assert page.status_code == 422
    assert "switch the keyboard to Hindi (Unicode)" in words_of(page)
    assert 'value="Asha Devi Sahu"' in page.text
    assert NameCorrection.select().count() == 0


def test_an_open_request_stands_on_her_page_until_it_is_decided(visit):
    case = ask(visit)
    browser, ravi = visit("asha", language="en"), visit("ravi", language="en")
    waiting = words_of(browser.get("/me"))

    ravi.get(f"/names/{case.id}")
    ravi.post(f"/names/{case.id}/refuse", {"remark": "Not so in the service book"})

    refused, why = words_of(browser.get("/me")), words_of(browser.get("/me/name"))
    assert "is being looked at" in waiting
    assert "Your request was refused" in refused
    assert "Not so in the service book" in why


def test_ravi_compares_and_approves_and_the_name_is_hers_at_once(visit):
    case = ask(visit)
    ravi = visit("ravi", language="en")
    front, queue = words_of(ravi.get("/")), ravi.get("/names")

    ravi.get(f"/names/{case.id}")
    answer = ravi.post(f"/names/{case.id}/approve", {"remark": ""})

    assert "Corrections of names waiting for you" in front
    assert "<mark>Devi </mark>" in queue.text
    assert (answer.status_code, answer.headers["Location"]) == (302, "/names")
    assert asha().name_en == "Asha Devi Sahu"
    assert "Signed in as Asha Devi Sahu" in words_of(visit("asha", language="en").get("/me"))


def test_a_refusal_without_a_word_is_asked_again(visit):
    case = ask(visit)
    ravi = visit("ravi", language="en")
    ravi.get(f"/names/{case.id}")

    page = ravi.post(f"/names/{case.id}/refuse", {"remark": ""})

    assert page.status_code == 422
    assert "Write a remark" in words_of(page)


def test_who_does_not_review_hers_does_not_find_it(visit):
    case = ask(visit)

    seen = {
        who: visit(who).get(f"/names/{case.id}").status_code for who in ("ravi", "sunita", "thomas", "imran", "meena")
    }

    assert seen == {"ravi": 200, "sunita": 200, "thomas": 200, "imran": 404, "meena": 404}


def test_gad_returns_the_name_to_the_roster_from_the_case(visit):
    case = ask(visit)
    ravi, sunita = visit("ravi"), visit("sunita", language="en")
    ravi.get(f"/names/{case.id}")
    ravi.post(f"/names/{case.id}/approve")
    before = sunita.get(f"/names/{case.id}")

    sunita.post(f"/names/{case.id}/release")

    assert "Return to roster" in words_of(before)
    assert "Return to roster" not in words_of(sunita.get(f"/names/{case.id}"))
