"""What a name may look like, and the road of a request to correct one: pure decisions."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow

declare(
    name_hi_missing=N_("Write the name in Hindi: certificates carry both languages."),
    name_en_missing=N_("Write the name in English: certificates carry both languages."),
    name_hi_letters=N_("“%(found)s” is not written in Devanagari. Write the Hindi name as आशा साहू."),
    name_hi_legacy=N_(
        "“%(found)s” is in Latin letters. Text of a legacy font such as Kruti Dev looks like this elsewhere: "
        "switch the keyboard to Hindi (Unicode) and type the name anew."
    ),
    name_hi_broken=N_("“%(found)s” begins with a vowel sign, so a letter is missing before it. Type the word anew."),
    name_en_letters=N_("“%(found)s” is not written in Latin letters. Write the English name as Asha Sahu."),
    name_en_legacy=N_(
        "“%(found)s” has no vowel and looks like a legacy font's coding. Write the name as it is spoken, as Asha Sahu."
    ),
    name_has_digits=N_("A name has no digits."),
    name_too_long=N_("The name has %(has)s characters; at most %(allowed)s fit on a certificate."),
    name_too_short=N_("The name has a single letter only. Write it in full."),
    names_unchanged=N_("Both names are already written like this. Change at least one of them."),
    name_reason_missing=N_("Say why the name should be corrected: the reviewer decides by it."),
    name_text_too_long=N_("The text has %(has)s characters; at most %(allowed)s are allowed."),
    name_already_requested=N_("Your earlier request is still open. Withdraw it first if it should say something else."),
    name_is_not_held=N_("The roster already decides how this name is written."),
    name_kept=N_(
        "The roster writes “%(value)s”, but “%(kept)s” was approved as a correction, so it stays. "
        "Correct the roster, or let GAD return the name to the roster."
    ),
)

READ, REQUEST, REVIEW = Permission.NAMES_READ, Permission.NAMES_REQUEST, Permission.NAMES_REVIEW

# fmt: off
NAME_CORRECTION = workflow("name_correction", "requested", (
    #    action      from         to           who      guards / remark
    step("approve",  "requested", "approved",  REVIEW,  not_own_case, not_same_hand),
    step("refuse",   "requested", "refused",   REVIEW,  not_own_case, not_same_hand, remark=True),
    step("withdraw", "requested", "withdrawn", REQUEST),
), ends="approved refused withdrawn")
# fmt: on

NAME_LIMIT = 80
REASON_LIMIT, REFERENCE_LIMIT = 500, 150

LATIN = re.compile(r"[A-Za-z]")
HINDI_WORD = re.compile(r"[\u0900-\u0963\u0970-\u097f\u200c\u200d.'’()-]+")  # no danda, no digits
ENGLISH_WORD = re.compile(r"[A-Za-z\u00c0-\u024f.'’()-]+")
NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ'’]{4,}")


@dataclass(frozen=True)
class Names:
    """A name in both scripts, tidied."""

    hi: str
    en: str


def tidy_name(text: str) -> str:
    """One form for one name: composed letters, single spaces, no spaces around it."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def hindi_reasons(name: str) -> list[Reason]:
    """What is wrong with a Hindi name, tidied; the first fault only. Between 2 and 80 characters, in Devanagari."""
    if not name:
        return [reason("name_hi_missing")]
    if found := _shape_reason(name):
        return [found]
    odd = next((word for word in name.split() if not HINDI_WORD.fullmatch(word)), None)
    if odd is not None:
        return [reason("name_hi_legacy" if LATIN.search(odd) else "name_hi_letters", found=odd)]
    cut = next(
        (word for word in name.split() if unicodedata.category(word.lstrip("(")[:1] or " ").startswith("M")), None
    )
    if cut is not None:
        return [reason("name_hi_broken", found=cut)]
    return [] if any(unicodedata.category(letter) == "Lo" for letter in name) else [reason("name_hi_missing")]


def english_reasons(name: str) -> list[Reason]:
    """What is wrong with an English name, tidied; the first fault only. Between 2 and 80 characters, in Latin letters.

    Four or more consonants in a row that make a whole word are a legacy font's coding, unless all are capitals:
    those are initials.
    """
    if not name:
        return [reason("name_en_missing")]
    if found := _shape_reason(name):
        return [found]
    odd = next((word for word in name.split() if not ENGLISH_WORD.fullmatch(word)), None)
    if odd is not None:
        return [reason("name_en_letters", found=odd)]
    coded = next((word for word in name.split() if NO_VOWEL.fullmatch(word) and not word.isupper()), None)
    if coded is not None:
        return [reason("name_en_legacy", found=coded)]
    return [] if LATIN.search(name) else [reason("name_en_missing")]


def _shape_reason(name: str) -> Reason | None:
    """Digits of any script, and length: what both languages have in common."""
    if any(letter.isdigit() for letter in name):
        return reason("name_has_digits")
    if len(name) > NAME_LIMIT:
        return reason("name_too_long", has=len(name), allowed=NAME_LIMIT)
    return reason("name_too_short") if len(name) < 2 else None


def request_reasons(now: Names, wanted: Names, *, why: str, reference: str) -> dict[str, list[Reason]]:
    """What is wrong with a request, by the field it is about; empty if nothing is."""
    found = {
        "name_hi": hindi_reasons(wanted.hi),
        "name_en": english_reasons(wanted.en),
        "reason": [*([] if why else [reason("name_reason_missing")]), *_length_reasons(why, REASON_LIMIT)],
        "reference": _length_reasons(reference, REFERENCE_LIMIT),
    }
    if wanted == now:
        found["name_hi"].append(reason("names_unchanged"))
    return {field: reasons for field, reasons in found.items() if reasons}


def _length_reasons(text: str, allowed: int) -> list[Reason]:
    return [reason("name_text_too_long", has=len(text), allowed=allowed)] if len(text) > allowed else []


def differences(old: str, new: str) -> list[tuple[str, bool]]:
    """The new name in pieces, each with whether it differs from the old one.

    Pieces are whole letters with their signs: a vowel sign is never cut off from what carries it.
    """
    before, after = _letters(old), _letters(new)
    pieces: list[tuple[str, bool]] = []
    for tag, _i, _j, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if end > start:
            pieces.append(("".join(after[start:end]), tag != "equal"))
    return pieces


def _letters(text: str) -> list[str]:
    """Letters with the signs, joiners and half letters that hang on them, as the eye sees them."""
    found: list[str] = []
    for one in text:
        hangs = unicodedata.category(one) in {"Mn", "Mc", "Cf"}
        if found and (hangs or found[-1][-1] == "्"):
            found[-1] += one
        else:
            found.append(one)
    return found
