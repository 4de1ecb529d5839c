"""How alike two sources speak of a person: names across scripts and spellings, all else by its letters."""

from enum import StrEnum

from karmyogi.people.rules.spelling import code_key, spelling_key, words_of

ALIKE = 60  # per cent from which two names may be of one person


class Likeness(StrEnum):
    """How what was told agrees with what is known."""

    SAME = "agrees"
    NEAR = "is_near"
    OTHER = "differs"
    UNKNOWN = "not_known"  # one of the two says nothing


def name_likeness(told: str, *names: str) -> int:
    """How much of a name is found again in the best of these names, in per cent; 0 if one of them is blank.

    Words are compared by their keys (`spelling_key`), in any order and either script;
    an initial stands for any word that begins with it. `Dr. A. Sahu` and `आशा साहू`: 100.
    """
    return max((_alike(_keys(told), _keys(name)) for name in names), default=0)


TITLES = frozenset(map(spelling_key, ("Dr", "Mr", "Mrs", "Ms", "Shri", "Smt", "Kumari", "Ku", "श्री", "श्रीमती", "डॉ")))


def _keys(name: str) -> list[str]:
    keys = [key for word in words_of(name) if (key := spelling_key(word))]
    return [key for key in keys if key not in TITLES] or keys


def _alike(told: list[str], known: list[str]) -> int:
    left, found = list(known), 0
    for key in told:
        fitting = next((other for other in left if _fits(key, other)), None)
        if fitting is not None:
            left.remove(fitting)
            found += 1
    return round(200 * found / (len(told) + len(known))) if told and known else 0


def _fits(one: str, other: str) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one == other


def name_verdict(told: str, *names: str) -> Likeness:
    """Whether a name agrees with the best of these names, is near it, or differs."""
    known = [name for name in names if name]
    if not told or not known:
        return Likeness.UNKNOWN
    likeness = name_likeness(told, *known)
    return Likeness.SAME if likeness == 100 else Likeness.NEAR if likeness >= ALIKE else Likeness.OTHER


def text_verdict(told: str, *known: str) -> Likeness:
    """Whether a text is one of these by its letters and digits, or holds one, or is held by one."""
    mine, theirs = code_key(told), [code_key(one) for one in known if one]
    if not mine or not theirs:
        return Likeness.UNKNOWN
    if mine in theirs:
        return Likeness.SAME
    return Likeness.NEAR if any(mine in one or one in mine for one in theirs) else Likeness.OTHER
