"""Verbs of awards: issue an order with all that hangs on it, revoke an award in the open, correct an order's words."""

from karmyogi.awards.service.corrigenda import (
    Draft,
    draft_corrigendum,
    issue_corrigendum,
    reasons_against_draft,
    rewrite_corrigendum,
    withdraw_corrigendum,
)
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
    "picture_of",
    "reasons_against_draft",
    "revoke_award",
    "rewrite_corrigendum",
    "share_picture_of",
    "withdraw_corrigendum",
    "wording_for",
]
