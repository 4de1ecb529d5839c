"""Front pages and the employee's own page."""

from tests.visitors import words_of


def test_a_stranger_sees_the_published_awards_and_where_to_sign_in(visit):
    page = visit().get("/")

    assert page.status_code == 200
    assert words_of(page).count("GAD/KMY/") == 2


def test_asha_reads_her_own_score_with_every_line(visit):
    asha = visit("asha", language="en")

    me, month = asha.get("/me"), asha.get("/me/scores/2025-12")

    assert (me.status_code, month.status_code) == (200, 200)
    assert "Asha Sahu" in words_of(me)
    assert "Lines of the score, by policy version 1" in words_of(month)


def test_a_month_that_was_never_scored_is_not_there(visit):
    asha = visit("asha")

    assert [asha.get(f"/me/scores/{month}").status_code for month in ("2019-01", "2026-13", "x")] == [404] * 3


def test_a_stranger_is_asked_to_sign_in_and_then_sent_where_they_wanted(visit):
    page = visit().get("/me")

    assert page.status_code == 302
    assert page.headers["Location"] == "/login?next=/me"
