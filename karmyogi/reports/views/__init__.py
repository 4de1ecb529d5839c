"""Pages of reports: imports, the work on them and undoing, what came in together, the queue, courses, what goes out."""

from karmyogi.reports.views import bundles, courses, imports, newcomers, problems, queue, registration, undoing, working
from karmyogi.reports.views.address import blueprint

__all__ = [
    "blueprint",
    "bundles",
    "courses",
    "imports",
    "newcomers",
    "problems",
    "queue",
    "registration",
    "undoing",
    "working",
]
