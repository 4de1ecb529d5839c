"""What an officer may agree to, in which words, and whose answer holds when two records are one person."""

from dataclasses import dataclass
from enum import StrEnum

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, declare

declare(
    consent_words_changed=N_("The words on this page have changed meanwhile. Read them again before you agree."),
    consent_already_given=N_("You have agreed already."),
    consent_not_given=N_("You have not agreed, so there is nothing to take back."),
    consent_record_gave_way=N_("This record gave way to another of yours. Answer from the record that stands."),
)

GIVE = Permission.CONSENTS_GIVE


class Purpose(StrEnum):
    """What is agreed to."""

    PUBLIC_NAME = "public_name"


@dataclass(frozen=True)
class Words:
    """A version of what is asked: consents name it, so that it can be read later what somebody agreed to."""

    version: int
    sentences: tuple[str, ...]


# A sentence that changes makes a new version, and the earlier one stays below it.
PUBLIC_NAME_WORDS = (
    Words(
        1,
        (
            N_("If you agree, anybody may read your name without signing in."),
            N_(
                "What becomes visible: your name in both scripts, your rank, the month, and your department and "
                "district in that month. Never your points, your courses, your employee code or your telephone."
            ),
            N_(
                "Where: on the public leaderboard and on wall screens, for the newest sealed month, as long as you "
                "hold one of the ranks 1 to 3 of the State, of your department or of your district in it."
            ),
            N_("Whether you agree or not has no effect on your points, your rank, nominations or awards."),
            N_(
                "You may take it back on this page at any time, without giving a reason; your name then disappears at "
                "once. What others have copied or photographed before cannot be called back."
            ),
        ),
    ),
)
WORDS = {Purpose.PUBLIC_NAME: PUBLIC_NAME_WORDS}


def words_now(purpose: Purpose) -> Words:
    """The version that is asked today."""
    return WORDS[purpose][-1]


class Answer(StrEnum):
    """What a record says by now: agreed, taken back, or never asked, which is no."""

    AGREED = "agreed"
    TAKEN_BACK = "taken_back"
    SILENT = "silent"


def merged_answer(goes: Answer, stands: Answer) -> Answer:
    """The answer of a person when one record gives way to another: the stricter one.

    A yes counts if the record that stands said it, and the other one did not take one back. What the record that
    gives way agreed to was said under another name and code, so it is asked again.
    """
    if stands is Answer.AGREED and goes is Answer.TAKEN_BACK:
        return Answer.TAKEN_BACK
    return stands
