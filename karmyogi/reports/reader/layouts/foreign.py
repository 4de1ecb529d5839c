"""Files of the same portal that are not imported: named, so that the refusal can say what was sent."""

from karmyogi.reports.reader.columns import headers

FOREIGN = {
    "user bulk upload template": headers(
        "Full Name·Email·Mobile Number·Group·Designation·Gender·Category·Date of Birth (dd-mm-yyyy)·Mother Tongue·"
        "Employee ID·Office Pin Code·External System ID·External System Name·Tags·Status·Error Details"
    ),
}
