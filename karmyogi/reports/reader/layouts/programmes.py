"""The blended programme report: components online and sittings in a room."""

from karmyogi.reports import rules
from karmyogi.reports.reader.columns import (
    NAME,
    ORGANIZATION,
    PERSON,
    REPORT,
    SYSTEM,
    Column,
    Kind,
    KindOfSheet,
    headers,
    simplified,
    without,
)
from karmyogi.reports.reader.rows import of_person
from karmyogi.reports.rules import ProgrammeRow

_PROGRAMME_2025 = headers(
    "Name·Email·Phone_Number·MDO_Name·Designation·Group·Gender·Category·Tag·Ministry·Department·Organization·"
    "Provider_Name·Program_Name·Batch_Name·Batch_Location·Batch_Start_Date·Batch_End_Date·Enrolled_On·Component_Name·"
    "Component_Type·Component_Mode·Status·Component_Duration·Component_Progress_Percentage·Component_Completed_On·"
    "Last_Accessed_On·Offline_Session_Date·Offline_Session_Start_Time·Offline_Session_End_Time·"
    "Offline_Attendance_Status·Instructor(s)_Name·Program_Coordinator_Name·Certificate_Generated·mdoid·"
    "Report_Last_Generated_On"
)
_PROGRAMME_2024 = without(_PROGRAMME_2025, "MDO_Name")
_PROGRAMME_2023 = (
    *without(
        _PROGRAMME_2024,
        "Component_Completed_On",
        "Last_Accessed_On",
        "Offline_Session_Start_Time",
        "Offline_Session_End_Time",
    ),
    "Offline_Session_Time",
)

PROGRAMME = KindOfSheet(
    Kind.PROGRAMME,
    "blended-program-report-mdo.csv",
    (
        *PERSON,
        Column("full_name", rules.text, NAME),
        Column("designation", rules.text, ("Designation",)),
        Column("group", rules.group, ("Group",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("provider", rules.text, ("Provider_Name",)),
        Column(
            "programme",
            rules.normalised_name,
            ("Program_Name", "Programme_Name", "Blended Program_Name"),
            needed=True,
            filled=True,
        ),
        Column("batch_name", rules.normalised_name, ("Batch_Name",)),
        Column("place", rules.text, ("Batch_Location",)),
        Column("batch_start_on", rules.date_in, ("Batch_Start_Date",)),
        Column("batch_end_on", rules.date_in, ("Batch_End_Date",)),
        Column("enrolled_on", rules.date_in, ("Enrolled_On",)),
        Column("component", rules.normalised_name, ("Component_Name",), needed=True, filled=True),
        Column("component_type", rules.text, ("Component_Type",)),
        Column("mode", rules.text, ("Component_Mode",)),
        Column("status", rules.status, ("Status",)),
        Column("duration_seconds", rules.duration, ("Component_Duration",)),
        Column("progress_hundredths", rules.progress, ("Component_Progress_Percentage",)),
        Column("completed_on", rules.date_in, ("Component_Completed_On",)),
        Column("session_on", rules.date_in, ("Offline_Session_Date",), needed=True),
        Column("starts", rules.clock, ("Offline_Session_Start_Time", "Offline_Session_Time")),
        Column("ends", rules.clock, ("Offline_Session_End_Time",)),
        Column("is_attended", rules.attended, ("Offline_Attendance_Status",), needed=True),
        Column("instructors", rules.text, ("Instructor(s)_Name", "Instructor_Name")),
        Column("coordinator", rules.text, ("Program_Coordinator_Name",)),
        Column("is_certificate_generated", rules.yes_no, ("Certificate_Generated",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2023": _PROGRAMME_2023,
        "2024": _PROGRAMME_2024,
        "2025": _PROGRAMME_2025,
        "2026": (*_PROGRAMME_2025, "Employee_Id"),
    },
    of_person(ProgrammeRow, rules.why_programme_rejected),
    set_aside=frozenset(map(simplified, ("Gender", "Category", "Tag", "Tags", "Ministry", "Last_Accessed_On"))),
)
