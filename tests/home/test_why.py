"""What an employee reads of a month: every line with where it came from, and nothing that contradicts the seal."""

import re

import pytest
from flask import session

from karmyogi.accounts.models import User
from karmyogi.completions.models import Completion
from karmyogi.core.months import Month
from karmyogi.core.reasons import Day, Nth, reason
from karmyogi.people.models import Officer
from karmyogi.scores.models import MonthlyScore, ScoreLine, ScoreMonth
from karmyogi.web.i18n import ordinal, say
from tests import factories as make
from tests.visitors import words_of

SEALED = Month(2025, 12)
CHANGED = {"hi": "यह माह अंतिम किए जाने के बाद अभिलेख बदले हैं", "en": "The records have changed since this month was sealed"}


@pytest.fixture
def asha(told_db: str) -> Officer:
    return User.get(User.login == "asha").officer


def month_of(visit, language: str = "en") -> str:
    return words_of(visit("asha", language=language).get(f"/me/scores/{SEALED}"))


def test_the_total_under_the_lines_is_the_score(visit, asha):
    score = MonthlyScore.get(MonthlyScore.officer == asha, MonthlyScore.month == str(SEALED)).points

    assert re.search(rf"Total – – – {score}\b", month_of(visit))


@pytest.mark.parametrize("language", ["hi", "en"])
def test_a_sealed_month_says_what_came_later(visit, asha, language):
    assert ScoreMonth.get(ScoreMonth.month == str(SEALED)).state == "sealed"
    before = month_of(visit, language)
    for day in (3, 4, 5):
        make.make_attendance(asha, SEALED.first_on.replace(day=day))

    after = month_of(visit, language)

    assert (CHANGED[language] in before, CHANGED[language] in after) == (False, True)
    assert ("यह अंतर बाद में आया" if language == "hi" else "the difference came later") in after


def test_a_line_names_the_file_and_the_row(visit, asha):
    row = Completion.get(Completion.officer == asha, Completion.month == str(SEALED))

    page = month_of(visit)

    assert f", row {row.row_number}, of " in page


def test_an_employee_gets_no_link_to_an_import_that_gad_may_open(visit):
    page = visit("asha").get(f"/me/scores/{SEALED}").text

    assert "/imports/" not in page


def test_an_officer_without_points_reads_why_no_board_lists_them(visit, asha):
    for rows in (MonthlyScore, ScoreLine):
        rows.delete().where(rows.officer == asha, rows.month == str(SEALED)).execute()
    asha_there = visit("asha", language="en")

    months, page = asha_there.get("/me/scores"), month_of(visit)

    assert "Months without a record" in words_of(months)
    assert f'href="/me/scores/{SEALED}"' in months.text
    assert "Why am I not listed?" in page


def test_asha_reads_what_would_have_earned_more_and_that_the_month_takes_nothing(visit):
    page = month_of(visit)

    assert "What would have earned more" in page
    assert "Plan course completed: +5 points for one more – No cap: each further one counts." in page
    assert "This month is sealed: nothing can be added to it any more." in page


def test_places_and_days_are_said_in_the_readers_language(app):
    why = reason("item_over_cap", nth=Nth(5), cap=4)
    day = reason("unlisted_joined_later", on=Day("2026-02-01"))

    def said(language: str) -> list[str]:
        with app.test_request_context("/"):
            session["lang"] = language
            return [say(why), say(day), *(ordinal(n) for n in (1, 2, 3, 4, 6, 11, 22, 112))]

    assert said("en")[0] == "Not counted: the 5th of this month, over the cap of 4; the earliest are counted."
    assert said("en")[2:] == ["1st", "2nd", "3rd", "4th", "6th", "11th", "22nd", "112th"]
    assert "5वें स्थान पर" in said("hi")[0]
    assert "01 फ़रवरी 2026" in said("hi")[1]
    assert said("hi")[2:] == ["पहले", "दूसरे", "तीसरे", "चौथे", "छठे", "11वें", "22वें", "112वें"]
