import csv
import json
import random
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import TEXTS, reason
from karmyogi.reports.reader import KINDS, Kind, read_row, recognise
from karmyogi.reports.rules import (
    ConsumptionRow,
    Fault,
    PlanRow,
    Remark,
    RosterRow,
    Status,
    UserRow,
    about,
)
from karmyogi.store.sheets import read_sheet

at = datetime.fromisoformat
SAMPLES = Path(__file__).parents[1] / "data" / "igot"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
FILES = {
    Kind.ROSTER: ("roster.csv", "1", RosterRow),
    Kind.USER: ("user-report.csv", "2025", UserRow),
    Kind.PLAN: ("cbp-report-mdo-enrolment.csv", "2025-11", PlanRow),
    Kind.CONSUMPTION: ("user-enrollment-report.csv", "2025-11", ConsumptionRow),
}
HEADERS = {
    kind: next(csv.reader((SAMPLES / name).open(encoding="utf-8"))) for kind, (name, _generation, _row) in FILES.items()
}

ASHA = {
    "Full_Name": "Asha Patel",
    "Designation": "PATWARI",
    "Email": "asha.patel@cg.example.in",
    "Phone_Number": "9000010465",
    "MDO_Name": "Health Department, Chhattisgarh",
    "External_System": "eHRMS",
    "External_System_Id": "CG00015635",
    "mdoid": "01022647063722943264",
    "Report_Last_Generated_On": "2026-02-02 11:30:47 AM",
}
COMPLETED = ASHA | {
    "Content_Provider": "NIC",
    "Content_Name": "Noting and Drafting",
    "Content_Type": "Course",
    "Content_Duration": "01:30:00",
    "Batch_Id": "b1",
    "Enrolled_On": "2025-11-03 11:00:00",
    "Status": "completed",
    "Content_Progress_Percentage": "100.0",
    "Completed_On": "2025-12-01 09:00:00",
    "Certificate_Generated": "Yes",
    "User_Rating": "5.0",
    "Certificate_ID": "4c220b2d",
    "Live_CBP_Plan_Mandate": "false",
}
PLANNED = {
    "Name": "Asha Patel",
    "Email": "asha.patel@cg.example.in",
    "Phone": "9000010465",
    "Name of CBP Allocated Course": " e-Office  Basics",
    "isapar": "false",
    "Allocated On": "2025-04-15",
    "Current Progress": "In Progress",
    "Due Date of Completion": "2025-12-31",
    "Actual Date of Completion": "",
    "Report_Last_Generated_On": "2026-02-02 11:30:47 AM",
}
ON_ROSTER = {
    "employee_code": "00010000",
    "name_en": "Asha Patel",
    "name_hi": "आशा पटेल",
    "designation": "PATWARI",
    "class": "III",
    "department": "Health",
    "office": "Mantralaya",
    "district": "Raipur",
    "email": "asha.patel@cg.example.in",
    "mobile": "9000010465",
    "gender": "Female",
    "birth_on": "1995-06-13",
    "joined_on": "22/02/2016",
    "retires_on": "",
}


def row_of(cells: dict[str, str], **changes: str):
    cells = cells | changes
    return read_row(recognise(list(cells)), 2, list(cells.values()))


def fault(column: str, value: str, code: str, **facts: str) -> Fault:
    return Fault(2, column, value, about(code, column, value, **facts))


# The sample files


@pytest.mark.parametrize("kind", FILES)
def test_a_sample_file_is_recognised_with_nothing_unknown_missing_or_guessed(kind):
    name, generation, _row = FILES[kind]

    layout = recognise(read_sheet((SAMPLES / name).read_bytes()).header)

    assert (layout.kind, layout.generation) == (kind, generation)
    assert (layout.unknown, layout.missing, layout.guessed) == ((), (), ())


REJECTED = {
    "blank course name": "column_blank",
    "unknown status": "status_unknown",
    "impossible completion date": "datetime_unreadable",
    "duration in a wrong form": "duration_unreadable",
}


