"""The reports about plans, contents, competencies and courses that were left."""

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
    headers,
    simplified,
    without,
)
from karmyogi.reports.reader.layouts.consumption import CONSUMPTION_2025_10
from karmyogi.reports.reader.rows import of_person, of_thing
from karmyogi.reports.rules import CompetencyRow, ContentRow, SummaryRow, UnenrolmentRow

_SUMMARY_2025_10 = headers(
    "Name·Email·Phone·MDO_Name·Group·Designation·Ministry·Department·Organization·Number of CBP Courses Allocated·"
    "Number of CBP Courses Completed·Number of CBP Courses Completed within due date·mdoid·Report_Last_Generated_On"
)
_CONTENT_2023 = headers(
    "CBP_Provider·CBP_Name·CBP_Type·Batch_Id·Batch_Name·Batch_Start_Date·Batch_End_Date·CBP_Duration·Enrolled·"
    "Not_Started·In_Progress·Completed·CBP_Rating·Last_Published_On·First_Completed_On·Last_Completed_On·"
    "CBP_Archived_On·Total_Certificates_Issued·mdoid·Report_Last_Generated_On"
)
_CONTENT = headers(
    "Content_Status·Content_Provider·Content_Name·Content_Type·Batch_Id·Batch_Name·Batch_Start_Date·Batch_End_Date·"
    "Content_Duration·Enrolled·Not_Started·In_Progress·Completed·Content_Rating·Last_Published_On·First_Completed_On·"
    "Last_Completed_On·Content_Retired_On·Total_Certificates_Issued·mdoid·Report_Last_Generated_On"
)
_COMPETENCY = headers(
    "content_id·content_name·competency_area·competency_area_description·competency_theme·"
    "competency_theme_description·competency_theme_type·competency_sub_theme·competency_sub_theme_description"
)
_UNENROLMENT = (
    *CONSUMPTION_2025_10,
    *CADRE,
    *headers(
        "Employee Id·Enrolment_Status·Unenrolment_Reason·Unenrolment_On·Unenrolment_Comment·Unenrolment_Progress·"
        "Unenrolment_Updated_By·Unenrolment_Action·Karma_Points"
    ),
)

SUMMARY = KindOfSheet(
    Kind.SUMMARY,
    "cbp-report-mdo-summary.csv",
    (
        *PERSON,
        Column("full_name", rules.text, ("Name", "Full_Name", "Learner Name")),
        Column("designation", rules.text, ("Designation",)),
        Column("group", rules.group, ("Group",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("allocated", rules.whole_number, ("Number of CBP Courses Allocated",), needed=True, filled=True),
        Column("finished", rules.whole_number, ("Number of CBP Courses Completed",), needed=True, filled=True),
        Column("in_time", rules.whole_number, ("Number of CBP Courses Completed within due date",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2024": without(_SUMMARY_2025_10, "MDO_Name"),
        "2025-10": _SUMMARY_2025_10,
        "2025-11": (*_SUMMARY_2025_10, *CADRE),
        "2026": (*_SUMMARY_2025_10, *CADRE, "EmployeeId"),
    },
    of_person(SummaryRow),
    set_aside=frozenset(map(simplified, ("Ministry", *CADRE))),
)

CONTENT = KindOfSheet(
    Kind.CONTENT,
    "course-report.csv",
    (
        Column("content_status", rules.text, ("Content_Status", "CBP_Status")),
        Column("content_provider", rules.text, ("Content_Provider", "CBP_Provider")),
        Column("content_name", rules.normalised_name, ("Content_Name", "CBP_Name"), needed=True, filled=True),
        Column("content_type", rules.text, ("Content_Type", "CBP_Type")),
        Column("batch_id", rules.text, ("Batch_Id",)),
        Column("batch_name", rules.text, ("Batch_Name",)),
        Column("batch_start_on", rules.date_in, ("Batch_Start_Date",)),
        Column("batch_end_on", rules.date_in, ("Batch_End_Date",)),
        Column("duration_seconds", rules.duration, ("Content_Duration", "CBP_Duration")),
        Column("enrolled", rules.whole_number, ("Enrolled",), needed=True),
        Column("not_started", rules.whole_number, ("Not_Started",)),
        Column("in_progress", rules.whole_number, ("In_Progress",)),
        Column("completed", rules.whole_number, ("Completed",), needed=True),
        Column("rating_hundredths", rules.stars, ("Content_Rating", "CBP_Rating")),
        Column("last_published_on", rules.date_in, ("Last_Published_On",)),
        Column("first_completed_on", rules.date_in, ("First_Completed_On",)),
        Column("last_completed_on", rules.date_in, ("Last_Completed_On",)),
        Column("content_retired_on", rules.date_in, ("Content_Retired_On", "CBP_Archived_On")),
        Column("certificates", rules.whole_number, ("Total_Certificates_Issued",)),
        *REPORT,
    ),
    {"2023": _CONTENT_2023, "2024": _CONTENT},
    of_thing(ContentRow, rules.why_content_rejected),
)

COMPETENCY = KindOfSheet(
    Kind.COMPETENCY,
    "ContentCompetencyMapping.csv",
    (
        Column("content_id", rules.text, ("content_id",)),
        Column("content_name", rules.normalised_name, ("content_name",), needed=True, filled=True),
        Column("area", rules.normalised_name, ("competency_area",), needed=True, filled=True),
        Column("area_description", rules.text, ("competency_area_description",)),
        Column("theme", rules.normalised_name, ("competency_theme",), needed=True),
        Column("theme_description", rules.text, ("competency_theme_description",)),
        Column("theme_type", rules.text, ("competency_theme_type",)),
        Column("sub_theme", rules.normalised_name, ("competency_sub_theme",)),
        Column("sub_theme_description", rules.text, ("competency_sub_theme_description",)),
    ),
    {"2025": _COMPETENCY},
    of_thing(CompetencyRow),
)

UNENROLMENT = KindOfSheet(
    Kind.UNENROLMENT,
    "user-unenrolment-report.csv",
    (
        *PERSON,
        Column("full_name", rules.text, NAME),
        Column("designation", rules.text, ("Designation",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("content_provider", rules.text, ("Content_Provider",)),
        Column("content_name", rules.normalised_name, ("Content_Name",), needed=True, filled=True),
        Column("content_type", rules.text, ("Content_Type",)),
        Column("duration_seconds", rules.duration, ("Content_Duration",)),
        Column("batch_id", rules.text, ("Batch_Id",)),
        Column("batch_name", rules.text, ("Batch_Name",)),
        Column("enrolled_at", rules.datetime_in, ("Enrolled_On",), repeats=False),
        Column(
            "left_at",
            rules.datetime_in,
            ("Unenrolment_On", "Unenrolment_Timestamp", "Unenrolled_On"),
            needed=True,
            filled=True,
            repeats=False,
        ),
        Column("reason", rules.text, ("Unenrolment_Reason",), needed=True),
        Column("comment", rules.text, ("Unenrolment_Comment",)),
        Column("progress_hundredths", rules.progress, ("Unenrolment_Progress",)),
        Column("updated_by", rules.text, ("Unenrolment_Updated_By",)),
        Column("action", rules.text, ("Unenrolment_Action",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2025": without(_UNENROLMENT, *CADRE, "Employee Id", "Unenrolment_Action", "Karma_Points"),
        "2026": _UNENROLMENT,
    },
    of_person(UnenrolmentRow, rules.why_unenrolment_rejected),
    set_aside=frozenset(map(simplified, ("Group", "Tag", "Tags", "Ministry", "Gender", "Category", *CADRE))),
)
