import unicodedata

import pytest

from karmyogi.core.profile import Department, District, UnknownProfile, load_profile, profile_names

STATE = load_profile("chhattisgarh")

SAMPLE_ROSTER = {
    "ASSISTANT GRADE-3": "सहायक ग्रेड-3",
    "PATWARI": "पटवारी",
    "ASSISTANT GRADE-2": "सहायक ग्रेड-2",
    "REVENUE INSPECTOR": "राजस्व निरीक्षक",
    "ASSISTANT SECTION OFFICER": "सहायक अनुभाग अधिकारी",
    "PEON": "भृत्य",
    "NAIB TEHSILDAR": "नायब तहसीलदार",
    "SECTION OFFICER": "अनुभाग अधिकारी",
    "TEHSILDAR": "तहसीलदार",
    "UNDER SECRETARY": "अवर सचिव",
}


def is_devanagari(text: str, *, besides: str) -> bool:
    return all("\u0900" <= letter <= "\u097f" or letter in besides for letter in text)


def test_an_unknown_state_stops_the_start_and_is_told_which_there_are():
    with pytest.raises(UnknownProfile) as refusal:
        load_profile("atlantis")

    assert str(refusal.value) == "There is no profile named atlantis. Profiles of this software: chhattisgarh."
    assert [reason.code for reason in refusal.value.reasons] == ["profile_unknown"]


@pytest.mark.parametrize("name", ["", "../profiles/chhattisgarh", "Chhattisgarh", "."])
def test_a_path_is_not_the_name_of_a_profile(name):
    with pytest.raises(UnknownProfile):
        load_profile(name)


def test_the_profiles_are_listed_by_name():
    assert profile_names() == ["chhattisgarh"]


def test_the_state_has_five_divisions_and_thirty_three_districts():
    counts = [(division.name_en, len(division.districts)) for division in STATE.divisions]

    assert counts == [("Raipur", 5), ("Durg", 7), ("Bilaspur", 8), ("Surguja", 6), ("Bastar", 7)]
    assert len({district.name_en for district in STATE.districts}) == 33


def test_a_district_knows_its_division_and_headquarters():
    assert STATE.district("Kabirdham") == District("कबीरधाम", "Kabirdham", "दुर्ग", "Durg", "Kawardha")
    assert STATE.division("Bastar").name_hi == "बस्तर"


def test_all_departments_have_both_names_and_only_one_row_each():
    assert len({row.name_en for row in STATE.departments}) == len({row.name_hi for row in STATE.departments}) == 46
    assert STATE.department("Home") == Department("गृह विभाग", "Home")


def test_a_unit_that_is_not_there_is_an_error_that_names_it():
    with pytest.raises(KeyError, match="Atlantis"):
        STATE.district("Atlantis")


@pytest.mark.parametrize(("name_en", "name_hi"), SAMPLE_ROSTER.items())
def test_every_designation_of_the_sample_roster_has_its_hindi_name(name_en, name_hi):
    assert STATE.designation(name_en).name_hi == name_hi


def test_a_designation_is_found_however_it_is_capitalised():
    assert STATE.designation("Naib Tehsildar") == STATE.designation("NAIB TEHSILDAR")


def test_designations_stand_once_in_capitals_with_distinct_hindi_names():
    english = [row.name_en for row in STATE.designations]

    assert len(english) >= 120
    assert english == [name.upper().strip() for name in english]
    assert len(set(english)) == len({row.name_hi for row in STATE.designations}) == len(english)


def test_hindi_names_are_written_in_devanagari_in_one_normal_form():
    names = [row.name_hi for row in (*STATE.designations, *STATE.departments, *STATE.districts, *STATE.divisions)]

    assert [name for name in names if not is_devanagari(name, besides=" ,()-123")] == []
    assert [name for name in names if not unicodedata.is_normalized("NFC", name)] == []


def test_every_kind_of_unit_is_named_in_both_languages():
    names = {kind: (level.name_hi, level.name_en) for kind, level in STATE.levels.items()}

    assert names == {
        "state": ("राज्य", "State"),
        "division": ("संभाग", "Division"),
        "district": ("जिला", "District"),
        "department": ("विभाग", "Department"),
        "directorate": ("संचालनालय", "Directorate"),
        "office": ("कार्यालय", "Office"),
    }


def test_hindi_is_the_language_of_a_new_reader_and_english_stands_beside_it():
    assert list(STATE.languages.items()) == [("hi", "हिन्दी"), ("en", "English")]


def test_an_office_that_no_list_names_is_called_after_its_department_and_district():
    names = STATE.bulk_office.of(STATE.department("Home"), STATE.district("Korba"))

    assert names == ("जिला कार्यालय, गृह विभाग, कोरबा", "Home District Office, Korba")


def test_a_commissioner_sits_in_the_office_of_the_division():
    names = STATE.commissionerate.of(STATE.department("Home"), STATE.district("Korba"))

    assert names == ("संभागायुक्त कार्यालय, बिलासपुर", "Divisional Commissioner Office, Bilaspur")


def test_orders_are_given_by_a_department_of_the_state_at_its_capital():
    orders = STATE.orders

    assert STATE.department(orders.department_en).name_hi == "सामान्य प्रशासन विभाग"
    assert STATE.district(orders.secretariat_district_en).name_en == "Raipur"
    assert (orders.place_hi, orders.office_code) == ("नवा रायपुर अटल नगर", "GAD/KMY")
    assert STATE.state.government_hi == "छत्तीसगढ़ शासन"


def test_the_first_policy_pays_what_the_state_has_decided():
    rules = [(rule.code, rule.kind, rule.points, rule.cap, rule.once) for rule in STATE.policy.rules]

    assert rules == [
        ("course", "completion", 5, 4, False),
        ("plan_course", "completion", 5, None, False),
        ("plan_in_time", "completion", 10, None, False),
        ("assessment", "completion", 5, 4, False),
        ("certificate", "completion", 2, 4, False),
        ("hours", "activity", 1, 8, False),
        ("rating", "activity", 2, 4, False),
        ("session", "activity", 3, 4, False),
        ("taught", "activity", 5, 2, False),
        ("registered", "activity", 5, None, True),
        ("first_enrolment", "activity", 5, None, True),
    ]


def test_the_first_policy_covers_courses_from_april_2025():
    policy = STATE.policy

    assert (policy.number, policy.effective_from) == (1, "2025-04")
    assert policy.course_types == ("Course", "Moderated Course")


def test_every_rule_is_explained_in_both_languages():
    texts = [(rule.label_hi, rule.label_en, rule.note_hi, rule.note_en) for rule in STATE.policy.rules]

    assert [row for row in texts if not all(row)] == []
    assert len({row[0] for row in texts}) == len({row[1] for row in texts}) == 11


def test_the_printed_help_contact_is_a_placeholder_until_gad_enters_its_own():
    assert STATE.help.email.endswith(".example.in")
    assert STATE.help.phone.startswith("9000")