@pytest.mark.parametrize("kind", FILES)
def test_of_the_sample_files_exactly_the_rows_listed_as_rejected_are_faults(kind):
    name, _generation, row_type = FILES[kind]
    sheet = read_sheet((SAMPLES / name).read_bytes())
    layout = recognise(sheet.header)

    read = [read_row(layout, *row) for row in sheet.rows]

    listed = {what for what, outcome in EXPECTED["mess_outcomes"].items() if outcome == "rejected"}
    expected = {
        (number, REJECTED[what])
        for what in listed
        for number in EXPECTED["mess_rows"][what]
        if kind is Kind.CONSUMPTION
    }
    assert listed == REJECTED.keys()
    assert {(row.line_number, row.reason.code) for row in read if isinstance(row, Fault)} == expected
    assert {type(row) for row in read} == ({row_type, Fault} if expected else {row_type})
    assert [row.line_number for row in read] == list(range(2, len(read) + 2))


def test_the_sample_rows_as_they_come_in_life_give_their_keys_and_names():
    sheet = read_sheet((SAMPLES / "user-enrollment-report.csv").read_bytes())
    layout = recognise(sheet.header)
    rows = {number: read_row(layout, number, cells) for number, cells in sheet.rows}
    mess = EXPECTED["mess_rows"]

    assert all(rows[n].email == rows[n].email.strip().lower() != "" for n in mess["email in capitals with spaces"])
    assert all(rows[n].email is None and rows[n].phone for n in mess["no e-mail, phone only"])
    assert all(rows[n].phone.startswith("90000") for n in mess["phone with +91 and spaces, no e-mail"])
    assert {rows[n].content_name for n in mess["course name with a no-break space and double spaces"]} == {
        "Noting and Drafting",
        "Prevention of Sexual Harassment at Workplace",
        "Digital File Movement",
        "e-Office Basics",
    }
    assert {rows[n].batch_id for n in mess["marketplace"]} == {""}
    assert {rows[n].designation[:10] for n in mess["spreadsheet formula in a text cell"]} == {"=HYPERLINK"}
    assert {rows[n].status for n in mess["progress 100 but in progress"]} == {Status.IN_PROGRESS}


# Recognising


@pytest.mark.parametrize("kind", FILES)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=10)
def test_columns_in_any_order_are_read_the_same(kind, seed):
    name, _generation, _row = FILES[kind]
    sheet = read_sheet((SAMPLES / name).read_bytes())
    header, (number, cells) = sheet.header, next(sheet.rows)
    order = random.Random(seed).sample(range(len(header)), len(header))

    shuffled = recognise([header[place] for place in order])

    expected = read_row(recognise(header), number, cells)
    assert read_row(shuffled, number, [cells[place] for place in order]) == expected
    assert shuffled.kind is kind


@pytest.mark.parametrize(
    "spell", [str.upper, lambda h: h.replace("_", " "), lambda h: h.replace("_", ""), " {} ".format]
)
@pytest.mark.parametrize("kind", FILES)
def test_headers_are_compared_by_their_letters_and_digits(kind, spell):
    layout = recognise([spell(name) for name in HEADERS[kind]])

    assert layout.kind is kind
    assert (layout.unknown, layout.missing, layout.guessed) == ((), (), ())


@pytest.mark.parametrize(
    ("kind", "generation"), [(kind, generation) for kind, sheet in KINDS.items() for generation in sheet.generations]
)
def test_each_generation_is_recognised_by_its_header_set(kind, generation):
    layout = recognise(KINDS[kind].generations[generation])

    assert (layout.kind, layout.generation, layout.unknown, layout.missing) == (kind, generation, (), ())


def test_a_report_says_which_columns_it_did_not_know_which_were_absent_and_which_were_guessed():
    header = [*HEADERS[Kind.CONSUMPTION], "Home Block", "Status", ""]
    header[header.index("Full_Name")] = "Learner Name"
    header.remove("Batch_Name")

    layout = recognise(header)

    assert layout.generation == "2025-11"
    assert layout.unknown == ("Home Block", "Status#40")
    assert layout.missing == ("Batch_Name",)
    assert layout.guessed == ("Learner Name",)


def test_columns_of_ones_own_are_kept_beside_the_row_and_known_personal_ones_are_not():
    cells = COMPLETED | {"Category": "General", "Home Block": "Arang", "Ward": " ", "Note": "a\x00b"}

    row = read_row(recognise([*cells, "", "Status"]), 2, [*cells.values(), "loose", "completed"])

    assert row.extra == {"Home Block": "Arang", "Note": "ab", "#27": "loose", "Status#28": "completed"}


