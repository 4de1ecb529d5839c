"""The user report: who is registered on iGOT."""

from karmyogi.reports import rules
from karmyogi.reports.reader.columns import (
    CADRE,
    NAME,
    ORGANIZATION,
    PERSON,
    REPORT,
    SYSTEM,
    Column,
    Kind,
    KindOfSheet,
    Layout,
    headers,
)
from karmyogi.reports.reader.rows import Cells, extra, ignored_keys, join_external
from karmyogi.reports.rules import Fault, UserRow

_USER_2023 = headers(
    "Full_Name·Designation·Email·Phone_Number·Group·Tag·Ministry·Department·Organization·User_Registration_Date·Roles·"
    "Gender·Category·External_System·External_System_Id·mdoid·Report_Last_Generated_On·MDO_Created_On·"
    "Verified Karmayogi·weekly_claps_day_before_yesterday"
)
_USER_2025 = (
    *headers(
        "Full_Name·Designation·Email·Phone_Number·MDO_Name·Group·Tag·Ministry·Department·Organization·"
        "User_Registration_Date"
    ),
    *CADRE,
    *headers(
        "Roles·Gender·Category·External_System·External_System_Id·Employee_Id·MDO_Created_On·Profile_Status·"
        "weekly_claps_day_before_yesterday·Karma_Points·Event_Enrolments·Event_Completions·Event_Learning_Hours·"
        "Course_Enrolments·Course_Completions·Course_Learning_Hours·Total_Enrolments·Total_Completions·"
        "Total_Learning_Hours·Report_Last_Generated_On·mdoid"
    ),
)


def _user(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> UserRow | Fault:
    ignored = ignored_keys(layout, cells, values)
    join_external(values)
    return UserRow._make((line_number, *values, ignored, (), extra(layout, cells)))


USERS = KindOfSheet(
    Kind.USER,
    "user-report.csv",
    (
        *PERSON,
        Column("full_name", rules.text, NAME, needed=True),
        Column("designation", rules.text, ("Designation",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("group", rules.group, ("Group",)),
        Column("tags", rules.text_list, ("Tag", "Tags")),
        Column("ministry", rules.text, ("Ministry",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("registered_on", rules.date_in, ("User_Registration_Date",)),
        Column("cadre", rules.text, ("Cadre",)),
        Column("civil_service_type", rules.text, ("Civil Service Type",)),
        Column("civil_service", rules.text, ("Civil Services",)),
        Column("cadre_batch", rules.text, ("Cadre Batch",)),
        Column("is_of_organised_service", rules.yes_no, ("Is From Organised Service of Govt",)),
        Column("is_on_central_deputation", rules.yes_no, ("Is On Central Deputation",)),
        Column("roles", rules.text_list, ("Roles",)),
        Column("gender", rules.text, ("Gender",)),
        Column("mdo_created_on", rules.date_in, ("MDO_Created_On",)),
        Column("profile_status", rules.profile_status, ("Profile_Status", "Verified Karmayogi")),
        Column("weekly_claps", rules.whole_number, ("weekly_claps_day_before_yesterday",)),
        Column("karma_points", rules.whole_number, ("Karma_Points",)),
        Column("event_enrolments", rules.whole_number, ("Event_Enrolments",)),
        Column("event_completions", rules.whole_number, ("Event_Completions",)),
        Column("event_hours_hundredths", rules.learning_hours, ("Event_Learning_Hours",)),
        Column("course_enrolments", rules.whole_number, ("Course_Enrolments",)),
        Column("course_completions", rules.whole_number, ("Course_Completions",)),
        Column("course_hours_hundredths", rules.learning_hours, ("Course_Learning_Hours",)),
        Column("total_enrolments", rules.whole_number, ("Total_Enrolments",)),
        Column("total_completions", rules.whole_number, ("Total_Completions",)),
        Column("total_hours_hundredths", rules.learning_hours, ("Total_Learning_Hours",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2023": _USER_2023,
        "2024": (
            *_USER_2023,
            *headers("Event_Learning_Hr_After_19_Oct·Content_Learning_Hr_After_19_Oct·Total_Learning_Hr_After_19_Oct"),
        ),
        "2025": _USER_2025,
        "2026": ("userID", *_USER_2025, "Is On Central Deputation"),
    },
    _user,
    telling=frozenset({"registered_on", "roles", "profile_status", "weekly_claps", "karma_points"}),
    set_aside=frozenset({"category"}),
)
