"""Pages of scores: leaderboards, months and their seals, disputes, holds, and the policy with its drafts."""

from karmyogi.scores.views import (
    boards,
    corrections,
    disputes,
    drafts,
    holds,
    months,
    policies,
    public,
    trials,
    units,
    wall,
)
from karmyogi.scores.views.address import blueprint

__all__ = [
    "blueprint",
    "boards",
    "corrections",
    "disputes",
    "drafts",
    "holds",
    "months",
    "policies",
    "public",
    "trials",
    "units",
    "wall",
]