def test_the_present_spelling_wins_over_an_older_one_standing_further_left():
    row = row_of({"Name": "Ravi", "CBP_Name": "Old"} | COMPLETED)

    assert (row.full_name, row.content_name) == ("Asha Patel", "Noting and Drafting")
    assert row.extra == {"Name": "Ravi", "CBP_Name": "Old"}


def test_a_report_of_2023_with_its_own_names_of_columns_is_read():
    old = {name.replace("Content_", "CBP_"): value for name, value in COMPLETED.items()}

    row = row_of(
        old, Enrolled_On="03/11/2025", Completed_On="01/12/2025", Report_Last_Generated_On="02/02/2026 11:30:47 AM"
    )

    assert recognise(list(old)).generation == "2023"
    assert (row.content_name, row.content_provider, row.duration_seconds) == ("Noting and Drafting", "NIC", 5400)
    assert (row.enrolled_at, row.completed_at) == (at("2025-11-03 00:00:00"), at("2025-12-01 00:00:00"))
    assert row.flags == ()


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("Full Name,Email,Mobile Number,Group,Designation,Gender,Category,Employee ID,External System ID,Tags,Status",
         "user bulk upload template"),
        ("name,town", "name, town"),
        ("a,b,c,d,e,f,g,h", "a, b, c, d, e, f"),
    ],
)  # fmt: skip
def test_another_file_is_refused_with_what_it_looks_like(header, seen):
    with pytest.raises(BadFile) as refused:
        recognise(header.split(","))

    assert refused.value.reasons == [reason("sheet_not_recognised", looks_like=seen)]


def test_the_list_of_those_who_left_a_course_is_not_taken_for_enrolments():
    layout = recognise([*HEADERS[Kind.CONSUMPTION], "Enrolment_Status", "Unenrolment_Reason", "Unenrolment_On"])

    assert layout.kind is Kind.UNENROLMENT


@pytest.mark.parametrize(
    ("kind", "removed"),
    [
        (Kind.CONSUMPTION, ["Content_Name"]),
        (Kind.CONSUMPTION, ["Status"]),
        (Kind.CONSUMPTION, ["Completed_On", "Status"]),
        (Kind.PLAN, ["Name of CBP Allocated Course"]),
        (Kind.ROSTER, ["employee_code"]),
        (Kind.ROSTER, ["designation", "department", "office", "district", "joined_on"]),
    ],
)
def test_a_report_without_a_column_it_needs_is_refused_naming_the_column(kind, removed):
    with pytest.raises(BadFile) as refused:
        recognise([name for name in HEADERS[kind] if name not in removed])

    first, second = refused.value.reasons
    assert first == reason("sheet_not_recognised", looks_like=FILES[kind][0])
    assert second.code == "sheet_columns_missing"
    assert sorted(second.facts["columns"].split(", ")) == sorted(removed)


def test_a_report_without_any_key_of_a_person_is_refused():
    keys = {"Email", "Phone_Number", "External_System_Id", "External_System"}
    with pytest.raises(BadFile) as refused:
        recognise([name for name in HEADERS[Kind.CONSUMPTION] if name not in keys])

    assert refused.value.reasons[1] == reason("sheet_columns_missing", columns="Email")


# Reading rows


def test_a_completed_row_gives_its_keys_and_facts():
    row = row_of(COMPLETED)

    assert (row.igot_id, row.email, row.phone, row.employee_id, row.external) == (
        None, "asha.patel@cg.example.in", "9000010465", None, "ehrms:CG00015635",
    )  # fmt: skip
    assert (row.status, row.progress_hundredths, row.duration_seconds, row.user_rating) == (
        Status.COMPLETED,
        10_000,
        5400,
        5,
    )
    assert (row.enrolled_at, row.completed_at) == (at("2025-11-03 11:00:00"), at("2025-12-01 09:00:00"))
    assert (row.generated_at, row.mdoid) == (at("2026-02-02 11:30:47"), "01022647063722943264")
    assert (row.is_certificate_generated, row.is_live_plan_mandate, row.certificate_id) == (True, False, "4c220b2d")
    assert (row.line_number, row.ignored_keys, row.flags, row.extra) == (2, (), (), {})


