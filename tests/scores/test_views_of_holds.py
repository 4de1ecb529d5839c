"""The pages on which a score is held, and what the officer, the board and a nomination say of it."""

import pytest

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.demo.cast import CAST
from karmyogi.nominations.models import Nomination
from karmyogi.people.models import Officer
from karmyogi.scores.models import MonthlyScore, ScoreHold, ScoreMonth, ScorePeriod
from karmyogi.scores.service import add_up, run_month
from tests.factories import make_attendance
from tests.visitors import words_of

FEBRUARY = Month(2026, 2)
WHY = "Forty courses on one day"
CODES = {member.key: member.employee_code for member in CAST}


def asha() -> Officer:
    return Officer.get(Officer.employee_code == CODES["asha"])


@pytest.fixture(autouse=True)
def february(visit) -> None:
    """Asha has points in a month that is not sealed."""
    make_attendance(asha(), FEBRUARY.first_on)
    run_month(FEBRUARY, by=SYSTEM)


def propose(visit) -> ScoreHold:
    sunita = visit("sunita", language="en")
    sunita.get(f"/officers/{asha().id}/hold")
    answer = sunita.post(f"/officers/{asha().id}/hold", {"month": "2026-02", "reason": WHY})
    assert answer.status_code == 302
    return ScoreHold.get()


def act(visit, who: str, case: ScoreHold, action: str, remark: str = ""):
    browser = visit(who, language="en")
    browser.get(f"/holds/{case.id}")
    return browser.post(f"/holds/{case.id}/{action}", {"remark": remark})


def test_sunita_is_led_from_the_officers_page_to_a_form_with_open_months_only(visit):
    sunita = visit("sunita", language="en")

    page, form = sunita.get(f"/officers/{asha().id}"), sunita.get(f"/officers/{asha().id}/hold")

    assert f'href="/officers/{asha().id}/hold"' in page.text
    assert ('value="2026-02"' in form.text, 'value="2026-01"' in form.text) == (True, False)
    assert f'href="/officers/{asha().id}/hold"' not in visit("ravi", language="en").get(f"/officers/{asha().id}").text


def test_a_sealed_month_cannot_be_asked_for(visit):
    sunita = visit("sunita", language="en")
    sunita.get(f"/officers/{asha().id}/hold")

    page = sunita.post(f"/officers/{asha().id}/hold", {"month": "2026-01", "reason": WHY})

    assert (page.status_code, ScoreHold.select().count()) == (422, 0)


def test_lakshmi_confirms_and_asha_reads_why_beside_her_points(visit):
    case = propose(visit)
    before = words_of(visit("asha", language="en").get("/me/scores/2026-02"))
    waits = words_of(visit("lakshmi", language="en").get("/"))

    answer = act(visit, "lakshmi", case, "hold_confirm")
    run_month(FEBRUARY, by=SYSTEM)

    month = words_of(visit("asha", language="en").get("/me/scores/2026-02"))
    assert "Proposals to hold a score" in waits
    assert WHY not in before
    assert answer.status_code == 302
    assert (
        MonthlyScore.select().where((MonthlyScore.month == "2026-02") & (MonthlyScore.officer == asha())).count() == 0
    )
    assert month.count(WHY) == 1
    assert "3 Points Ranking on hold" in month
    assert "has put the score of this month on hold" in month
    assert "No record in this month" not in month
    for path in ("/me", "/me/scores"):
        assert WHY in words_of(visit("asha", language="en").get(path))


def test_who_proposed_is_told_why_the_confirmation_is_not_theirs(visit):
    case = propose(visit)

    page, answer = visit("sunita", language="en").get(f"/holds/{case.id}"), act(visit, "sunita", case, "hold_confirm")

    assert "somebody else must take this step" in words_of(page)
    assert (answer.status_code, ScoreHold.get().state) == (422, "hold_proposed")


def test_a_release_needs_a_word_and_is_told_to_the_officer(visit):
    case = propose(visit)
    act(visit, "lakshmi", case, "hold_confirm")

    silent = act(visit, "sunita", case, "hold_release")
    act(visit, "sunita", case, "hold_release", "Looked into")

    assert silent.status_code == 422
    assert "Hold released: February 2026" in words_of(visit("asha", language="en").get("/me/scores/2026-02"))
    assert "Ranking on hold" not in words_of(visit("asha", language="en").get("/me"))


def test_the_board_tells_only_the_one_it_concerns(visit):
    ravi, sunita = Officer.get(Officer.employee_code == CODES["ravi"]), visit("sunita", language="en")
    sunita.get(f"/officers/{ravi.id}/hold")
    sunita.post(f"/officers/{ravi.id}/hold", {"month": "2026-02", "reason": WHY})
    act(visit, "lakshmi", ScoreHold.get(), "hold_confirm")

    told = {
        who: "ranking on hold" in words_of(visit(who, language="en").get("/leaderboards?month=2026-02"))
        for who in ("ravi", "meena", "sunita")
    }

    assert told == {"ravi": True, "meena": False, "sunita": False}


def test_a_board_of_a_quarter_tells_whom_it_leaves_out_for_a_month_on_hold(visit):
    ravi, sealed = (
        Officer.get(Officer.employee_code == CODES["ravi"]),
        ScoreMonth.get(ScoreMonth.month == "2026-01"),
    )
    ScoreHold.create(
        officer=ravi, month="2026-01", reason=WHY, state="held",
        proposed_at=sealed.sealed_at, confirmed_at=sealed.sealed_at,
    )  # fmt: skip
    MonthlyScore.delete().where((MonthlyScore.month == "2026-01") & (MonthlyScore.officer == ravi)).execute()
    ScorePeriod.update(inputs="").execute()
    add_up(by=SYSTEM)

    told = {
        (who, month): "You have no place here: your score of January 2026 is on hold"
        in words_of(visit(who, language="en").get(f"/leaderboards?month={month}"))
        for who in ("ravi", "meena")
        for month in ("2025-Q4", "2025-FY", "2025-Q3")
    }

    assert {asked for asked, is_told in told.items() if is_told} == {("ravi", "2025-Q4"), ("ravi", "2025-FY")}


def test_another_department_reads_nothing_of_it(visit):
    case = propose(visit)

    assert visit("imran", language="en").get(f"/holds/{case.id}").status_code == 404
    assert WHY not in words_of(visit("imran", language="en").get("/holds"))
    assert WHY in words_of(visit("ravi", language="en").get("/holds"))
    assert visit("asha", language="en").get(f"/holds/{case.id}").status_code == 403


def test_a_nomination_names_the_month_that_was_sealed_while_on_hold(visit):
    case = Nomination.get()
    sealed, path = ScoreMonth.get(ScoreMonth.month == "2026-01"), f"/nominations/{case.id}"
    before = words_of(visit("sunita", language="en").get(path))

    ScoreHold.create(
        officer=case.officer, month="2026-01", reason=WHY, state="held",
        proposed_at=sealed.sealed_at, confirmed_at=sealed.sealed_at,
    )  # fmt: skip

    after = words_of(visit("sunita", language="en").get(path))
    assert "counts for no nomination: January 2026." not in before
    assert "counts for no nomination: January 2026." in after
