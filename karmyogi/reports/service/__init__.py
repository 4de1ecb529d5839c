"""Verbs of imports: keep the file, look at it, apply it, set it aside or take it back; answers of the match queue.

Looking and applying share one road: read the file, stage its rows, judge them
set-based against what is stored. Looking ends there; applying writes, in one
short transaction. Reading and judging touch temporary tables only.
"""

from karmyogi.reports.service.answering import (
    RETRY,
    Newcomer,
    ask_to_retry,
    create,
    last_retry,
    link,
    retry,
    retry_all,
    set_aside,
)
from karmyogi.reports.service.answering import undo as undo_answer
from karmyogi.reports.service.applying import apply
from karmyogi.reports.service.bundles import (
    APPLY_ALL,
    Upload,
    apply_all,
    ask_for_checks,
    ask_to_apply_all,
    bring,
    discard_bundle,
    in_order,
    unlock,
    unpack,
    waiting_in,
)
from karmyogi.reports.service.checking import check, counts, preview
from karmyogi.reports.service.queueing import cells_of, header_of
from karmyogi.reports.service.receiving import APPLY, CHECK, UNDO, Brought, Kept, ask_for, call_off, discard, receive
from karmyogi.reports.service.registering import remember_registration
from karmyogi.reports.service.undoing import reasons_against, undo, what_it_did, what_rests_on

__all__ = [
    "APPLY",
    "APPLY_ALL",
    "CHECK",
    "RETRY",
    "UNDO",
    "Brought",
    "Kept",
    "Newcomer",
    "Upload",
    "apply",
    "apply_all",
    "ask_for",
    "ask_for_checks",
    "ask_to_apply_all",
    "ask_to_retry",
    "bring",
    "call_off",
    "cells_of",
    "check",
    "counts",
    "create",
    "discard",
    "discard_bundle",
    "header_of",
    "in_order",
    "last_retry",
    "link",
    "preview",
    "reasons_against",
    "receive",
    "remember_registration",
    "retry",
    "retry_all",
    "set_aside",
    "undo",
    "undo_answer",
    "unlock",
    "unpack",
    "waiting_in",
    "what_it_did",
    "what_rests_on",
]