def test_the_newer_columns_give_the_two_stronger_keys():
    row = row_of({"userID": "7FE5-AB", "Employee Id": "०००१0007"} | COMPLETED)

    assert (row.igot_id, row.employee_id) == ("7fe5-ab", "00010007")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Content_Name": " "}, ("Content_Name", "column_blank")),
        ({"Content_Name": "Not Available"}, ("Content_Name", "column_blank")),
        ({"Status": ""}, ("Status", "column_blank")),
        ({"Status": "finished?"}, ("Status", "status_unknown")),
        ({"Completed_On": ""}, ("Completed_On", "column_blank")),
        ({"Completed_On": "NA"}, ("Completed_On", "column_blank")),
        ({"Completed_On": "2025-13-45 10:00:00"}, ("Completed_On", "datetime_unreadable")),
        ({"Enrolled_On": "soon"}, ("Enrolled_On", "datetime_unreadable")),
        ({"Report_Last_Generated_On": "today"}, ("Report_Last_Generated_On", "datetime_unreadable")),
        ({"Content_Duration": "1 hour"}, ("Content_Duration", "duration_unreadable")),
        ({"Content_Progress_Percentage": "all"}, ("Content_Progress_Percentage", "progress_unreadable")),
        ({"Certificate_Generated": "perhaps"}, ("Certificate_Generated", "yes_no_unreadable")),
        ({"Live_CBP_Plan_Mandate": "2"}, ("Live_CBP_Plan_Mandate", "yes_no_unreadable")),
        ({"User_Rating": "6"}, ("User_Rating", "rating_unreadable")),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_with_the_cell_at_fault(changes, expected):
    (column, code), value = expected, next(iter(changes.values()))

    assert row_of(COMPLETED, **changes) == fault(column, value, code)


def test_of_several_faults_the_leftmost_cell_is_told():
    cells = (
        {"Status": "finished?", "Completed_On": "never"} | COMPLETED | {"Status": "finished?", "Completed_On": "never"}
    )

    assert row_of(cells, Content_Name="").column == "Status"
    assert row_of(COMPLETED, Status="finished?", Completed_On="never", Content_Name="").column == "Content_Name"


def test_a_row_in_progress_needs_no_completion_date():
    row = row_of(COMPLETED, Status="1", Completed_On="", Content_Progress_Percentage="")

    assert (row.status, row.completed_at, row.progress_hundredths) == (Status.IN_PROGRESS, None, None)


def test_a_completion_later_than_the_day_of_the_report_is_rejected_and_on_that_day_taken():
    late = "2026-02-03 00:00:00"

    assert row_of(COMPLETED, Completed_On="2026-02-02 23:59:59").completed_at == at("2026-02-02 23:59:59")
    assert row_of(COMPLETED, Completed_On=late) == fault(
        "Completed_On", late, "completed_after_report", report="2026-02-02"
    )
    assert row_of(COMPLETED, Completed_On=late, Report_Last_Generated_On="").completed_at == at("2026-02-03 00:00:00")


@pytest.mark.parametrize("blank", ["", "Not Available", "not available", "-", "null", "NA", "\u00a0"])
def test_a_batch_not_available_is_a_blank_batch(blank):
    assert row_of(COMPLETED, Batch_Id=blank).batch_id == ""


@pytest.mark.parametrize(
    ("enrolled", "completed", "code"),
    [
        ("2025-12-01 09:00:00", "2025-12-01 08:59:59", "completed_before_enrolled"),
        ("2025-12-01 09:00:00", "2025-12-01 09:00:00", "faster_than_course"),
        ("2025-12-01 09:00:00", "2025-12-01 10:29:59", "faster_than_course"),
        ("2025-12-01 09:00:00", "2025-12-01 10:30:00", None),
        ("", "2025-12-01 10:30:00", None),
        ("2025-12-02", "2025-12-01", "completed_before_enrolled"),
        # The time of the day is unknown here, so nothing can be said.
        ("2025-12-01 09:00:00", "2025-12-01", None),
        ("2025-12-01", "2025-12-01", None),
        ("45992", "45992", None),
    ],
)
def test_odd_times_are_flagged_and_taken_all_the_same(enrolled, completed, code):
    row = row_of(COMPLETED, Enrolled_On=enrolled, Completed_On=completed)

    told = (Remark("Completed_On", completed, about(code, "Completed_On", completed)),) if code else ()
    assert row.status is Status.COMPLETED
    assert row.flags == told


