"""A small State for tests of the queue: officers with keys, and files of a few rows."""

import io

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer, OfficerKey
from karmyogi.people.service import keep_words
from karmyogi.reports import service
from karmyogi.reports.models import QueuedPerson
from karmyogi.store.imports import Import
from tests.factories import make_department, make_district, make_office, make_officer, make_state, number

HEADER = (
    "Full_Name,Designation,Email,Phone_Number,Department,Organization,Employee_Id,Content_Provider,Content_Name,"
    "Content_Type,Content_Duration,Batch_Id,Enrolled_On,Status,Completed_On,Certificate_Generated,Certificate_ID,"
    "mdoid,Report_Last_Generated_On"
)
PLAN_HEADER = (
    "Name,Email,Phone,Employee_Id,Name of CBP Allocated Course,Due Date of Completion,Report_Last_Generated_On"
)


def make_place():
    """An office of Health in Raipur, with all above it."""
    state = make_state()
    return make_office(make_department(state, "Health"), make_district(state, "Raipur"), "District Hospital")


def officer(name="Asha Sahu", name_hi="आशा साहू", *, unit=None, **keys):
    """An officer whom a roster taught these keys: email, phone, employee_id, igot_id, external."""
    found = make_officer(name, name_hi, unit=unit, email=keys.get("email", ""), mobile=keys.get("phone", ""))
    teach(found, employee_id=found.employee_code, **{k: v for k, v in keys.items() if k != "employee_id"})
    keep_words(Officer.id == found.id)
    return found


def teach(found, **keys):
    for kind, value in keys.items():
        OfficerKey.create(kind=kind, value=value, officer=found)


def row(
    name="Asha Sahu",
    *,
    email="",
    phone="",
    code="",
    course="Noting",
    on="2025-08-14",
    certificate="",
    report="2026-02-02",
):
    """A line of the enrolment report: finished on that day."""
    return (
        f"{name},ASSISTANT GRADE-2,{email},{phone},Health,District Hospital,{code},ISTM,{course},Course,01:00:00,b1,"
        f"2025-08-01 10:00:00,completed,{on} 10:00:00,Yes,{certificate},1,{report} 11:00:00"
    )


def plan_row(name="Asha Sahu", *, email="", phone="", code="", course="Noting", due="2026-03-31"):
    return f"{name},{email},{phone},{code},{course},{due},2026-02-02 11:00:00"


def take(files, *rows, header=HEADER, name="") -> Import:
    """An enrolment report of these lines, applied."""
    text = "\n".join([header, *rows]) + "\n"
    return take_bytes(files, text.encode(), name or f"report-{number()}.csv")


def take_bytes(files, content: bytes, name="again.csv") -> Import:
    origin = service.receive(io.BytesIO(content), files, name=name, by=SYSTEM)
    service.check(origin, files)
    assert origin.state == "checked", origin.refusal
    return service.apply(origin, files, by=SYSTEM)


def outcomes(origin) -> dict[str, int]:
    return {name: count for name, count in service.counts(origin).items() if count}


def person(**by) -> QueuedPerson:
    return QueuedPerson.get(*(getattr(QueuedPerson, name) == value for name, value in by.items()))
