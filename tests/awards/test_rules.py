"""Numbers, words and reasons of orders, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.awards.rules import (
    AWARD,
    Named,
    Wording,
    award_number,
    financial_year_of,
    list_reasons,
    masked,
    names_missing,
    order_number,
    order_reasons,
    release_reasons,
    revocation_reasons,
    usual_wording,
)
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import reason

ON = date(2026, 4, 10)
ASHA = Named(
    "आशा साहू", "Asha Sahu", "सहायक ग्रेड-2", "ASSISTANT GRADE-2", "जिला कार्यालय", "District Office", "स्वास्थ्य", "Health"
)
WORDING = usual_wording(
    scheme=("कर्मयोगी पुरस्कार योजना", "Karmayogi Award Scheme"),
    cycle=("2025-26", "2025-26"),
    months=(Month(2026, 1), Month(2026, 3)),
    signatory=("अनिता वर्मा\nअवर सचिव", "Anita Verma\nUnder Secretary"),
    copy_to=[("गार्ड फाइल", "Guard file")],
)


def changed(row, **changes: object):
    return type(row)(**{name: getattr(row, name) for name in row.__dataclass_fields__} | changes)


def test_an_order_is_numbered_by_office_year_and_serial():
    assert order_number("GAD/KMY", "2026-27", 123) == "GAD/KMY/2026-27/000123"
    assert award_number("GAD/KMY/2026-27/000123", 4) == "GAD/KMY/2026-27/000123/004"


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), "2025-26"), (date(2026, 4, 1), "2026-27"), (date(2027, 3, 31), "2026-27")],
)
def test_a_financial_year_begins_in_april(day, year):
    assert financial_year_of(day) == year


@pytest.mark.parametrize(
    ("code", "printed"),
    [("00000101", "XXXX0101"), ("12345", "XXX45"), ("7", "X"), ("", ""), ("CG-00010007", "XXXXXXX0007")],
)
def test_an_employee_code_is_printed_by_its_end(code, printed):
    assert masked(code) == printed


@given(st.text(max_size=12))
def test_a_masked_code_keeps_its_length_and_hides_at_least_half(code):
    printed = masked(code)

    assert len(printed) == len(code)
    assert printed[: (len(code) + 1) // 2] == "X" * ((len(code) + 1) // 2)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"name_hi": ""}, [reason("awardee_name_hi_missing")]),
        ({"name_en": ""}, [reason("awardee_name_en_missing")]),
        ({"designation_hi": ""}, [reason("awardee_designation_hi_missing", name="ASSISTANT GRADE-2")]),
        ({"designation_hi": "", "designation_en": ""}, [reason("awardee_designation_missing")]),
        ({"department_hi": ""}, [reason("awardee_department_hi_missing", name="Health")]),
        ({"office_hi": ""}, [reason("awardee_office_hi_missing", name="District Office")]),
        (
            {"name_hi": "", "department_hi": ""},
            [reason("awardee_name_hi_missing"), reason("awardee_department_hi_missing", name="Health")],
        ),
    ],
)
def test_what_is_missing_in_hindi_is_listed(change, expected):
    assert names_missing(changed(ASHA, **change)) == expected


@pytest.mark.parametrize(
    ("change", "ordered_on", "codes"),
    [
        ({}, ON, []),
        ({}, date(2026, 4, 11), ["order_in_future"]),
        ({"subject_hi": " "}, ON, ["order_words_missing"]),
        ({"preamble_en": ""}, ON, ["order_words_missing"]),
        ({"signatory_hi": ""}, ON, ["order_words_missing"]),
        ({"copy_to": (("गार्ड फाइल", ""),)}, ON, ["copy_to_missing"]),
        ({"copy_to": ()}, ON, []),
    ],
)
def test_an_order_is_complete_in_both_languages_and_not_of_tomorrow(change, ordered_on, codes):
    found = order_reasons(changed(WORDING, **change), ordered_on=ordered_on, on=ON)

    assert [one.code for one in found] == codes


def test_an_order_is_not_older_than_the_release():
    assert release_reasons(ON, ordered_on=ON) == []
    assert release_reasons(ON, ordered_on=date(2026, 4, 9)) == [
        reason("order_before_release", released_on="2026-04-10")
    ]


@pytest.mark.parametrize(
    ("ids", "cycles", "codes"),
    [
        ((1, 2), [7, 7], []),
        ((), [], ["order_empty"]),
        ((1, 1), [7], ["order_twice"]),
        ((1, 2), [7, 8], ["order_other_cycle"]),
    ],
)
def test_the_list_of_an_order_is_of_one_cycle_each_once(ids, cycles, codes):
    assert [one.code for one in list_reasons(ids, cycles, 7)] == codes


def test_the_usual_words_are_whole_in_both_languages():
    usual = WORDING

    assert usual == Wording(
        subject_hi="कर्मयोगी पुरस्कार योजना, 2025-26: पुरस्कार प्रदान किए जाने के संबंध में",
        subject_en="Karmayogi Award Scheme, 2025-26: grant of awards",
        preamble_hi=(
            "कर्मयोगी पुरस्कार योजना के अंतर्गत 01/2026 से 03/2026 तक की अवधि में आई-जीओटी कर्मयोगी पोर्टल पर उत्कृष्ट अधिगम के "
            "लिए निम्नलिखित अधिकारियों/कर्मचारियों को उनके नाम के सम्मुख अंकित पुरस्कार एतद्द्वारा प्रदान किया जाता है।"
        ),
        preamble_en=(
            "Under the Karmayogi Award Scheme, the officers and employees named below are hereby granted the award "
            "shown against each name, for excellent learning on iGOT Karmayogi from 01/2026 to 03/2026."
        ),
        reference_hi="चक्र 2025-26 के अनुमोदित नामांकन",
        reference_en="Nominations approved in the cycle 2025-26",
        signatory_hi="अनिता वर्मा\nअवर सचिव",
        signatory_en="Anita Verma\nUnder Secretary",
        copy_to=(("गार्ड फाइल", "Guard file"),),
    )


LAKSHMI = Actor(9, "Lakshmi")


@pytest.mark.parametrize(
    ("reasons", "issued_by", "codes"),
    [
        (("क", "a"), 8, []),
        (("क", "a"), None, []),
        (("क", "a"), 9, ["same_hand"]),
        (("", "a"), 8, ["revocation_needs_reason"]),
        (("क", " "), 8, ["revocation_needs_reason"]),
    ],
)
def test_an_award_is_revoked_with_both_reasons_by_another_hand_than_issued_it(reasons, issued_by, codes):
    assert [one.code for one in revocation_reasons(*reasons, issued_by=issued_by, by=LAKSHMI)] == codes


def test_a_revoked_award_is_never_given_again():
    assert AWARD.ends == {"revoked"}
    assert AWARD.actions_from("revoked") == []
