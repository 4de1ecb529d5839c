import unicodedata
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.reasons import TEXTS
from karmyogi.reports import rules
from karmyogi.reports.rules import Remark, Status, Unreadable, about

BLANK = [
    "",
    " ",
    "\u00a0",
    "Not Available",
    "not available",
    " NOT  AVAILABLE ",
    "NA",
    "na",
    "null",
    "NULL",
    "-",
    " - ",
]

READERS = {
    "text": rules.text,
    "normalised_name": rules.normalised_name,
    "text_list": rules.text_list,
    "group": rules.group,
    "date_in": rules.date_in,
    "roster_date": rules.roster_date,
    "datetime_in": rules.datetime_in,
    "duration": rules.duration,
    "progress": rules.progress,
    "learning_hours": rules.learning_hours,
    "whole_number": rules.whole_number,
    "rating": rules.rating,
    "status": rules.status,
    "yes_no": rules.yes_no,
    "profile_status": rules.profile_status,
    "state_class": rules.state_class,
    "igot_id": rules.igot_id,
    "email": rules.email,
    "phone": rules.phone,
    "employee_code": rules.employee_code,
    "employee_id": rules.employee_id,
    "external_system": rules.external_system,
}
at = datetime.fromisoformat
readers = pytest.mark.parametrize("read", READERS.values(), ids=READERS)


def refused(read, cell) -> str:
    with pytest.raises(Unreadable) as error:
        read(cell)
    return error.value.code


@readers
@pytest.mark.parametrize("cell", BLANK)
def test_each_way_of_leaving_a_cell_blank_is_blank(read, cell):
    assert read(cell) in (None, "", ())


near_misses = st.from_regex(r"[0-9०-९A-Za-z/:. @+*xE-]{0,24}", fullmatch=True)


@readers
@given(cell=st.text(st.characters()) | near_misses)
def test_no_cell_whatever_breaks_a_reader(read, cell):
    try:
        read(cell)
    except Unreadable as error:
        assert error.code in TEXTS  # noqa: PT017 - any other error fails the test by itself


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2025-08-14", date(2025, 8, 14)),
        (" 2025-08-14 ", date(2025, 8, 14)),
        ("2025/08/14", date(2025, 8, 14)),
        ("14/08/2025", date(2025, 8, 14)),
        ("4/8/2025", date(2025, 8, 4)),
        ("14/08/25", date(2025, 8, 14)),
        ("14/08/68", date(2068, 8, 14)),
        ("14-08-2025", date(2025, 8, 14)),
        ("45883", date(2025, 8, 14)),
        ("45883.75", date(2025, 8, 14)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-08-14 23:59:59", date(2025, 8, 14)),
        ("१४/०८/२०२५", date(2025, 8, 14)),
    ],
)
def test_a_day_is_read_in_each_form_that_a_report_or_excel_gives_it(cell, day):
    assert rules.date_in(cell) == day


@pytest.mark.parametrize(
    "cell",
    [
        *("2025-02-29", "2025-13-45", "31/04/2025", "08/14/2025", "14-08-25", "2025", "20250814", "14.08.2025"),
        *(
            "2025-08/14",
            "14/08-2025",
            "0202-08-14",
            "1234",
            "123456",
            "-45883",
            "2025-W33-4",
            "14 Aug 2025",
            "tomorrow",
        ),
        *("2025-08-14 25:00:00", "2025-08-14Z", "=TODAY()"),
    ],
)
def test_a_day_that_cannot_be_is_not_guessed(cell):
    assert refused(rules.date_in, cell) == "date_unreadable"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1967-02-11", date(1967, 2, 11)),
        ("11-02-1967", date(1967, 2, 11)),
        ("11/02/1967", date(1967, 2, 11)),
        ("२८/०२/२०२९", date(2029, 2, 28)),
    ],
)
def test_a_roster_gives_a_day_with_its_year_in_full(cell, day):
    assert rules.roster_date(cell) == day


