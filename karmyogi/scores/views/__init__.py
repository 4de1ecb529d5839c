"""Pages of scores: leaderboards of officers and units, months and their seals, and the policy behind every number."""

from karmyogi.scores.views import boards, months, policies, units
from karmyogi.scores.views.address import blueprint

__all__ = ["blueprint", "boards", "months", "policies", "units"]
