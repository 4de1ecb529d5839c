"""Verbs of oversight: the proof of the trail and the seals, and the doctor, who proves what must be true of rows."""

from karmyogi.audit.service.doctor import ALL, Finding, examine
from karmyogi.audit.service.proving import EVERY, NIGHTLY, PROVE, ask_for_proof, prove

__all__ = ["ALL", "EVERY", "NIGHTLY", "PROVE", "Finding", "ask_for_proof", "examine", "prove"]
