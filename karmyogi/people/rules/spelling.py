"""How names are compared: one key for every spelling of a name, in either script. Pure decisions."""

import re
import unicodedata
from functools import lru_cache

LONGEST_KEY = 40  # letters; nobody types more
MOST_WORDS = 12  # of one name
PHONE_DIGITS = 10

# fmt: off
CONSONANTS = {
    "क": "k", "ख": "kh", "ग": "g", "घ": "gh", "ङ": "n",
    "च": "ch", "छ": "chh", "ज": "j", "झ": "jh", "ञ": "n",
    "ट": "t", "ठ": "th", "ड": "d", "ढ": "dh", "ण": "n",
    "त": "t", "थ": "th", "द": "d", "ध": "dh", "न": "n",
    "प": "p", "फ": "ph", "ब": "b", "भ": "bh", "म": "m",
    "य": "y", "र": "r", "ल": "l", "ळ": "l", "व": "v",
    "श": "sh", "ष": "sh", "स": "s", "ह": "h",
}
VOWELS = {
    "अ": "a", "आ": "aa", "इ": "i", "ई": "ee", "उ": "u", "ऊ": "oo", "ऋ": "ri", "ॠ": "ri",
    "ए": "e", "ऐ": "ai", "ओ": "o", "औ": "au", "ऍ": "e", "ऎ": "e", "ऑ": "o", "ऒ": "o",
}
VOWEL_SIGNS = {
    "ा": "aa", "ि": "i", "ी": "ee", "ु": "u", "ू": "oo", "ृ": "ri", "ॄ": "ri",
    "े": "e", "ै": "ai", "ो": "o", "ौ": "au", "ॅ": "e", "ॆ": "e", "ॉ": "o", "ॊ": "o",
}
# fmt: on
VIRAMA, NASALS, LIPS = "्", "ंँ", "पफबभम"

# What one pass over a word in Latin letters does, in this order; passes repeat until nothing changes.
SPELLINGS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"c(?:chh?|hchh?|hh)", "ch"),
        (r"ow(?=[^aeiou]|$)", "o"),  # Bhowmick, Chowdhury
        (r"w", "v"),
        (r"c(?=[ei])", "s"),
        (r"qu(?=i)|q|ck|c(?!h)", "k"),
        (r"x", "ks"),
        (r"z", "j"),
        (r"ph", "f"),
        (r"sh", "s"),
        (r"[jdg]ny(?=a)|jn(?=a)", "gy"),  # Jnaneshwar, Dnyaneshwar, Pragnya: ज्ञ
        (r"([kgjtdb])h", r"\1"),  # what is breathed is often left out: Choudhary, Chaudary
        (r"aa+", "a"),
        (r"ee+", "i"),
        (r"oo+", "u"),
        (r"au|ou", "o"),
        (r"(?<=.)y", "i"),  # Naik, Nayak; Tiwary, Tiwari; Priya, Pria
        (r"ei", "e"),  # Pandey, Pande
        (r"uu+", "u"),
        (r"ii+", "i"),
        (r"er(?=[^aeiour])", "r"),  # Verma, Varma
        (r"ore$", "or"),  # Rathore, Rathor
        (r"n(?=[pbf])", "m"),  # Sanpat, Sampat
        (r"([^aeiou])\1+", r"\1"),  # Gupta, Guptta
        (r"(?<=[^kgchjtdpbsa])a(?=h)", ""),  # beside these an h would be read with the letter before
        (r"([^a])a(?!h|\1)", r"\1"),  # an a is silent more often than not: मरकाम, Markam
    )
)


@lru_cache(maxsize=65_536)
def spelling_key(word: str) -> str:
    """One key for every spelling of a word, in Devanagari or Latin letters; "" if nothing of it is a letter or digit.

    The word is decomposed; joiners, nukta and accents are dropped. Devanagari is
    written in Latin letters, each consonant with its silent a. Then, in both:

    - long and short vowels are one (ee, oo, aa; also au, ou, ow and o); ai, ay, y and i are one after a letter;
    - w is v, ph is f, sh is s, z is j, q and c and ck are k (c before e or i is s), x is ks, ज्ञ is gy;
    - breath is left out: th is t, dh is d, chh is ch; doubled letters are one; n before a p or b is m;
    - er before a consonant is ar, and ore at the end is or;
    - an a is left out, but at the beginning, between twins (ममता), and where a letter and h would run together (साहू).

    It repeats until nothing changes, so the key of a key is that key. Words with
    a digit are codes: they keep their letters. Other scripts keep their letters, too.
    """
    latin = _latin(_decomposed(word))
    letters = "".join(filter(str.isalnum, latin))[:LONGEST_KEY]
    if _has_digit(letters):
        return letters
    while (folded := _one_pass(letters)[:LONGEST_KEY]) != letters:
        letters = folded
    return letters


