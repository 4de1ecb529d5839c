"""Verbs of achievements: what becomes of a claim, and of the certificate image that proves it."""

from karmyogi.achievements.service.claims import (
    Claim,
    Submission,
    match_waiting,
    resubmit,
    send_back,
    submit,
    verify,
    verify_matching,
    withdraw,
)
from karmyogi.achievements.service.kept import Kept, keep, sweep_kept

__all__ = [
    "Claim",
    "Kept",
    "Submission",
    "keep",
    "match_waiting",
    "resubmit",
    "send_back",
    "submit",
    "sweep_kept",
    "verify",
    "verify_matching",
    "withdraw",
]
