"""The search page, its suggestions, and one officer's page, as each of the cast sees them."""

import json
import re

import pytest

from karmyogi.completions.models import Assessment, Enrolment, Unenrolment
from karmyogi.completions.queries import counted, dues_of
from karmyogi.core.months import now, today
from karmyogi.core.permissions import SYSTEM
from karmyogi.courses.models import Course
from karmyogi.demo.cast import CAST, HEALTH, REVENUE
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.people.service import keep_words
from karmyogi.plans.models import PlanSummary
from karmyogi.reports import service as reports
from karmyogi.store.files import open_files
from karmyogi.trainings.models import ProgrammePart
from tests import worlds
from tests.reports.test_service import consumption
from tests.visitors import words_of

CODES = {member.key: member.employee_code for member in CAST}
SEARCHERS = ("ravi", "meena", "devendra", "sunita", "lakshmi", "thomas")


def officer(key: str) -> Officer:
    return Officer.get(Officer.employee_code == CODES[key])


def page_of(key: str) -> str:
    return f"/officers/{officer(key).id}"


def namesake_of_asha() -> Officer:
    """An officer of Revenue who is called as Asha of Health is."""
    office = OrgUnit.get(OrgUnit.name_en == REVENUE)
    other = (
        Officer.select()
        .join(Posting)
        .join(OrgUnit)
        .where((OrgUnit.department == office) & Officer.employee_code.not_in(list(CODES.values())))
        .first()
    )
    Officer.update(name_hi="आशा साहू", name_en="Asha Sahu").where(Officer.id == other.id).execute()
    keep_words(Officer.id == other.id)
    return other


@pytest.mark.parametrize("typed", ["asha sahu", "आशा साहू", "aasha sahoo", "00000101"])
def test_sunita_finds_asha_by_name_in_either_script_and_by_code(visit, typed):
    page = visit("sunita").get("/officers", query_string={"q": typed})

    assert page.status_code == 200
    assert page_of("asha") in page.text


def test_a_namesake_of_another_department_shows_nowhere(visit):
    other = namesake_of_asha()
    ravi = visit("ravi")

    page = ravi.get("/officers?q=asha sahu").text
    told = json.loads(ravi.get("/officers/suggest?q=asha sahu").text)

    assert page_of("asha") in page
    assert other.employee_code not in page
    assert other.employee_code not in json.dumps(told)
    assert ravi.get(f"/officers/{other.id}").status_code == 404
    assert other.employee_code in visit("sunita").get("/officers?q=asha sahu").text


def test_the_search_is_offered_to_those_who_may_search_and_to_nobody_else(visit):
    for who in SEARCHERS:
        assert 'data-behaviour="find"' in visit(who).get("/").text, who
    for who in ("asha", "pooja", "gopal"):
        visitor = visit(who)
        assert 'data-behaviour="find"' not in visitor.get("/").text, who
        assert visitor.get("/officers?q=asha").status_code == 403, who
        assert visitor.get("/officers/suggest?q=asha").status_code == 403, who


def test_suggestions_are_few_and_lead_to_the_page(visit):
    told = json.loads(visit("sunita").get("/officers/suggest?q=ra").text)

    assert len(told["officers"]) == 8
    assert told["more"] is True
    assert all(set(one) == {"name", "detail", "url"} for one in told["officers"])
    assert visit("sunita").get(told["officers"][0]["url"]).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        *("q=%00", "q=%ff%fe", "q=" + "क" * 5000, "q=%F0%9F%99%8F", "q=a&q=b", "q[]=a", "department=1"),
        *(
            "q=a&department=x",
            "q=a&department=99999999999999999999",
            "q=ra&district=-1",
            "q=a&class=V",
            "q=%25&class=%00",
        ),
    ],
)
def test_whatever_the_address_says_the_search_answers(visit, query):
    sunita = visit("sunita")

    assert sunita.get(f"/officers?{query}").status_code == 200
    assert sunita.get(f"/officers/suggest?{query}").status_code == 200


def test_nothing_found_says_what_to_do(visit):
    assert "No officer found" in words_of(visit("sunita", language="en").get("/officers?q=zzq"))


# One officer's page


def test_gad_sees_everything_of_asha_in_one_place(visit):
    page = words_of(visit("sunita", language="en").get(page_of("asha")))

    for part in ("Asha Sahu", "आशा साहू", "Date of birth", "Contact and account", "Finished courses", "Postings"):
        assert part in page
    for part in ("Points by month", "Awards and honours", "Nominations of this officer", "Achievements"):
        assert part in page


def test_a_count_of_igots_that_differs_from_ours_is_said_to_the_officer_and_to_gad(visit):
    asha = officer("asha")
    dues = dues_of(asha.id, on=today())
    PlanSummary.create(officer=asha, allocated=len(dues) + 2, finished=counted(dues).finished)

    seen = [words_of(visit(who, language="en").get(url)) for who, url in (("sunita", page_of("asha")), ("asha", "/me"))]

    for page in seen:
        assert "The plan as counted here and by iGOT" in page
        assert page.count("Differs by 2") == 1
        assert page.count("The same") == 1