def _one_pass(letters: str) -> str:
    for pattern, plain in SPELLINGS:
        letters = pattern.sub(plain, letters)
    return letters


def _decomposed(word: str) -> str:
    """Without nukta; what is left stands letter by letter, digits of either script as 0 to 9."""
    apart = unicodedata.normalize("NFKD", word).casefold().replace("\u093c", "")
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in apart)


def _latin(word: str) -> str:
    """Devanagari in Latin letters; all other letters as they are, without their marks."""
    word = word.replace("\u200c", "").replace("\u200d", "").replace("ज्ञ", "ग्य")  # as it is spoken in Hindi
    return "".join(_spoken(word, place) for place in range(len(word)))


def _spoken(word: str, place: int) -> str:
    letter, following = word[place], word[place + 1 : place + 2]
    if letter in CONSONANTS:
        silent = "" if following == VIRAMA or following in VOWEL_SIGNS else "a"
        return CONSONANTS[letter] + silent
    if letter in NASALS:
        return "m" if following and following in LIPS else "ng" if following == "ह" else "n"  # सिंह is Singh
    if letter in VOWELS or letter in VOWEL_SIGNS:
        return VOWELS.get(letter) or VOWEL_SIGNS[letter]
    return "" if _hangs(letter) else letter


def words_of(text: str) -> list[str]:
    """The words of a text; marks and joiners belong to the letter before them."""
    return [word for part in text.split() for word in _words_between_spaces(part)]


@lru_cache(maxsize=65_536)
def _words_between_spaces(part: str) -> tuple[str, ...]:
    return tuple("".join(one if one.isalnum() or _hangs(one) else " " for one in part).split())


def _hangs(one: str) -> bool:
    """True for a vowel sign, a nukta, an accent or a joiner."""
    return unicodedata.category(one) in {"Mn", "Mc", "Cf"}


def name_keys(employee_code: str, *names: str) -> frozenset[str]:
    """Every key by which an officer is found: the code, each word of the names, and the first two run together.

    Run together, `Raj Kumar` is also found as `Rajkumar`. At most a dozen words of a name count.
    """
    found = {code_key(employee_code)}
    for name in names:
        words = words_of(name)[:MOST_WORDS]
        found.update(map(spelling_key, words))
        if len(words) > 1:
            found.add(spelling_key(words[0] + words[1]))
    return frozenset(found - {""})


def code_key(code: str) -> str:
    """A code as codes are compared here: digits of either script, small letters, nothing else."""
    if code.isascii() and code.isalnum():
        return code.lower()[:LONGEST_KEY]
    return "".join(filter(str.isalnum, _decomposed(code)))[:LONGEST_KEY]


def asked_keys(text: str) -> list[list[str]]:
    """The sets of keys that a search may mean, the likeliest first: word by word, then with the first two in one.

    What holds a digit is a code and stays in one piece, whatever stands between its letters.
    """
    words = [word for part in text.split() for word in ([part] if _has_digit(part) else words_of(part))]
    ways = [words]
    if len(words) > 1 and not _has_digit(words[0] + words[1]):
        ways.append([words[0] + words[1], *words[2:]])
    return [keys for way in ways if (keys := list(dict.fromkeys(filter(None, map(_asked_key, way)))))]


def _asked_key(word: str) -> str:
    return code_key(word) if _has_digit(word) else spelling_key(word)


def _has_digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


OPEN_ENDS = (("er", ["r"]), ("e", ["i", "r"]), ("o", ["u"]), ("k", ["ch"]))


def beginnings(key: str) -> list[str]:
    """How the key of a word may begin of which only this much has been typed.

    A last e may become ee or the er of Verma, a last o may become oo, and a last k was perhaps the c of ch.
    """
    for end, others in OPEN_ENDS:
        if key.endswith(end):
            return [key, *(key.removesuffix(end) + other for other in others)]
    return [key]


def phone_in(text: str) -> str | None:
    """The last ten digits of what was typed, if it can be a telephone number as people write them; else None."""
    digits = "".join(filter(str.isdigit, _decomposed(text)))
    is_phone = all(one.isdigit() or one in "+-() " for one in text) and len(digits) >= PHONE_DIGITS
    return digits[-PHONE_DIGITS:] if is_phone else None
