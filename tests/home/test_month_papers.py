"""The explanation of a month on paper: the same lines, the version, the seal, and only for those in reach."""

import pypdfium2
import pytest

from karmyogi.accounts.models import User
from karmyogi.core.months import Month
from karmyogi.people.models import Officer
from karmyogi.scores.models import MonthlyScore, ScoreLine, ScoreMonth
from tests import factories as make
from tests.visitors import words_of

SEALED = Month(2025, 12)


@pytest.fixture
def asha(told_db: str) -> Officer:
    return User.get(User.login == "asha").officer


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


@pytest.mark.parametrize("language", ["hi", "en"])
def test_asha_takes_the_explanation_along_as_a_paper(visit, asha, language):
    answer = visit("asha", language=language).get(f"/me/scores/{SEALED}/pdf")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "private" in answer.headers["Cache-Control"]
    assert answer.data.startswith(b"%PDF")
    assert asha.employee_code in text_of(answer.data)


def test_the_paper_has_the_total_the_version_the_seal_and_the_rows(visit, asha):
    month = ScoreMonth.get(ScoreMonth.month == str(SEALED))
    score = MonthlyScore.get(MonthlyScore.officer == asha, MonthlyScore.month == str(SEALED))

    words = text_of(visit("asha", language="en").get(f"/me/scores/{SEALED}/pdf").data)

    assert f"Total – – – {score.points}" in words
    assert "Policy version 1" in words
    assert month.seal in words.replace(" ", "").replace("\u200b", "")
    assert "iGOT data as on" in words
    assert "row " in words
    assert "Certificate on iGOT" in words


def test_what_came_later_stands_on_the_paper_and_changes_no_point(visit, asha):
    score = MonthlyScore.get(MonthlyScore.officer == asha, MonthlyScore.month == str(SEALED)).points
    make.make_attendance(asha, SEALED.first_on)

    words = text_of(visit("asha", language="en").get(f"/me/scores/{SEALED}/pdf").data)

    assert "The records have changed since this month was sealed" in words
    assert f"Total – – – {score}" in words
    assert "By today's records: 1 of 1 found, 3 points" in words.replace("’", "'")


def test_a_month_without_a_score_prints_why_nobody_is_listed(visit, asha):
    for table in (MonthlyScore, ScoreLine):
        table.delete().where(table.officer == asha, table.month == str(SEALED)).execute()

    words = text_of(visit("asha", language="en").get(f"/me/scores/{SEALED}/pdf").data)

    assert "What is on record came in only after the month was computed." in words


def test_ravi_prints_it_for_asha_and_imran_cannot(visit, asha):
    path = f"/officers/{asha.id}/scores/{SEALED}/pdf"

    assert asha.employee_code in text_of(visit("ravi", language="en").get(path).data)
    refused = visit("imran", language="en").get(path)
    assert refused.status_code == 404
    assert asha.name_en not in words_of(refused)


def test_the_page_leads_to_its_paper(visit, asha):
    assert f'href="/me/scores/{SEALED}/pdf"' in visit("asha").get(f"/me/scores/{SEALED}").text
    path = f"/officers/{asha.id}/scores/{SEALED}"
    assert f'href="{path}/pdf"' in visit("ravi").get(path).text
