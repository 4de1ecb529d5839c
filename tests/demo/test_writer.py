import csv
import hashlib
import re
import unicodedata
from collections import Counter
from contextlib import ExitStack
from datetime import date, datetime, timedelta

import pytest

from karmyogi.core.permissions import Role
from karmyogi.core.profile import load_profile
from karmyogi.demo.cast import CAST, HEALTH
from karmyogi.demo.mess import ODDITIES, Mess
from karmyogi.demo.names import CUSTOMS, Spelling
from karmyogi.demo.people import retires_on
from karmyogi.demo.posts import DEPARTMENT_WEIGHTS, DISTRICT_WEIGHTS, FIELD, SECRETARIAT_ONLY, WOMEN_AMONG
from karmyogi.demo.rows import ENROLMENTS
from karmyogi.demo.writer import Sheet, write_state

STATE = load_profile("chhattisgarh")
FILES = ["roster", "user-report", "cbp-report-mdo-enrolment", "user-enrollment-report"]

HEADERS = {
    "roster": "employee_code · name_en · name_hi · designation · class · department · office · district · email"
    " · mobile · gender · birth_on · joined_on · retires_on · designation_hi · office_hi",
    "user-report": "Full_Name · Designation · Email · Phone_Number · MDO_Name · Group · Tag · Ministry · Department"
    " · Organization · User_Registration_Date · Cadre · Civil Service Type · Civil Services · Cadre Batch"
    " · Is From Organised Service of Govt · Roles · Gender · Category · External_System · External_System_Id"
    " · Employee_Id · MDO_Created_On · Profile_Status · weekly_claps_day_before_yesterday · Karma_Points"
    " · Event_Enrolments · Event_Completions · Event_Learning_Hours · Course_Enrolments · Course_Completions"
    " · Course_Learning_Hours · Total_Enrolments · Total_Completions · Total_Learning_Hours"
    " · Report_Last_Generated_On · mdoid",
    "cbp-report-mdo-enrolment": "Name · Email · Phone · MDO_Name · Group · Designation · Ministry · Department"
    " · Organization · Cadre · Civil Service Type · Civil Services · Cadre Batch · Is From Organised Service of Govt"
    " · Name of CBP Allocated Course · isapar · Allocated On · Current Progress · Due Date of Completion"
    " · Actual Date of Completion · mdoid · Report_Last_Generated_On",
    "user-enrollment-report": "Full_Name · Designation · Email · Phone_Number · MDO_Name · Group · Tag · Ministry"
    " · Department · Organization · Cadre · Civil Service Type · Civil Services · Cadre Batch"
    " · Is From Organised Service of Govt · Content_Provider · Content_Name · Content_Type · Content_Duration"
    " · Batch_Id · Batch_Name · Batch_Start_Date · Batch_End_Date · Enrolled_On · Status"
    " · Content_Progress_Percentage · Last_Published_On · Content_Retired_On · Completed_On · Certificate_Generated"
    " · User_Rating · Gender · Category · External_System · External_System_Id · mdoid · Certificate_ID"
    " · Report_Last_Generated_On · Live_CBP_Plan_Mandate",
}


def written(folder, **changes):
    return write_state(folder, **{"officers": 600, "seed": 7, "profile": STATE, **changes})