@pytest.mark.parametrize("cell", ["11/02/67", "24514", "1967/02/11", "11/02-1967", "1967-02-30", "1967-02-11 00:00"])
def test_a_roster_day_of_uncertain_century_is_refused(cell):
    assert refused(rules.roster_date, cell) == "date_unreadable"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-01-29 16:02:11", at("2026-01-29 16:02:11")),
        (" 2026-01-29  16:02:11 ", at("2026-01-29 16:02:11")),
        ("2026-01-29 16:02:11.987", at("2026-01-29 16:02:11")),
        ("2026-01-29T16:02:11", at("2026-01-29 16:02:11")),
        ("29/01/2026 16:02", at("2026-01-29 16:02:00")),
        ("29-01-2026 16:02", at("2026-01-29 16:02:00")),
        ("29/01/2026 16:02:11 PM", at("2026-01-29 16:02:11")),
        ("2025-10-07 23:30:47 PM", at("2025-10-07 23:30:47")),
        ("2025-10-07 23:30:47 AM", at("2025-10-07 23:30:47")),
        ("2025-10-07 11:30:47 AM", at("2025-10-07 11:30:47")),
        ("2025-10-07 12:30:47 PM", at("2025-10-07 12:30:47")),
        ("2025-10-07 00:30:47 AM", at("2025-10-07 00:30:47")),
        ("2025-10-07 00:30:47 PM", at("2025-10-07 00:30:47")),
        # Only a 12-hour clock can have written these two.
        ("2025-10-07 04:02:11 PM", at("2025-10-07 16:02:11")),
        ("2025-10-07 12:30:47 am", at("2025-10-07 00:30:47")),
        ("2025-12-01", at("2025-12-01 00:00:00")),
        ("01/12/25", at("2025-12-01 00:00:00")),
        ("46051", at("2026-01-29 00:00:00")),
        ("46051.66818287", at("2026-01-29 16:02:11")),
        ("46051.999999", at("2026-01-30 00:00:00")),
        ("२०२६-०१-२९ १६:०२:११", at("2026-01-29 16:02:11")),
    ],
)
def test_a_moment_is_read_as_indian_time_without_a_zone(cell, moment):
    assert rules.datetime_in(cell) == moment


@pytest.mark.parametrize(
    "cell",
    [
        *("2025-13-45 10:00:00", "2025-02-30 10:00:00", "2026-01-29 24:00:00", "2026-01-29 16:60:00", "16:02:11"),
        *(
            "2026-01-29 16:02+05",
            "2026-01-29 16:02:11+05:30",
            "2026-01-29x16:02:11",
            "2026-W05-4 16:02:11",
            "yesterday",
        ),
    ],
)
def test_a_moment_that_cannot_be_is_not_guessed(cell):
    assert refused(rules.datetime_in, cell) == "datetime_unreadable"


@given(st.datetimes(at("1950-01-01 00:00:00"), at("2150-01-01 00:00:00")))
def test_every_way_of_writing_a_moment_gives_the_same_moment(moment):
    moment = moment.replace(microsecond=0)
    serial = (moment - at("1899-12-30 00:00:00")) / timedelta(days=1)

    assert rules.datetime_in(f"{moment:%Y-%m-%d %H:%M:%S}") == moment
    assert rules.datetime_in(f"{moment:%d/%m/%Y %H:%M:%S %p}") == moment
    assert rules.datetime_in(f"{moment:%Y-%m-%d %I:%M:%S %p}") == moment
    assert rules.datetime_in(f"{serial:.8f}") == moment
    assert rules.date_in(f"{moment:%d-%m-%Y}") == rules.roster_date(f"{moment:%d/%m/%Y}") == moment.date()


