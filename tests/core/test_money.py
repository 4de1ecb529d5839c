"""Sums of rupees in figures and in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.money import HINDI, grouped, in_words_en, in_words_hi, rupees

WHOLE_RUPEES = st.integers(min_value=0, max_value=10**15)


@pytest.mark.parametrize(
    ("amount", "figures"),
    [
        (0, "₹0"),
        (7, "₹7"),
        (999, "₹999"),
        (1_000, "₹1,000"),
        (99_999, "₹99,999"),
        (1_00_000, "₹1,00,000"),
        (2_50_000, "₹2,50,000"),
        (10_05_001, "₹10,05,001"),
        (12_34_56_789, "₹12,34,56,789"),
        (1_000_00_00_000, "₹10,00,00,00,000"),
        (-500, "−₹500"),
    ],
)
def test_an_accountant_reads_sums_in_lakhs_and_crores(amount, figures):
    assert rupees(amount) == figures


@given(WHOLE_RUPEES)
def test_commas_never_change_a_sum(amount):
    assert int(grouped(amount).replace(",", "")) == amount


@given(st.integers(min_value=1_000, max_value=10**15))
def test_after_the_last_three_digits_an_accountant_counts_in_pairs(amount):
    first, *pairs, last = grouped(amount).split(",")

    assert (1 <= len(first) <= 2, {len(pair) for pair in pairs} <= {2}, len(last)) == (True, True, 3)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "शून्य रुपये"),
        (1, "एक रुपया"),
        (2, "दो रुपये"),
        (100, "एक सौ रुपये"),
        (101, "एक सौ एक रुपये"),
        (1_551, "एक हज़ार पाँच सौ इक्यावन रुपये"),
        (5_000, "पाँच हज़ार रुपये"),
        (21_000, "इक्कीस हज़ार रुपये"),
        (1_50_000, "एक लाख पचास हज़ार रुपये"),
        (2_50_000, "दो लाख पचास हज़ार रुपये"),
        (99_99_999, "निन्यानवे लाख निन्यानवे हज़ार नौ सौ निन्यानवे रुपये"),
        (1_00_00_001, "एक करोड़ एक रुपये"),
        (12_34_56_789, "बारह करोड़ चौंतीस लाख छप्पन हज़ार सात सौ नवासी रुपये"),
        (1_000_00_00_000, "एक हज़ार करोड़ रुपये"),
    ],
)
def test_a_hindi_order_says_the_sum_in_words(amount, words):
    assert in_words_hi(amount) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "zero rupees"),
        (1, "one rupee"),
        (13, "thirteen rupees"),
        (40, "forty rupees"),
        (100, "one hundred rupees"),
        (1_551, "one thousand five hundred fifty-one rupees"),
        (2_50_000, "two lakh fifty thousand rupees"),
        (12_34_56_789, "twelve crore thirty-four lakh fifty-six thousand seven hundred eighty-nine rupees"),
        (1_000_00_00_000, "one thousand crore rupees"),
    ],
)
def test_an_english_order_says_the_sum_in_words(amount, words):
    assert in_words_en(amount) == words


def test_every_number_below_a_hundred_has_its_own_hindi_word():
    assert (len(HINDI), len(set(HINDI))) == (100, 100)


def test_a_clerk_finds_the_awkward_hindi_numbers_spelt_the_standard_way():
    awkward = (6, 18, 28, 29, 39, 44, 49, 54, 59, 67, 69, 79, 89, 99)

    assert " ".join(HINDI[number] for number in awkward) == (
        "छह अठारह अट्ठाईस उनतीस उनतालीस चवालीस उनचास चौवन उनसठ सड़सठ उनहत्तर उनासी नवासी निन्यानवे"
    )


@given(WHOLE_RUPEES, WHOLE_RUPEES)
def test_two_different_sums_never_read_the_same(one, other):
    assert (one == other) == (in_words_hi(one) == in_words_hi(other)) == (in_words_en(one) == in_words_en(other))


@pytest.mark.parametrize("say", [in_words_hi, in_words_en])
def test_nobody_is_awarded_less_than_nothing(say):
    with pytest.raises(ValueError, match="-1 is below zero"):
        say(-1)
