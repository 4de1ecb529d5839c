"""Verbs of scores: draft and publish a policy, compute a month, propose and seal it, and prove the seals."""

from karmyogi.scores.service.asking import PROPOSE, SEAL, ask_to_propose, ask_to_seal, take_step
from karmyogi.scores.service.computing import COMPUTE, ask_to_compute, run_month
from karmyogi.scores.service.corrections import (
    APPROVE,
    CORRECT,
    approve_correction,
    ask_for_correction,
    ask_to_approve,
    draft_correction,
    propose_correction,
    return_correction,
    withdraw_correction,
)
from karmyogi.scores.service.disputes import Complaint, answer_dispute, decide_dispute, raise_dispute, withdraw_dispute
from karmyogi.scores.service.drafts import (
    begin_draft,
    publish_draft,
    reasons_against,
    return_draft,
    rewrite_draft,
    submit_draft,
    withdraw_draft,
)
from karmyogi.scores.service.files import codes_of, export_month, remember_file
from karmyogi.scores.service.holds import confirm_hold, dismiss_hold, propose_hold, release_hold
from karmyogi.scores.service.periods import ADD_UP, add_up, ask_to_add_up
from karmyogi.scores.service.policies import install_policy
from karmyogi.scores.service.proving import Proof, Today, compare_with_today, verify_seals
from karmyogi.scores.service.sealing import propose_seal, seal_due_months, seal_month, seal_of, withdraw_proposal
from karmyogi.scores.service.trials import TRY, ask_for_trial, try_draft
from karmyogi.store.pace import Pace

__all__ = [
    "ADD_UP",
    "APPROVE",
    "COMPUTE",
    "CORRECT",
    "PROPOSE",
    "SEAL",
    "TRY",
    "Complaint",
    "Pace",
    "Proof",
    "Today",
    "add_up",
    "answer_dispute",
    "approve_correction",
    "ask_for_correction",
    "ask_for_trial",
    "ask_to_add_up",
    "ask_to_approve",
    "ask_to_compute",
    "ask_to_propose",
    "ask_to_seal",
    "begin_draft",
    "codes_of",
    "compare_with_today",
    "confirm_hold",
    "decide_dispute",
    "dismiss_hold",
    "draft_correction",
    "export_month",
    "install_policy",
    "propose_correction",
    "propose_hold",
    "propose_seal",
    "publish_draft",
    "raise_dispute",
    "reasons_against",
    "release_hold",
    "remember_file",
    "return_correction",
    "return_draft",
    "rewrite_draft",
    "run_month",
    "seal_due_months",
    "seal_month",
    "seal_of",
    "submit_draft",
    "take_step",
    "try_draft",
    "verify_seals",
    "withdraw_correction",
    "withdraw_dispute",
    "withdraw_draft",
    "withdraw_proposal",
]
