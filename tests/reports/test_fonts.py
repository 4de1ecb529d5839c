"""Hindi that an old font has spoilt is told from honest names, and flagged on the row that is imported all the same."""

import pytest

from karmyogi.people.models import Officer
from karmyogi.reports.rules import is_garbled
from karmyogi.store.files import open_files
from karmyogi.store.imports import ImportRow
from tests.reports.scene import make_place, officer, outcomes, take

SPOILT = [
    "jes'k dqekj 'kekZ",
    "jkes'k dqekj",
    "'khyk nsoh",
    "’kekZ",
    "vk'kk lkgw",
    "jktsUnz dqekj",
    "lqjs'k oekZ",
    "jkeukFk feJk",
    ";kno jkecgknqj",
    "lgk;d f'k{kd",
    "dk;Zikyu vfHk;ark",
    "v/;{k",
    "bZ'ojh izlkn",
    "fo|ky; fujh{kd",
    'Hkk"kk vf/kdkjh',
    "ys[kkf/kdkjh",
    "iq= jke",
    "vkse~ izdk'k",
    "Øekad",
    "lM+d fujh{kd",
    "रमेश kqekj शkर्मा",
    "सहायक ग्रेडk",
    "शर्माZ",
]
HONEST = [
    "",
    "O'Brien",
    "Liam O'Keefe",
    "D'Souza",
    "MICHAEL D’SOUZA",
    "Ravi S/o Mohan Lal",
    "Sita Devi W/o Ram Kumar",
    "A.K. Sharma",
    "A K Sharma",
    "Dr. (Smt.) R. K. Verma",
    "Iqbal Siddiqui",
    "Farooq Quadri",
    "Faiz Zafar",
    "AbdulZahid Khan",
    "McDonald Xaxa",
    "Ram 'kalu' Yadav",
    'Ram "Raju" Singh',
    "ramesh kumar sahu",
    "RAMESH KUMAR'S",
    "Ass't Sec'y",
    "Int'l Liaison Officer",
    "Assistant Grade-II [Acting]",
    "Clerk-cum-Typist; Steno",
    "Lecturer (L.B.) – Physics",
    "Sub-Engineer / Overseer",
    "Peon & Chowkidar",
    "Joint Director, R&D",
    "SDO(Rev.)",
    "B.Sc+M.Sc Trained",
    "डॉ. A.K. शर्मा",
    "A.K.शर्मा",
    "श्रीमती सुनीता D'Souza",
    "रमेश कुमार (S/o मोहन लाल)",
    "सहायक ग्रेड-II",
    "सहायक ग्रेडIII",
    "कार्यपालन अभियंता (PWD)",
    "डॉ॰ राम कुमार",
    "MBBS चिकित्सक",
]


@pytest.mark.parametrize("written", SPOILT)
def test_a_name_typed_in_an_old_font_is_told(written):
    assert is_garbled(written)


@pytest.mark.parametrize("written", HONEST)
def test_an_honest_name_is_left_alone(written):
    assert not is_garbled(written)


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def flagged(origin) -> list[tuple[int, dict[str, object]]]:
    """The row, and what its reason says, of each remark about a spoilt text."""
    rows = ImportRow.select().where(
        (ImportRow.origin == origin) & (ImportRow.outcome == "flagged") & (ImportRow.code == "text_garbled")
    )
    return [(row.row_number, row.facts) for row in rows.order_by(ImportRow.row_number, ImportRow.id)]


def test_a_spoilt_name_in_a_report_is_imported_and_flagged_with_its_column(db, files):
    asha = officer("Asha Sahu", unit=make_place())
    header = "Full_Name,Employee_Id,Designation,Content_Name,Status,Completed_On"

    origin = take(
        files,
        f"vk'kk lkgw,{asha.employee_code},lgk;d f'k{{kd,Noting,completed,2025-08-14 12:00:00",
        f"Asha Sahu,{asha.employee_code},Clerk,Drafting,completed,2025-08-14 12:00:00",
        header=header,
    )

    assert outcomes(origin) == {"created": 2}
    assert flagged(origin) == [
        (2, {"column": "Designation", "value": "lgk;d f'k{kd"}),
        (2, {"column": "Full_Name", "value": "vk'kk lkgw"}),
    ]


def test_a_spoilt_name_in_the_roster_is_kept_as_it_stands(db, files):
    make_place()
    header = "employee_code,name_en,name_hi,designation,department,office,district,joined_on"

    origin = take(
        files, "00000777,Sheela Sharma,'khyk 'kekZ,Clerk,Health,District Hospital,Raipur,2020-01-01", header=header
    )

    assert [facts["column"] for _row, facts in flagged(origin)] == ["name_hi"]
    assert [one.name_hi for one in Officer.select().where(Officer.employee_code == "00000777")] == ["'khyk 'kekZ"]


def test_no_name_of_the_demo_is_taken_for_a_spoilt_one(told_db):
    assert ImportRow.select().where(ImportRow.code == "text_garbled").count() == 0
    assert [one.name_en for one in Officer.select() if is_garbled(one.name_en) or is_garbled(one.name_hi)] == []
