"""What may be a name in each script, what of it is marked as different, and what may stand below what."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.people.rules import (
    NAME_LIMIT,
    Above,
    Names,
    closing_reasons,
    differences,
    english_reasons,
    hindi_reasons,
    placing_reasons,
    request_reasons,
    tidy_name,
)


def codes(reasons) -> list[str]:
    return [one.code for one in reasons]


@pytest.mark.parametrize(
    "name", ["आशा साहू", "डॉ. राम-कुमार वर्मा", "श्‍याम", "मो. इरफ़ान", "एम. के. राउत", "कुमारी क्षिप्रा (देवांगन)"]
)
def test_a_hindi_name_in_devanagari_is_taken(name):
    assert hindi_reasons(tidy_name(name)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_hi_missing"),
        ("...", "name_hi_missing"),
        ("vk'kk lkgw", "name_hi_legacy"),
        ("आशा Sahu", "name_hi_legacy"),
        ("আশা সাহু", "name_hi_letters"),
        ("आशा; साहू", "name_hi_letters"),
        ("आशा साहू।", "name_hi_letters"),
        ("ाशा साहू", "name_hi_broken"),
        ("आशा २", "name_has_digits"),
        ("आशा 2", "name_has_digits"),
        ("आ", "name_too_short"),
        ("आ" * (NAME_LIMIT + 1), "name_too_long"),
    ],
)
def test_a_hindi_name_of_another_shape_is_refused_with_one_reason(name, code):
    assert codes(hindi_reasons(name)) == [code]


@pytest.mark.parametrize(
    "name", ["Asha Sahu", "Dr. D'Souza-Kujur", "K. P. S. Gill", "PVSN Rao", "José Fernandes", "Ng Sen", "Md. Irfan"]
)
def test_an_english_name_in_latin_letters_is_taken(name):
    assert english_reasons(tidy_name(name)) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_en_missing"),
        ("..", "name_en_missing"),
        ("आशा साहू", "name_en_letters"),
        ("Asha_Sahu", "name_en_letters"),
        ("vk'kk lkgw", "name_en_legacy"),
        ("Asha 2", "name_has_digits"),
        ("A", "name_too_short"),
        ("a" * (NAME_LIMIT + 1), "name_too_long"),
    ],
)
def test_an_english_name_of_another_shape_is_refused_with_one_reason(name, code):
    assert codes(english_reasons(name)) == [code]


def test_one_name_has_one_form():
    assert tidy_name("  आशा \u00a0 साहू\n") == "आशा साहू"
    assert tidy_name("Jose\u0301") == "José"


def test_a_request_says_of_each_field_what_is_wrong_with_it():
    now = Names("आशा साहू", "Asha Sahu")

    found = request_reasons(now, now, why="", reference="x" * 200)

    assert {field: codes(reasons) for field, reasons in found.items()} == {
        "name_hi": ["names_unchanged"],
        "reason": ["name_reason_missing"],
        "reference": ["name_text_too_long"],
    }


def test_one_name_may_change_while_the_other_stays():
    assert (
        request_reasons(Names("आशा साहू", "Asha Sahu"), Names("आशा साहु", "Asha Sahu"), why="मात्रा", reference="") == {}
    )


def test_what_differs_is_marked_by_whole_letters_with_their_signs():
    assert differences("साहू", "साहु") == [("सा", False), ("हु", True)]
    assert differences("आशा साहू", "आशा देवी साहू") == [("आशा ", False), ("देवी ", True), ("साहू", False)]
    assert differences("Asha", "Asha") == [("Asha", False)]
    assert differences("", "आशा") == [("आशा", True)]


letters = st.text(st.sampled_from("आशा साहू देवी्क्षत्र‍.asu"), max_size=20)


@given(letters, letters)
def test_the_marked_pieces_together_are_the_new_name(old, new):
    assert "".join(piece for piece, _differs in differences(old, new)) == new


@given(letters)
def test_nothing_is_marked_where_nothing_changed(name):
    assert [differs for _piece, differs in differences(name, name)] in ([], [False])


# The structure

STATE = Above("state", "State", "/1/", True)
HEALTH = Above("department", "Health", "/1/2/", True)
RAIPUR = Above("district", "Raipur", "/1/3/4/", True)


def test_an_office_stands_below_a_department_and_in_a_district():
    assert placing_reasons("office", HEALTH, RAIPUR) == []


@pytest.mark.parametrize(
    ("kind", "line", "territory", "code"),
    [
        ("office", RAIPUR, RAIPUR, "unit_parent_kind"),
        ("office", HEALTH, HEALTH, "unit_parent_kind"),
        ("district", HEALTH, STATE, "unit_parent_kind"),
        ("department", STATE, RAIPUR, "unit_parent_kind"),
        ("state", STATE, STATE, "unit_parent_kind"),
        ("office", None, RAIPUR, "unit_parent_missing"),
        ("office", replace(HEALTH, is_open=False), RAIPUR, "unit_parent_closed"),
        ("office", HEALTH, replace(RAIPUR, is_open=False), "unit_parent_closed"),
    ],
)
def test_what_cannot_stand_there_is_refused(kind, line, territory, code):
    assert code in codes(placing_reasons(kind, line, territory))


def test_a_unit_never_stands_below_itself():
    below = Above("office", "Branch", "/1/2/7/9/", True)

    assert codes(placing_reasons("office", below, RAIPUR, unit_id=7)) == ["unit_below_itself"]
    assert placing_reasons("office", below, RAIPUR, unit_id=8) == []


def test_a_unit_closes_only_when_nothing_is_left_in_it():
    assert closing_reasons(units=0, officers=0, cases=0) == []
    assert codes(closing_reasons(units=1, officers=2, cases=3)) == [
        "unit_has_units",
        "unit_has_officers",
        "unit_has_cases",
    ]