@pytest.mark.parametrize(
    ("cell", "said"),
    [("2025-12-01 00:00:00", True), ("45992.5", True), ("2025-12-01", False), ("45992", False), ("45992.0", False)],
)
def test_it_is_known_whether_a_moment_says_the_time_of_the_day(cell, said):
    assert rules.has_clock(cell) is said


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("01:30:00", 5400), ("00:00:00", 0), ("1:01:01", 3661), ("26:00:00", 93_600), ("100:00:01", 360_001)],
)
def test_a_duration_may_be_longer_than_a_day(cell, seconds):
    assert rules.duration(cell) == seconds


@pytest.mark.parametrize(
    "cell", ["1 hour", "90", "01:30", "01:60:00", "01:00:60", "-01:00:00", "01:30:00.5", "०१:३०:००x"]
)
def test_a_duration_in_a_wrong_form_is_refused(cell):
    assert refused(rules.duration, cell) == "duration_unreadable"


@pytest.mark.parametrize(
    ("cell", "hundredths"),
    [("0", 0), ("100", 10_000), ("100.0", 10_000), ("68.08", 6808), ("27.2", 2720), ("33.335", 3334), ("5.", 500)],
)
def test_progress_is_kept_in_whole_hundredths(cell, hundredths):
    assert rules.progress(cell) == hundredths


@pytest.mark.parametrize("cell", ["100.01", "101", "-1", "50%", "1e2", "half", "6,5", "NaN", "Infinity"])
def test_progress_outside_nought_to_hundred_is_refused(cell):
    assert refused(rules.progress, cell) == "progress_unreadable"


@pytest.mark.parametrize(("cell", "hundredths"), [("12.5", 1250), ("0", 0), ("01:30:00", 150), ("00:00:00", 0)])
def test_learning_hours_come_as_a_decimal_or_as_a_duration(cell, hundredths):
    assert rules.learning_hours(cell) == hundredths


@pytest.mark.parametrize("cell", ["1:30", "many", "-1"])
def test_learning_hours_in_another_form_are_refused(cell):
    assert refused(rules.learning_hours, cell) == "number_unreadable"


@pytest.mark.parametrize(
    ("cell", "number"), [("0", 0), ("93", 93), ("93.0", 93), ("007", 7), ("999999999", 999_999_999)]
)
def test_a_whole_number_is_read(cell, number):
    assert rules.whole_number(cell) == number


@pytest.mark.parametrize("cell", ["-5", "1.5", "1,234", "1E+05", "²", "1000000000", "five"])
def test_a_number_that_is_not_whole_is_refused(cell):
    assert refused(rules.whole_number, cell) == "number_unreadable"


@pytest.mark.parametrize(("cell", "stars"), [("1", 1), ("5", 5), ("5.0", 5), ("0", None), ("0.0", None)])
def test_a_rating_of_nought_is_no_rating(cell, stars):
    assert rules.rating(cell) == stars


@pytest.mark.parametrize("cell", ["6", "-1", "4.5", "10", "five", "★★★"])
def test_a_rating_beyond_five_stars_is_refused(cell):
    assert refused(rules.rating, cell) == "rating_unreadable"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("not-enrolled", Status.NOT_ENROLLED),
        ("Not Enrolled", Status.NOT_ENROLLED),
        ("Not Started", Status.NOT_STARTED),
        ("0", Status.NOT_STARTED),
        ("IN-PROGRESS", Status.IN_PROGRESS),
        (" in  progress ", Status.IN_PROGRESS),
        ("1", Status.IN_PROGRESS),
        ("Completed", Status.COMPLETED),
        ("2", Status.COMPLETED),
    ],
)
def test_a_status_is_read_in_each_generation_of_spelling(cell, status):
    assert rules.status(cell) is status


@pytest.mark.parametrize("cell", ["finished?", "3", "in_progress", "complete", "2.0", "पूर्ण"])
def test_an_unknown_status_is_refused(cell):
    assert refused(rules.status, cell) == "status_unknown"


@pytest.mark.parametrize(("cell", "answer"), [("Yes", True), ("TRUE", True), ("no", False), ("false", False)])
def test_yes_and_no_are_read(cell, answer):
    assert rules.yes_no(cell) is answer


