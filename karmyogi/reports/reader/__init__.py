"""Knows the layouts of the files: which kind a header is, which column holds what, and how a row is read by them.

A kind is recognised by its set of headers alone. Headers are compared in lower
case by their letters and digits (`Employee_Id` = `Employee Id`). The header sets
were read from the portal's public code; each generation moved some columns.
"""

from karmyogi.reports.reader.columns import Kind, Layout, simplified
from karmyogi.reports.reader.layouts import KINDS
from karmyogi.reports.reader.recognition import recognise
from karmyogi.reports.reader.rows import read_row

__all__ = ["KINDS", "Kind", "Layout", "read_row", "recognise", "simplified"]
