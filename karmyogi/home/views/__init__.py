"""The front page of each role, the public board, and the employee's own pages."""

from karmyogi.home.views import (
    coverage,
    front,
    me,
    merging,
    month_of_officer,
    my_awards,
    my_scores,
    officers,
    roles,
    units,
)
from karmyogi.home.views.address import blueprint

__all__ = [
    "blueprint",
    "coverage",
    "front",
    "me",
    "merging",
    "month_of_officer",
    "my_awards",
    "my_scores",
    "officers",
    "roles",
    "units",
]
