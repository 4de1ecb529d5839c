"""Rows of the four files, exactly as the roster and the portal's 2025-11 generation of reports write them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from karmyogi.demo.cast import GAD
from karmyogi.demo.courses import KINDS, Expected
from karmyogi.demo.learning import Enrolment, Learner
from karmyogi.demo.people import Person

Row = tuple[str, ...]


def _columns(text: str) -> Row:
    return tuple(text.split(","))


ROSTER = _columns(
    "employee_code,name_en,name_hi,designation,class,department,office,district,email,mobile,gender,birth_on,"
    "joined_on,retires_on,designation_hi,office_hi"
)

USERS = _columns(
    "Full_Name,Designation,Email,Phone_Number,MDO_Name,Group,Tag,Ministry,Department,Organization,"
    "User_Registration_Date,Cadre,Civil Service Type,Civil Services,Cadre Batch,Is From Organised Service of Govt,"
    "Roles,Gender,Category,External_System,External_System_Id,Employee_Id,MDO_Created_On,Profile_Status,"
    "weekly_claps_day_before_yesterday,Karma_Points,Event_Enrolments,Event_Completions,Event_Learning_Hours,"
    "Course_Enrolments,Course_Completions,Course_Learning_Hours,Total_Enrolments,Total_Completions,"
    "Total_Learning_Hours,Report_Last_Generated_On,mdoid"
)

PLANS = _columns(
    "Name,Email,Phone,MDO_Name,Group,Designation,Ministry,Department,Organization,Cadre,Civil Service Type,"
    "Civil Services,Cadre Batch,Is From Organised Service of Govt,Name of CBP Allocated Course,isapar,Allocated On,"
    "Current Progress,Due Date of Completion,Actual Date of Completion,mdoid,Report_Last_Generated_On"
)

ENROLMENTS = _columns(
    "Full_Name,Designation,Email,Phone_Number,MDO_Name,Group,Tag,Ministry,Department,Organization,Cadre,"
    "Civil Service Type,Civil Services,Cadre Batch,Is From Organised Service of Govt,Content_Provider,Content_Name,"
    "Content_Type,Content_Duration,Batch_Id,Batch_Name,Batch_Start_Date,Batch_End_Date,Enrolled_On,Status,"
    "Content_Progress_Percentage,Last_Published_On,Content_Retired_On,Completed_On,Certificate_Generated,User_Rating,"
    "Gender,Category,External_System,External_System_Id,mdoid,Certificate_ID,Report_Last_Generated_On,"
    "Live_CBP_Plan_Mandate"
)

GROUPS = {"I": "Group A", "II": "Group B", "III": "Group C", "IV": "Group D"}
NO_CADRE = ("", "", "", "", "")
CADRES = {
    "SECRETARY": ("Chhattisgarh", "All India Service", "Indian Administrative Service"),
    "COLLECTOR": ("Chhattisgarh", "All India Service", "Indian Administrative Service"),
    "DIVISIONAL COMMISSIONER": ("Chhattisgarh", "All India Service", "Indian Administrative Service"),
    "DEPUTY COLLECTOR": ("Chhattisgarh", "State Civil Service", "State Administrative Service"),
}
EXTERNAL = KINDS["[X]"]


@dataclass(frozen=True)
class Issue:
    """What every row of one issue of the reports shares: the State's name and the moment they were drawn."""

    ministry: str
    state_en: str
    generated_on: str

    @classmethod
    def after(cls, last_on: date, *, ministry: str, state_en: str) -> "Issue":
        """The issue of the 2nd of the month after the story's last day."""
        return cls(ministry, state_en, f"{(last_on + timedelta(days=2)).isoformat()} 11:30:47 AM")


def roster_row(person: Person) -> Row:
    seat = person.seat
    return (
        person.code,
        person.name_en,
        person.name_hi,
        seat.designation_en,
        seat.state_class,
        seat.department_en,
        seat.office_en,
        seat.district_en,
        person.email,
        person.mobile,
        person.gender,
        person.birth_on.isoformat(),
        person.joined_on.isoformat(),
        person.retires_on.isoformat(),
        seat.designation_hi,
        seat.office_hi,
    )


