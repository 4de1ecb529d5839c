"""Give the officers who are there already the keys by which a search finds them.

How names were spelled into keys when this was written stands here as it was then.
"""

import re
import unicodedata
from functools import lru_cache

BATCH = 5000
LONGEST_KEY = 40
MOST_WORDS = 12

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

SPELLINGS = tuple(
    (re.compile(pattern), letters)
    for pattern, letters in (
        (r"c(?:chh?|hchh?|hh)", "ch"),
        (r"ow(?=[^aeiou]|$)", "o"),
        (r"w", "v"),
        (r"c(?=[ei])", "s"),
        (r"qu(?=i)|q|ck|c(?!h)", "k"),
        (r"x", "ks"),
        (r"z", "j"),
        (r"ph", "f"),
        (r"sh", "s"),
        (r"[jdg]ny(?=a)|jn(?=a)", "gy"),
        (r"([kgjtdb])h", r"\1"),
        (r"aa+", "a"),
        (r"ee+", "i"),
        (r"oo+", "u"),
        (r"au|ou", "o"),
        (r"(?<=.)y", "i"),
        (r"ei", "e"),
        (r"uu+", "u"),
        (r"ii+", "i"),
        (r"er(?=[^aeiour])", "r"),
        (r"ore$", "or"),
        (r"n(?=[pbf])", "m"),
        (r"([^aeiou])\1+", r"\1"),
        (r"(?<=[^kgchjtdpbsa])a(?=h)", ""),
        (r"([^a])a(?!h|\1)", r"\1"),
    )
)


@lru_cache(maxsize=65_536)
def spelling_key(word):
    latin = _latin(_decomposed(word))
    letters = "".join(filter(str.isalnum, latin))[:LONGEST_KEY]
    if _has_digit(letters):
        return letters
    while (folded := _one_pass(letters)[:LONGEST_KEY]) != letters:
        letters = folded
    return letters


def _one_pass(letters):
    for pattern, plain in SPELLINGS:
        letters = pattern.sub(plain, letters)
    return letters


def _decomposed(word):
    apart = unicodedata.normalize("NFKD", word).casefold().replace("\u093c", "")
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in apart)


def _latin(word):
    word = word.replace("\u200c", "").replace("\u200d", "").replace("ज्ञ", "ग्य")
    return "".join(_spoken(word, place) for place in range(len(word)))


def _spoken(word, place):
    letter, following = word[place], word[place + 1 : place + 2]
    if letter in CONSONANTS:
        silent = "" if following == VIRAMA or following in VOWEL_SIGNS else "a"
        return CONSONANTS[letter] + silent
    if letter in NASALS:
        return "m" if following and following in LIPS else "ng" if following == "ह" else "n"
    if letter in VOWELS or letter in VOWEL_SIGNS:
        return VOWELS.get(letter) or VOWEL_SIGNS[letter]
    return "" if _hangs(letter) else letter


def _words(text):
    if text.isascii() and text.replace(" ", "").isalpha():
        return text.split()
    return "".join(one if one.isalnum() or _hangs(one) else " " for one in text).split()


def _hangs(one):
    return unicodedata.category(one) in {"Mn", "Mc", "Cf"}


def name_keys(employee_code, *names):
    found = {code_key(employee_code)}
    for name in names:
        words = _words(name)[:MOST_WORDS]
        found.update(map(spelling_key, words))
        if len(words) > 1:
            found.add(spelling_key(words[0] + words[1]))
    return frozenset(found - {""})


def code_key(code):
    return "".join(filter(str.isalnum, _decomposed(code)))[:LONGEST_KEY]


def _has_digit(text):
    return any(letter.isdigit() for letter in text)


def up(migrator, db):
    mark = db.param
    last = 0
    while True:
        rows = db.execute_sql(
            f"SELECT id, employee_code, name_hi, name_en FROM officer WHERE id > {mark} ORDER BY id LIMIT {BATCH}",
            (last,),
        ).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        words = [(officer, key) for officer, *names in rows for key in sorted(name_keys(*names))]
        for start in range(0, len(words), BATCH):
            part = words[start : start + BATCH]
            places = ", ".join([f"({mark}, {mark})"] * len(part))
            values = [value for word in part for value in word]
            db.execute_sql(f"INSERT INTO officer_word (officer_id, word) VALUES {places}", values)


def down(migrator, db):
    db.execute_sql("DELETE FROM officer_word")
