"""What an employee reads of a month: every line with where it came from, and nothing that contradicts the seal."""

import re

import pytest

from karmyogi.accounts.models import User
from karmyogi.completions.models import Completion
from karmyogi.core.months import Month
from karmyogi.people.models import Officer
from karmyogi.scores.models import MonthlyScore, ScoreMonth
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
