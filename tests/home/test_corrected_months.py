"""What an officer, those above them and a nomination read of a sealed month that was corrected since."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from karmyogi.accounts.models import User
from karmyogi.awards.queries.note_sheets import last_ranks
from karmyogi.core.months import Month, now
from karmyogi.demo import story
from karmyogi.nominations import queries as nominations
from karmyogi.nominations.queries.facts import sealed_scores_of
from karmyogi.people.models import Officer
from karmyogi.scores import queries, service
from karmyogi.scores.models import Correction, MonthlyScore, ScoreMonth, in_month
from tests import factories as make
from tests.visitors import words_of

SEALED = Month(2025, 12)
PERIOD = SimpleNamespace(first_month=str(SEALED), last_month=str(SEALED))


@pytest.fixture
def asha(told_db: str) -> Officer:
    return User.get(User.login == "asha").officer


def sealed_points(officer: Officer) -> int:
    return (
        MonthlyScore.select(MonthlyScore.points)
        .where(in_month(SEALED, MonthlyScore), MonthlyScore.officer == officer)
        .scalar()
    )


def correct(officer: Officer, sessions: int = 1) -> Correction:
    """So many sessions more for an officer, entered by a correction."""
    for _ in range(sessions):
        make.make_attendance(officer, SEALED.first_on)
    sunita, lakshmi = story.actor("sunita"), story.actor("lakshmi")
    case = service.draft_correction(SEALED, by=sunita)
    service.propose_correction(case, by=sunita, remark="Confidential words about others")
    return service.approve_correction(case, by=lakshmi)


def test_asha_reads_what_was_sealed_and_what_it_was_corrected_to_and_in_which_line(visit, asha):
    points = sealed_points(asha)
    before = words_of(visit("asha", language="en").get(f"/me/scores/{SEALED}"))

    correct(asha)
    page = words_of(visit("asha", language="en").get(f"/me/scores/{SEALED}"))
    hindi = words_of(visit("asha", language="hi").get(f"/me/scores/{SEALED}"))

    assert "As corrected" not in before
    assert f"Sealed: {points} points. As corrected by no. 1: {points + 3} points." in page
    assert "Correction no. 1 of" in page
    assert "Confidential words" not in page
    assert "सुधार क्र. 1" in hindi


def test_the_list_of_her_months_tells_both_where_they_differ(visit, asha):
    points = sealed_points(asha)
    correct(asha)

    page = words_of(visit("asha", language="en").get("/me/scores"))

    assert f"as corrected by no. 1: {points + 3}" in page
    assert page.count("as corrected by") == 1


def test_those_above_her_read_the_same_and_nobody_of_another_department(visit, asha):
    correct(asha)
    path = f"/officers/{asha.id}/scores/{SEALED}"

    assert "As corrected by no. 1" in words_of(visit("ravi", language="en").get(path))
    assert visit("imran").get(path).status_code == 404


def test_who_only_moved_in_rank_is_told_that_the_points_stay(visit, asha):
    other = Officer.select().join(MonthlyScore).where(in_month(SEALED, MonthlyScore), Officer.id != asha.id).first()
    correct(other)

    page = words_of(visit("asha", language="en").get(f"/me/scores/{SEALED}"))

    assert "The points stay; others were corrected, and ranks moved." in page
    assert other.name_en not in page


def test_who_had_no_score_is_not_told_of_zero_points(visit, asha):
    nobody = make.make_officer(unit=asha.postings.get().unit)
    correct(nobody)

    page = words_of(visit("ravi", language="en").get(f"/officers/{nobody.id}/scores/{SEALED}"))

    assert "Sealed: no score. As corrected by no. 1: 3 points." in page


def test_the_paper_of_the_month_says_it_too(visit, asha):
    correct(asha)

    paper = visit("asha", language="en").get(f"/me/scores/{SEALED}/pdf")

    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")


def test_a_nomination_counts_the_corrected_points_from_the_approval_on_and_names_the_correction(asha):
    points = sealed_points(asha)
    ids = Officer.select(Officer.id).where(Officer.id == asha.id)
    before = nominations.sealed_months(asha, PERIOD)

    case = correct(asha)

    [month] = nominations.sealed_months(asha, PERIOD)
    assert [(one.points, one.correction) for one in before] == [(points, None)]
    assert (month.points, month.correction, month.group_size) == (points + 3, 1, case.officer_count)
    assert month.seal == ScoreMonth.get(ScoreMonth.month == str(SEALED)).seal
    assert list(sealed_scores_of(ids, PERIOD).tuples()) == [(asha.id, points + 3, 1)]
    assert last_ranks([asha.id], PERIOD)[1][asha.id] == (month.rank, case.officer_count)


def test_of_two_corrections_the_last_one_counts(asha):
    points = sealed_points(asha)
    correct(asha)
    correct(asha)

    [month] = nominations.sealed_months(asha, PERIOD)

    assert (month.points, month.correction) == (points + 6, 2)
    assert [row.points_after for row, _lines in queries.corrected_month(asha.id, SEALED).changes] == [
        points + 3,
        points + 6,
    ]


def test_what_was_only_proposed_is_told_nobody_and_counts_nowhere(visit, asha):
    make.make_attendance(asha, SEALED.first_on)
    case = service.draft_correction(SEALED, by=story.actor("sunita"))
    service.propose_correction(case, by=story.actor("sunita"), remark="कारण")

    assert queries.corrected_month(asha.id, SEALED) is None
    assert [one.correction for one in nominations.sealed_months(asha, PERIOD)] == [None]
    assert "As corrected" not in words_of(visit("asha", language="en").get(f"/me/scores/{SEALED}"))


def test_a_dispute_says_which_correction_settled_it(visit, asha):
    month = ScoreMonth.get(ScoreMonth.month == str(SEALED))
    said, at = service.Complaint("session", "A session"), now() - timedelta(days=1)
    case = service.raise_dispute(asha, month, said, by=story.actor("asha"), at=at)
    case = service.answer_dispute(case, "agree", by=story.actor("ravi"), remark="Yes")
    case = service.decide_dispute(case, "uphold", by=story.actor("sunita"), remark="Yes")
    waiting = words_of(visit("asha", language="en").get(f"/disputes/{case.id}"))
    front = visit("sunita", language="en").get("/")

    correct(asha)

    assert "GAD opens a correction for it." in waiting
    assert "Upheld disputes that wait for a correction" in words_of(front)
    assert "Settled by correction no. 1" in words_of(visit("asha", language="en").get(f"/disputes/{case.id}"))
    assert "Upheld disputes that wait" not in words_of(visit("sunita", language="en").get("/"))
