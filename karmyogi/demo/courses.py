"""The catalogue of the fictional state: courses by provider, and the plans that expect some of them by a day."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Course:
    """An item of the catalogue as a report prints it; the duration is `HH:MM:SS`."""

    provider: str
    name: str
    kind: str
    duration: str
    batch_id: str
    batch_name: str
    published_on: str


@dataclass(frozen=True)
class Expected:
    """A course that a plan expects from some officers, allotted and due on these days."""

    course: Course
    allotted_on: date
    due_on: date


# A provider, then its courses: duration and name; [M] moderated course, [P] curated programme, [X] external content.
CATALOGUE = """
Karmayogi Bharat
    00:45:00 Mission Karmayogi: An Introduction
    01:00:00 Code of Conduct for Government Employees
    00:30:00 Understanding Motivation
    01:15:30 Effective Communication
    00:45:00 Stress Management
    01:30:00 Team Building
    02:00:00 Emotional Intelligence at the Workplace
    00:30:00 Time Management
    01:01:01 Data Driven Decision Making
    00:45:00 Introduction to Emerging Technologies
    04:30:00 Citizen Centricity: A Journey for Public Servants [P]
    02:30:00 Jan Bhagidari: Working with Communities [M]
ISTM
    00:45:00 Noting and Drafting
    01:01:01 Prevention of Sexual Harassment at Workplace
    01:30:00 Leadership for Section Officers
    01:00:00 Office Procedure for Assistants
    00:45:00 Record Management
    02:00:00 Reservation in Services: A Primer
    01:15:30 Preparing for a Departmental Inquiry [M]
    00:30:00 Design Thinking for Administrators
DoPT
    01:01:01 Right to Information Act
    00:45:00 Conduct Rules
    00:45:00 Knowledge Sharing in Teams
    01:00:00 Pension and Retirement Benefits
    01:30:00 Vigilance Administration [M]
    00:45:00 Ethics in Public Service
NIC
    00:30:00 e-Office Basics
    01:15:30 Digital File Movement
    00:45:00 Cyber Security Hygiene
    00:45:00 Working with Spreadsheets
    01:00:00 Introduction to GIS
    01:01:01 Court Case Management
    00:45:00 Public Procurement through GeM
    02:00:00 Budget and Public Financial Management System
Chhattisgarh Academy of Administration
    01:00:00 Citizen Centric Service Delivery
    00:45:00 Grievance Redressal
    01:30:00 Service Rules of the State
    01:15:30 Land Records Modernisation
    01:00:00 Chhattisgarh Public Service Guarantee Act
    00:30:00 कार्यालय प्रक्रिया एवं पत्राचार
    00:45:00 राजभाषा हिन्दी में टिप्पण एवं प्रारूपण
    01:00:00 भू-राजस्व संहिता: एक परिचय [M]
    05:00:00 Induction for New Entrants [P]
    01:00:00 Project Management
Thakur Pyarelal Institute of Panchayat and Rural Development
    01:30:00 Panchayat Governance
    01:00:00 पंचायतों में लेखा संधारण
    00:45:00 ग्राम सभा का प्रभावी संचालन
    01:15:30 Social Audit of Rural Works [M]
    01:00:00 Gender Responsive Planning
National Institute of Disaster Management
    01:30:00 Disaster Preparedness
    00:45:00 First Aid in the Office
    01:00:00 Heat Wave Action Plans
State Health Resource Centre
    01:15:30 Health Systems Basics
    00:45:00 Infection Prevention and Control
    01:00:00 मातृ एवं शिशु स्वास्थ्य
    02:00:00 Managing a Primary Health Centre [M]
    00:30:00 Mental Health First Response
    01:00:00 Nutrition through the Life Cycle
Example Learning Marketplace
    00:45:00 Spoken English for the Workplace [X]
    03:00:00 Foundations of Data Analysis [X]
    01:30:00 Presentation Skills [X]
"""

KINDS = {"[M]": "Moderated Course", "[P]": "Curated Program", "[X]": "External Content"}
NO_BATCH = "Not Available"


def _catalogue(text: str) -> tuple[Course, ...]:
    courses: list[Course] = []
    provider = ""
    for line in text.strip().splitlines():
        if line.startswith(" "):
            courses.append(_course(provider, line.split(maxsplit=1), number=len(courses)))
        else:
            provider = line
    return tuple(courses)


def _course(provider: str, duration_and_name: list[str], *, number: int) -> Course:
    duration, name = duration_and_name
    kind = KINDS.get(name[-3:], "Course")
    external = kind == "External Content"
    return Course(
        provider=provider,
        name=name if kind == "Course" else name[:-4],
        kind=kind,
        duration=duration,
        batch_id=NO_BATCH if external else f"01423{856_172_048_801_234 + number * 7_919_331_007:015d}",
        batch_name=NO_BATCH if external else "Open Batch",
        published_on=f"2024-{1 + number % 12:02d}-{1 + number * 7 % 28:02d}",
    )


COURSES = _catalogue(CATALOGUE)
BY_NAME = {course.name: course for course in COURSES}

# For each financial year in turn, then from the start again: course, due month and day.
STATE_PLANS = (
    (
        ("e-Office Basics", (9, 30)),
        ("Digital File Movement", (12, 31)),
        ("Prevention of Sexual Harassment at Workplace", (1, 31)),
    ),
    (
        ("Cyber Security Hygiene", (9, 30)),
        ("Citizen Centric Service Delivery", (12, 31)),
        ("Code of Conduct for Government Employees", (1, 31)),
    ),
)
CLERICAL_PLANS = (
    (("Noting and Drafting", (11, 30)), ("Right to Information Act", (1, 31))),
    (("Record Management", (11, 30)), ("Working with Spreadsheets", (1, 31))),
)
CLERICAL_DESIGNATIONS = frozenset(
    {
        "SECTION OFFICER",
        "ASSISTANT SECTION OFFICER",
        "ASSISTANT GRADE-1",
        "ASSISTANT GRADE-2",
        "ASSISTANT GRADE-3",
    }
)


def expected_of(designation_en: str, *, last_on: date) -> tuple[Expected, ...]:
    """What the plans allotted by `last_on` expect of a registered officer of this designation.

    The State's plan is for everybody and is allotted on 15 April; the plan of
    clerical posts follows on 1 July. Plans run with the financial year from 2025.
    """
    expected: list[Expected] = []
    for index, year in enumerate(range(2025, last_on.year + 1)):
        expected += _of_plan(STATE_PLANS[index % len(STATE_PLANS)], year, date(year, 4, 15))
        if designation_en in CLERICAL_DESIGNATIONS:
            expected += _of_plan(CLERICAL_PLANS[index % len(CLERICAL_PLANS)], year, date(year, 7, 1))
    return tuple(item for item in expected if item.allotted_on <= last_on)


def _of_plan(plan: tuple[tuple[str, tuple[int, int]], ...], year: int, allotted_on: date) -> list[Expected]:
    """A plan's courses with their days; a due month before April lies in the next calendar year."""
    return [Expected(BY_NAME[name], allotted_on, date(year + (month < 4), month, day)) for name, (month, day) in plan]
