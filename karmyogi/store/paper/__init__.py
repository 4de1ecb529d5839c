"""Papers, set in type: each file here holds what one kind of paper says, and how it is drawn."""

from karmyogi.store.paper.awards import (
    Awardee,
    CertificateFacts,
    Correction,
    OrderFacts,
    award_certificate,
    award_certificate_picture,
    award_order,
    award_share_picture,
)
from karmyogi.store.paper.codes import code_in_groups, qr_svg
from karmyogi.store.paper.notes import NoteFacts, NoteRow, note_sheet
from karmyogi.store.paper.scores import ScoreFacts, ScorePart, score_explanation

__all__ = [
    "Awardee",
    "CertificateFacts",
    "Correction",
    "NoteFacts",
    "NoteRow",
    "OrderFacts",
    "ScoreFacts",
    "ScorePart",
    "award_certificate",
    "award_certificate_picture",
    "award_order",
    "award_share_picture",
    "code_in_groups",
    "note_sheet",
    "qr_svg",
    "score_explanation",
]
