"""Pages of awards: what was given, the orders that gave it, the papers to take home, and the way back."""

from karmyogi.awards.views import given, issuing, lists, orders, scans
from karmyogi.awards.views.address import blueprint

__all__ = ["blueprint", "given", "issuing", "lists", "orders", "scans"]
