"""Rules of learning: the first steps on iGOT, and which completions people should look at."""

from karmyogi.completions.rules.plausibility import FLAG, SAME_SECOND, Doubt, Told, doubts, has_clock, stretches
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
    "FLAG",
    "PROVED_BY",
    "SAME_SECOND",
    "Doubt",
    "Mark",
    "Step",
    "StepTaken",
    "Told",
    "doubts",
    "has_clock",
    "may_be_said",
    "step_to_take",
    "steps_taken",
    "stretches",
    "was_said",
]
