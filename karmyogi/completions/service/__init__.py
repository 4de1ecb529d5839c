"""Verbs of learning: what an officer says, and what people find about flagged completions; reports bring the rest."""

from karmyogi.completions.service.judging import judge, judge_each
from karmyogi.completions.service.raising import raise_flags
from karmyogi.completions.service.steps import say_downloaded, take_back_downloaded

__all__ = ["judge", "judge_each", "raise_flags", "say_downloaded", "take_back_downloaded"]
