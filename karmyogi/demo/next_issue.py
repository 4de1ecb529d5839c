"""The enrolment report after the story's last: some who were on their way have finished, in a week of learning."""

import csv
from datetime import date, timedelta
from pathlib import Path

WEEK = (date(2026, 2, 16), 5)  # its first day, and how many days
FINISHES = 3  # every third who was on the way
EVERY_MINUTES = 11


def write_next_issue(report: Path, target: Path, *, generated_on: str) -> int:
    """Write the report anew, generated at that moment, with the completions of the learning week; returns how many.

    All other rows say what they said before. The same report gives the same bytes.
    """
    finished = 0
    with report.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.DictReader(source)
        written = csv.DictWriter(sink, rows.fieldnames or [], lineterminator="\n")
        written.writeheader()
        on_the_way = 0
        for row in rows:
            on_the_way += row["Status"] == "in-progress"
            has_finished = row["Status"] == "in-progress" and on_the_way % FINISHES == 0
            finished += has_finished
            changed = _completion(finished) if has_finished else {}
            written.writerow(row | changed | {"Report_Last_Generated_On": generated_on})
    return finished


def _completion(number: int) -> dict[str, str]:
    first, days = WEEK
    minutes = 9 * 60 + number * EVERY_MINUTES % (10 * 60)
    at = f"{first + timedelta(days=number % days)} {minutes // 60:02d}:{minutes % 60:02d}:00"
    return {"Status": "completed", "Content_Progress_Percentage": "100.00", "Completed_On": at}
