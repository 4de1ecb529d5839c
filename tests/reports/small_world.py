"""Files of a world of three officers, two offices and two courses, drawn at random: whatever comes, in any order."""

import csv
import io
from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

Drawn = tuple[str, bytes, str]  # kind, content, the day a roster speaks of

OFFICERS = ["1001", "1002", "1003"]
REPORTS = ["2026-02-02 11:30:47 AM", "2026-03-02 11:30:47 AM", "2026-04-02 11:30:47 AM", ""]
DAYS = ["2025-08-01", "2025-12-31", "2026-01-05", "2026-01-31"]
BLANK_OR = lambda values: st.sampled_from(["", *values])  # noqa: E731 - a strategy is a value
CODES = st.sampled_from(OFFICERS)

ROSTER = {
    "employee_code": CODES,
    "name_en": st.sampled_from(["Asha Sahu", "Ravi Verma", "Meena Thakur"]),
    "name_hi": BLANK_OR(["आशा साहू", "रवि वर्मा"]),
    "designation": BLANK_OR(["CLERK", "TEHSILDAR"]),
    "class": st.sampled_from(["II", "III"]),
    "department": st.sampled_from(["Health", "Revenue"]),
    "office": st.sampled_from(["District Office", "Block Office"]),
    "district": st.sampled_from(["Raipur", "Bilaspur"]),
    "email": st.just(""),
    "mobile": BLANK_OR(["9000000001", "9000000002"]),
    "gender": BLANK_OR(["Male", "Female"]),
    "birth_on": st.just("1985-01-01"),
    "joined_on": st.sampled_from(["2015-06-01", "2016-02-22"]),
    "retires_on": BLANK_OR(["2040-06-30", "2026-03-31"]),
}
USER = {
    "Full_Name": st.sampled_from(["Asha Sahu", "Ravi Verma"]),
    "Email": st.just(""),
    "Phone_Number": BLANK_OR(["9000000001", "9000000003"]),
    "Group": BLANK_OR(["Group A", "Group C"]),
    "Tag": st.just(""),
    "Organization": st.just("Health"),
    "User_Registration_Date": BLANK_OR(DAYS),
    "Roles": st.just("PUBLIC"),
    "Gender": st.just(""),
    "Employee_Id": BLANK_OR(OFFICERS),
    "Profile_Status": st.sampled_from(["VERIFIED", "NOT-VERIFIED"]),
    "weekly_claps_day_before_yesterday": BLANK_OR(["1", "4"]),
    "Karma_Points": BLANK_OR(["10", "93"]),
    "Report_Last_Generated_On": st.sampled_from(REPORTS),
    "mdoid": st.just("1"),
}
PLAN = {
    "Name": st.just("X"),
    "Email": st.just(""),
    "Phone": st.sampled_from(["", "9000000001", "9000000002"]),
    "Name of CBP Allocated Course": st.sampled_from(["Noting", "Ethics", ""]),
    "isapar": st.sampled_from(["true", "false", "perhaps"]),
    "Allocated On": BLANK_OR(DAYS),
    "Current Progress": st.sampled_from(["Not Started", "Completed"]),
    "Due Date of Completion": BLANK_OR(DAYS),
    "Actual Date of Completion": st.just(""),
    "mdoid": st.just("1"),
    "Report_Last_Generated_On": st.sampled_from(REPORTS),
}
CONSUMPTION = {
    "Full_Name": st.just("X"),
    "Email": st.just(""),
    "Phone_Number": st.sampled_from(["9000000001", "9000000002", "9000000003", ""]),
    "Content_Provider": st.just("ISTM"),
    "Content_Name": st.sampled_from(["Noting", "Ethics"]),
    "Content_Type": st.just("Course"),
    "Content_Duration": BLANK_OR(["01:00:00", "02:30:00"]),
    "Batch_Id": BLANK_OR(["b1", "b2"]),
    "Enrolled_On": BLANK_OR(["2025-08-01 10:00:00", "2026-01-05 10:00:00"]),
    "Status": st.sampled_from(["completed", "completed", "in-progress", "not-started", "not-enrolled", "done?"]),
    "Content_Progress_Percentage": BLANK_OR(["40", "100"]),
    "Completed_On": st.sampled_from(["2025-12-31 23:59:00", "2026-01-31 10:00:00", "2027-01-01 00:00:00"]),
    "Certificate_Generated": st.sampled_from(["Yes", "No"]),
    "User_Rating": BLANK_OR(["3", "5"]),
    "mdoid": st.just("1"),
    "Certificate_ID": BLANK_OR(["c-1", "c-2"]),
    "Report_Last_Generated_On": st.sampled_from(REPORTS),
    "A column of the unit's own": BLANK_OR(["x", "y"]),
}
KINDS: Mapping[str, Mapping[str, st.SearchStrategy[str]]] = {
    "roster": ROSTER,
    "user": USER,
    "plan": PLAN,
    "consumption": CONSUMPTION,
}


def files_of(kind: str) -> st.SearchStrategy[Drawn]:
    """A file of this kind with one to six rows."""
    rows = st.lists(st.fixed_dictionaries(dict(KINDS[kind])), min_size=1, max_size=6)
    day = st.sampled_from(["2026-01-01", "2026-02-15", "2026-03-01"])
    return st.tuples(st.just(kind), rows.map(lambda found: as_csv(KINDS[kind], found)), day)


def any_files(**size: int) -> st.SearchStrategy[list[Drawn]]:
    """A roster and a user report, so that there is somebody, and then files of any kind."""
    more = st.lists(st.sampled_from(sorted(KINDS)).flatmap(files_of), **size)
    return st.tuples(files_of("roster"), files_of("user"), more).map(lambda drawn: [drawn[0], drawn[1], *drawn[2]])


def as_csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
