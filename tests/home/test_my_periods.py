"""An officer's own quarters and years: points, rank, and the ranks beside it by their distance alone."""

import pytest

from karmyogi.core.periods import Period
from karmyogi.core.permissions import SYSTEM
from karmyogi.demo.cast import CAST
from karmyogi.people.models import Officer
from karmyogi.scores import queries, service
from karmyogi.scores.models import MonthlyScore, ScorePeriod, in_month
from karmyogi.scores.rules import BoardScope
from tests.visitors import words_of

QUARTER, YEAR = Period(2025, 4), Period(2025)


@pytest.fixture
def asha(visit) -> Officer:
    return Officer.get(Officer.employee_code == next(one.employee_code for one in CAST if one.key == "asha"))


def score_of(officer: Officer, when: Period) -> MonthlyScore:
    return MonthlyScore.get(in_month(when, MonthlyScore) & (MonthlyScore.officer == officer))


def test_the_newest_quarter_and_year_stand_on_the_own_page(visit, asha):
    page = words_of(visit("asha", language="en").get("/me"))

    for when, name in ((QUARTER, "Fourth quarter of 2025-26"), (YEAR, "Financial year 2025-26")):
        score, size = score_of(asha, when), ScorePeriod.get(ScorePeriod.period == str(when)).officer_count
        assert f"{score.points} points · Rank {score.rank_state} of {size}" in page.partition(name)[2]
    assert "Fourth quarter of 2025-26 so far, 1 month sealed" in page
    assert "Third quarter of 2025-26" not in page


def test_the_list_of_months_has_every_quarter_and_year_with_what_is_counted(visit, asha):
    page = words_of(visit("asha", language="en").get("/me/scores"))
    hindi = words_of(visit("asha").get("/me/scores"))

    told = queries.periods_of_officer(asha.id)
    assert [str(one.period) for one in told][:2] == ["2025-Q4", "2025-Q3"]
    assert sum(one.points for one in told if one.period.quarter) == told[-1].points  # the last one is the year
    for one in told:
        assert f"{one.rank_state} of {one.row.officer_count}" in page
    assert "all months sealed" in page
    assert "मेरा स्थान: वित्तीय वर्ष 2025-26 की चौथी तिमाही" in hindi


def test_neighbours_are_told_by_their_distance_and_never_by_name(visit, asha):
    standing = queries.standing_of(asha.id, YEAR)
    around = queries.neighbours(standing, scope=BoardScope.DEPARTMENT)
    others = [
        score.officer_id
        for score in MonthlyScore.select().where(in_month(YEAR, MonthlyScore), MonthlyScore.rank_department > 3)
        if score.officer_id != asha.id
    ]
    Officer.update(name_hi="गुप्त", name_en="Hidden").where(Officer.id.in_(others)).execute()

    page = words_of(visit("asha", language="en").get("/me/scores"))
    place = page.partition("My place: Financial year 2025-26")[2]

    assert "Hidden" not in page
    for beside, words in ((around.ahead, "more"), (around.behind, "fewer")):
        if beside and beside.rank > 3:
            assert f"{beside.gap} point" in place
            assert words in place


def test_who_has_no_score_in_the_period_reads_of_none(visit, asha):
    MonthlyScore.delete().where(MonthlyScore.officer == asha, in_month("2026-01", MonthlyScore)).execute()
    ScorePeriod.update(inputs="").execute()
    service.add_up(by=SYSTEM)

    page = words_of(visit("asha", language="en").get("/me"))

    assert "Fourth quarter of 2025-26" not in page
    assert "Financial year 2025-26" in page
