"""Who may read why an officer's month has its points, and that they read what the officer reads."""

import re

import pytest

from karmyogi.accounts.models import User
from karmyogi.core.months import Month
from karmyogi.people.models import Officer
from tests.visitors import words_of

SEALED = Month(2025, 12)


@pytest.fixture
def asha(told_db: str) -> Officer:
    return User.get(User.login == "asha").officer


def page_of(officer: Officer) -> str:
    return f"/officers/{officer.id}/scores/{SEALED}"


@pytest.mark.parametrize("who", ["ravi", "meena", "sunita", "lakshmi", "thomas", "asha"])
def test_whoever_has_asha_in_reach_reads_why_she_has_her_points(visit, asha, who):
    page = visit(who, language="en").get(page_of(asha))

    assert page.status_code == 200
    assert "Why this score" in words_of(page)
    assert "Lines of the score, by policy version 1" in words_of(page)


@pytest.mark.parametrize("who", ["imran", "farah"])
def test_revenue_reads_nothing_of_an_officer_of_health(visit, asha, who):
    page = visit(who, language="en").get(page_of(asha))

    assert page.status_code == 404
    assert asha.name_en not in words_of(page)


def test_gad_opens_the_import_that_an_employee_reads_only_by_name(visit, asha):
    assert re.search(r'href="/imports/\d+', visit("sunita").get(page_of(asha)).text)
    assert not re.search(r'href="/imports/\d+', visit("asha").get(page_of(asha)).text)


def test_the_page_of_an_officer_and_the_leaderboard_lead_there(visit, asha):
    ravi = visit("ravi")

    assert f'href="{page_of(asha)}"' in ravi.get(f"/officers/{asha.id}").text
    assert re.search(rf'href="/officers/\d+/scores/{SEALED}"', ravi.get(f"/leaderboards?month={SEALED}").text)


def test_ravi_may_not_dispute_in_ashas_place(visit, asha):
    assert "2025-12/dispute?" not in visit("ravi").get(page_of(asha)).text
    assert "2025-12/dispute?line=" in visit("asha").get(f"/me/scores/{SEALED}").text
