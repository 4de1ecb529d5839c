"""One pass over a file: every row read and staged, then judged against what is stored. Temporary tables only."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from karmyogi.core.errors import BadFile
from karmyogi.core.reasons import N_, declare
from karmyogi.reports import matching, reader
from karmyogi.reports.kinds import Kind, Numbers, reach
from karmyogi.reports.kinds.assessments import COURSE_ASSESSMENT, STANDALONE_ASSESSMENT
from karmyogi.reports.kinds.competencies import COMPETENCY
from karmyogi.reports.kinds.consumption import CONSUMPTION
from karmyogi.reports.kinds.content import CONTENT
from karmyogi.reports.kinds.courses import COURSE_TOLD, tell_courses
from karmyogi.reports.kinds.plan import PLAN
from karmyogi.reports.kinds.programmes import PROGRAMME
from karmyogi.reports.kinds.roster import ROSTER
from karmyogi.reports.kinds.summary import SUMMARY
from karmyogi.reports.kinds.unenrolment import UNENROLMENT
from karmyogi.reports.kinds.users import USERS
from karmyogi.reports.rules import REASON, Fault, row_meant, without_guard
from karmyogi.reports.service.places import Places, places_in, set_outside_apart
from karmyogi.store import staging
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.imports import Import, Outcome
from karmyogi.store.jobs import JobRun
from karmyogi.store.pace import Pace
from karmyogi.store.sheets import Row, Sheet, read_sheet

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ROSTER,
        USERS,
        CONTENT,
        COMPETENCY,
        PLAN,
        SUMMARY,
        CONSUMPTION,
        UNENROLMENT,
        COURSE_ASSESSMENT,
        STANDALONE_ASSESSMENT,
        PROGRAMME,
    )
}
COMPARED = {"row_number", "person", "course", "place", "employee_code", "department", "office", "district"}
STEP = 5_000  # rows between two signs of life
COMPARING, WRITING = 0.6, 0.8  # how much of the work on an import is done when these begin

declare(
    report_has_no_rows=N_("The file has a header but no rows. Download the report again and send the new file."),
)


@dataclass
class Reading:
    """What one pass over a file found out; its rows, people, courses and places lie in temporary tables (`tables`)."""

    layout: reader.Layout
    sheet: Sheet
    row_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    later_remarks: list[Fault] = field(default_factory=list)  # said once the rows were judged
    outcomes: Counter[str] = field(default_factory=Counter)  # of all rows, once they were judged
    generated_at: datetime | None = None
    mdoids: set[str] = field(default_factory=set)
    again: dict[int, tuple[int, int]] = field(default_factory=dict)  # line: the import and row that comes again
    places: Places | None = None
    outside: list[Fault] = field(default_factory=list)  # rows outside the unit of the import, once they were judged

    @property
    def kind(self) -> Kind:
        return KINDS[self.layout.kind]

    @property
    def tables(self) -> dict[str, Mapping[str, str]]:
        """The temporary tables that hold what was read, each with its columns."""
        told = {"staged": self.kind.columns, "person_told": matching.PERSON_TOLD, "course_told": COURSE_TOLD}
        return told | ({"row_told": reach.ROW_TOLD} if self.places and self.places.keeps_rows else {})

    @property
    def all_faults(self) -> list[Fault]:
        return [*self.faults, *self.outside]

    @property
    def all_remarks(self) -> list[Fault]:
        outside = {fault.line_number for fault in self.outside}
        return [one for one in (*self.remarks, *self.later_remarks) if one.line_number not in outside]


def stage(origin: Import, files: PrivateFiles, run: JobRun | None) -> Reading:
    """Read the whole file into temporary tables, its rows into `staged`.

    Raises BadFile if it is no report of ours, or has no rows, or is not for the unit to bring.
    """
    with files.open(origin.sha256, kind="report") as stream:
        sheet = read_sheet(stream)
        reading = Reading(reader.recognise(sheet.header), sheet)
        reading.places = places_in(reading.kind, origin)
        pace = Pace(run).part(0, COMPARING)
        _lay_out(reading, lambda: pace.alive(stream.tell() / origin.size_bytes))
    if not reading.row_count:
        raise BadFile("report_has_no_rows")
    make_ready(reading, run)
    return reading


def make_ready(reading: Reading, run: JobRun | None) -> None:
    """Index the rows that were laid out, now that all are there, and say that comparing begins."""
    Pace(run).at(COMPARING)
    for name, columns in reading.tables.items():
        if "row_number" in columns:
            staging.index(name, "row_number")
            staging.analyze(name, *(column for column in columns if column in COMPARED))


def _lay_out(reading: Reading, alive: Callable[[], None]) -> None:
    numbers, columns = Numbers(), reading.kind.columns
    rows = rows_as_told(reading.sheet, reading.again)
    staging.create("staged", columns)
    staging.load("staged", len(columns), _staged_rows(rows, reading, numbers, alive))
    matching.tell(numbers.persons)
    tell_courses(numbers.courses)
    if reading.places and reading.places.keeps_rows:
        reach.tell_places(reading.places.take_rows())


def rows_as_told(sheet: Sheet, again: dict[int, tuple[int, int]] | None = None) -> Iterator[Row]:
    """The rows of a sheet; of a file of problem rows, as they were before it was made safe for a spreadsheet.

    `again` is told of each line which row of which import it was.
    """
    if REASON not in sheet.header:
        yield from sheet.rows
        return
    place = sheet.header.index(REASON)
    for line_number, cells in sheet.rows:
        meant = row_meant(without_guard(cells[place])) if place < len(cells) else None
        if meant and again is not None:
            again[line_number] = meant
        yield line_number, tuple(map(without_guard, cells))


def _staged_rows(
    rows: Iterable[tuple[int, tuple[str, ...]]], reading: Reading, numbers: Numbers, alive: Callable[[], None]
) -> Iterator[tuple[object, ...]]:
    staged = reading.kind.staged
    for line_number, cells in rows:
        reading.row_count += 1
        row = reader.read_row(reading.layout, line_number, cells)
        if isinstance(row, Fault):
            reading.faults.append(row)
            continue
        if row.flags or row.ignored_keys:
            reading.remarks += [Fault(line_number, *remark) for remark in (*row.flags, *row.ignored_keys)]
        _note_origin(reading, row)
        if reading.places:
            reading.places.note(row)
        yield staged(row, numbers)
        if reading.row_count % STEP == 0:
            alive()


def _note_origin(reading: Reading, row: object) -> None:
    generated_at = getattr(row, "generated_at", None)
    if generated_at and (reading.generated_at is None or generated_at > reading.generated_at):
        reading.generated_at = generated_at
    if mdoid := getattr(row, "mdoid", ""):
        reading.mdoids.add(mdoid)


def judge(reading: Reading, origin: Import) -> None:
    """Compare what was staged with what is stored now, and count the outcomes.

    Raises BadFile if the file is for a unit and no row is about it.
    """
    matching.no_answers()
    if origin.unit_id and reading.places:
        _judge_reach(reading, reading.places, origin)
    reading.kind.judge(origin)
    reading.later_remarks = reading.kind.remarks()
    reading.outcomes = _outcomes(reading)


def _judge_reach(reading: Reading, places: Places, origin: Import) -> None:
    if reading.outside:
        reach.put_back()
    reading.outside = set_outside_apart(places, origin, reading.layout)


def _outcomes(reading: Reading) -> Counter[str]:
    found = Counter(dict(database.execute_sql("SELECT outcome, COUNT(*) FROM judged GROUP BY outcome").fetchall()))
    found[Outcome.REJECTED.value] += len(reading.all_faults)
    return found
