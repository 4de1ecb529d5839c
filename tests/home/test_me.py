"""The employee's own pages: for everybody, with and without records, light enough for a slow line."""

import gzip
import re
from datetime import date, timedelta

import pytest

from karmyogi.accounts import service as accounts
from karmyogi.awards import service as awards
from karmyogi.awards.models import Award
from karmyogi.completions.models import Completion
from karmyogi.core.months import today
from karmyogi.core.permissions import SYSTEM
from karmyogi.demo import story
from karmyogi.demo.cast import CAST
from karmyogi.people.models import Officer
from karmyogi.scores.models import MonthlyScore
from tests import factories
from tests.factories import AT
from tests.house.test_lists import statements
from tests.visitors import words_of

LIGHT_BYTES, FEW_REQUESTS = 60_000, 6
HEADERS_BYTES = 1_100  # of each answer


def arrive_as(visit, officer: Officer, *, language: str = "en"):
    """An officer of the story who is not of the cast, with an account of their own."""
    login = f"officer-{officer.id}"
    accounts.create_user(login, name_en=officer.name_en or "-", officer=officer, is_demo=True, by=SYSTEM)
    return visit(login, language=language)


def asha() -> Officer:
    code = next(member.employee_code for member in CAST if member.key == "asha")
    return Officer.get(Officer.employee_code == code)


@pytest.mark.parametrize("language", ["hi", "en"])
def test_everybody_of_the_cast_has_a_page(visit, language):
    pages = {member.key: visit(member.key, language=language).get("/me") for member in CAST}

    assert {key: page.status_code for key, page in pages.items()} == dict.fromkeys(pages, 200)


def test_the_page_names_the_officer_in_both_scripts_with_post_and_office(visit):
    page = words_of(visit("asha", language="en").get("/me"))

    assert "Asha Sahu आशा साहू ASSISTANT GRADE-2 · " in page
    assert "iGOT data as on" in page


def test_whoever_is_new_is_welcomed_and_shown_the_first_step(visit):
    novice = Officer.create(employee_code="NEW-1", name_hi="नवल", name_en="Naval")

    page = arrive_as(visit, novice).get("/me")

    assert page.status_code == 200
    assert "Welcome!" in words_of(page)
    assert "Register on iGOT Karmayogi with your mobile number" in words_of(page)
    assert "<table" not in page.text


def test_the_pages_behind_it_say_what_to_expect_while_they_are_empty(visit):
    visitor = arrive_as(visit, Officer.create(employee_code="NEW-2", name_en="Naval"))

    assert "No course yet" in words_of(visitor.get("/me/courses"))
    assert "No score yet" in words_of(visitor.get("/me/scores"))


def test_neighbours_are_told_by_their_distance_and_never_by_name(visit):
    for score in MonthlyScore.select().where((MonthlyScore.month == "2026-01") & (MonthlyScore.rank_department > 3)):
        Officer.update(name_hi=f"गुप्त{score.officer_id}", name_en=f"Hidden{score.officer_id}").where(
            (Officer.id == score.officer_id) & (Officer.id != asha().id)
        ).execute()
    late = MonthlyScore.get((MonthlyScore.month == "2026-01") & (MonthlyScore.officer == asha()))

    page = words_of(visit("asha", language="en").get("/me"))

    assert late.points > 0
    assert "The rank after you" in page
    assert "Hidden" not in page


def test_dues_stand_by_date_with_the_days_left_and_what_is_done_is_folded_away(visit):
    officer = Officer.create(employee_code="DUE-1", name_en="Naval")
    for name, days in (("Ethics", 5), ("Vigilance", -3), ("Budget", 1)):
        factories.make_obligation(officer, name, due_on=today() + timedelta(days=days))
    factories.make_obligation(officer, "Finished Already", due_on=today())
    factories.make_completion(officer, factories.make_course("Finished Already"), AT)

    page = words_of(arrive_as(visit, officer).get("/me"))

    # the plan's section, after whatever the next step says
    section = page[page.index("Courses of the plan") :]
    assert re.findall(r"3 days overdue|Due tomorrow|5 days left|1 course finished", section) == [
        "3 days overdue",
        "Due tomorrow",
        "5 days left",
        "1 course finished",
    ]
    assert section.index("Vigilance") < section.index("Budget") < section.index("Ethics")


def test_asha_says_that_she_has_downloaded_her_certificate(visit):
    visitor = visit("asha", language="en")
    visitor.get("/me")

    said = visitor.post("/me/steps/download", follow_redirects=True)
    again = visitor.post("/me/steps/download")

    assert "Submit the certificate here under Achievements" in words_of(said)
    assert "by your own word" in words_of(said)
    assert again.status_code == 422


