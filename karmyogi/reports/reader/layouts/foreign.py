"""Files of the same portal that are not imported: named, so that the refusal can say what was sent."""

from karmyogi.reports.reader.columns import CADRE, headers
from karmyogi.reports.reader.layouts.consumption import CONSUMPTION_2025_10

FOREIGN = {
    "user-unenrolment-report.csv": (
        *CONSUMPTION_2025_10,
        *CADRE,
        *headers(
            "Employee Id·Enrolment_Status·Unenrolment_Reason·Unenrolment_On·Unenrolment_Comment·Unenrolment_Progress·"
            "Unenrolment_Updated_By·Unenrolment_Action·Karma_Points"
        ),
    ),
    "cbp-report-mdo-summary.csv": headers(
        "Name·Email·Phone·MDO_Name·Group·Designation·Ministry·Department·Organization·Number of CBP Courses Allocated·"
        "Number of CBP Courses Completed·Number of CBP Courses Completed within due date·mdoid·Report_Last_Generated_On"
    ),
    "course-report.csv": headers(
        "Content_Status·Content_Provider·Content_Name·Content_Type·Batch_Id·Batch_Name·Batch_Start_Date·"
        "Batch_End_Date·Content_Duration·Enrolled·Not_Started·In_Progress·Completed·Content_Rating·Last_Published_On·"
        "First_Completed_On·Last_Completed_On·Content_Retired_On·Total_Certificates_Issued·mdoid·"
        "Report_Last_Generated_On"
    ),
    "cba-report.csv": headers(
        "User ID·Full Name·Designation·E mail·Phone Number·MDO_Name·Group·Tags·Ministry·Department·Organisation·"
        "Assessment Name·Assessment Type·Assessment/Content Provider·Assessment Publish Date·Course Name·Course ID·"
        "Assessment Duration·Last Attempted Date·Latest Percentage Achieved·Cut off Percentage·Pass·Total Questions·"
        "No of Incorrect Responses·Unattempted Questions·No of Retakes·mdoid·Report_Last_Generated_On"
    ),
    "StandaloneAssessmentReport.csv": headers(
        "User_ID·Full_Name·Assessment_Name·Overall_Status·Assessment_Status·Percentage_Of_Score·Number_of_Attempts·"
        "Email·Phone·mdoid·Report_Last_Generated_On"
    ),
    "blended-program-report-mdo.csv": headers(
        "Name·Email·Phone_Number·MDO_Name·Designation·Group·Gender·Category·Tag·Ministry·Department·Organization·"
        "Provider_Name·Program_Name·Batch_Name·Batch_Location·Batch_Start_Date·Batch_End_Date·Enrolled_On·"
        "Component_Name·Component_Type·Component_Mode·Status·Component_Duration·Component_Progress_Percentage·"
        "Component_Completed_On·Last_Accessed_On·Offline_Session_Date·Offline_Session_Start_Time·"
        "Offline_Session_End_Time·Offline_Attendance_Status·Instructor(s)_Name·Program_Coordinator_Name·"
        "Certificate_Generated·mdoid·Report_Last_Generated_On"
    ),
    "ContentCompetencyMapping.csv": headers(
        "content_id·content_name·competency_area·competency_area_description·competency_theme·"
        "competency_theme_description·competency_theme_type·competency_sub_theme·competency_sub_theme_description"
    ),
    "user bulk upload template": headers(
        "Full Name·Email·Mobile Number·Group·Designation·Gender·Category·Date of Birth (dd-mm-yyyy)·Mother Tongue·"
        "Employee ID·Office Pin Code·External System ID·External System Name·Tags·Status·Error Details"
    ),
}
