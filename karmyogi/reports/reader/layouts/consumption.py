"""The enrolment report: an officer's row for one content and batch."""

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
    simplified,
    without,
)
from karmyogi.reports.reader.rows import Cells, extra, ignored_keys, join_external, rejected, remark
from karmyogi.reports.rules import ConsumptionRow, Fault

CONSUMPTION_2025_10 = headers(
    "Full_Name·Designation·Email·Phone_Number·MDO_Name·Group·Tag·Ministry·Department·Organization·Content_Provider·"
    "Content_Name·Content_Type·Content_Duration·Batch_Id·Batch_Name·Batch_Start_Date·Batch_End_Date·Enrolled_On·"
    "Status·Content_Progress_Percentage·Last_Published_On·Content_Retired_On·Completed_On·Certificate_Generated·"
    "User_Rating·Gender·Category·External_System·External_System_Id·mdoid·Certificate_ID·Report_Last_Generated_On·"
    "Live_CBP_Plan_Mandate"
)
_CONSUMPTION_2023 = headers(
    "Full_Name·Designation·Email·Phone_Number·Group·Tag·Ministry·Department·Organization·CBP_Provider·CBP_Name·"
    "CBP_Type·CBP_Duration·Batch_Id·Batch_Name·Batch_Start_Date·Batch_End_Date·Enrolled_On·Status·"
    "CBP_Progress_Percentage·Last_Published_On·CBP_Archived_On·Completed_On·Certificate_Generated·User_Rating·Gender·"
    "Category·External_System·External_System_Id·mdoid·Report_Last_Generated_On"
)


def _consumption(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> ConsumptionRow | Fault:
    ignored = ignored_keys(layout, cells, values)
    join_external(values)
    row = ConsumptionRow._make((line_number, *values, ignored, (), extra(layout, cells)))
    why = rules.why_consumption_rejected(row)
    if why:
        return rejected(layout, row, cells, why)
    return _flagged(layout, row, cells) if rules.suspicion(row, to_the_second=True) else row


def _flagged(layout: Layout, row: ConsumptionRow, cells: Cells) -> ConsumptionRow:
    completed, enrolled = (cells[layout.columns[name]] for name in ("completed_at", "enrolled_at"))
    code = rules.suspicion(row, to_the_second=rules.has_clock(completed) and rules.has_clock(enrolled))
    if code is None:
        return row
    column = layout.heading("completed_at")
    return row._replace(flags=(remark(code, column, completed),))


CONSUMPTION = KindOfSheet(
    Kind.CONSUMPTION,
    "user-enrollment-report.csv",
    (
        *PERSON,
        Column("full_name", rules.text, NAME),
        Column("designation", rules.text, ("Designation",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("content_provider", rules.text, ("Content_Provider", "CBP_Provider")),
        Column("content_name", rules.normalised_name, ("Content_Name", "CBP_Name"), needed=True, filled=True),
        Column("content_type", rules.text, ("Content_Type", "CBP_Type")),
        Column("duration_seconds", rules.duration, ("Content_Duration", "CBP_Duration")),
        Column("batch_id", rules.text, ("Batch_Id",)),
        Column("batch_name", rules.text, ("Batch_Name",)),
        Column("batch_start_on", rules.date_in, ("Batch_Start_Date",)),
        Column("batch_end_on", rules.date_in, ("Batch_End_Date",)),
        Column("enrolled_at", rules.datetime_in, ("Enrolled_On",), repeats=False),
        Column("status", rules.status, ("Status",), needed=True, filled=True),
        Column("progress_hundredths", rules.progress, ("Content_Progress_Percentage", "CBP_Progress_Percentage")),
        Column("last_published_on", rules.date_in, ("Last_Published_On",)),
        Column("content_retired_on", rules.date_in, ("Content_Retired_On", "CBP_Archived_On")),
        Column("completed_at", rules.datetime_in, ("Completed_On",), needed=True, repeats=False),
        Column("is_certificate_generated", rules.yes_no, ("Certificate_Generated",)),
        Column("user_rating", rules.rating, ("User_Rating",)),
        Column("certificate_id", rules.text, ("Certificate_ID",), repeats=False),
        Column("is_live_plan_mandate", rules.yes_no, ("Live_CBP_Plan_Mandate",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2023": _CONSUMPTION_2023,
        "2024": without(CONSUMPTION_2025_10, "MDO_Name"),
        "2025-10": CONSUMPTION_2025_10,
        "2025-11": (*CONSUMPTION_2025_10, *CADRE),
        "2026": (*CONSUMPTION_2025_10, *CADRE, "Employee Id", "enrolment_status", "unenrolled_on"),
    },
    _consumption,
    set_aside=frozenset(map(simplified, ("Group", "Tag", "Tags", "Ministry", "Gender", "Category", *CADRE))),
    foreign=frozenset({"unenrolmentreason"}),
)