def test_asha_takes_back_that_she_has_downloaded_it(visit):
    visitor = visit("asha", language="en")
    visitor.get("/me")
    visitor.post("/me/steps/download")

    offered = words_of(visitor.get("/me"))
    undone = words_of(visitor.post("/me/steps/download/take-back", follow_redirects=True))
    again = visitor.post("/me/steps/download/take-back")

    assert "I have not downloaded it yet" in offered
    assert "I have not downloaded it yet" not in undone
    assert "I have downloaded it" in undone
    assert again.status_code == 422


def test_courses_are_read_page_by_page_and_only_ones_own(visit):
    officer, other = Officer.create(employee_code="LONG-1", name_en="Naval"), asha()
    for number in range(60):
        factories.make_completion(
            officer, factories.make_course(f"Course No {number:02d}"), AT - timedelta(days=number)
        )
    visitor = arrive_as(visit, officer)

    first = visitor.get("/me/courses")
    following = visitor.get(re.search(r'rel="next" href="([^"]+)"', first.text)[1])
    foreign = visitor.get(f"/me/courses?before={Completion.get(Completion.officer == other).id}")

    assert re.findall(r"Course No \d\d", words_of(first)) == [f"Course No {n:02d}" for n in range(50)]
    assert re.findall(r"Course No \d\d", words_of(following)) == [f"Course No {n:02d}" for n in range(50, 60)]
    assert "No course yet" in words_of(foreign)


def test_months_are_listed_newest_first_and_lead_to_their_explanation(visit):
    page = visit("asha").get("/me/scores")

    months = re.findall(r'href="/me/scores/(\d{4}-\d{2})"', page.text)
    assert months == sorted(months, reverse=True)
    assert visit("asha").get("/me/scores?before=2025-08").text.count('href="/me/scores/2025') == 4


def test_the_page_costs_the_same_however_much_an_officer_has_learnt(visit):
    visitor, officer = visit("asha"), asha()
    visitor.get("/me")
    with statements() as few:
        visitor.get("/me")
    for number in range(30):
        course = factories.make_course(f"More {number}")
        factories.make_completion(officer, course, AT - timedelta(days=number), has_certificate=True)
        factories.make_obligation(officer, f"Owed {number}", due_on=date(2026, 12, 1))
        factories.make_achievement(officer, course, date(2026, 1, 1), state="submitted")

    with statements() as many:
        visitor.get("/me")

    assert sum(many.values()) == sum(few.values())
    assert max(many.values()) < 4


def test_the_page_is_light_and_needs_few_requests(visit):
    visitor = visit("asha")
    page = visitor.get("/me")
    head = page.text[: page.text.index("</head>")]
    files = [*re.findall(r'href="(/static/[^"]+)"', head), *re.findall(r'src="([^"]+)"', page.text)]

    weight = len(page.data) + sum(len(gzip.compress(visitor.client.get(file).data)) for file in files)

    assert 1 + len(files) <= FEW_REQUESTS
    assert weight + FEW_REQUESTS * HEADERS_BYTES <= LIGHT_BYTES


# Awards to share


def test_an_awardee_shares_the_picture_and_the_address_that_proves_it(visit):
    award = Award.select().where(Award.state == "given").first()
    visitor = arrive_as(visit, award.officer)

    me, page = visitor.get("/me"), visitor.get(f"/me/awards/{award.id}")
    picture, whole = (visitor.get(f"/me/awards/{award.id}/picture{size}") for size in ("", "?size=full"))

    assert f'href="/me/awards/{award.id}"' in me.text
    assert f"/verify/{award.document.code}" in page.text
    assert 'href="https://wa.me/?text=' in page.text
    assert (picture.mimetype, whole.mimetype) == ("image/webp", "image/png")
    unchanged = visitor.get(f"/me/awards/{award.id}/picture", headers={"If-None-Match": picture.headers["ETag"]})
    assert unchanged.status_code == 304


def test_nobody_shares_the_award_of_another(visit):
    award = Award.select().where(Award.state == "given").first()

    answers = [visit("asha").get(f"/me/awards/{award.id}{part}").status_code for part in ("", "/picture")]

    assert answers == [404, 404]


def test_an_award_that_was_revoked_is_not_there_to_be_shared(visit):
    award = Award.select().where(Award.state == "given").first()
    awards.revoke_award(award, reason_hi="त्रुटि", reason_en="An error", by=story.actor("lakshmi"))
    visitor = arrive_as(visit, award.officer)

    answers = [visitor.get(f"/me/awards/{award.id}{part}").status_code for part in ("", "/picture")]

    assert answers == [404, 404]
    assert "What became of it" in words_of(visitor.get("/me"))
