"""Whole rupees: grouped as in India, and said in words in Hindi and English.

Sums are integers; nothing here rounds. Sanction orders write a sum twice, in
figures and in words, so that one changed digit shows.
"""

from collections.abc import Callable

Scales = tuple[tuple[int, str], ...]

CRORE, LAKH, THOUSAND, HUNDRED = 1_00_00_000, 1_00_000, 1_000, 100

# Hindi has a word of its own for every number below a hundred. Several spellings are
# in use; these are the ones of school books and government forms, one for each.
# fmt: off
HINDI = (
    "शून्य", "एक", "दो", "तीन", "चार", "पाँच", "छह", "सात", "आठ", "नौ",
    "दस", "ग्यारह", "बारह", "तेरह", "चौदह", "पंद्रह", "सोलह", "सत्रह", "अठारह", "उन्नीस",
    "बीस", "इक्कीस", "बाईस", "तेईस", "चौबीस", "पच्चीस", "छब्बीस", "सत्ताईस", "अट्ठाईस", "उनतीस",
    "तीस", "इकतीस", "बत्तीस", "तैंतीस", "चौंतीस", "पैंतीस", "छत्तीस", "सैंतीस", "अड़तीस", "उनतालीस",
    "चालीस", "इकतालीस", "बयालीस", "तैंतालीस", "चवालीस", "पैंतालीस", "छियालीस", "सैंतालीस", "अड़तालीस", "उनचास",
    "पचास", "इक्यावन", "बावन", "तिरपन", "चौवन", "पचपन", "छप्पन", "सत्तावन", "अट्ठावन", "उनसठ",
    "साठ", "इकसठ", "बासठ", "तिरसठ", "चौंसठ", "पैंसठ", "छियासठ", "सड़सठ", "अड़सठ", "उनहत्तर",
    "सत्तर", "इकहत्तर", "बहत्तर", "तिहत्तर", "चौहत्तर", "पचहत्तर", "छिहत्तर", "सतहत्तर", "अठहत्तर", "उनासी",
    "अस्सी", "इक्यासी", "बयासी", "तिरासी", "चौरासी", "पचासी", "छियासी", "सतासी", "अठासी", "नवासी",
    "नब्बे", "इक्यानवे", "बानवे", "तिरानवे", "चौरानवे", "पचानवे", "छियानवे", "सत्तानवे", "अट्ठानवे", "निन्यानवे",
)
ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
ENGLISH_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
# fmt: on
HINDI_SCALES = ((CRORE, "करोड़"), (LAKH, "लाख"), (THOUSAND, "हज़ार"), (HUNDRED, "सौ"))
ENGLISH_SCALES = ((CRORE, "crore"), (LAKH, "lakh"), (THOUSAND, "thousand"), (HUNDRED, "hundred"))


def rupees(amount_rupees: int) -> str:
    """The sum in figures with the rupee sign, in lakhs and crores: `₹2,50,000`.

    International digits in both languages. Below zero the minus sign stands first: `−₹500`.
    """
    sign = "−" if amount_rupees < 0 else ""
    return f"{sign}₹{grouped(abs(amount_rupees))}"


def grouped(number: int) -> str:
    """A number with Indian commas: the last three digits, then pairs (`12,34,567`)."""
    if number < 0:
        return f"−{grouped(-number)}"
    head, tail = divmod(number, THOUSAND)
    if not head:
        return str(tail)
    pairs = []
    while head:
        head, pair = divmod(head, HUNDRED)
        pairs.append(f"{pair:02}" if head else str(pair))
    return ",".join([*reversed(pairs), f"{tail:03}"])


def in_words_hi(amount_rupees: int) -> str:
    """The sum in Hindi words with its unit: `दो लाख पचास हज़ार रुपये`, `एक रुपया`, `शून्य रुपये`.

    A hundred crore and more is counted in crores (`एक हज़ार करोड़ रुपये`).
    Raises ValueError below zero: no sum of ours is paid backwards.
    """
    return f"{_words(amount_rupees, HINDI_SCALES, _hindi)} {'रुपया' if amount_rupees == 1 else 'रुपये'}"


def in_words_en(amount_rupees: int) -> str:
    """The sum in English words with its unit: `two lakh fifty thousand rupees`, `one rupee`.

    A hundred crore and more is counted in crores (`one thousand crore rupees`).
    Raises ValueError below zero: no sum of ours is paid backwards.
    """
    return f"{_words(amount_rupees, ENGLISH_SCALES, _english)} {'rupee' if amount_rupees == 1 else 'rupees'}"


def _words(number: int, scales: Scales, below_hundred: Callable[[int], str]) -> str:
    if number < 0:
        raise ValueError(f"{number} is below zero")
    said = []
    for size, name in scales:
        count, number = divmod(number, size)
        if count:
            said += [_words(count, scales, below_hundred), name]
    if number or not said:
        said.append(below_hundred(number))
    return " ".join(said)


def _hindi(number: int) -> str:
    return HINDI[number]


def _english(number: int) -> str:
    if number < len(ENGLISH):
        return ENGLISH[number]
    tens, ones = divmod(number, 10)
    return f"{ENGLISH_TENS[tens]}-{ENGLISH[ones]}" if ones else ENGLISH_TENS[tens]
