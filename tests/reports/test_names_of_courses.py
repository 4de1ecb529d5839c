"""Suggestions of names that mean one course, and the page where GAD decides about them."""

import pytest

from karmyogi.courses.models import Course, CourseAlias
from karmyogi.reports import queries
from karmyogi.store.files import open_files
from karmyogi.store.imports import ImportRow
from tests.reports.scene import PLAN_HEADER, officer, plan_row, row, take
from tests.reports.test_views import CAST
from tests.visitors import words_of
from tests.web.site import opened_site


@pytest.fixture
def site(db, settings):
    with opened_site(settings, db, CAST) as site:
        yield site


@pytest.fixture
def files(site, settings):
    return open_files(settings.media_url)


def suggested() -> list[tuple[str, str, str, tuple[int, int]]]:
    return [(one.one.name, one.other.name, one.why, one.uses) for one in queries.suggestions()]


def test_names_nearly_alike_are_suggested_with_how_much_stands_under_each(site, files):
    officer(email="a@x.in")
    take(files, row(email="a@x.in"), row(email="a@x.in", course="Noting (Revised)"), row(email="a@x.in", course="Yoga"))
    take(files, plan_row(email="a@x.in", course="Yoga 2025"), header=PLAN_HEADER)

    assert suggested() == [
        ("Noting", "Noting (Revised)", "near_names", (1, 1)),
        ("Yoga", "Yoga 2025", "near_names", (1, 1)),
    ]


def test_one_certificate_under_two_names_suggests_that_they_are_one_course(site, files):
    officer(email="a@x.in")
    take(files, row(email="a@x.in", certificate="c-1"))
    later = take(files, row(email="a@x.in", course="Office Procedure", certificate="c-1"))
    again = take(files, row(email="a@x.in", course="Office Procedure", certificate="c-1"))

    [flagged] = ImportRow.select().where(ImportRow.outcome == "flagged")
    assert (flagged.origin, flagged.code, flagged.value) == (later, "certificate_of_other_course", "c-1")
    assert (later.flagged, again.flagged) == (1, 0)
    assert suggested() == [("Noting", "Office Procedure", "one_certificate", (1, 1))]


def test_sunita_decides_and_takes_back_and_nothing_decided_is_suggested_again(site, files):
    officer(email="a@x.in")
    take(files, row(email="a@x.in"), row(email="a@x.in", course="Noting (Revised)"))
    take(files, plan_row(email="a@x.in", course="Noting (New)"), header=PLAN_HEADER)
    old, new = Course.get(Course.name == "Noting"), Course.get(Course.name == "Noting (Revised)")
    sunita = site.browser("sunita")

    sunita.post("/imports/courses", {"course": str(new.id), "other": str(old.id), "verdict": "same"})
    left = suggested()
    sunita.post("/imports/courses", {"course": str(new.id), "name": "Noting (New)", "verdict": "different"})

    assert left == [("Noting (Revised)", "Noting (New)", "near_names", (1, 1))]
    assert suggested() == []
    assert "Noting (New)" in words_of(sunita.get("/imports/courses?view=different"))
    for alias in CourseAlias.select():
        assert sunita.post(f"/imports/courses/{alias.id}/undo").status_code == 302
    assert len(suggested()) == 3


def test_only_who_imports_decides_about_names(site, files):
    for who in ("asha", "meena", "ravi", "lakshmi", "thomas", "gopal"):
        browser = site.browser(who)
        assert browser.get("/imports/courses").status_code == 403
        assert browser.post("/imports/courses", {"course": "1", "other": "2", "verdict": "same"}).status_code == 403


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"course": "x"},
        {"course": "9" * 40, "other": "1"},
        {"course": "9" * 5000, "other": "1"},
        {"course": "1", "verdict": "x"},
    ],
)
def test_what_somebody_writes_into_the_form_breaks_nothing(site, files, told):
    assert site.browser("sunita").post("/imports/courses", told).status_code in (404, 422)


def test_nothing_to_decide_says_so(site):
    assert "No names to decide about" in words_of(site.browser("sunita").get("/imports/courses"))
