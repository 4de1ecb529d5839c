"""The sample state scores exactly what a separate program computed from the same files."""

import json

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.scores.service import export_month, run_month
from tests.worlds import DATA

POINTS = json.loads((DATA / "expected.json").read_text())["points"]


def test_every_month_of_the_sample_gives_every_total_and_line_exactly(imported_db):
    scored = {month: points_of(Month.parse(month)) for month in POINTS}

    assert scored == POINTS


def points_of(month: Month) -> dict[str, object]:
    run_month(month, by=SYSTEM)
    return {row.employee_code: {"lines": row.lines, "total": row.total} for row in export_month(month)}
