"""Reports after the story's last: the enrolments, in which some have finished in a week of learning, and extracts."""

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


OWN_ROWS, ROWS_OF_OTHERS, STRANGERS = 400, 4, 2


def extract_of(report: Path, department: str, target: Path) -> Path:
    """Write a small file as a nodal officer might bring it: rows of one department, and a few of others among them.

    The first own rows are of people whom nobody knows by the address that is told.
    """
    with report.open(encoding="utf-8", newline="") as source, target.open("w", encoding="utf-8", newline="") as sink:
        rows = csv.DictReader(source)
        written = csv.DictWriter(sink, rows.fieldnames or [], lineterminator="\n")
        written.writeheader()
        own = others = 0
        for row in rows:
            is_own = row["Department"] == department
            own, others = own + is_own, others + (not is_own)
            if is_own and own <= OWN_ROWS:
                written.writerow(_by_a_stranger(row, own) if own <= STRANGERS else row)
            elif not is_own and others <= ROWS_OF_OTHERS:
                written.writerow(row)
    return target


def _by_a_stranger(row: dict[str, str], number: int) -> dict[str, str]:
    told = {"Email": f"new-address-{number}@cg.example.in", "Phone": "", "Phone_Number": "", "External_System_Id": ""}
    return row | {name: value for name, value in told.items() if name in row}


def _completion(number: int) -> dict[str, str]:
    first, days = WEEK
    minutes = 9 * 60 + number * EVERY_MINUTES % (10 * 60)
    at = f"{first + timedelta(days=number % days)} {minutes // 60:02d}:{minutes % 60:02d}:00"
    return {"Status": "completed", "Content_Progress_Percentage": "100.00", "Completed_On": at}