@pytest.mark.parametrize("cell", ["Y", "1", "0", "हाँ", "perhaps"])
def test_neither_yes_nor_no_is_refused(cell):
    assert refused(rules.yes_no, cell) == "yes_no_unreadable"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("VERIFIED", "VERIFIED"),
        ("Not Verified", "NOT-VERIFIED"),
        ("not-my-user", "NOT-MY-USER"),
        ("true", "VERIFIED"),
        ("false", "NOT-VERIFIED"),
    ],
)
def test_an_older_report_says_verified_by_true_and_false(cell, status):
    assert rules.profile_status(cell) == status


def test_an_unknown_profile_status_or_class_is_refused():
    assert refused(rules.profile_status, "PENDING") == "profile_status_unknown"
    assert refused(rules.state_class, "V") == "class_unknown"
    assert refused(rules.state_class, "3") == "class_unknown"


@pytest.mark.parametrize(("cell", "name"), [("I", "I"), ("ii", "II"), (" III ", "III"), ("Iv", "IV")])
def test_a_class_of_service_is_one_of_four(cell, name):
    assert rules.state_class(cell) == name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("GROUP C", "Group C"),
        ("Group-b", "Group B"),
        ("Group E", "Group E"),
        ("(Honorarium-Based)", "(Honorarium-Based)"),
        ("Contractual  Staff", "Contractual Staff"),
    ],
)
def test_groups_a_to_d_have_one_spelling_and_others_stay(cell, name):
    assert rules.group(cell) == name


@pytest.mark.parametrize(
    ("cell", "entries"),
    [
        ("Mantralaya, Batch 3", ("Mantralaya", "Batch 3")),
        ("PUBLIC", ("PUBLIC",)),
        ("PUBLIC,MDO_ADMIN, PUBLIC,, NA", ("PUBLIC", "MDO_ADMIN")),
    ],
)
def test_a_joined_cell_is_a_list(cell, entries):
    assert rules.text_list(cell) == entries


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        (" Ravi\u00a0 Kumar\t\n", "Ravi Kumar"),
        ('=HYPERLINK("http://x.example","click")', '=HYPERLINK("http://x.example","click")'),
        ("Asha\x00\x07Patel", "AshaPatel"),
        ("क\u093cि", "क\u093cि"),
        ("\u0958", unicodedata.normalize("NFC", "\u0958")),
        ("क्\u200dष", "क्\u200dष"),
        ("N A", "N A"),
    ],
)
def test_a_text_is_kept_but_for_white_space_and_what_no_database_stores(cell, kept):
    assert rules.text(cell) == kept


def test_two_spellings_of_a_course_name_are_one_name():
    assert rules.normalised_name("\u00a0Noting  and  Drafting ") == "Noting and Drafting"
    assert rules.normalised_name("ﬁle\u2009Ｎo. ①") == "file No. 1"
    assert rules.normalised_name("e-Office") != rules.normalised_name("E-Office")


