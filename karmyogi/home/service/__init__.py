"""Verbs that no room upstream can hold, since they ask everybody's cases: closing a unit, and merging records."""

from karmyogi.home.service.closing import close_unit, reasons_against_closing
from karmyogi.home.service.merging import merge_officers, part_officers, reasons_against_merging

__all__ = [
    "close_unit",
    "merge_officers",
    "part_officers",
    "reasons_against_closing",
    "reasons_against_merging",
]
