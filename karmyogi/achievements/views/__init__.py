"""Pages of achievements: an officer's own, the reviewers' queue, one claim, and the pictures behind them."""

from karmyogi.achievements.views import cases, lists, own, pictures, reviewing
from karmyogi.achievements.views.address import blueprint

__all__ = ["blueprint", "cases", "lists", "own", "pictures", "reviewing"]
