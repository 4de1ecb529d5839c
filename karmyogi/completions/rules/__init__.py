"""Rules of learning: the first steps on iGOT, and which completions people should look at."""

from karmyogi.completions.rules.plausibility import BULK, FLAG, SAME_SECOND, Doubt, Told, doubts
from karmyogi.completions.rules.steps import (
    PROVED_BY,
    Mark,
    Step,
    StepTaken,
    may_be_said,
    step_to_take,
    steps_taken,
    was_said,
)

__all__ = [
    "BULK",
    "FLAG",
    "PROVED_BY",
    "SAME_SECOND",
    "Doubt",
    "Mark",
    "Step",
    "StepTaken",
    "Told",
    "doubts",
    "may_be_said",
    "step_to_take",
    "steps_taken",
    "was_said",
]
