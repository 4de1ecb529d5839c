"""The front page of each role, the public board, and the employee's own pages."""

from karmyogi.home.views import front, me, my_awards, my_scores
from karmyogi.home.views.address import blueprint

__all__ = ["blueprint", "front", "me", "my_awards", "my_scores"]
