"""Two departments side by side, files about officers of both, and what could be told of an officer who is outside."""

from dataclasses import dataclass
from datetime import date

from karmyogi.people.models import Officer, OfficerKey, OrgUnit, Posting
from karmyogi.people.service import keep_words
from karmyogi.reports.reader import KINDS, Kind
from karmyogi.store.db import database
from karmyogi.store.imports import ImportRow
from tests.factories import make_department, make_district, make_office, make_officer, make_posting, make_state
from tests.reports.files import REPORTED, made

OUTSIDE = ("rejected", "outside_reach")
SECRET = "SECRETIVE"  # stands in the name, the code and the keys of an officer of Revenue
COURSE = {"content_provider": "NIC", "content_name": "Noting", "content_type": "Course"}
OF_KIND = {
    Kind.USER: {},
    Kind.CONSUMPTION: COURSE | {"status": "in-progress", "batch_id": "b1"},
    Kind.PLAN: {"course_name": "Noting"},
    Kind.SUMMARY: {"allocated": "12", "finished": "8", "in_time": "6"},
    Kind.UNENROLMENT: COURSE | {"left_at": "2025-12-20 10:00:00"},
    Kind.COURSE_ASSESSMENT: {
        "name": "Final test",
        "course_name": "Noting",
        "attempted_on": "2025-12-20",
        "is_passed": "Yes",
    },
    Kind.PROGRAMME: {"programme": "Induction", "component": "Day one", "status": "completed"},
}


@dataclass(frozen=True)
class Place:
    """Health with an office in Raipur, and Revenue beside it."""

    health: OrgUnit
    hospital: OrgUnit
    revenue: OrgUnit
    tehsil: OrgUnit


def make_neighbours() -> Place:
    state = make_state()
    raipur = make_district(state, "Raipur")
    health, revenue = make_department(state, "Health"), make_department(state, "Revenue")
    found = Place(
        health, make_office(health, raipur, "District Hospital"), revenue, make_office(revenue, raipur, "Tehsil Raipur")
    )
    _known("meena", found.health)
    _known("asha", found.hospital)
    _known("imran", found.tehsil, name=f"{SECRET} Khan", code=f"{SECRET}-1")
    _known("left", found.hospital)
    officer = Officer.get(Officer.employee_code == "E-LEFT")
    Posting.update(to_on=date(2024, 12, 31)).where(Posting.officer == officer).execute()
    make_posting(officer, found.tehsil, from_on=date(2025, 1, 1))
    return found


def _known(key, unit, *, name="", code=""):
    officer = make_officer(name or key.title(), "", unit=unit, employee_code=code or f"E-{key.upper()}")
    OfficerKey.create(kind="email", value=f"{key}@cg.example.in", officer=officer)
    OfficerKey.create(kind="employee_id", value=officer.employee_code, officer=officer)
    keep_words(Officer.id == officer.id)


def report(kind, *rows):
    """A file of the newest generation of the kind that names employee ids."""
    [*_older, newest] = KINDS[kind].generations
    facts = {"mdoid": "77", "generated_at": REPORTED} | OF_KIND[kind]
    return made(kind, newest, *(facts | row for row in rows))


def row(key, told="Health", **facts):
    """A row about whom this e-mail means, who serves in the organisation told."""
    return {"email": f"{key}@cg.example.in", "full_name": key.title(), "mdo_name": told} | facts


def by_line(origin):
    """The outcome of each line, with its reason."""
    rows = ImportRow.select().where((ImportRow.origin == origin) & (ImportRow.outcome != "flagged"))
    return {row.row_number: (row.outcome, row.code) for row in rows}


def learning_of(officer):
    """How many rows of each table of facts are about an officer."""
    tables = ("igot_profile", "enrolment", "obligation", "plan_summary", "unenrolment", "assessment", "programme_part")
    counted = (f"SELECT COUNT(*) FROM {table} WHERE officer_id = {officer.id}" for table in tables)
    return sum(database.execute_sql(one).fetchone()[0] for one in counted)
