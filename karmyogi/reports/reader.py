"""Knows the layouts of the files: which kind a header is, which column holds what, and how a row is read by them.

A kind is recognised by its set of headers alone. Headers are compared in lower
case by their letters and digits (`Employee_Id` = `Employee Id`). The header sets
were read from the portal's public code; each generation moved some columns.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.reports import rules
from karmyogi.reports.rules import (
    ConsumptionRow,
    Fault,
    PlanRow,
    Remark,
    ReportRow,
    RosterRow,
    Unreadable,
    UserRow,
    about,
    storable,
)

declare(
    sheet_not_recognised=N_(
        "The columns of this file are not those of a report taken here; found: %(looks_like)s. "
        "Send the user report, the plan enrolment report, the user enrolment report or the roster, "
        "with its header row as it was downloaded."
    ),
    sheet_columns_missing=N_(
        "These columns are needed and absent: %(columns)s. Download the report again and do not delete columns."
    ),
)

Cells = Sequence[str]
Read = Callable[[str], object]
Finish = Callable[["Layout", int, Cells, list[object]], ReportRow | Fault]


class Kind(StrEnum):
    """The kinds of file whose rows are taken."""

    USER = "user"
    PLAN = "plan"
    CONSUMPTION = "consumption"
    ROSTER = "roster"


@dataclass(frozen=True)
class Column:
    """A fact of a row: where it is found (spellings, the present one first) and how its cell is read."""

    field: str
    read: Read
    names: tuple[str, ...]
    needed: bool = False  # without this column the file is not of the kind
    filled: bool = False  # without a value the row is rejected
    repeats: bool = True  # few different values: remembered instead of read again


@dataclass(frozen=True)
class KindOfSheet:
    """What is known of one kind of file."""

    kind: Kind
    file_name: str
    columns: tuple[Column, ...]
    generations: Mapping[str, tuple[str, ...]]
    finish: Finish
    telling: frozenset[str] = frozenset()  # fields of which at least two must be there
    set_aside: frozenset[str] = frozenset()  # headers known and not kept
    foreign: frozenset[str] = frozenset()  # headers that only a look-alike has


@dataclass(frozen=True)
class Layout:
    """Which column of one file holds what; `read_row` reads its rows by it."""

    kind: Kind
    generation: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]
    guessed: tuple[str, ...]
    spare: tuple[tuple[str, int], ...] = field(repr=False)
    readers: tuple[tuple[Read, int], ...] = field(repr=False, compare=False)
    keys: tuple[tuple[str, int, int], ...] = field(repr=False)
    finish: Finish = field(repr=False, compare=False)

    def heading(self, field: str) -> str:
        """The header, as the file spells it, of the column that holds `field`; the field itself if there is none."""
        return self.header[self.columns[field]] if field in self.columns else field


def simplified(header: str) -> str:
    """A header as headers are compared: lower case, letters and digits only."""
    return "".join(filter(str.isalnum, header.lower()))


def recognise(header: Sequence[str]) -> Layout:
    """The layout of the file with this header: its kind, its likeliest generation, and its columns.

    Where several kinds fit, the one with most columns; of two columns with the
    same meaning, the present spelling, then the leftmost. A column in any place
    counts the same. Raises BadFile("sheet_not_recognised").
    """
    places = _places(header)
    fitting = [sheet for sheet in KINDS.values() if _fits(sheet, places)]
    if not fitting:
        raise BadFile(*_why_not_recognised(header, places))
    best = max(fitting, key=lambda sheet: len(_indexes(sheet, places)))
    return _layout(best, tuple(header), places)


def read_row(layout: Layout, line_number: int, cells: Cells) -> ReportRow | Fault:
    """What the row says, or why it is rejected; never raises.

    Of several faults the leftmost is told. Cells missing at the end are blank.
    """
    width = len(layout.header)
    if len(cells) != width:
        if any(map(str.strip, cells[width:])):
            return _too_wide(line_number, cells[width:])
        cells = (*cells[:width], *[""] * (width - len(cells)))
    try:
        values = [read(cells[index]) for read, index in layout.readers]
    except Unreadable:
        return _leftmost_fault(layout, line_number, cells)
    return layout.finish(layout, line_number, cells, values)


# Reading a row


def _too_wide(line_number: int, beyond: Cells) -> Fault:
    return _fault(line_number, "row_too_wide", "", next(filter(str.strip, beyond)))


def _leftmost_fault(layout: Layout, line_number: int, cells: Cells) -> Fault:
    for read, index in sorted(layout.readers, key=lambda reader: reader[1]):
        try:
            read(cells[index])
        except Unreadable as error:
            return _fault(line_number, error.code, layout.header[index], cells[index])
    raise AssertionError("a row was unreadable, but none of its cells is")


def _fault(line_number: int, code: str, column: str, value: str, **facts: str) -> Fault:
    return Fault(line_number, column, storable(value), about(code, column, value, **facts))


def _remark(code: str, column: str, value: str) -> Remark:
    return Remark(column, storable(value), about(code, column, value))


def _rejected(layout: Layout, row: ReportRow, cells: Cells, why: tuple[str, str]) -> Fault:
    name, code = why
    value = cells[layout.columns[name]] if name in layout.columns else ""
    facts = {"report": row.generated_at.date().isoformat()} if code == "completed_after_report" else {}
    return _fault(row.line_number, code, layout.heading(name), value, **facts)


def _ignored_keys(layout: Layout, cells: Cells, values: Sequence[object]) -> tuple[Remark, ...]:
    remarks = []
    for name, place, index in layout.keys:
        if values[place] is None and (code := rules.why_ignored(name, cells[index])):
            column = layout.header[index]
            remarks.append(_remark(code, column, cells[index]))
    return tuple(remarks)


def _extra(layout: Layout, cells: Cells) -> dict[str, str]:
    if not layout.spare:
        return {}
    return {name: storable(cells[index]) for name, index in layout.spare if cells[index].strip()}


_EXTERNAL = 4  # the place of External_System_Id among the columns; External_System is the last


def _join_external(values: list[object]) -> None:
    system = values.pop()
    if values[_EXTERNAL]:
        values[_EXTERNAL] = f"{system}:{values[_EXTERNAL]}" if system else None


def _user(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> UserRow | Fault:
    ignored = _ignored_keys(layout, cells, values)
    _join_external(values)
    return UserRow._make((line_number, *values, ignored, (), _extra(layout, cells)))


def _plan(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> PlanRow | Fault:
    ignored = _ignored_keys(layout, cells, values)
    _join_external(values)
    row = PlanRow._make((line_number, *values, ignored, (), _extra(layout, cells)))
    why = rules.why_plan_rejected(row)
    return _rejected(layout, row, cells, why) if why else row


def _consumption(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> ConsumptionRow | Fault:
    ignored = _ignored_keys(layout, cells, values)
    _join_external(values)
    row = ConsumptionRow._make((line_number, *values, ignored, (), _extra(layout, cells)))
    why = rules.why_consumption_rejected(row)
    if why:
        return _rejected(layout, row, cells, why)
    return _flagged(layout, row, cells) if rules.suspicion(row, to_the_second=True) else row


def _flagged(layout: Layout, row: ConsumptionRow, cells: Cells) -> ConsumptionRow:
    completed, enrolled = (cells[layout.columns[name]] for name in ("completed_at", "enrolled_at"))
    code = rules.suspicion(row, to_the_second=rules.has_clock(completed) and rules.has_clock(enrolled))
    if code is None:
        return row
    column = layout.heading("completed_at")
    return row._replace(flags=(_remark(code, column, completed),))


def _roster(layout: Layout, line_number: int, cells: Cells, values: list[object]) -> RosterRow | Fault:
    ignored = _ignored_keys(layout, cells, values)
    row = RosterRow._make((line_number, *values, ignored, (), _extra(layout, cells)))
    why = rules.why_roster_rejected(row)
    return _rejected(layout, row, cells, why) if why else row


class _Remembered(dict[str, object]):
    """What a reader gave for a cell; emptied when it has grown, so memory stays bounded."""

    MOST = 10_000

    def __init__(self, read: Read):
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> object:
        value = self._read(cell)
        if len(self) >= self.MOST:
            self.clear()
        self[cell] = value
        return value


def _reader(column: Column, index: int | None) -> tuple[Read, int]:
    if index is None:
        blank = column.read("")
        return (lambda _cell: blank), 0
    read = _filled(column.read) if column.filled else column.read
    return (_Remembered(read).__getitem__ if column.repeats else read), index


def _filled(read: Read) -> Read:
    def read_filled(cell: str) -> object:
        value = read(cell)
        if value in (None, ""):
            raise Unreadable("column_blank")
        return value

    return read_filled


# Recognising a header


def _places(header: Sequence[str]) -> dict[str, int]:
    """The leftmost column of each simplified header."""
    places: dict[str, int] = {}
    for index, name in enumerate(header):
        places.setdefault(simplified(name), index)
    places.pop("", None)
    return places


def _indexes(sheet: KindOfSheet, places: Mapping[str, int]) -> dict[str, int]:
    indexes = {}
    for column in sheet.columns:
        found = next((name for name in map(simplified, column.names) if name in places), None)
        if found:
            indexes[column.field] = places[found]
    return indexes


def _fits(sheet: KindOfSheet, places: Mapping[str, int]) -> bool:
    return not _lacking(sheet, places) and not sheet.foreign & places.keys()


def _lacking(sheet: KindOfSheet, places: Mapping[str, int]) -> list[str]:
    """The present spellings of what a file of this kind would still need."""
    found = _indexes(sheet, places).keys()
    lacking = [column.names[0] for column in sheet.columns if column.needed and column.field not in found]
    if not found & _KEYS:
        lacking.append("Email")
    if sheet.telling and len(found & sheet.telling) < 2:
        lacking += [c.names[0] for c in sheet.columns if c.field in sheet.telling - found]
    return lacking


def _layout(sheet: KindOfSheet, header: tuple[str, ...], places: Mapping[str, int]) -> Layout:
    indexes = _indexes(sheet, places)
    generation = _likeliest(sheet.generations, places.keys())
    known = {simplified(name): name for name in sheet.generations[generation]}
    spare = _spare(header, set(indexes.values()) | {places[name] for name in sheet.set_aside if name in places})
    return Layout(
        kind=sheet.kind,
        generation=generation,
        header=header,
        columns=indexes,
        unknown=tuple(name for name, index in spare if header[index].strip() and _is_odd(header, index, known, places)),
        missing=tuple(name for key, name in known.items() if key not in places and not _stands_in(sheet, key, indexes)),
        guessed=tuple(
            header[index] for index in _guessed(sheet, header, indexes) if simplified(header[index]) not in known
        ),
        spare=spare,
        readers=tuple(_reader(column, indexes.get(column.field)) for column in sheet.columns),
        keys=tuple(
            (column.field, place, indexes[column.field])
            for place, column in enumerate(sheet.columns)
            if column.field in _KEYS and column.field in indexes
        ),
        finish=sheet.finish,
    )


def _likeliest(generations: Mapping[str, tuple[str, ...]], found: Iterable[str]) -> str:
    """The generation whose header set differs least; of equals the newest."""
    here = frozenset(found)
    return min(reversed(generations), key=lambda name: len(here ^ frozenset(map(simplified, generations[name]))))


def _guessed(sheet: KindOfSheet, header: Sequence[str], indexes: Mapping[str, int]) -> list[int]:
    """The columns found under another spelling than the present one."""
    present = {column.field: simplified(column.names[0]) for column in sheet.columns}
    return sorted(index for name, index in indexes.items() if simplified(header[index]) != present[name])


def _spare(header: Sequence[str], taken: set[int]) -> tuple[tuple[str, int], ...]:
    """The columns that no fact is read from, under names that are all different."""
    names: dict[str, int] = {}
    for index, name in enumerate(map(str.strip, header)):
        names[name if name and name not in names else f"{name}#{index + 1}"] = index
    return tuple((name, index) for name, index in names.items() if index not in taken)


def _is_odd(header: Sequence[str], index: int, known: Mapping[str, str], places: Mapping[str, int]) -> bool:
    key = simplified(header[index])
    return key not in known or places[key] != index


def _stands_in(sheet: KindOfSheet, key: str, indexes: Mapping[str, int]) -> bool:
    """True if another spelling of the missing header was found."""
    return any(column.field in indexes and key in map(simplified, column.names) for column in sheet.columns)


def _why_not_recognised(header: Sequence[str], places: Mapping[str, int]) -> list[Reason]:
    likenesses = ((name, _likeness(places.keys(), headers)) for name, headers in _all_headers(places))
    name, likeness = max(likenesses, key=lambda pair: pair[1])
    if likeness < 0.5:
        name = ", ".join(filter(None, map(str.strip, header[:6]))) or "–"
    reasons = [reason("sheet_not_recognised", looks_like=name)]
    lacking = [header for sheet in KINDS.values() if sheet.file_name == name for header in _lacking(sheet, places)]
    if lacking:
        reasons.append(reason("sheet_columns_missing", columns=", ".join(lacking)))
    return reasons


def _likeness(found: Iterable[str], headers: Iterable[str]) -> float:
    here, there = frozenset(found), frozenset(map(simplified, headers))
    return len(here & there) / len(here | there)


def _all_headers(places: Mapping[str, int]) -> Iterable[tuple[str, tuple[str, ...]]]:
    for sheet in KINDS.values():
        if not sheet.foreign & places.keys():
            yield from ((sheet.file_name, headers) for headers in sheet.generations.values())
    yield from _FOREIGN.items()


# The layouts


def _headers(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split("·"))


def _without(headers: Iterable[str], *names: str) -> tuple[str, ...]:
    return tuple(name for name in headers if name not in names)


_KEYS = frozenset({"igot_id", "email", "phone", "employee_id", "external", "employee_code"})
_CADRE = _headers("Cadre·Civil Service Type·Civil Services·Cadre Batch·Is From Organised Service of Govt")

_USER_2023 = _headers(
    "Full_Name·Designation·Email·Phone_Number·Group·Tag·Ministry·Department·Organization·User_Registration_Date·Roles·"
    "Gender·Category·External_System·External_System_Id·mdoid·Report_Last_Generated_On·MDO_Created_On·"
    "Verified Karmayogi·weekly_claps_day_before_yesterday"
)
_USER_2025 = (
    *_headers(
        "Full_Name·Designation·Email·Phone_Number·MDO_Name·Group·Tag·Ministry·Department·Organization·"
        "User_Registration_Date"
    ),
    *_CADRE,
    *_headers(
        "Roles·Gender·Category·External_System·External_System_Id·Employee_Id·MDO_Created_On·Profile_Status·"
        "weekly_claps_day_before_yesterday·Karma_Points·Event_Enrolments·Event_Completions·Event_Learning_Hours·"
        "Course_Enrolments·Course_Completions·Course_Learning_Hours·Total_Enrolments·Total_Completions·"
        "Total_Learning_Hours·Report_Last_Generated_On·mdoid"
    ),
)
_CONSUMPTION_2025_10 = _headers(
    "Full_Name·Designation·Email·Phone_Number·MDO_Name·Group·Tag·Ministry·Department·Organization·Content_Provider·"
    "Content_Name·Content_Type·Content_Duration·Batch_Id·Batch_Name·Batch_Start_Date·Batch_End_Date·Enrolled_On·"
    "Status·Content_Progress_Percentage·Last_Published_On·Content_Retired_On·Completed_On·Certificate_Generated·"
    "User_Rating·Gender·Category·External_System·External_System_Id·mdoid·Certificate_ID·Report_Last_Generated_On·"
    "Live_CBP_Plan_Mandate"
)
_CONSUMPTION_2023 = _headers(
    "Full_Name·Designation·Email·Phone_Number·Group·Tag·Ministry·Department·Organization·CBP_Provider·CBP_Name·"
    "CBP_Type·CBP_Duration·Batch_Id·Batch_Name·Batch_Start_Date·Batch_End_Date·Enrolled_On·Status·"
    "CBP_Progress_Percentage·Last_Published_On·CBP_Archived_On·Completed_On·Certificate_Generated·User_Rating·Gender·"
    "Category·External_System·External_System_Id·mdoid·Report_Last_Generated_On"
)
_PLAN_2025_10 = _headers(
    "Name·Email·Phone·MDO_Name·Group·Designation·Ministry·Department·Organization·Name of CBP Allocated Course·isapar·"
    "Allocated On·Current Progress·Due Date of Completion·Actual Date of Completion·mdoid·Report_Last_Generated_On"
)
_ROSTER = _headers(
    "employee_code·name_en·name_hi·designation·class·department·office·district·email·mobile·gender·birth_on·"
    "joined_on·retires_on"
)

_NAME = ("Full_Name", "Name", "Learner Name")
_ORGANIZATION = ("Organization", "Organisation")

# The first five and the last are the keys; see _EXTERNAL.
_PERSON = (
    Column("igot_id", rules.igot_id, ("userID",)),
    Column("email", rules.email, ("Email",), repeats=False),
    Column("phone", rules.phone, ("Phone_Number", "Phone", "Mobile Number"), repeats=False),
    Column("employee_id", rules.employee_id, ("Employee_Id",), repeats=False),
    Column("external", rules.employee_id, ("External_System_Id",), repeats=False),
)
_SYSTEM = Column("external_system", rules.external_system, ("External_System",))
_REPORT = (
    Column("mdoid", rules.text, ("mdoid",)),
    Column("generated_at", rules.datetime_in, ("Report_Last_Generated_On",)),
)

_USER = KindOfSheet(
    Kind.USER,
    "user-report.csv",
    (
        *_PERSON,
        Column("full_name", rules.text, _NAME, needed=True),
        Column("designation", rules.text, ("Designation",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("group", rules.group, ("Group",)),
        Column("tags", rules.text_list, ("Tag", "Tags")),
        Column("ministry", rules.text, ("Ministry",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, _ORGANIZATION),
        Column("registered_on", rules.date_in, ("User_Registration_Date",)),
        Column("cadre", rules.text, ("Cadre",)),
        Column("civil_service_type", rules.text, ("Civil Service Type",)),
        Column("civil_service", rules.text, ("Civil Services",)),
        Column("cadre_batch", rules.text, ("Cadre Batch",)),
        Column("is_of_organised_service", rules.yes_no, ("Is From Organised Service of Govt",)),
        Column("is_on_central_deputation", rules.yes_no, ("Is On Central Deputation",)),
        Column("roles", rules.text_list, ("Roles",)),
        Column("gender", rules.text, ("Gender",)),
        Column("mdo_created_on", rules.date_in, ("MDO_Created_On",)),
        Column("profile_status", rules.profile_status, ("Profile_Status", "Verified Karmayogi")),
        Column("weekly_claps", rules.whole_number, ("weekly_claps_day_before_yesterday",)),
        Column("karma_points", rules.whole_number, ("Karma_Points",)),
        Column("event_enrolments", rules.whole_number, ("Event_Enrolments",)),
        Column("event_completions", rules.whole_number, ("Event_Completions",)),
        Column("event_hours_hundredths", rules.learning_hours, ("Event_Learning_Hours",)),
        Column("course_enrolments", rules.whole_number, ("Course_Enrolments",)),
        Column("course_completions", rules.whole_number, ("Course_Completions",)),
        Column("course_hours_hundredths", rules.learning_hours, ("Course_Learning_Hours",)),
        Column("total_enrolments", rules.whole_number, ("Total_Enrolments",)),
        Column("total_completions", rules.whole_number, ("Total_Completions",)),
        Column("total_hours_hundredths", rules.learning_hours, ("Total_Learning_Hours",)),
        *_REPORT,
        _SYSTEM,
    ),
    {
        "2023": _USER_2023,
        "2024": (
            *_USER_2023,
            *_headers("Event_Learning_Hr_After_19_Oct·Content_Learning_Hr_After_19_Oct·Total_Learning_Hr_After_19_Oct"),
        ),
        "2025": _USER_2025,
        "2026": ("userID", *_USER_2025, "Is On Central Deputation"),
    },
    _user,
    telling=frozenset({"registered_on", "roles", "profile_status", "weekly_claps", "karma_points"}),
    set_aside=frozenset({"category"}),
)

_PLAN = KindOfSheet(
    Kind.PLAN,
    "cbp-report-mdo-enrolment.csv",
    (
        *_PERSON,
        Column("full_name", rules.text, ("Name", "Full_Name", "Learner Name")),
        Column("designation", rules.text, ("Designation",)),
        Column("group", rules.group, ("Group",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, _ORGANIZATION),
        Column("course_name", rules.normalised_name, ("Name of CBP Allocated Course",), needed=True, filled=True),
        Column("is_apar", rules.yes_no, ("isapar",)),
        Column("allocated_on", rules.date_in, ("Allocated On",)),
        Column("progress", rules.status, ("Current Progress",)),
        Column("due_on", rules.date_in, ("Due Date of Completion",)),
        Column("completed_on", rules.date_in, ("Actual Date of Completion",)),
        *_REPORT,
        _SYSTEM,
    ),
    {
        "2024": _without(_PLAN_2025_10, "MDO_Name", "isapar"),
        "2025-10": _PLAN_2025_10,
        "2025-11": (*_PLAN_2025_10, *_CADRE),
        "2026": (*_PLAN_2025_10, *_CADRE, "EmployeeId"),
    },
    _plan,
    set_aside=frozenset(map(simplified, ("Ministry", *_CADRE))),
)

_CONSUMPTION = KindOfSheet(
    Kind.CONSUMPTION,
    "user-enrollment-report.csv",
    (
        *_PERSON,
        Column("full_name", rules.text, _NAME),
        Column("designation", rules.text, ("Designation",)),
        Column("mdo_name", rules.text, ("MDO_Name",)),
        Column("department", rules.text, ("Department",)),
        Column("organization", rules.text, _ORGANIZATION),
        Column("content_provider", rules.text, ("Content_Provider", "CBP_Provider")),
        Column("content_name", rules.normalised_name, ("Content_Name", "CBP_Name"), needed=True, filled=True),
        Column("content_type", rules.text, ("Content_Type", "CBP_Type")),
        Column("duration_seconds", rules.duration, ("Content_Duration", "CBP_Duration")),
        Column("batch_id", rules.text, ("Batch_Id",)),
        Column("batch_name", rules.text, ("Batch_Name",)),
        Column("batch_start_on", rules.date_in, ("Batch_Start_Date",)),
        Column("batch_end_on", rules.date_in, ("Batch_End_Date",)),
        Column("enrolled_at", rules.datetime_in, ("Enrolled_On",), repeats=False),
        Column("status", rules.status, ("Status",), needed=True, filled=True),
        Column("progress_hundredths", rules.progress, ("Content_Progress_Percentage", "CBP_Progress_Percentage")),
        Column("last_published_on", rules.date_in, ("Last_Published_On",)),
        Column("content_retired_on", rules.date_in, ("Content_Retired_On", "CBP_Archived_On")),
        Column("completed_at", rules.datetime_in, ("Completed_On",), needed=True, repeats=False),
        Column("is_certificate_generated", rules.yes_no, ("Certificate_Generated",)),
        Column("user_rating", rules.rating, ("User_Rating",)),
        Column("certificate_id", rules.text, ("Certificate_ID",), repeats=False),
        Column("is_live_plan_mandate", rules.yes_no, ("Live_CBP_Plan_Mandate",)),
        *_REPORT,
        _SYSTEM,
    ),
    {
        "2023": _CONSUMPTION_2023,
        "2024": _without(_CONSUMPTION_2025_10, "MDO_Name"),
        "2025-10": _CONSUMPTION_2025_10,
        "2025-11": (*_CONSUMPTION_2025_10, *_CADRE),
        "2026": (*_CONSUMPTION_2025_10, *_CADRE, "Employee Id", "enrolment_status", "unenrolled_on"),
    },
    _consumption,
    set_aside=frozenset(map(simplified, ("Group", "Tag", "Tags", "Ministry", "Gender", "Category", *_CADRE))),
    foreign=frozenset({"unenrolmentreason"}),
)

_ROSTER_KIND = KindOfSheet(
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

KINDS: Mapping[Kind, KindOfSheet] = {sheet.kind: sheet for sheet in (_USER, _PLAN, _CONSUMPTION, _ROSTER_KIND)}

# Reports of the same portal that are not imported: named, so that the refusal can say what was sent.
_FOREIGN = {
    "user-unenrolment-report.csv": (
        *_CONSUMPTION_2025_10,
        *_CADRE,
        *_headers(
            "Employee Id·Enrolment_Status·Unenrolment_Reason·Unenrolment_On·Unenrolment_Comment·Unenrolment_Progress·"
            "Unenrolment_Updated_By·Unenrolment_Action·Karma_Points"
        ),
    ),
    "cbp-report-mdo-summary.csv": _headers(
        "Name·Email·Phone·MDO_Name·Group·Designation·Ministry·Department·Organization·Number of CBP Courses Allocated·"
        "Number of CBP Courses Completed·Number of CBP Courses Completed within due date·mdoid·Report_Last_Generated_On"
    ),
    "course-report.csv": _headers(
        "Content_Status·Content_Provider·Content_Name·Content_Type·Batch_Id·Batch_Name·Batch_Start_Date·"
        "Batch_End_Date·Content_Duration·Enrolled·Not_Started·In_Progress·Completed·Content_Rating·Last_Published_On·"
        "First_Completed_On·Last_Completed_On·Content_Retired_On·Total_Certificates_Issued·mdoid·"
        "Report_Last_Generated_On"
    ),
    "cba-report.csv": _headers(
        "User ID·Full Name·Designation·E mail·Phone Number·MDO_Name·Group·Tags·Ministry·Department·Organisation·"
        "Assessment Name·Assessment Type·Assessment/Content Provider·Assessment Publish Date·Course Name·Course ID·"
        "Assessment Duration·Last Attempted Date·Latest Percentage Achieved·Cut off Percentage·Pass·Total Questions·"
        "No of Incorrect Responses·Unattempted Questions·No of Retakes·mdoid·Report_Last_Generated_On"
    ),
    "StandaloneAssessmentReport.csv": _headers(
        "User_ID·Full_Name·Assessment_Name·Overall_Status·Assessment_Status·Percentage_Of_Score·Number_of_Attempts·"
        "Email·Phone·mdoid·Report_Last_Generated_On"
    ),
    "blended-program-report-mdo.csv": _headers(
        "Name·Email·Phone_Number·MDO_Name·Designation·Group·Gender·Category·Tag·Ministry·Department·Organization·"
        "Provider_Name·Program_Name·Batch_Name·Batch_Location·Batch_Start_Date·Batch_End_Date·Enrolled_On·"
        "Component_Name·Component_Type·Component_Mode·Status·Component_Duration·Component_Progress_Percentage·"
        "Component_Completed_On·Last_Accessed_On·Offline_Session_Date·Offline_Session_Start_Time·"
        "Offline_Session_End_Time·Offline_Attendance_Status·Instructor(s)_Name·Program_Coordinator_Name·"
        "Certificate_Generated·mdoid·Report_Last_Generated_On"
    ),
    "ContentCompetencyMapping.csv": _headers(
        "content_id·content_name·competency_area·competency_area_description·competency_theme·"
        "competency_theme_description·competency_theme_type·competency_sub_theme·competency_sub_theme_description"
    ),
    "user bulk upload template": _headers(
        "Full Name·Email·Mobile Number·Group·Designation·Gender·Category·Date of Birth (dd-mm-yyyy)·Mother Tongue·"
        "Employee ID·Office Pin Code·External System ID·External System Name·Tags·Status·Error Details"
    ),
}
