"""Reads of reports: imports and their rows."""

from karmyogi.reports.queries.imports import (
    PROBLEMS,
    ROWS_SHOWN,
    TABS,
    data_as_on,
    imports,
    imports_before,
    problems_of,
    queue,
    rows_of,
    same_file,
)

__all__ = [
    "PROBLEMS",
    "ROWS_SHOWN",
    "TABS",
    "data_as_on",
    "imports",
    "imports_before",
    "problems_of",
    "queue",
    "rows_of",
    "same_file",
]
