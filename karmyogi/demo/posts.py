"""How many serve where, as what: weights of departments, districts and designations of a fictional state.

The weights are guesses in fair proportion, not staff strengths.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Post:
    """A designation with its State class; most posts of a kind have both men and women."""

    designation_en: str
    state_class: str


class Weighted(Generic[Row]):
    """Rows to draw from, each as often as its weight says."""

    def __init__(self, weights: dict[Row, float]):
        self.rows = list(weights)
        self.cumulative = list(accumulate(weights.values()))

    def draw(self, rng: Random) -> Row:
        return rng.choices(self.rows, cum_weights=self.cumulative)[0]


def _posts(text: str) -> Weighted[Post]:
    """Posts written one to a line: class, weight, designation."""
    lines = (line.split(maxsplit=2) for line in text.strip().splitlines())
    return Weighted({Post(designation, state_class): float(weight) for state_class, weight, designation in lines})


DEPARTMENT_WEIGHTS = {
    "School Education": 290,
    "Home": 115,
    "Public Health and Family Welfare": 100,
    "Revenue and Disaster Management": 70,
    "Women and Child Development": 50,
    "Panchayat and Rural Development": 55,
    "Tribal, SC, OBC and Minority Development": 45,
    "Forest and Climate Change": 40,
    "Agriculture Development and Farmer Welfare and Bio-Technology": 32,
    "Urban Administration and Development": 30,
    "Public Works": 22,
    "Water Resources": 22,
    "Public Health Engineering": 16,
    "Animal Husbandry": 16,
    "Higher Education": 20,
    "Medical Education": 16,
    "Technical Education, Employment and Skill Development": 14,
    "Finance": 12,
    "Commercial Tax (Registration / Excise / GST)": 12,
    "Jail": 8,
    "Food, Civil Supplies and Consumer Protection": 7,
    "General Administration": 6,
    "Planning, Economics and Statistics": 6,
    "Law and Legislative Affairs": 6,
    "Co-operation": 5,
    "Social Welfare": 5,
    "Labour": 4,
    "Transport": 4,
    "Commerce and Industry": 4,
    "Village Industries": 3,
    "Fisheries": 3,
    "Mineral Resources": 3,
}
OTHER_DEPARTMENTS = 1.5

DISTRICT_WEIGHTS = {
    "Raipur": 2.2,
    "Bilaspur": 1.8,
    "Durg": 1.7,
    "Raigarh": 1.3,
    "Surguja": 1.3,
    "Korba": 1.2,
    "Bastar": 1.2,
    "Janjgir-Champa": 1.2,
    "Rajnandgaon": 1.2,
    "Narayanpur": 0.4,
    "Sukma": 0.5,
    "Bijapur": 0.5,
    "Gaurela-Pendra-Marwahi": 0.5,
    "Mohla-Manpur-Ambagarh Chowki": 0.5,
    "Khairagarh-Chhuikhadan-Gandai": 0.6,
    "Manendragarh-Chirmiri-Bharatpur": 0.6,
    "Sarangarh-Bilaigarh": 0.7,
    "Sakti": 0.7,
}
OTHER_DISTRICTS = 1.0

SECRETARIAT_SHARE = 0.035
# These have no offices in the districts.
SECRETARIAT_ONLY = frozenset(
    {
        "General Administration",
        "Good Governance and Convergence",
        "Parliamentary Affairs",
        "Aviation",
        "Public Grievance Redressal",
        "Twenty Point Implementation",
        "Rehabilitation",
    }
)
OWN_FIELD_SHARE = 0.7

SECRETARIAT = _posts("""
    I    1  SPECIAL SECRETARY
    I    1  JOINT SECRETARY
    I    3  DEPUTY SECRETARY
    I    6  UNDER SECRETARY
    II  12  SECTION OFFICER
    II   3  PRIVATE SECRETARY
    III 22  ASSISTANT SECTION OFFICER
    III  8  ASSISTANT GRADE-1
    III 14  ASSISTANT GRADE-2
    III 14  ASSISTANT GRADE-3
    III  4  STENOGRAPHER
    III  3  DATA ENTRY OPERATOR
    IV   2  JAMADAR
    IV  10  PEON
    IV   2  DAFTARI
