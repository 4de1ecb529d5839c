"""The two assessment reports: of assessments within courses, and of those that stand alone."""

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
from karmyogi.reports.rules import CourseAssessmentRow, StandaloneAssessmentRow

_COURSE_2025 = headers(
    "User ID·Full Name·Designation·E mail·Phone Number·MDO_Name·Group·Tags·Ministry·Department·Organisation·"
    "Assessment Name·Assessment Type·Assessment/Content Provider·Assessment Publish Date·Course Name·Course ID·"
    "Assessment Duration·Last Attempted Date·Latest Percentage Achieved·Cut off Percentage·Pass·Total Questions·"
    "No of Incorrect Responses·Unattempted Questions·No of Retakes·mdoid·Report_Last_Generated_On"
)
_STANDALONE_2025 = headers(
    "User_ID·Full_Name·Assessment_Name·Overall_Status·Assessment_Status·Percentage_Of_Score·Number_of_Attempts·Email·"
    "Phone·mdoid·Report_Last_Generated_On"
)

COURSE_ASSESSMENT = KindOfSheet(
    Kind.COURSE_ASSESSMENT,
    "cba-report.csv",
    (
        *PERSON,
        Column("full_name", rules.text, NAME),
        Column("designation", rules.text, ("Designation",)),
        Column("group", rules.group, ("Group",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, ORGANIZATION),
        Column("name", rules.normalised_name, ("Assessment Name",), needed=True, filled=True),
        Column("assessment_type", rules.text, ("Assessment Type",)),
        Column("provider", rules.text, ("Assessment/Content Provider",)),
        Column("published_on", rules.date_in, ("Assessment Publish Date",)),
        Column("course_name", rules.normalised_name, ("Course Name",), needed=True),
        Column("content_id", rules.text, ("Course ID",)),
        Column("duration_seconds", rules.duration, ("Assessment Duration",)),
        Column("attempted_on", rules.date_in, ("Last Attempted Date",), needed=True),
        Column("score_hundredths", rules.progress, ("Latest Percentage Achieved",)),
        Column("cut_off_hundredths", rules.progress, ("Cut off Percentage",)),
        Column("is_passed", rules.result, ("Pass",), needed=True),
        Column("questions", rules.whole_number, ("Total Questions",)),
        Column("incorrect", rules.whole_number, ("No of Incorrect Responses",)),
        Column("unattempted", rules.whole_number, ("Unattempted Questions",)),
        Column("retakes", rules.whole_number, ("No of Retakes",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2024": without(_COURSE_2025, "MDO_Name"),
        "2025": _COURSE_2025,
        "2026": (*_COURSE_2025, "Employee_Id", "Roles"),
    },
    of_person(CourseAssessmentRow, rules.why_course_assessment_rejected),
    set_aside=frozenset(map(simplified, ("Tag", "Tags", "Ministry", "Roles"))),
)

STANDALONE_ASSESSMENT = KindOfSheet(
    Kind.STANDALONE_ASSESSMENT,
    "StandaloneAssessmentReport.csv",
    (
        *PERSON,
        Column("full_name", rules.text, NAME),
        Column("name", rules.normalised_name, ("Assessment_Name",), needed=True, filled=True),
        Column("standing", rules.text, ("Overall_Status",)),
        Column("is_passed", rules.result, ("Assessment_Status",), needed=True),
        Column("percentage_hundredths", rules.progress, ("Percentage_Of_Score",)),
        Column("attempts", rules.whole_number, ("Number_of_Attempts",)),
        *REPORT,
        SYSTEM,
    ),
    {
        "2024": without(_STANDALONE_2025, "User_ID"),
        "2025": _STANDALONE_2025,
        "2026": (*_STANDALONE_2025, "Employee_Id"),
    },
    of_person(StandaloneAssessmentRow),
)