def test_odd_times_of_a_course_still_in_progress_are_not_flagged():
    row = row_of(COMPLETED, Status="in-progress", Completed_On="2025-11-01 09:00:00")

    assert row.flags == ()


def test_a_completion_dated_without_a_time_is_at_midnight():
    assert row_of(COMPLETED, Completed_On="2025-12-01").completed_at == at("2025-12-01 00:00:00")


def test_a_garbled_or_masked_address_is_told_and_the_row_goes_on_with_its_other_keys():
    garbled, masked = (row_of(COMPLETED, Email=cell) for cell in ("नेमबल.हंक13ण्बह/हवअण्पद", "as***@cg.example.in"))

    assert [(row.email, row.phone) for row in (garbled, masked)] == [(None, "9000010465")] * 2
    assert [row.ignored_keys[0].reason.code for row in (garbled, masked)] == ["email_garbled", "email_masked"]
    assert row_of(COMPLETED, Email="NA", Phone_Number="9.8E+09").ignored_keys == ()


def test_an_external_id_is_a_key_only_with_its_system():
    assert row_of(COMPLETED, External_System="").external is None
    assert row_of(COMPLETED, External_System_Id="NA").external is None
    assert row_of(COMPLETED, External_System=" EHRMS ", External_System_Id="cg 1").external == "ehrms:CG1"


def test_a_row_shorter_than_the_header_is_blank_at_its_end_and_a_longer_one_is_rejected():
    header, cells = list(COMPLETED), list(COMPLETED.values())
    layout = recognise(header)

    assert read_row(layout, 2, [*cells, "", " "]) == read_row(layout, 2, cells)
    assert read_row(layout, 2, cells[:-1]).is_live_plan_mandate is None
    assert read_row(layout, 2, cells[:3]) == fault("Content_Name", "", "column_blank")
    assert read_row(layout, 2, [*cells, "", "spilt", "x"]) == fault("", "spilt", "row_too_wide")


def test_a_plan_row_gives_the_course_and_its_due_date():
    row = row_of(PLANNED)

    assert (row.full_name, row.course_name, row.progress) == ("Asha Patel", "e-Office Basics", Status.IN_PROGRESS)
    assert (row.allocated_on, row.due_on, row.completed_on) == (date(2025, 4, 15), date(2025, 12, 31), None)
    assert (row.email, row.phone, row.is_apar) == ("asha.patel@cg.example.in", "9000010465", False)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Name of CBP Allocated Course", " ", "column_blank"),
        ("Current Progress", "Done", "status_unknown"),
        ("Due Date of Completion", "31/31/2025", "date_unreadable"),
        ("Allocated On", "April", "date_unreadable"),
        ("isapar", "x", "yes_no_unreadable"),
    ],
)
def test_a_plan_row_that_cannot_be_read_is_rejected(column, value, code):
    assert row_of(PLANNED, **{column: value}) == fault(column, value, code)


def test_a_plan_row_completed_after_its_report_is_rejected():
    column, value = "Actual Date of Completion", "2026-02-03"

    assert row_of(PLANNED, **{column: value}) == fault(column, value, "completed_after_report", report="2026-02-02")
    assert row_of(PLANNED, **{column: "02/02/26"}).completed_on == date(2026, 2, 2)


