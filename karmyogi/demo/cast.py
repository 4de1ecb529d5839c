"""The fixed cast: thirteen people who sign in to the demo, the same in every written state, whatever its seed."""

from dataclasses import dataclass
from datetime import date

HEALTH = "Public Health and Family Welfare"
REVENUE = "Revenue and Disaster Management"
GAD = "General Administration"


@dataclass(frozen=True)
class CastMember:
    """One of the cast: who they are, where they serve, and the grant they sign in with.

    `role` is the value of a Role; `unit_level` and `unit_name` say where the
    grant reaches: the kind of a unit and its English name. `seat` is the kind
    of office they sit in, in `district`; `pace` is how they learn.
    """

    key: str
    employee_code: str
    name_hi: str
    name_en: str
    gender: str
    designation_en: str
    state_class: str
    department: str
    seat: str
    district: str
    birth_on: date
    joined_on: date
    role: str
    unit_level: str
    unit_name: str
    pace: str


# fmt: off
CAST = (
    CastMember("asha", "00000101", "आशा साहू", "Asha Sahu", "Female", "ASSISTANT GRADE-2", "III",
               HEALTH, "bulk", "Raipur", date(1988, 7, 14), date(2013, 8, 5),
               "employee", "office", f"{HEALTH} District Office, Raipur", "star"),
    CastMember("ravi", "00000102", "रवि कुमार देवांगन", "Ravi Kumar Dewangan", "Male", "UNDER SECRETARY", "I",
               HEALTH, "secretariat", "Raipur", date(1980, 1, 22), date(2006, 9, 18),
               "nodal", "department", HEALTH, "regular"),
    CastMember("meena", "00000103", "मीना ठाकुर", "Meena Thakur", "Female", "SECRETARY", "I",
               HEALTH, "secretariat", "Raipur", date(1979, 11, 3), date(2005, 8, 29),
               "head", "department", HEALTH, "occasional"),
    CastMember("imran", "00000104", "इमरान कुरैशी", "Imran Qureshi", "Male", "DEPUTY SECRETARY", "I",
               REVENUE, "secretariat", "Raipur", date(1978, 5, 9), date(2004, 12, 13),
               "nodal", "department", REVENUE, "regular"),
    CastMember("farah", "00000105", "फराह सिद्दीकी", "Farah Siddiqui", "Female", "SECRETARY", "I",
               REVENUE, "secretariat", "Raipur", date(1981, 2, 17), date(2006, 8, 28),
               "head", "department", REVENUE, "occasional"),
    CastMember("sunita", "00000106", "सुनीता मरकाम", "Sunita Markam", "Female", "DEPUTY SECRETARY", "I",
               GAD, "secretariat", "Raipur", date(1977, 9, 30), date(2003, 10, 20),
               "gad", "state", "Chhattisgarh", "regular"),
    CastMember("kabir", "00000107", "कबीर मानिकपुरी", "Kabir Manikpuri", "Male", "UNDER SECRETARY", "I",
               GAD, "secretariat", "Raipur", date(1983, 6, 28), date(2009, 7, 1),
               "gad", "state", "Chhattisgarh", "regular"),
    CastMember("lakshmi", "00000108", "लक्ष्मी चंद्राकर", "Lakshmi Chandrakar", "Female", "SECRETARY", "I",
               GAD, "secretariat", "Raipur", date(1976, 12, 12), date(2003, 8, 25),
               "approver", "state", "Chhattisgarh", "occasional"),
    CastMember("thomas", "00000109", "थॉमस कुजूर", "Thomas Kujur", "Male", "AUDIT OFFICER", "II",
               "Finance", "secretariat", "Raipur", date(1974, 3, 19), date(2000, 2, 14),
               "auditor", "state", "Chhattisgarh", "occasional"),
    CastMember("devendra", "00000110", "देवेंद्र सिंह नेताम", "Devendra Singh Netam", "Male", "COLLECTOR", "I",
               REVENUE, "collectorate", "Raipur", date(1988, 10, 25), date(2014, 9, 1),
               "territory", "district", "Raipur", "occasional"),
    CastMember("anil", "00000111", "अनिल तिर्की", "Anil Tirkey", "Male", "DIVISIONAL COMMISSIONER", "I",
               REVENUE, "commissionerate", "Bilaspur", date(1975, 4, 8), date(2004, 8, 30),
               "territory", "division", "Bilaspur", "occasional"),
    CastMember("pooja", "00000112", "पूजा अग्रवाल", "Pooja Agrawal", "Female", "PROFESSOR", "I",
               "Higher Education", "bulk", "Raipur", date(1972, 6, 21), date(1999, 7, 5),
               "panel", "state", "Chhattisgarh", "regular"),
    CastMember("gopal", "00000113", "गोपाल सोनी", "Gopal Soni", "Male", "SYSTEM ANALYST", "II",
               "Electronics and Information Technology", "secretariat", "Raipur", date(1985, 1, 11), date(2010, 11, 22),
               "sysadmin", "state", "Chhattisgarh", "regular"),
)
# fmt: on
