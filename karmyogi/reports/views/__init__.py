"""Pages of reports: imports and their rows, and the match queue."""

from karmyogi.reports.views import imports, newcomers, problems, queue, registration
from karmyogi.reports.views.address import blueprint

__all__ = ["blueprint", "imports", "newcomers", "problems", "queue", "registration"]