@given(st.text(st.characters()))
def test_cleaning_a_text_twice_changes_nothing_more(cell):
    for read in (rules.text, rules.normalised_name, rules.group, rules.employee_id, rules.email, rules.igot_id):
        once = read(cell)

        assert once is None or read(once) == once
        assert "\x00" not in (once or "")


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("  LAXMAN.MARKAM@CG.EXAMPLE.IN ", "laxman.markam@cg.example.in"),
        ("\u00a0asha@cg.example.in\u200b", "asha@cg.example.in"),
        ("o'brien+igot@cg.example.in", "o'brien+igot@cg.example.in"),
        ("maxxx@cg.example.in", "maxxx@cg.example.in"),
    ],
)
def test_an_address_is_a_key_whatever_its_capitals_and_spaces(cell, key):
    assert rules.email(cell) == key
    assert rules.why_ignored("email", cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("नेमबल.हंक13ण्बह/हवअण्पद", "email_garbled"),
        ("आशा@cg.example.in", "email_garbled"),
        ("as***@cg.example.in", "email_masked"),
        ("asxxxxxx@cg.example.in", "email_masked"),
        ("a•••@c•••.in", "email_masked"),
        ("asha", "email_unusable"),
        ("asha@cg.example.in, ravi@cg.example.in", "email_unusable"),
        ("asha patel@cg.example.in", "email_unusable"),
        ("ásha@cg.example.in", "email_unusable"),
    ],
)
def test_an_address_that_is_spoilt_or_masked_is_no_key_and_that_is_said(cell, code):
    assert rules.email(cell) is None
    assert rules.why_ignored("email", cell) == code


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("9000000000", "9000000000"),
        ("+91 90000 29757", "9000029757"),
        ("09000000026", "9000000026"),
        ("0091-90000-00026", "9000000026"),
        ("9000000026.0", "9000000026"),
        ("९०००००००२६", "9000000026"),
        ("Ph: 9000000026", "9000000026"),
    ],
)
def test_a_phone_is_its_last_ten_digits(cell, key):
    assert rules.phone(cell) == key


@pytest.mark.parametrize(
    "cell",
    ["9.87654E+09", "9.876543210E9", "98xxxxxx12", "+91 98765*****", "9000000026*", "98765", "09876 5432", "none"],
)
def test_a_shortened_or_masked_phone_is_no_key(cell):
    assert rules.phone(cell) is None
    assert rules.why_ignored("phone", cell) is None


@given(st.text(st.characters()) | near_misses)
def test_a_phone_is_ten_digits_or_nothing(cell):
    key = rules.phone(cell)

    assert key is None or (len(key) == 10 and key.isascii() and key.isdigit())


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("00010000", "00010000"),
        (" cg 00010000 ", "CG00010000"),
        ("१२३", "123"),
        ("cg-०१\u200d२", "CG-012"),
        ("E5", "E5"),
        ("12E5", "12E5"),
    ],
)
def test_a_code_keeps_its_leading_zeros_and_has_one_spelling(cell, code):
    assert rules.employee_code(cell) == code
    assert rules.employee_id(cell) == code


@pytest.mark.parametrize("cell", ["1.23457E+11", "1E+11", "1.2e+10"])
def test_a_code_that_a_spreadsheet_shortened_is_refused_in_a_roster_and_no_key_elsewhere(cell):
    assert refused(rules.employee_code, cell) == "code_unreadable"
    assert rules.employee_id(cell) is None
    assert rules.why_ignored("employee_id", cell) == "employee_id_unusable"


def test_a_portal_id_is_compared_in_small_letters():
    assert rules.igot_id(" 7FE510CC-659A ") == "7fe510cc-659a"


def test_a_reason_quotes_a_long_value_in_short():
    told = about("date_unreadable", "Batch_Start_Date", "x" * 500)

    assert told.facts == {"column": "Batch_Start_Date", "value": "x" * 80 + "…"}
    assert Remark("a", "b", told).reason.text % told.facts


def test_every_reason_of_the_room_can_be_said_with_its_facts():
    facts = {"column": "Completed_On", "value": "2025-13-45", "report": "2026-02-02"}
    codes = [
        "column_blank",
        "name_blank",
        "status_unknown",
        "profile_status_unknown",
        "date_unreadable",
        "datetime_unreadable",
        "duration_unreadable",
        "number_unreadable",
        "progress_unreadable",
        "yes_no_unreadable",
        "rating_unreadable",
        "class_unknown",
        "code_unreadable",
        "completed_after_report",
        "row_too_wide",
        "email_garbled",
        "email_masked",
        "email_unusable",
        "employee_id_unusable",
        "completed_before_enrolled",
        "faster_than_course",
    ]

    assert all("%" not in TEXTS[code] % facts for code in codes)