""")

DISTRICT_OFFICE = _posts("""
    I    1  JOINT DIRECTOR
    I    2  DEPUTY DIRECTOR
    II   5  ASSISTANT DIRECTOR
    II   3  SUPERINTENDENT
    II   2  ACCOUNTS OFFICER
    III  6  ASSISTANT GRADE-1
    III 18  ASSISTANT GRADE-2
    III 30  ASSISTANT GRADE-3
    III  4  ACCOUNTANT
    III  3  STENOGRAPHER
    III  5  DATA ENTRY OPERATOR
    III  4  DRIVER
    IV  30  PEON
    IV   8  CHOWKIDAR
    IV   4  SWEEPER
""")

ENGINEERS = """
    I    1  SUPERINTENDING ENGINEER
    I    4  EXECUTIVE ENGINEER
    II  14  ASSISTANT ENGINEER
    III 30  SUB ENGINEER
    III  6  DRAFTSMAN
    III  4  TRACER
    IV   8  TIME KEEPER
"""

FIELD = {
    "School Education": _posts("""
        I    1  DISTRICT EDUCATION OFFICER
        II   2  BLOCK EDUCATION OFFICER
        II   6  PRINCIPAL
        II  24  LECTURER
        III  8  HEAD MASTER
        III 45  TEACHER
        III 80  ASSISTANT TEACHER
        III  3  PHYSICAL TRAINING INSTRUCTOR
        III  4  LABORATORY ASSISTANT
    """),
    "Home": _posts("""
        I    1  SUPERINTENDENT OF POLICE
        I    2  ADDITIONAL SUPERINTENDENT OF POLICE
        II   4  DEPUTY SUPERINTENDENT OF POLICE
        II   8  INSPECTOR OF POLICE
        III 14  SUB INSPECTOR OF POLICE
        III 18  ASSISTANT SUB INSPECTOR OF POLICE
        III 40  HEAD CONSTABLE
        III 110 CONSTABLE
        II   1  DISTRICT PROSECUTION OFFICER
    """),
    "Public Health and Family Welfare": _posts("""
        I    1  CHIEF MEDICAL AND HEALTH OFFICER
        I    1  CIVIL SURGEON
        I    4  MEDICAL SPECIALIST
        II   3  BLOCK MEDICAL OFFICER
        II  18  MEDICAL OFFICER
        II   4  AYURVEDA MEDICAL OFFICER
        II   2  DENTAL SURGEON
        III  3  NURSING SISTER
        III 30  STAFF NURSE
        III 12  PHARMACIST
        III 12  LABORATORY TECHNICIAN
        III  4  RADIOGRAPHER
        III  5  OPHTHALMIC ASSISTANT OFFICER
        III 46  RURAL HEALTH ORGANISER
        III 12  HEALTH SUPERVISOR
        IV  10  DRESSER
    """),
    "Revenue and Disaster Management": _posts("""
        I    1  ADDITIONAL COLLECTOR
        I    2  JOINT COLLECTOR
        II   6  DEPUTY COLLECTOR
        II   2  SUB DIVISIONAL OFFICER (REVENUE)
        II   8  TEHSILDAR
        II  12  NAIB TEHSILDAR
        II   2  SUPERINTENDENT LAND RECORDS
        III  4  ASSISTANT SUPERINTENDENT LAND RECORDS
        III 26  REVENUE INSPECTOR
        III 90  PATWARI
        III 10  READER
        IV   8  PROCESS SERVER
    """),
    "Women and Child Development": _posts("""
        I    1  DISTRICT PROGRAMME OFFICER
        II   8  CHILD DEVELOPMENT PROJECT OFFICER
        II   1  PROTECTION OFFICER
        III 40  SUPERVISOR (WOMEN AND CHILD DEVELOPMENT)
    """),
    "Panchayat and Rural Development": _posts("""
        I    1  CHIEF EXECUTIVE OFFICER (ZILA PANCHAYAT)
        II   4  CHIEF EXECUTIVE OFFICER (JANPAD PANCHAYAT)
        II   4  PROGRAMME OFFICER (MGNREGA)
        III  6  PANCHAYAT INSPECTOR
        III 12  ASSISTANT DEVELOPMENT EXTENSION OFFICER
        III 70  PANCHAYAT SECRETARY
        III  8  SUB ENGINEER
    """),
    "Tribal, SC, OBC and Minority Development": _posts("""
        I    1  ASSISTANT COMMISSIONER (TRIBAL DEVELOPMENT)
        II   3  AREA ORGANISER
        III 30  HOSTEL SUPERINTENDENT
        III 16  TEACHER
        III 24  ASSISTANT TEACHER
    """),
    "Forest and Climate Change": _posts("""
        I    1  CONSERVATOR OF FORESTS
        I    2  DIVISIONAL FOREST OFFICER
        II   4  SUB DIVISIONAL OFFICER (FOREST)
        II  10  FOREST RANGER
        III 14  DEPUTY RANGER
        III 24  FORESTER
        III 60  FOREST GUARD
    """),
    "Agriculture Development and Farmer Welfare and Bio-Technology": _posts("""
        II   6  SENIOR AGRICULTURE DEVELOPMENT OFFICER
        II   6  AGRICULTURE DEVELOPMENT OFFICER
        II   1  SOIL SURVEY OFFICER
        III 50  RURAL AGRICULTURE EXTENSION OFFICER
        III 14  RURAL HORTICULTURE EXTENSION OFFICER
    """),
    "Urban Administration and Development": _posts("""
        I    1  MUNICIPAL COMMISSIONER
        II   5  CHIEF MUNICIPAL OFFICER
        II   4  ASSISTANT ENGINEER
        III 12  SUB ENGINEER
        III 16  ASSISTANT REVENUE INSPECTOR
        III 10  SANITARY INSPECTOR
    """),
    "Public Works": _posts(ENGINEERS),
    "Water Resources": _posts(ENGINEERS + "    III 14  AMIN"),
    "Public Health Engineering": _posts(ENGINEERS + "    III 24  HAND PUMP TECHNICIAN"),
    "Housing and Environment": _posts(ENGINEERS),
    "Energy": _posts(ENGINEERS),
    "Animal Husbandry": _posts("""
        I    1  VETERINARY SURGEON
        II  12  VETERINARY ASSISTANT SURGEON
        III 40  ASSISTANT VETERINARY FIELD OFFICER
    """),
    "Higher Education": _posts("""
        I   10  PROFESSOR
        I    8  ASSOCIATE PROFESSOR
        II  60  ASSISTANT PROFESSOR
        II   4  LIBRARIAN
        II   4  SPORTS OFFICER
        III 14  LABORATORY ASSISTANT
    """),
    "Medical Education": _posts("""
        I    8  PROFESSOR
        I   10  ASSOCIATE PROFESSOR
        I   16  ASSISTANT PROFESSOR
        II   8  DEMONSTRATOR
        III 60  STAFF NURSE
        III 20  LABORATORY TECHNICIAN
        III  6  PHARMACIST
    """),
    "Technical Education, Employment and Skill Development": _posts("""
        I    2  PRINCIPAL
        II   6  LECTURER
        II   2  EMPLOYMENT OFFICER
        II   4  TRAINING SUPERINTENDENT
        III 40  TRAINING OFFICER
    """),
    "Finance": _posts("""
        I    2  TREASURY OFFICER
        II   5  ASSISTANT TREASURY OFFICER
        II   5  SUB TREASURY OFFICER
        II   3  AUDIT OFFICER
        III  8  SENIOR AUDITOR
        III 14  AUDITOR
    """),
    "Commercial Tax (Registration / Excise / GST)": _posts("""
        I    2  DISTRICT EXCISE OFFICER
        II   6  STATE TAX OFFICER
        II   2  DISTRICT REGISTRAR
        II   4  SUB REGISTRAR
        III 14  STATE TAX INSPECTOR
        III 12  EXCISE SUB INSPECTOR
    """),
    "Jail": _posts("""
        I    1  JAIL SUPERINTENDENT
        II   4  ASSISTANT JAIL SUPERINTENDENT
        III 10  HEAD WARDER
        III 50  WARDER
    """),
    "Food, Civil Supplies and Consumer Protection": _posts("""
        I    2  FOOD OFFICER
        II   2  INSPECTOR (LEGAL METROLOGY)
        III 20  FOOD INSPECTOR
    """),
    "Planning, Economics and Statistics": _posts("""
        II   6  STATISTICAL OFFICER
        III 16  STATISTICAL INVESTIGATOR
    """),
    "Law and Legislative Affairs": _posts("""
        II   3  LAW OFFICER
        II   3  ASSISTANT LAW OFFICER
        III  3  TRANSLATOR
        III 16  READER
        IV   8  PROCESS SERVER
    """),
    "Co-operation": _posts("""
        II   4  ASSISTANT REGISTRAR (CO-OPERATIVE SOCIETIES)
        III 20  CO-OPERATIVE INSPECTOR
    """),
    "Social Welfare": _posts("III 10 SOCIAL WELFARE ORGANISER"),
    "Labour": _posts("""
        I    1  ASSISTANT LABOUR COMMISSIONER
        II   3  LABOUR OFFICER
        III 12  LABOUR INSPECTOR
    """),
    "Transport": _posts("""
        I    1  DISTRICT TRANSPORT OFFICER
        III 10  TRANSPORT SUB INSPECTOR
    """),
    "Commerce and Industry": _posts("""
        I    1  GENERAL MANAGER (DISTRICT TRADE AND INDUSTRIES CENTRE)
        III  8  INDUSTRIES INSPECTOR
    """),
    "Village Industries": _posts("III 10 HANDLOOM INSPECTOR"),
    "Fisheries": _posts("""
        II   3  FISHERIES OFFICER
        III 12  FISHERIES INSPECTOR
    """),
    "Mineral Resources": _posts("""
        I    2  MINING OFFICER
        II   2  GEOLOGIST
        III  8  MINING INSPECTOR
    """),
    "Electronics and Information Technology": _posts("""
        II   2  PROGRAMMER
        III  6  ASSISTANT PROGRAMMER
    """),
    "Public Relations": _posts("""
        II   2  DISTRICT PUBLIC RELATIONS OFFICER
        II   4  ASSISTANT PUBLIC RELATIONS OFFICER
    """),
    "Culture": _posts("""
        II   2  ARCHAEOLOGIST
        III  4  ARCHIVIST
    """),
    "Tourism": _posts("II 4 TOURISM OFFICER"),
    "Sports and Youth Welfare": _posts("""
        II   2  DISTRICT SPORTS OFFICER
        III  6  SPORTS COACH
    """),
}


def draw_post(rng: Random, department_en: str) -> Post:
    """A post of this department in a district: of its own field, or of any office."""
    own = FIELD.get(department_en)
    if own is None or rng.random() >= OWN_FIELD_SHARE:
        return DISTRICT_OFFICE.draw(rng)
    return own.draw(rng)


# By designation, where service is far from evenly shared.
WOMEN_AMONG = {
    "STAFF NURSE": 0.9,
    "NURSING SISTER": 0.95,
    "SUPERVISOR (WOMEN AND CHILD DEVELOPMENT)": 0.97,
    "CHILD DEVELOPMENT PROJECT OFFICER": 0.75,
    "ASSISTANT TEACHER": 0.48,
    "TEACHER": 0.48,
    "CONSTABLE": 0.14,
    "HEAD CONSTABLE": 0.08,
    "FOREST GUARD": 0.2,
    "WARDER": 0.15,
    "DRIVER": 0.01,
    "CHOWKIDAR": 0.02,
    "HAND PUMP TECHNICIAN": 0.02,
}
WOMEN_ELSEWHERE = 0.36
