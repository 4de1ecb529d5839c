"""The road of a dispute about one's own points: raised by the officer, answered in the unit, decided by GAD."""

from datetime import date, timedelta

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_own_case, not_same_hand, step, workflow

declare(
    dispute_words_missing=N_("Say what is wrong: whoever answers goes by it."),
    dispute_text_too_long=N_("The text has %(has)s characters; at most %(allowed)s are allowed."),
    dispute_line_unknown=N_("The policy of this month has no such line."),
    dispute_already_open=N_("Your dispute of this line is still open. Withdraw it first if it should say more."),
    dispute_evidence_not_own=N_("Only an achievement of your own can be evidence."),
)

ANSWER, DECIDE, RAISE = Permission.DISPUTES_ANSWER, Permission.DISPUTES_DECIDE, Permission.DISPUTES_RAISE

# fmt: off
DISPUTE = workflow("dispute", "raised", (
    #    action       from                      to            who      guards / remark
    step("agree",     "raised",                 "agreed",     ANSWER,  not_own_case, not_same_hand, remark=True),
    step("disagree",  "raised",                 "disagreed",  ANSWER,  not_own_case, not_same_hand, remark=True),
    step("uphold",    "agreed disagreed",       "upheld",     DECIDE,  not_own_case, not_same_hand, remark=True),
    step("decline",   "agreed disagreed",       "not_upheld", DECIDE,  not_own_case, not_same_hand, remark=True),
    step("withdraw",  "raised agreed disagreed", "withdrawn", RAISE),
), ends="upheld not_upheld withdrawn")
# fmt: on

ANSWERED = ("agreed", "disagreed")
OPEN = ("raised", *ANSWERED)

DAYS_FOR_EACH = 15  # to answer, and again to decide
WORDS_LIMIT, EVIDENCE_LIMIT = 1000, 150


def last_day(since: date) -> date:
    """The last day, inclusive, on which an answer or a decision is in time; `since` is the day before its first."""
    return since + timedelta(days=DAYS_FOR_EACH)


def dispute_reasons(words: str, reference: str) -> dict[str, list[Reason]]:
    """What is wrong with a dispute as written, by the field it is about; empty if nothing is."""
    found = {
        "words": [*([] if words else [reason("dispute_words_missing")]), *_length_reasons(words, WORDS_LIMIT)],
        "reference": _length_reasons(reference, EVIDENCE_LIMIT),
    }
    return {field: reasons for field, reasons in found.items() if reasons}


def _length_reasons(text: str, allowed: int) -> list[Reason]:
    return [reason("dispute_text_too_long", has=len(text), allowed=allowed)] if len(text) > allowed else []
