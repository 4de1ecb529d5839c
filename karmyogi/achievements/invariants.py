"""What must be true of claims and of the certificates that prove them."""

from karmyogi.core.reasons import N_
from karmyogi.store.invariants import Invariant, asking, missing_files

INVARIANTS = (
    Invariant(
        "claims-stand-where-their-last-step-led",
        N_("Each claim is in the state to which its last step led."),
        asking(
            "achievement",
            "SELECT a.id, a.state FROM achievement a "
            "JOIN case_step s ON s.workflow = 'achievement' AND s.case_id = a.id "
            "WHERE s.id = (SELECT MAX(l.id) FROM case_step l "
            "WHERE l.workflow = 'achievement' AND l.case_id = a.id) AND s.to_state <> a.state",
        ),
    ),
    Invariant(
        "nobody-verifies-their-own-claim",
        N_("Nobody verified a claim of their own."),
        asking(
            "achievement",
            "SELECT a.id FROM achievement a JOIN case_step s ON s.workflow = 'achievement' AND s.case_id = a.id "
            "WHERE s.to_state = 'verified' AND s.officer_id = a.officer_id",
        ),
    ),
    Invariant(
        "originals-of-certificates-are-there",
        N_("The original of every certificate is kept."),
        missing_files(
            "certificate_image",
            "SELECT id, original_sha256 FROM certificate_image",
            "original",
        ),
    ),
    Invariant(
        "pictures-of-certificates-are-there",
        N_("The picture of every certificate that is shown is kept."),
        missing_files(
            "certificate_image",
            "SELECT id, image_sha256 FROM certificate_image",
            "image",
        ),
    ),
)