def test_a_user_row_of_2026_gives_the_portals_own_id_and_the_life_time_totals():
    cells = {"userID": "7FE5-AB"} | ASHA | {
        "Employee_Id": "00010007",
        "Group": "GROUP C",
        "Tag": "Mantralaya, Batch 3",
        "Roles": "PUBLIC, MDO_ADMIN",
        "User_Registration_Date": "2025-03-24",
        "Profile_Status": "VERIFIED",
        "weekly_claps_day_before_yesterday": "4",
        "Karma_Points": "371.0",
        "Total_Learning_Hours": "12.25",
        "Is On Central Deputation": "false",
        "Is From Organised Service of Govt": "Yes",
    }  # fmt: skip

    row = row_of(cells)

    assert (row.igot_id, row.employee_id, row.external) == ("7fe5-ab", "00010007", "ehrms:CG00015635")
    assert (row.group, row.tags, row.roles) == ("Group C", ("Mantralaya", "Batch 3"), ("PUBLIC", "MDO_ADMIN"))
    assert (row.registered_on, row.profile_status) == (date(2025, 3, 24), "VERIFIED")
    assert (row.weekly_claps, row.karma_points, row.total_hours_hundredths) == (4, 371, 1225)
    assert (row.is_on_central_deputation, row.is_of_organised_service) == (False, True)


def test_a_user_row_whose_employee_id_a_spreadsheet_shortened_goes_on_without_it():
    row = row_of(ASHA | {"Employee_Id": "1.23457E+11", "Roles": "PUBLIC", "Karma_Points": "1"})

    assert (row.employee_id, row.email) == (None, "asha.patel@cg.example.in")
    assert row.ignored_keys == (
        Remark("Employee_Id", "1.23457E+11", about("employee_id_unusable", "Employee_Id", "1.23457E+11")),
    )


def test_a_roster_row_gives_the_officer_and_the_posting():
    row = row_of(ON_ROSTER | {"designation_hi": "पटवारी", "office_hi": "मंत्रालय", "posted_on": "01-04-2024"})

    assert (row.employee_code, row.name_en, row.name_hi) == ("00010000", "Asha Patel", "आशा पटेल")
    assert (row.joined_on, row.retires_on, row.posted_on) == (date(2016, 2, 22), None, date(2024, 4, 1))
    assert (row.designation_hi, row.office_hi, row.state_class) == ("पटवारी", "मंत्रालय", "III")
    assert (row.email, row.phone, row.cadre, row.cadre_on) == ("asha.patel@cg.example.in", "9000010465", "", None)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("employee_code", "-", "column_blank"),
        ("employee_code", "1.23E+11", "code_unreadable"),
        ("designation", "", "column_blank"),
        ("department", "NA", "column_blank"),
        ("office", "", "column_blank"),
        ("district", "", "column_blank"),
        ("joined_on", "", "column_blank"),
        ("joined_on", "2016", "date_unreadable"),
        ("retires_on", "28/02/29", "date_unreadable"),
        ("birth_on", "30-02-1967", "date_unreadable"),
        ("class", "V", "class_unknown"),
    ],
)
def test_a_roster_row_that_cannot_be_read_is_rejected(column, value, code):
    assert row_of(ON_ROSTER, **{column: value}) == fault(column, value, code)


def test_a_roster_row_needs_a_name_in_one_script_only():
    assert row_of(ON_ROSTER, name_en="").name_hi == "आशा पटेल"
    assert row_of(ON_ROSTER, name_hi="").name_en == "Asha Patel"
    assert row_of(ON_ROSTER, name_en="", name_hi="-") == fault("name_en", "", "name_blank")


anything = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["completed", "2025-12-01", "2025-12-01 09:00:00", "01:30:00", "5", "Yes", "x", "9.8E+09", "as***@x.in", "1.2E+11"]
)


@pytest.mark.parametrize("kind", FILES)
@given(data=st.data())
def test_any_cells_give_a_row_or_a_fault_that_can_be_said_and_never_an_error(kind, data):
    layout = recognise(HEADERS[kind])
    cells = data.draw(st.lists(anything, max_size=len(layout.header) + 3))

    row = read_row(layout, 7, cells)

    assert row.line_number == 7
    assert type(row) in (FILES[kind][2], Fault)
    if isinstance(row, Fault):
        assert TEXTS[row.reason.code] % row.reason.facts
        assert row.column in (*layout.header, "")


def test_what_is_remembered_of_a_file_stays_bounded_and_changes_no_answer(monkeypatch):
    monkeypatch.setattr("karmyogi.reports.reader.rows.Remembered.MOST", 3)
    layout = recognise(list(COMPLETED))
    names = [f"Course {number}" for number in [*range(10), *range(10)]]

    read = [read_row(layout, 2, list((COMPLETED | {"Content_Name": name}).values())).content_name for name in names]

    assert read == names