def test_results_programmes_and_courses_left_stand_on_the_officers_pages(visit):
    asha, course = officer("asha"), Course.get()
    Assessment.create(officer=asha, name="Final test", course_name=course.name, is_passed=True, attempted_on=today())
    ProgrammePart.create(officer=asha, programme="Induction", component="Day one", held_on=today(), is_attended=False)
    Unenrolment.create(officer=asha, course=course, left_at=now(), left_on=today(), reason="Transferred")

    seen = [
        words_of(visit(who, language="en").get(url))
        for who, url in (("sunita", page_of("asha")), ("asha", "/me/courses"))
    ]

    for page in seen:
        for part in ("Final test", "Passed", "Induction", "Did not attend", "Courses left", "Transferred"):
            assert part in page


def test_where_igot_counted_nothing_no_comparison_is_made(visit):
    assert "iGOT says" not in words_of(visit("sunita", language="en").get(page_of("asha")))


def test_birth_and_contact_are_told_to_oneself_and_to_those_who_may_know(visit):
    parts = ("Date of birth", "Contact and account")
    told = {
        who: tuple(part in words_of(visit(who, language="en").get(page_of("asha"))) for part in parts)
        for who in ("asha", "ravi", "meena", "devendra", "sunita", "lakshmi", "thomas")
    }

    assert told == {
        "asha": (True, True),
        "ravi": (False, True),
        "meena": (False, False),
        "devendra": (False, False),
        "sunita": (True, True),
        "lakshmi": (False, False),
        "thomas": (False, False),
    }


def test_mobile_and_mail_stand_on_no_page_of_those_who_may_not_know_them(visit):
    asha = officer("asha")
    Officer.update(mobile="9000003737", email="asha@cg.example.in").where(Officer.id == asha.id).execute()

    assert "9000003737" in visit("ravi").get(page_of("asha")).text
    for who in ("meena", "devendra", "lakshmi", "thomas"):
        page = visit(who).get(page_of("asha")).text
        assert "9000003737" not in page, who
        assert "asha@cg.example.in" not in page, who


def test_outside_ones_reach_an_officer_has_no_page(visit):
    assert visit("imran").get(page_of("asha")).status_code == 404
    assert visit("asha").get(page_of("ravi")).status_code == 404
    assert visit("ravi").get("/officers/999999999999999999999").status_code == 404
    assert visit("sunita").get("/officers/0").status_code == 404


def test_who_may_not_read_claims_or_nominations_sees_no_such_part(visit):
    page = words_of(visit("devendra", language="en").get(page_of("asha")))

    assert "Nominations of this officer" not in page
    assert "No achievement has been added." not in page
    assert "Postings" in page


def test_a_months_rank_stands_with_the_size_of_its_group(visit):
    page = words_of(visit("sunita", language="en").get(page_of("asha")))

    assert re.search(r"Rank in the department", page)
    assert re.search(r"\d+ of \d+", page)


def test_a_page_about_one_officer_is_in_hindi_too(visit):
    page = words_of(visit("sunita").get(page_of("asha")))

    assert "पदस्थापनाएँ" in page
    assert HEALTH not in page


# ── Where it comes from, and what was said before ──


def lowered():
    """A later report in which a course that Asha had finished is in progress again; its number."""
    done = Enrolment.select().where((Enrolment.officer == officer("asha")) & (Enrolment.status == "completed")).first()
    course = done.course
    line = (
        f'X,{officer("asha").email},,"{course.provider}","{course.name}",{course.kind},01:00:00,{done.batch},'
        "2025-08-01 10:00:00,in-progress,40,,No,,1,,2026-11-20 11:00:00 AM"
    )
    files = open_files(worlds.media_of("told"))
    origin = reports.receive(consumption(line), files, name="november.csv", by=SYSTEM)
    reports.apply(reports.check(origin, files), files, by=SYSTEM)
    return origin.id, course.name


def test_each_fact_tells_its_file_and_row_and_what_earlier_reports_said(visit):
    number, course = lowered()

    page = visit("sunita", language="en").get(page_of("asha"))
    told = words_of(page).replace(" ,", ",")

    assert f'<a href="/imports/{number}">november.csv</a>' in page.text
    assert told.count("Status: Completed → In progress") == 1
    assert told.count(f"{course}") >= 1
    assert told.count("november.csv, row 2, of 20 November 2026") == 1
    assert told.count("roster.csv, of") >= 1


def test_a_head_reads_the_history_without_a_way_to_the_import(visit):
    lowered()

    page = visit("meena", language="en").get(page_of("asha"))

    assert words_of(page).count("Status: Completed → In progress") == 1
    assert "/imports/" not in page.text
