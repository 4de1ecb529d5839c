"""The page on which one's own name is given to the public, and taken back."""

from karmyogi.people.models import Consent
from karmyogi.people.rules.consents import PUBLIC_NAME_WORDS
from tests.visitors import words_of

PAGE = "/me/public-name"
AGREED = {"answer": "agree", "words": "1"}


def test_asha_is_led_there_from_her_page_and_her_account(visit):
    browser = visit("asha", language="en")

    assert f'href="{PAGE}"' in browser.get("/me").text
    assert f'href="{PAGE}"' in browser.get("/account").text


def test_the_page_says_what_where_and_that_nothing_depends_on_it_before_anything_is_pressed(visit):
    page = words_of(visit("asha", language="en").get(PAGE))

    assert "Your name is not shown" in page
    assert [one for one in PUBLIC_NAME_WORDS[-1].sentences if one not in page] == []
    assert Consent.select().count() == 0


def test_she_agrees_and_takes_it_back_and_reads_both_days(visit):
    browser = visit("asha", language="en")
    browser.get(PAGE)
    browser.post(PAGE, AGREED)
    given = words_of(browser.get(PAGE))

    browser.post(PAGE, {"answer": "withdraw"})

    back = words_of(browser.get(PAGE))
    assert "Your name may be shown" in given
    assert "You agreed on" in given
    assert "Your name is not shown" in back
    assert "Earlier answers" in back
    assert Consent.get().withdrawn_at is not None


def test_in_hindi_the_page_is_hindi_and_the_consent_remembers_it(visit):
    browser = visit("asha")
    page = words_of(browser.get(PAGE))

    browser.post(PAGE, AGREED)

    assert "आपका नाम नहीं दिखाया जाता" in page
    assert Consent.get().language == "hi"


def test_a_form_without_the_words_gives_no_consent(visit):
    browser = visit("asha", language="en")
    browser.get(PAGE)

    answers = [browser.post(PAGE, data).status_code for data in ({}, {"answer": "agree"}, {**AGREED, "words": "x"})]

    assert answers == [422, 422, 422]
    assert Consent.select().count() == 0


def test_each_reads_their_own_answer_alone(visit):
    asha = visit("asha", language="en")
    asha.get(PAGE)
    asha.post(PAGE, AGREED)

    assert "Your name is not shown" in words_of(visit("ravi", language="en").get(PAGE))
    assert visit().get(PAGE).status_code == 302