def hashes(paths):
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    return written(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def sheets(paths):
    return {name: rows(path) for name, path in paths.items()}


@pytest.fixture(scope="module")
def roster(sheets):
    return {row["employee_code"]: row for row in sheets["roster"]}


def course_of(row):
    return row["External_System_Id"], " ".join(row["Content_Name"].split())


@pytest.fixture(scope="module")
def sound(sheets):
    """The enrolment rows that nobody has made odd in a way that changes what they mean."""
    report = sheets["user-enrollment-report"]
    emails = {row["External_System_Id"]: row["Email"] for row in sheets["user-report"]}
    courses = Counter(map(course_of, report))
    holders = Counter(row["Certificate_ID"] for row in report if row["Certificate_ID"])
    return [
        row
        for row in report
        if courses[course_of(row)] == 1
        and holders[row["Certificate_ID"]] <= 1
        and row["Email"] == emails.get(row["External_System_Id"])
        and row["Content_Name"].strip()
        and not row["Enrolled_On"].endswith("23:59:59")
    ]


def length_of(row):
    hours, minutes, seconds = map(int, row["Content_Duration"].split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def test_the_same_seed_writes_the_same_bytes(paths, tmp_path):
    assert hashes(written(tmp_path)) == hashes(paths)


def test_another_seed_writes_another_state(paths, tmp_path):
    other = hashes(written(tmp_path, seed=8))

    assert [name for name, digest in hashes(paths).items() if other[name] == digest] == []


def test_the_files_come_in_the_order_in_which_they_are_imported(paths):
    assert list(paths) == FILES
    assert [path.name for path in paths.values()] == [f"{name}.csv" for name in FILES]


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_the_columns_of_its_generation_in_order(paths, name):
    with paths[name].open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == HEADERS[name].split(" · ")


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_plain_utf8_with_line_feeds_and_full_rows(paths, name):
    content = paths[name].read_bytes()

    assert b"\r" not in content
    assert content.decode("utf-8")[0] != "\ufeff"
    with paths[name].open(encoding="utf-8", newline="") as file:
        assert len({len(row) for row in csv.reader(file)}) == 1


def test_the_roster_has_as_many_officers_as_were_asked_for(roster, sheets):
    assert len(roster) == len(sheets["roster"]) == 600


def test_about_four_of_five_officers_are_registered(sheets):
    assert 0.72 <= len(sheets["user-report"]) / 600 <= 0.88


def test_a_small_state_too_has_every_department_and_every_district(sheets):
    assert {row["department"] for row in sheets["roster"]} == {row.name_en for row in STATE.departments}
    assert {row["district"] for row in sheets["roster"]} == {row.name_en for row in STATE.districts}


def test_a_smallest_state_can_be_written_and_none_smaller(tmp_path):
    assert len(rows(written(tmp_path, officers=29)["roster"])) == 29
    with pytest.raises(ValueError, match="29 to 900000 officers, not 28"):
        written(tmp_path, officers=28)


def test_a_state_cannot_end_before_its_story_begins(tmp_path):
    with pytest.raises(ValueError, match="begins in 2025-04, not 2025-03"):
        written(tmp_path, until="2025-03")
    with pytest.raises(ValueError, match="write a month as 2026-01"):
        written(tmp_path, until="Jan 2026")


@pytest.mark.parametrize(
    ("until", "generated_on"),
    [("2025-04", "2025-05-02"), ("2025-12", "2026-01-02"), ("2026-02", "2026-03-02")],
)
def test_reports_are_drawn_on_the_second_of_the_month_after(tmp_path, until, generated_on):
    files = written(tmp_path, officers=40, until=until)

    stamps = {row["Report_Last_Generated_On"] for name in FILES[1:] for row in rows(files[name])}
    assert stamps == {f"{generated_on} 11:30:47 AM"}


def test_a_state_of_two_financial_years_has_a_plan_for_each(tmp_path):
    plan = rows(written(tmp_path, officers=60, until="2026-06")["cbp-report-mdo-enrolment"])

    assert {row["Allocated On"] for row in plan} == {"2025-04-15", "2025-07-01", "2026-04-15"}


@pytest.mark.parametrize("seed", [1, 2])
def test_the_whole_cast_is_in_every_state_and_learns_the_same(tmp_path, sheets, seed):
    codes = {member.employee_code for member in CAST}
    files = {name: rows(path) for name, path in written(tmp_path, officers=100, seed=seed).items()}

    def of_cast(state):
        people = [row for row in state["roster"] if row["employee_code"] in codes]
        users = [row for row in state["user-report"] if row["Employee_Id"] in codes]
        learning = [row for row in state["user-enrollment-report"] if row["External_System_Id"][2:] in codes]
        return people, users, learning

    assert of_cast(files) == of_cast(sheets)
    assert [row["employee_code"] for row in of_cast(files)[0]] == [member.employee_code for member in CAST]
    assert len(of_cast(files)[1]) == len(CAST)


def test_the_cast_has_stable_codes_and_serves_where_its_grants_are():
    assert [(member.key, member.employee_code, member.role) for member in CAST] == [
        ("asha", "00000101", "employee"),
        ("ravi", "00000102", "nodal"),
        ("meena", "00000103", "head"),
        ("imran", "00000104", "nodal"),
        ("farah", "00000105", "head"),
        ("sunita", "00000106", "gad"),
        ("kabir", "00000107", "gad"),
        ("lakshmi", "00000108", "approver"),
        ("thomas", "00000109", "auditor"),
        ("devendra", "00000110", "territory"),
        ("anil", "00000111", "territory"),
        ("pooja", "00000112", "panel"),
        ("gopal", "00000113", "sysadmin"),
    ]
    assert {member.role for member in CAST} == {role.value for role in Role} - {"system"}


def test_the_grants_of_the_cast_name_units_of_the_state():
    units = {
        "state": {STATE.state.name_en},
        "division": {row.name_en for row in STATE.divisions},
        "district": {row.name_en for row in STATE.districts},
        "department": {row.name_en for row in STATE.departments},
    }

    named = [member for member in CAST if member.unit_level != "office"]
    assert [member.key for member in named if member.unit_name not in units[member.unit_level]] == []


def test_the_cast_stands_in_the_roster_as_it_is_written_down(roster):
    for member in CAST:
        row = roster[member.employee_code]
        assert (row["name_hi"], row["name_en"]) == (member.name_hi, member.name_en)
        assert (row["designation"], row["class"]) == (member.designation_en, member.state_class)
        assert (row["department"], row["district"]) == (member.department, member.district)
    assert roster["00000101"]["office"] == CAST[0].unit_name


def test_the_head_of_health_finds_a_dozen_in_raipur_and_some_who_excel(sheets, sound):
    office = f"{HEALTH} District Office, Raipur"
    staff = {f"CG{row['employee_code']}" for row in sheets["roster"] if row["office"] == office}
    finished = Counter(row["External_System_Id"] for row in sound if row["Status"] == "completed")

    third = [row for row in sheets["roster"] if row["office"] == office and row["class"] == "III"]
    assert len(staff) >= 17
    assert len(third) >= 12
    assert len([code for code in staff if finished[code] >= 10]) >= 4
    assert finished["CG00000101"] >= 15


def test_employee_codes_are_eight_digits_and_nobody_has_another_ones(roster):
    assert [code for code in roster if not re.fullmatch(r"0000\d{4}|00[3-9]\d{5}|0[1-9]\d{6}", code)] == []


def test_hindi_names_are_devanagari_letters_and_spaces_only(sheets):
    names = [row["name_hi"] for row in sheets["roster"]]

    assert [name for name in names if not re.fullmatch(r"[ऀ-ॣॱ-ॿ]+( [ऀ-ॣॱ-ॿ]+){1,2}", name)] == []
    assert [name for name in names if not unicodedata.is_normalized("NFC", name)] == []


def test_english_names_are_plain_latin_words_as_many_as_in_hindi(sheets):
    names = [(row["name_en"], row["name_hi"]) for row in sheets["roster"]]

    assert [en for en, _hi in names if not re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+){1,2}", en)] == []
    assert [en for en, hi in names if len(en.split()) != len(hi.split())] == []


def test_the_tables_of_names_are_large_and_each_word_has_one_spelling():
    given = {
        name for custom in CUSTOMS for people in (custom.men, custom.women) for names, _ in people for name in names
    }
    surnames = {name for custom in CUSTOMS for name in custom.surnames}

    assert len(given) >= 120
    assert len(surnames) >= 80
    words = given | surnames
    assert len({word.en for word in words}) == len({word.hi for word in words}) == len(words)


def test_men_and_women_bear_names_of_their_own(sheets):
    def given(people):
        return {name for custom in CUSTOMS for names, _ in getattr(custom, people) for name in names}

    def words(gender):
        rows_ = [row for row in sheets["roster"] if row["gender"] == gender]
        return {Spelling(row["name_en"].split()[0], row["name_hi"].split()[0]) for row in rows_}

    cast = {Spelling(member.name_en.split()[0], member.name_hi.split()[0]) for member in CAST}
    assert given("men") & given("women") == set()
    assert words("Male") - cast - given("men") == set()
    assert words("Female") - cast - given("women") == set()


@pytest.mark.parametrize(
    ("gender", "foreign"),
    [("Female", {"Kumar", "Lal", "Prasad", "Ram", "Singh"}), ("Male", {"Devi", "Bai", "Kumari"})],
)
def test_middle_names_fit_the_person(sheets, gender, foreign):
    names = [row["name_en"].split() for row in sheets["roster"] if row["gender"] == gender]

    assert [name for name in names if len(name) == 3 and name[1] in foreign] == []


def test_no_address_or_number_could_belong_to_anybody(sheets):
    emails = {
        row[column] for rows_ in sheets.values() for row in rows_ for column in ("email", "Email") if column in row
    }
    phones = {
        row[column]
        for rows_ in sheets.values()
        for row in rows_
        for column in ("mobile", "Phone", "Phone_Number")
        if column in row
    }

    readable = {email.strip().lower() for email in emails if email.isascii() and email}
    assert [email for email in readable if not re.fullmatch(r"[a-z0-9.]+@(\w+\.)?example\.in", email)] == []
    assert [email for email in emails if not email.isascii()] == ["तंउमेीण्ेंीन/बहण्मगंउचसमण्पद"]
    assert [phone for phone in phones if not re.fullmatch(r"9000\d{6}|\+91 9000\d \d{5}|", phone)] == []


def test_designations_and_offices_have_their_hindi_names(sheets):
    hindi = {row.name_en: row.name_hi for row in STATE.designations}

    assert [row for row in sheets["roster"] if row["designation_hi"] != hindi[row["designation"]]] == []
    assert [row["office"] for row in sheets["roster"] if not row["office_hi"]] == []


def test_the_weights_speak_of_units_and_designations_that_exist():
    departments = {row.name_en for row in STATE.departments}
    posts = {post.designation_en for field in FIELD.values() for post in field.rows}

    assert (DEPARTMENT_WEIGHTS.keys() | FIELD.keys() | SECRETARIAT_ONLY) - departments == set()
    assert DISTRICT_WEIGHTS.keys() - {row.name_en for row in STATE.districts} == set()
    assert (posts | WOMEN_AMONG.keys()) - {row.name_en for row in STATE.designations} == set()


@pytest.mark.parametrize(
    ("born", "retires"),
    [
        ("1980-12-15", "2042-12-31"),
        ("1980-03-02", "2042-03-31"),
        ("1980-03-01", "2042-02-28"),
        ("1980-01-01", "2041-12-31"),
        ("1968-02-29", "2030-02-28"),
    ],
)
def test_an_officer_retires_at_sixty_two_at_the_end_of_the_month(born, retires):
    assert retires_on(date.fromisoformat(born)) == date.fromisoformat(retires)


def test_service_begins_when_grown_up_and_ends_with_retirement(sheets):
    for row in sheets["roster"]:
        born, joined = date.fromisoformat(row["birth_on"]), date.fromisoformat(row["joined_on"])
        assert (joined - born).days >= 20 * 365
        assert row["joined_on"] < row["retires_on"] == retires_on(born).isoformat()


def test_some_join_and_some_retire_while_the_story_runs(sheets):
    assert [row for row in sheets["roster"] if "2025-04-01" <= row["joined_on"] <= "2026-01-31"]
    assert [row for row in sheets["roster"] if "2025-04-01" <= row["retires_on"] <= "2026-01-31"]


def test_only_a_handful_of_rows_is_odd(sheets, sound):
    odd = len(sheets["user-enrollment-report"]) - len(sound)

    assert 20 <= odd <= 60


def test_courses_are_finished_after_they_are_begun_and_never_faster_than_they_are_long(sound):
    finished = [row for row in sound if row["Status"] == "completed"]

    hasty = [
        row
        for row in finished
        if datetime.fromisoformat(row["Completed_On"]) - datetime.fromisoformat(row["Enrolled_On"]) < length_of(row)
    ]
    assert len(finished) > 1000
    assert hasty == []


def test_nobody_learns_before_registering_and_joining_or_after_retiring(sheets, roster, sound):
    registered = {row["External_System_Id"]: row["User_Registration_Date"] for row in sheets["user-report"]}

    outside = []
    for row in sound:
        officer = roster[row["External_System_Id"][2:]]
        begins = max(registered[row["External_System_Id"]], officer["joined_on"], "2025-04-01")
        ends = min(officer["retires_on"], "2026-01-31")
        enrolled_on, done_on = row["Enrolled_On"][:10], (row["Completed_On"] or row["Enrolled_On"])[:10]
        if not begins <= enrolled_on <= done_on <= ends:
            outside.append(row)
    assert outside == []


def test_what_is_completed_has_a_day_and_what_is_certificated_an_id_of_its_own(sound):
    completed = [row for row in sound if row["Status"] == "completed"]
    certificates = [row["Certificate_ID"] for row in sound if row["Certificate_ID"]]

    assert [row for row in sound if bool(row["Completed_On"]) != (row["Status"] == "completed")] == []
    assert [row for row in sound if bool(row["Certificate_ID"]) != (row["Certificate_Generated"] == "Yes")] == []
    assert 0.9 < len(certificates) / len(completed) < 1
    uuid = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
    assert [one for one in certificates if not re.fullmatch(uuid, one)] == []


def test_the_plan_report_agrees_with_the_enrolments(sheets, sound):
    codes = {row["Email"]: row["External_System_Id"] for row in sheets["user-report"]}
    enrolled = {course_of(row): row for row in sound}
    odd = {row["External_System_Id"] for row in sheets["user-enrollment-report"] if row not in sound}

    seen = Counter()
    for row in sheets["cbp-report-mdo-enrolment"]:
        if codes[row["Email"]] in odd:
            continue
        item = enrolled.get((codes[row["Email"]], row["Name of CBP Allocated Course"]))
        progress = item["Status"].replace("-", " ").title() if item else "Not Enrolled"
        assert row["Current Progress"] == progress
        assert row["Actual Date of Completion"] == (item["Completed_On"][:10] if item else "")
        assert item is None or item["Live_CBP_Plan_Mandate"] == "true"
        seen[progress] += 1
    assert min(seen[progress] for progress in ("Not Enrolled", "Not Started", "In Progress", "Completed")) > 0


def test_everybody_registered_is_under_the_plan_of_the_state_and_clerks_under_their_own(sheets):
    plan = Counter(row["Name of CBP Allocated Course"] for row in sheets["cbp-report-mdo-enrolment"])
    clerks = {"SECTION OFFICER", "ASSISTANT SECTION OFFICER"} | {f"ASSISTANT GRADE-{grade}" for grade in (1, 2, 3)}
    registered = len(sheets["user-report"])
    clerical = len([row for row in sheets["user-report"] if row["Designation"] in clerks])

    assert plan == {
        "e-Office Basics": registered,
        "Digital File Movement": registered,
        "Prevention of Sexual Harassment at Workplace": registered,
        "Noting and Drafting": clerical,
        "Right to Information Act": clerical,
    }


def test_every_month_has_learners_some_of_them_far_ahead_and_some_level(sound):
    months = {}
    for row in sound:
        if row["Status"] == "completed":
            months.setdefault(row["Completed_On"][:7], Counter())[row["External_System_Id"]] += 1

    for month in ["2025-04", "2025-07", "2025-10", "2026-01"]:
        counts = sorted(months[month].values(), reverse=True)
        assert len(counts) >= 30
        assert counts[0] >= 3 * counts[len(counts) // 2]
        assert len(set(counts)) < len(counts)


def test_every_kind_of_odd_row_is_strewn_twice_and_then_no_more():
    cells = dict.fromkeys(ENROLMENTS, "x")
    cells |= {"Batch_Id": "Not Available", "Certificate_ID": "c", "Completed_On": "2025-05-05 10:00:00"}
    cells |= {"Phone_Number": "9000000001", "Report_Last_Generated_On": "2026-02-02 11:30:47 AM"}
    finished = tuple((cells | {"Status": "completed"}).values())
    begun = tuple((cells | {"Status": "in-progress"}).values())
    mess = Mess()

    officers = [list(mess.strew([finished, begun])) for _ in range(600)]

    assert mess.placed == {oddity.name: 2 for oddity in ODDITIES}
    assert officers[-100:] == [[finished, begun]] * 100


def test_nobody_of_the_cast_has_an_odd_row(sheets, sound):
    codes = {f"CG{member.employee_code}" for member in CAST}
    report = sheets["user-enrollment-report"]

    odd = [row for row in report if row["External_System_Id"] in codes and row not in sound]
    assert odd == []


def test_a_long_report_goes_on_in_another_file_without_parting_an_officer(tmp_path):
    with ExitStack() as stack:
        sheet = Sheet(tmp_path, "report", ("a",), stack, rows_a_part=3)
        for officer in (["1", "2"], ["3", "4"], ["5"]):
            sheet.write([(cell,) for cell in officer])

    assert [path.name for path in sheet.paths] == ["report.csv", "report-2.csv"]
    assert [path.read_text() for path in sheet.paths] == ["a\n1\n2\n3\n4\n", "a\n5\n"]
