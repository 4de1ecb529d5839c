"""The State's own roster of officers."""

from karmyogi.reports import rules
from karmyogi.reports.reader.columns import Column, Kind, KindOfSheet, Layout, headers
from karmyogi.reports.reader.rows import Cells, extra, ignored_keys, rejected
from karmyogi.reports.rules import Fault, RosterRow

_ROSTER = headers(
    "employee_code·name_en·name_hi·designation·class·department·office·district·email·mobile·gender·birth_on·"
    "joined_on·retires_on"
)


def _roster(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> RosterRow | Fault:
    ignored = ignored_keys(layout, cells, values)
    row = RosterRow._make((line_number, *values, ignored, (), extra(layout, cells)))
    why = rules.why_roster_rejected(row)
    return rejected(layout, row, cells, why) if why else row


ROSTER = KindOfSheet(
    Kind.ROSTER,
    "roster.csv",
    (
        Column("email", rules.email, ("email",)),
        Column("phone", rules.phone, ("mobile", "phone", "Phone_Number", "Mobile Number")),
        Column("employee_code", rules.employee_code, ("employee_code",), needed=True, filled=True, repeats=False),
        Column("name_en", rules.text, ("name_en",)),
        Column("name_hi", rules.text, ("name_hi",)),
        Column("designation", rules.text, ("designation",), needed=True, filled=True),
        Column("designation_hi", rules.text, ("designation_hi",)),
        Column("state_class", rules.state_class, ("class",)),
        Column("department", rules.text, ("department",), needed=True, filled=True),
        Column("office", rules.text, ("office",), needed=True, filled=True),
        Column("office_hi", rules.text, ("office_hi",)),
        Column("district", rules.text, ("district",), needed=True, filled=True),
        Column("gender", rules.text, ("gender",)),
        Column("birth_on", rules.roster_date, ("birth_on",)),
        Column("joined_on", rules.roster_date, ("joined_on",), needed=True, filled=True),
        Column("posted_on", rules.roster_date, ("posted_on",)),
        Column("retires_on", rules.roster_date, ("retires_on",)),
        Column("cadre", rules.text, ("cadre",)),
        Column("cadre_on", rules.roster_date, ("cadre_on",)),
    ),
    {"1": _ROSTER},
    _roster,
)
