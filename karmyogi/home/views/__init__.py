"""The front page of each role, the public board, and the employee's own page."""

from karmyogi.home.views import front, me
from karmyogi.home.views.address import blueprint

__all__ = ["blueprint", "front", "me"]
