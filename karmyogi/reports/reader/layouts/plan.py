"""The plan (CBP) report: a course that a plan expects of an officer."""

from karmyogi.reports import rules
from karmyogi.reports.reader.columns import (
    CADRE,
    ORGANIZATION,
    PERSON,
    REPORT,
    SYSTEM,
    Column,
    Kind,
    KindOfSheet,
    Layout,
    headers,
    simplified,
    without,
)
from karmyogi.reports.reader.rows import Cells, extra, ignored_keys, join_external, rejected
from karmyogi.reports.rules import Fault, PlanRow

_PLAN_2025_10 = headers(
    "Name·Email·Phone·MDO_Name·Group·Designation·Ministry·Department·Organization·Name of CBP Allocated Course·isapar·"
    "Allocated On·Current Progress·Due Date of Completion·Actual Date of Completion·mdoid·Report_Last_Generated_On"
)


def _plan(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> PlanRow | Fault:
    ignored = ignored_keys(layout, cells, values)
    join_external(values)
    row = PlanRow._make((line_number, *values, ignored, (), extra(layout, cells)))
    why = rules.why_plan_rejected(row)
    return rejected(layout, row, cells, why) if why else row


PLAN = KindOfSheet(
    Kind.PLAN,
    "cbp-report-mdo-enrolment.csv",
    (
        *PERSON,
        Column("full_name", rules.text, ("Name", "Full_Name", "Learner Name")),
        Column("designation", rules.text, ("Designation",)),
        Column("group", rules.group, ("Group",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("course_name", rules.normalised_name, ("Name of CBP Allocated Course",), needed=True, filled=True),
        Column("is_apar", rules.yes_no, ("isapar",)),
        Column("allocated_on", rules.date_in, ("Allocated On",)),
        Column("progress", rules.status, ("Current Progress",)),
        Column("due_on", rules.date_in, ("Due Date of Completion",)),
        Column("completed_on", rules.date_in, ("Actual Date of Completion",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2024": without(_PLAN_2025_10, "MDO_Name", "isapar"),
        "2025-10": _PLAN_2025_10,
        "2025-11": (*_PLAN_2025_10, *CADRE),
        "2026": (*_PLAN_2025_10, *CADRE, "EmployeeId"),
    },
    _plan,
    set_aside=frozenset(map(simplified, ("Ministry", *CADRE))),
)
