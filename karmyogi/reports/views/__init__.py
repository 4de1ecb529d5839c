"""Pages of reports: imports and their rows, the match queue, names of courses, and iGOT's bulk-upload file."""

from karmyogi.reports.views import courses, imports, newcomers, problems, queue, registration
from karmyogi.reports.views.address import blueprint

__all__ = ["blueprint", "courses", "imports", "newcomers", "problems", "queue", "registration"]
