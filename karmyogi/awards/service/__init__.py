"""Verbs of awards: issue and revoke in the open, correct an order by a corrigendum, print a note-sheet."""

from karmyogi.awards.service.corrigenda import (
    Draft,
    draft_corrigendum,
    issue_corrigendum,
    reasons_against_draft,
    rewrite_corrigendum,
    withdraw_corrigendum,
)
from karmyogi.awards.service.note_sheets import note_of, print_note, stage_of
from karmyogi.awards.service.orders import (
    issue_order,
    issuer_of,
    picture_of,
    revoke_award,
    share_picture_of,
    wording_for,
)

__all__ = [
    "Draft",
    "draft_corrigendum",
    "issue_corrigendum",
    "issue_order",
    "issuer_of",
    "note_of",
    "picture_of",
    "print_note",
    "reasons_against_draft",
    "revoke_award",
    "rewrite_corrigendum",
    "share_picture_of",
    "stage_of",
    "withdraw_corrigendum",
    "wording_for",
]
