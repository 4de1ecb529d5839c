"""The pages on which points are disputed, answered and decided."""

import re

import pytest

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores.models import Dispute
from karmyogi.scores.service import run_month
from tests.visitors import words_of

SAID = {
    "line": "course",
    "words": "12 जनवरी का पाठ्यक्रम नहीं गिना गया",
    "achievement": "",
    "reference": "iGOT 12.01.2026",
}


def raise_it(visit, **changed: str) -> Dispute:
    asha = visit("asha", language="en")
    asha.get("/me/scores/2026-01/dispute")
    answer = asha.post("/me/scores/2026-01/dispute", {**SAID, **changed})
    assert answer.status_code == 302
    return Dispute.select().order_by(Dispute.id.desc()).get()


def act(visit, who: str, case: Dispute, action: str, remark: str = "देखा"):
    browser = visit(who, language="en")
    browser.get(f"/disputes/{case.id}")
    return browser.post(f"/disputes/{case.id}/{action}", {"remark": remark})


def test_asha_is_led_from_a_line_of_her_month_to_the_form_with_that_line_chosen(visit):
    asha = visit("asha", language="en")

    month, form = asha.get("/me/scores/2026-01"), asha.get("/me/scores/2026-01/dispute?line=hours")

    assert 'href="/me/scores/2026-01/dispute?line=hours"' in month.text
    assert "Something missing or wrong?" in words_of(month)
    assert 'selected value="hours"' in form.text


def test_a_dispute_without_words_is_asked_again_and_keeps_what_was_chosen(visit):
    asha = visit("asha", language="en")
    asha.get("/me/scores/2026-01/dispute")

    page = asha.post("/me/scores/2026-01/dispute", {**SAID, "words": "", "line": "hours"})

    assert (page.status_code, Dispute.select().count()) == (422, 0)
    assert 'selected value="hours"' in page.text
    assert "What is wrong: Fill in this field." in words_of(page)


def test_a_second_dispute_of_the_same_line_is_refused_beside_the_line(visit):
    raise_it(visit)
    asha = visit("asha", language="en")
    asha.get("/me/scores/2026-01/dispute")

    page = asha.post("/me/scores/2026-01/dispute", SAID)

    assert (page.status_code, Dispute.select().count()) == (422, 1)
    assert "Line of the score: Your dispute of this line is still open." in words_of(page)


def test_the_employee_reads_every_step_and_reason(visit):
    case = raise_it(visit)
    asha = visit("asha", language="en")
    own = words_of(asha.get("/me"))

    queue = words_of(visit("ravi", language="en").get("/disputes"))
    answered = act(visit, "ravi", case, "agree", "The list has her name")
    act(visit, "sunita", case, "uphold", "The record will be put right")

    page, listed = words_of(asha.get(f"/disputes/{case.id}")), words_of(asha.get("/me/disputes"))
    assert "My disputes" in own
    assert "1 dispute waits for you." in queue
    assert (answered.status_code, answered.location) == (302, "/disputes")
    assert "The list has her name" in page
    assert "The record will be put right" in page
    assert "Upheld" in listed


@pytest.mark.parametrize(
    ("month", "said"), [("2026-01", "The month is sealed and stays as it is"), ("2026-02", "The month is not sealed")]
)
def test_what_an_upheld_dispute_comes_to_is_said_plainly(visit, month, said):
    run_month(Month(2026, 2), by=SYSTEM)
    asha = visit("asha", language="en")
    asha.get(f"/me/scores/{month}/dispute")
    asha.post(f"/me/scores/{month}/dispute", SAID)
    case = Dispute.get()
    act(visit, "ravi", case, "agree")
    act(visit, "sunita", case, "uphold")

    assert said in words_of(asha.get(f"/disputes/{case.id}"))


def test_a_step_without_a_reason_is_asked_again(visit):
    case = raise_it(visit)

    page = act(visit, "ravi", case, "disagree", "")

    assert page.status_code == 422
    assert Dispute.get_by_id(case.id).state == "raised"


def test_asha_withdraws_and_nobody_is_asked_any_more(visit):
    case = raise_it(visit)
    asha = visit("asha", language="en")
    asha.get(f"/disputes/{case.id}")

    asha.post(f"/disputes/{case.id}/withdraw")

    assert Dispute.get_by_id(case.id).state == "withdrawn"
    assert "No dispute waits for you" in words_of(visit("ravi", language="en").get("/disputes"))


def test_who_answered_is_told_why_the_decision_is_not_theirs(visit):
    case = raise_it(visit)
    act(visit, "sunita", case, "agree")

    page = visit("sunita", language="en").get(f"/disputes/{case.id}")

    assert "somebody else must take this step" in words_of(page)
    assert "/uphold" not in page.text


def test_another_departments_nodal_officer_finds_nothing(visit):
    case = raise_it(visit)
    imran = visit("imran", language="en")

    assert imran.get(f"/disputes/{case.id}").status_code == 404
    assert "No dispute waits for you" in words_of(imran.get("/disputes"))


def test_the_auditor_reads_what_is_open_and_can_take_no_step(visit):
    case = raise_it(visit)
    thomas = visit("thomas", language="en")

    listed, page = thomas.get("/disputes"), thomas.get(f"/disputes/{case.id}")
    assert "1 dispute is open." in words_of(listed)
    assert f"/disputes/{case.id}" in listed.text
    assert not re.findall(r"/disputes/\d+/\w+", page.text)

    act(visit, "ravi", case, "agree")
    act(visit, "sunita", case, "uphold")
    assert "No dispute is open" in words_of(thomas.get("/disputes"))


def test_no_dispute_can_rest_on_somebody_elses_achievement(visit):
    asha = visit("asha", language="en")
    asha.get("/me/scores/2026-01/dispute")

    page = asha.post("/me/scores/2026-01/dispute", {**SAID, "achievement": "999999"})

    assert (page.status_code, Dispute.select().count()) == (422, 0)
