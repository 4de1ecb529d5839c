"""Verbs of nominations: each is one transaction with its entry on the trail, and checks its rules inside it."""

from karmyogi.nominations.service.cases import act, hold, mark_awarded, reasons_against_award, standing, submit
from karmyogi.nominations.service.checks import day_of
from karmyogi.nominations.service.cycles import Terms, create_cycle, install_scheme
from karmyogi.nominations.service.drafts import Proposal, edit_draft, start_nomination
from karmyogi.nominations.service.integrity import enter_integrity

__all__ = [
    "Proposal",
    "Terms",
    "act",
    "create_cycle",
    "day_of",
    "edit_draft",
    "enter_integrity",
    "hold",
    "install_scheme",
    "mark_awarded",
    "reasons_against_award",
    "standing",
    "start_nomination",
    "submit",
]