def user_row(person: Person, learner: Learner, issue: Issue) -> Row:
    """The officer's line of the user report; points and weeks of use are life-time figures of the portal's own."""
    begun = str(len(learner.enrolments))
    finished = sum(1 for item in learner.enrolments if item.done_day)
    rated = sum(1 for item in learner.enrolments if item.stars)
    return (
        *_who(person, issue),
        day(learner.registered_day),
        *_cadre(person),
        "PUBLIC, MDO_ADMIN" if person.seat.department_en == GAD and person.is_cast else "PUBLIC",
        person.gender,
        "General",
        "eHRMS",
        f"CG{person.code}",
        person.code,
        "2023-01-01",
        "NOT-VERIFIED" if learner.registered_day % 29 == 0 and not person.is_cast else "VERIFIED",
        str(min(4, finished // 3)),
        str(5 * finished + 2 * rated + learner.registered_day % 40),
        *("", "", ""),
        *(begun, str(finished), ""),
        *(begun, str(finished), ""),
        issue.generated_on,
        mdoid(person.seat.department_en),
    )


def enrolment_rows(person: Person, learner: Learner, issue: Issue) -> Iterator[Row]:
    who = (*_who(person, issue), *_cadre(person))
    organisation = mdoid(person.seat.department_en)
    planned = {item.course.name for item in learner.expected}
    for item in learner.enrolments:
        course = item.course
        yield (
            *who,
            course.provider,
            course.name,
            course.kind,
            course.duration,
            course.batch_id,
            course.batch_name,
            "2025-04-01",
            "",
            moment(item.begun_day, item.begun_second),
            _status(item),
            f"{item.progress:.2f}",
            course.published_on,
            "",
            moment(item.done_day, item.done_second) if item.done_day else "",
            "Yes" if item.certificate_id else "No",
            f"{item.stars}.0" if item.stars else "",
            person.gender,
            EXTERNAL if course.kind == EXTERNAL else "General",
            "eHRMS",
            f"CG{person.code}",
            organisation,
            item.certificate_id,
            issue.generated_on,
            "true" if course.name in planned else "false",
        )


def plan_rows(person: Person, learner: Learner, issue: Issue) -> Iterator[Row]:
    name, designation, email, phone, mdo_name, group, _tag, *place = _who(person, issue)
    begun = {item.course.name: item for item in learner.enrolments}
    for expected in learner.expected:
        item = begun.get(expected.course.name)
        yield (
            name,
            email,
            phone,
            mdo_name,
            group,
            designation,
            *place,
            *_cadre(person),
            *_plan_cells(expected, item),
            mdoid(person.seat.department_en),
            issue.generated_on,
        )


def _plan_cells(expected: Expected, item: Enrolment | None) -> Row:
    return (
        expected.course.name,
        "false",
        expected.allotted_on.isoformat(),
        _progress(item),
        expected.due_on.isoformat(),
        day(item.done_day) if item and item.done_day else "",
    )


def _who(person: Person, issue: Issue) -> Row:
    """The ten cells with which the portal introduces a person."""
    seat = person.seat
    group = GROUPS[seat.state_class]
    return (
        person.name_en,
        seat.designation_en,
        person.igot_email,
        person.mobile,
        f"{seat.department_en} Department, {issue.state_en}",
        group.upper() if person.code[-1] in "13579" else group,  # the portal writes both
        "Mantralaya, Batch 3" if seat.office_en == "Mantralaya" else "",
        issue.ministry,
        seat.department_en,
        "",
    )


def _cadre(person: Person) -> Row:
    cadre = CADRES.get(person.seat.designation_en)
    return (*cadre, str(person.joined_on.year), "Yes") if cadre else NO_CADRE


def _status(item: Enrolment) -> str:
    if item.done_day:
        return "completed"
    return "in-progress" if item.progress else "not-started"


def _progress(item: Enrolment | None) -> str:
    if item is None:
        return "Not Enrolled"
    return _status(item).replace("-", " ").title()


@cache
def mdoid(department_en: str) -> str:
    """The portal's number of a department, twenty digits; made from its name, so always the same."""
    digits = int(hashlib.sha256(department_en.encode()).hexdigest(), 16)
    return f"01{digits % 10**18:018d}"


@cache
def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@cache
def _clock(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"


def moment(ordinal: int, second: int) -> str:
    return f"{day(ordinal)} {_clock(second)}"
