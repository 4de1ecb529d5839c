"""Pages of awards: what was given, the orders that gave it, the papers to take home, and the way back."""

from karmyogi.awards.views import corrigenda, given, issuing, lists, note_sheets, orders, scans
from karmyogi.awards.views.address import blueprint

__all__ = ["blueprint", "corrigenda", "given", "issuing", "lists", "note_sheets", "orders", "scans"]
