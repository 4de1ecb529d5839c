"""Pages of reports: imports and their rows."""

from karmyogi.reports.views import imports
from karmyogi.reports.views.address import blueprint

__all__ = ["blueprint", "imports"]
