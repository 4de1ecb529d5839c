"""Pages of nominations: the list, the officers one may nominate, the draft, and the case from hand to hand."""

from karmyogi.nominations.views import cases, drafts, lists
from karmyogi.nominations.views.address import blueprint

__all__ = ["blueprint", "cases", "drafts", "lists"]
