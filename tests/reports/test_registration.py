"""Registering officers on iGOT: the lines of the portal's template, who stands in the file, and who may take it."""

import csv
import io
from datetime import date

import pytest

from karmyogi.core.permissions import Actor, Grant, Role
from karmyogi.reports.rules import REGISTRATION_HEADER, Unregistered, registration_line
from karmyogi.store.trail import TrailEntry
from tests import trails
from tests.factories import make_department, make_district, make_office, make_registration, make_state
from tests.reports.scene import officer
from tests.sheets import rows_of
from tests.visitors import words_of
from tests.web.site import opened_site

ASHA = Unregistered(
    7, "00010007", "आशा साहू", "Asha  Sahu-Rao", "asha@x.in", "9876500001", "", "III", "Nurse", "महिला", date(1990, 2, 3)
)


@pytest.fixture
def health(db):
    return make_department(make_state(), "Health")


@pytest.fixture
def raipur(health):
    return make_district(health.line_parent, "Raipur")


@pytest.fixture
def hospital(health, raipur):
    return make_office(health, raipur, "District Hospital")


@pytest.fixture
def site(db, settings, health):
    cast = {
        "asha": Actor(1, "Asha", 1, (Grant(Role.EMPLOYEE),)),
        "meena": Actor(2, "Meena", 2, (Grant(Role.HEAD, health.line_path),)),
        "ravi": Actor(3, "Ravi", 3, (Grant(Role.NODAL, health.line_path), Grant(Role.EMPLOYEE))),
        "sunita": Actor(4, "Sunita", 4, (Grant(Role.GAD),)),
        "thomas": Actor(6, "Thomas", 6, (Grant(Role.AUDITOR),)),
    }
    with opened_site(settings, db, cast) as site:
        yield site


def cells(line: list[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(REGISTRATION_HEADER, line, strict=True) if cell}


def test_a_line_fills_what_the_portal_asks_for_and_leaves_the_rest_blank():
    assert cells(registration_line(ASHA, with_birth=True)) == {
        "Full Name": "Asha Sahu Rao",
        "Email": "asha@x.in",
        "Mobile Number": "9876500001",
        "Group": "Group C",
        "Designation": "Nurse",
        "Gender": "Female",
        "Date of Birth (dd-mm-yyyy)": "03-02-1990",
        "Employee ID": "00010007",
    }


@pytest.mark.parametrize(
    ("told", "said"),
    [("Female", "Female"), ("M", "Male"), ("पुरुष", "Male"), ("स्त्री", "Female"), ("", ""), ("other", "")],
)
def test_the_gender_is_said_in_the_words_of_the_portal(told, said):
    assert registration_line(ASHA._replace(gender=told), with_birth=False)[5] == said


def test_the_group_that_igot_named_stands_before_the_class_of_the_state():
    line = registration_line(ASHA._replace(igot_group="Group B"), with_birth=False)

    assert (line[3], line[7]) == ("Group B", "")


# ── Who stands in the file ──


def names_in(answer) -> list[str]:
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    return [row["Full Name"] for row in rows]


def reachable(name: str, code: str, unit, **keys: str):
    return officer(name, unit=unit, email=f"{code}@x.in", phone=f"98765{code}", **keys)


def test_who_is_on_igot_or_lacks_a_key_is_not_in_the_file_and_the_page_says_why(site, hospital):
    make_registration(reachable("On Already", "00001", hospital), date(2025, 5, 1))
    reachable("Bela Rai", "00002", hospital)
    officer("No Email", unit=hospital, phone="9876500003")
    officer("No Mobile", unit=hospital, email="m@x.in")
    for name, code in (("First Sharing", "00004"), ("Second Sharing", "00005")):
        officer(name, unit=hospital, email=f"{code}@x.in", phone="9876500009")
    ravi = site.browser("ravi")

    page = words_of(ravi.get("/imports/registration"))

    assert names_in(ravi.get("/imports/registration/csv")) == ["Bela Rai"]
    assert [page.count(text) for text in ("On Already", "Bela Rai", "No Email", "No Mobile")] == [0, 0, 1, 1]
    assert page.count("Another officer has the same mobile number") == 3


def test_a_nodal_officer_takes_the_own_unit_only_without_birthdays_and_leaves_a_trace(site, hospital, raipur, health):
    revenue = make_department(health.line_parent, "Revenue")
    mine = reachable("Bela Rai", "00002", hospital)
    mine.birth_on = date(1990, 2, 3)
    mine.save()
    reachable("Imran Khan", "00006", make_office(revenue, raipur, "Tehsil"))

    answer = site.browser("ravi").get(f"/imports/registration/csv?department={revenue.id}")

    assert names_in(answer) == ["Bela Rai"]
    assert "1990" not in answer.data.decode()
    entry = trails.told_last(TrailEntry.action == "registration.export")
    assert (entry.actor, entry.change) == ("Ravi", {"kind": "csv", "rows": 1})


def test_the_administration_chooses_a_department_and_gets_the_portals_template_in_excel(site, hospital, health):
    mine = reachable("Bela Rai", "00002", hospital)
    mine.birth_on = date(1990, 2, 3)
    mine.save()
    sunita = site.browser("sunita")

    asked = words_of(sunita.get("/imports/registration"))
    header, line = rows_of(sunita.get(f"/imports/registration/xlsx?department={health.id}"))

    assert (asked.count("Choose a department"), asked.count("Bela Rai")) == (2, 0)
    assert (header, line[0], line[7]) == (list(REGISTRATION_HEADER), "Bela Rai", "03-02-1990")


@pytest.mark.parametrize("who", ["asha", "meena", "thomas"])
def test_nobody_else_takes_it(site, hospital, who):
    reachable("Bela Rai", "00002", hospital)
    browser = site.browser(who)

    assert {browser.get(f"/imports/registration{rest}").status_code for rest in ("", "/csv", "/xlsx")} == {403}
    assert not TrailEntry.select().where(TrailEntry.action == "registration.export").exists()


def test_where_everybody_is_on_igot_the_page_says_so(site, hospital):
    make_registration(reachable("On Already", "00001", hospital), date(2025, 5, 1))

    assert "Everybody is on iGOT" in words_of(site.browser("ravi").get("/imports/registration"))
