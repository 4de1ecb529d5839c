"""Registered texts: what may stand in their places, and how many parts they are paid as."""

import pytest

from karmyogi.core.profile import load_profile
from karmyogi.core.sms import GSM, LONGEST_VALUE, MOST_PARTS, PLACE, Template, fits, is_number, masked, parts_of

CODE = Template("1107160000000000001", "Code {#var#} for {#var#}, until {#var#}.")


def test_places_are_filled_in_their_order():
    assert CODE.filled(["7K2M-9QXD", "asha", "14:30"]) == "Code 7K2M-9QXD for asha, until 14:30."


def test_a_value_that_looks_like_a_place_fills_no_other():
    assert CODE.filled([PLACE, "asha", "14:30"]) == "Code {#var#} for asha, until 14:30."


@pytest.mark.parametrize(
    "values", [["a", "b"], ["a", "b", "c", "d"], ["", "b", "c"], ["x" * 31, "b", "c"], ["a\nb", "b", "c"]]
)
def test_what_does_not_fit_the_places_makes_no_message(values):
    with pytest.raises(ValueError, match="do not fit"):
        CODE.filled(values)


def test_thirty_characters_are_the_most_that_stand_in_a_place():
    assert (fits("क" * LONGEST_VALUE), fits("क" * (LONGEST_VALUE + 1)), fits("")) == (True, False, False)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2), ("a" * 159 + "{", 2),
        ("क" * 70, 1), ("क" * 71, 2), ("क" * 134, 2), ("क" * 135, 3), ("a" * 69 + "क", 1), ("a" * 70 + "क", 2),
        ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_a_text_is_sent_in_so_many_parts(text, parts):
    assert parts_of(text) == parts


def test_the_alphabet_of_a_gsm_message_has_its_127_letters():
    assert len(GSM) == 127  # 128 places, of which one is the escape


def test_a_text_too_long_with_every_place_full_is_refused_when_it_is_read():
    most = 67 * MOST_PARTS - LONGEST_VALUE

    assert Template("", "क" * most + PLACE).places == 1
    with pytest.raises(ValueError, match="parts"):
        Template("", "क" * (most + 1) + PLACE)


@pytest.mark.parametrize("number", ["12", "11071600000000000012345", "110716000000000000x", "११०७१६०००००००००००००"])
def test_what_is_no_number_of_the_register_is_refused(number):
    with pytest.raises(ValueError, match="digits"):
        Template(number, "Text")


def test_the_states_texts_have_three_places_in_both_languages_and_wait_for_their_registration():
    texts = load_profile("chhattisgarh").sms["password_code"]

    assert [(code, one.places, one.template_id) for code, one in texts.items()] == [("hi", 3, ""), ("en", 3, "")]


def test_a_mobile_number_has_ten_digits_and_is_told_by_its_last_three():
    numbers = ("9826012345", "5826012345", "982601234", "+919826012345", "९८२६०१२३४५")

    assert [is_number(one) for one in numbers] == [True, False, False, False, False]
    assert masked("9826012345") == "•••••••345"
