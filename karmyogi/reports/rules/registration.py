"""What a line of iGOT's own bulk-upload file says of an officer whom iGOT does not know yet."""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

# The template of the portal's bulk upload; the last two columns are the portal's to fill.
REGISTRATION_HEADER = (
    "Full Name",
    "Email",
    "Mobile Number",
    "Group",
    "Designation",
    "Gender",
    "Category",
    "Date of Birth (dd-mm-yyyy)",
    "Mother Tongue",
    "Employee ID",
    "Office Pin Code",
    "External System ID",
    "External System Name",
    "Tags",
    "Status",
    "Error Details",
)
_GROUP_OF_CLASS = {"I": "Group A", "II": "Group B", "III": "Group C", "IV": "Group D"}
_GENDERS = {"f": "Female", "m": "Male", "म": "Female", "स": "Female", "प": "Male"}  # महिला, स्त्री, पुरुष
_NOT_IN_A_NAME = re.compile("[^A-Za-z .']")


class Lack(StrEnum):
    """Why an officer cannot stand in the file: the portal takes no account without these, nor two with the same."""

    NAME = "lacks_name_en"
    EMAIL = "lacks_email"
    MOBILE = "lacks_mobile"
    SHARED_EMAIL = "shares_email"
    SHARED_MOBILE = "shares_mobile"


class Unregistered(NamedTuple):
    """An officer in service whom no user report has named."""

    officer_id: int
    employee_code: str
    name_hi: str
    name_en: str
    email: str
    mobile: str
    igot_group: str
    state_class: str | None
    designation: str | None
    gender: str
    birth_on: date | None
    lack: Lack | None = None


def registration_line(officer: Unregistered, *, with_birth: bool) -> list[str]:
    """The cells of the officer's line, in the order of the header.

    Category, mother tongue and pin code are not kept here and stay blank; the
    group follows the State's class where iGOT has named none.
    """
    birth = f"{officer.birth_on:%d-%m-%Y}" if with_birth and officer.birth_on else ""
    group = officer.igot_group or _GROUP_OF_CLASS.get(officer.state_class or "", "")
    told = (
        " ".join(_NOT_IN_A_NAME.sub(" ", officer.name_en).split()),
        officer.email,
        officer.mobile,
        group,
        officer.designation or "",
        _GENDERS.get(officer.gender.strip().lower()[:1], ""),
        "",
        birth,
        "",
        officer.employee_code,
    )
    return [*told, *[""] * (len(REGISTRATION_HEADER) - len(told))]
