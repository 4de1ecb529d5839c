"""Pages of scores: leaderboards, months and their seals, disputes, and the policy behind every number."""

from karmyogi.scores.views import boards, disputes, months, policies, units
from karmyogi.scores.views.address import blueprint

__all__ = ["blueprint", "boards", "disputes", "months", "policies", "units"]
