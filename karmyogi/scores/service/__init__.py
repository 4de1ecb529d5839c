"""Verbs of scores: publish a policy, compute a month, propose and seal it, and prove the seals."""

from karmyogi.scores.service.computing import run_month
from karmyogi.scores.service.files import codes_of, export_month, remember_file
from karmyogi.scores.service.policies import install_policy
from karmyogi.scores.service.proving import Proof, verify_seals
from karmyogi.scores.service.sealing import propose_seal, seal_due_months, seal_month, seal_of, withdraw_proposal

__all__ = [
    "Proof",
    "codes_of",
    "export_month",
    "install_policy",
    "propose_seal",
    "remember_file",
    "run_month",
    "seal_due_months",
    "seal_month",
    "seal_of",
    "verify_seals",
    "withdraw_proposal",
]
