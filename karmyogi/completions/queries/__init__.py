"""Reads of learning."""

from karmyogi.completions.queries.flags import NOT_CREDIBLE, is_credible
from karmyogi.completions.queries.learning import (
    Change,
    Due,
    Earlier,
    PlanCount,
    Standing,
    assessments_of,
    completion_count,
    completions_of,
    counted,
    counts,
    courses_left,
    dues_of,
    earlier_of,
    is_enrolled,
    marks_of,
    under_way,
)

__all__ = [
    "NOT_CREDIBLE",
    "Change",
    "Due",
    "Earlier",
    "PlanCount",
    "Standing",
    "assessments_of",
    "completion_count",
    "completions_of",
    "counted",
    "counts",
    "courses_left",
    "dues_of",
    "earlier_of",
    "is_credible",
    "is_enrolled",
    "marks_of",
    "under_way",
]
