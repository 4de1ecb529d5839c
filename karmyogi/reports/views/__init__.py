"""Pages of reports: imports and what came in together, the match queue, names of courses, iGOT's bulk-upload file."""

from karmyogi.reports.views import bundles, courses, imports, newcomers, problems, queue, registration
from karmyogi.reports.views.address import blueprint

__all__ = ["blueprint", "bundles", "courses", "imports", "newcomers", "problems", "queue", "registration"]
