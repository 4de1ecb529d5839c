"""Every kind of report, in every generation: what each row becomes, once and again, on both engines."""

from dataclasses import dataclass, field

import pytest

from karmyogi.completions.models import Assessment, Unenrolment
from karmyogi.courses.models import CourseBatch, CourseCompetency
from karmyogi.plans.models import PlanSummary
from karmyogi.reports.reader import KINDS, Kind, recognise
from karmyogi.reports.service.reading import KINDS as TAKEN
from karmyogi.store.db import Table
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from karmyogi.trainings.models import ProgrammePart
from tests.reports.files import REPORTED, bring, known, made, outcomes, take

ASHA = {"igot_id": "u-asha", "employee_id": "E1", "email": "asha@cg.example.in", "full_name": "Asha Sahu"}
RAVI = {"igot_id": "u-ravi", "employee_id": "E2", "email": "ravi@cg.example.in", "full_name": "Ravi Verma"}
NOBODY = {"igot_id": "u-nobody", "employee_id": "E3", "email": "nobody@cg.example.in"}
REPORT = {"mdoid": "0102", "generated_at": REPORTED}
LATER = {"generated_at": "2026-03-02 11:30:47 AM"}
EARLIER = {"generated_at": "2026-01-02 11:30:47 AM"}


@dataclass(frozen=True)
class Case:
    """A kind with a row that is taken, a change that a later report brings, and cells that cannot be read."""

    kind: Kind
    table: type[Table]
    row: dict[str, str]
    change: dict[str, str]
    unreadable: dict[str, tuple[str, str]] = field(default_factory=dict)  # field: (cell, reason)
    is_of_person: bool = True
    is_dated: bool = True


CASES = (
    Case(
        Kind.SUMMARY,
        PlanSummary,
        {"allocated": "12", "finished": "8", "in_time": "6"},
        {"finished": "9"},
        {"allocated": ("", "column_blank"), "finished": ("many", "number_unreadable")},
    ),
    Case(
        Kind.CONTENT,
        CourseBatch,
        {
            "content_status": "Live",
            "content_provider": "NIC",
            "content_name": "Noting",
            "content_type": "Course",
            "duration_seconds": "01:30:00",
            "batch_id": "b1",
            "enrolled": "40",
            "completed": "12",
            "rating_hundredths": "4.55",
            "certificates": "11",
            "last_completed_on": "2025-12-31",
        },
        {"completed": "13"},
        {
            "content_name": ("", "column_blank"),
            "rating_hundredths": ("6.5", "stars_unreadable"),
            "duration_seconds": ("90 min", "duration_unreadable"),
            "last_completed_on": ("2026-02-03", "completed_after_report"),
        },
        is_of_person=False,
    ),
    Case(
        Kind.COMPETENCY,
        CourseCompetency,
        {
            "content_id": "do_1",
            "content_name": "Noting",
            "area": "Functional",
            "theme": "Office procedure",
            "sub_theme": "Noting and drafting",
        },
        {"theme_description": "How an office writes"},
        {"content_name": ("", "column_blank"), "area": ("", "column_blank")},
        is_of_person=False,
        is_dated=False,
    ),
    Case(
        Kind.UNENROLMENT,
        Unenrolment,
        {
            "content_provider": "NIC",
            "content_name": "Noting",
            "content_type": "Course",
            "batch_id": "b1",
            "left_at": "2025-12-20 10:00:00",
            "reason": "Wrong course",
            "progress_hundredths": "25.5",
        },
        {"reason": "Transferred"},
        {
            "content_name": ("", "column_blank"),
            "left_at": ("yesterday", "datetime_unreadable"),
            "progress_hundredths": ("half", "progress_unreadable"),
        },
    ),
    Case(
        Kind.COURSE_ASSESSMENT,
        Assessment,
        {
            "name": "Final test",
            "course_name": "Noting",
            "attempted_on": "2025-12-20",
            "is_passed": "Yes",
            "score_hundredths": "82.5",
            "cut_off_hundredths": "60",
            "retakes": "1",
        },
        {"score_hundredths": "90", "retakes": "2"},
        {
            "name": ("", "column_blank"),
            "attempted_on": ("2026-02-03", "completed_after_report"),
            "is_passed": ("perhaps", "result_unreadable"),
            "score_hundredths": ("101", "progress_unreadable"),
        },
    ),
    Case(
        Kind.STANDALONE_ASSESSMENT,
        Assessment,
        {"name": "Entry test", "standing": "Completed", "is_passed": "Pass", "attempts": "2"},
        {"attempts": "3"},
        {"name": ("", "column_blank"), "is_passed": ("maybe", "result_unreadable")},
    ),
    Case(
        Kind.PROGRAMME,
        ProgrammePart,
        {
            "programme": "Induction",
            "batch_name": "Batch 4",
            "component": "Day one",
            "mode": "Offline",
            "status": "Completed",
            "session_on": "2025-12-20",
            "starts": "10:00",
            "is_attended": "Attended",
        },
        {"status": "In Progress", "place": "Raipur"},
        {
            "programme": ("", "column_blank"),
            "component": ("", "column_blank"),
            "session_on": ("2026-02-03", "completed_after_report"),
            "starts": ("morning", "time_unreadable"),
            "is_attended": ("probably", "attendance_unknown"),
        },
    ),
)
EACH = [pytest.param(case, id=case.kind.value) for case in CASES]
OF_PERSONS = [pytest.param(case, id=case.kind.value) for case in CASES if case.is_of_person]
DATED = [pytest.param(case, id=case.kind.value) for case in CASES if case.is_dated]
GENERATIONS = [
    pytest.param(case, generation, id=f"{case.kind.value} {generation}")
    for case in CASES
    for generation in KINDS[case.kind].generations
]


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def people(db):
    return [known(who) for who in (ASHA, RAVI)]


def row_of(case: Case, who: dict[str, str] = ASHA, **changes: str) -> dict[str, str]:
    return (who if case.is_of_person else {}) | REPORT | case.row | changes


def newest(case: Case) -> str:
    return list(KINDS[case.kind].generations)[-1]


def stored(case: Case) -> list[tuple[object, ...]]:
    return sorted(case.table.select().tuples(), key=str)


# Recognising


@pytest.mark.parametrize(
    ("kind", "generation"),
    [
        pytest.param(kind, generation, id=f"{kind.value} {generation}")
        for kind, sheet in KINDS.items()
        for generation in sheet.generations
    ],
)
def test_each_generation_is_recognised_in_any_order_with_nothing_unknown_or_missing(kind, generation):
    header = KINDS[kind].generations[generation]

    found = [recognise(order) for order in (header, header[::-1], sorted(header))]

    assert {(layout.kind, layout.generation) for layout in found} == {(kind, generation)}
    assert {(layout.unknown, layout.missing, layout.guessed) for layout in found} == {((), (), ())}


@pytest.mark.parametrize("kind", KINDS)
def test_the_next_generation_is_recognised_too_and_says_what_is_new_and_what_is_gone(kind):
    sheet = KINDS[kind]
    header = list(sheet.generations.values())[-1]
    needed = {
        name for column in sheet.columns if column.needed or column.field in sheet.telling for name in column.names
    }
    spare = next(name for name in header if name not in needed and name not in ("Email", "email", "mdoid", "E mail"))

    layout = recognise([*(name for name in header if name != spare), "District of the posting"])

    assert (layout.kind, layout.unknown, layout.missing) == (kind, ("District of the posting",), (spare,))


def test_every_kind_that_is_recognised_is_taken_and_has_its_turn():
    assert set(TAKEN) == {kind.value for kind in KINDS}
    assert [kind.name for kind in sorted(TAKEN.values(), key=lambda kind: kind.turn)] == [
        "roster",
        "user",
        "content",
        "competency",
        "plan",
        "plan_summary",
        "consumption",
        "unenrolment",
        "course_assessment",
        "standalone_assessment",
        "programme",
    ]


# Rows


@pytest.mark.parametrize(("case", "generation"), GENERATIONS)
def test_a_row_of_any_generation_is_taken_once_and_the_same_file_again_changes_nothing(case, generation, people, files):
    content = made(case.kind, generation, row_of(case))

    first, before = take(content, files), stored(case)
    again = take(content, files)

    assert (first, again) == ({"created": 1}, {"unchanged": 1})
    assert len(before) == 1
    assert stored(case) == before


@pytest.mark.parametrize("case", EACH)
def test_every_stored_row_knows_the_import_and_the_row_it_came_from_and_its_unknown_cells(case, people, files):
    take(made(case.kind, newest(case), row_of(case), add={"District of the posting": "Raipur"}), files)

    kept = case.table.get()

    assert (kept.import_id, kept.row_number) == (Import.get().id, 2)
    assert kept.extra == {"District of the posting": "Raipur"}


@pytest.mark.parametrize("case", EACH)
def test_a_later_report_changes_what_is_stored(case, people, files):
    take(made(case.kind, newest(case), row_of(case)), files)
    before = stored(case)

    later = take(made(case.kind, newest(case), row_of(case, **LATER, **case.change)), files)

    assert later == {"updated": 1}
    assert len(stored(case)) == 1
    assert stored(case) != before
    assert case.table.get().import_id == Import.select().order_by(Import.id.desc()).get().id


@pytest.mark.parametrize("case", DATED)
def test_an_older_report_changes_nothing_even_after_a_newer_one_said_the_same(case, people, files):
    take(made(case.kind, newest(case), row_of(case)), files)
    take(made(case.kind, newest(case), row_of(case, **LATER)), files)
    before = stored(case)

    older = take(made(case.kind, newest(case), row_of(case, **EARLIER, **case.change)), files)
    between = take(made(case.kind, newest(case), row_of(case, **case.change)), files)

    assert (older, between) == ({"unchanged": 1}, {"unchanged": 1})
    assert stored(case) == before


@pytest.mark.parametrize("case", EACH)
def test_of_two_rows_about_the_same_the_later_one_stands_and_the_file_again_changes_nothing(case, people, files):
    content = made(case.kind, newest(case), row_of(case), row_of(case, **case.change), row_of(case, **case.change))

    first, before = take(content, files), stored(case)
    again = take(content, files)

    assert first == {"created": 1, "updated": 1, "unchanged": 1}
    assert again == {"unchanged": 3}
    assert stored(case) == before


@pytest.mark.parametrize("case", OF_PERSONS)
def test_a_row_of_nobody_or_of_two_people_waits_with_the_reason(case, people, files):
    content = made(
        case.kind,
        newest(case),
        row_of(case, NOBODY),
        row_of(case, ASHA | {"igot_id": "", "employee_id": "E2"}),
        row_of(case, {"full_name": "Asha Sahu"}),
    )
    origin = bring(content, files)

    assert outcomes(origin) == {"queued": 3}
    codes = ImportRow.select(ImportRow.code).order_by(ImportRow.row_number).tuples()
    assert [code for (code,) in codes] == ["matched_nobody", "keys_contradict", "no_keys"]


@pytest.mark.parametrize(
    ("case", "name", "cell", "reason"),
    [
        pytest.param(case, name, cell, reason, id=f"{case.kind.value} {name} {reason}")
        for case in CASES
        for name, (cell, reason) in case.unreadable.items()
    ],
)
def test_a_cell_that_cannot_be_read_rejects_its_row_alone_naming_the_column(case, name, cell, reason, people, files):
    good = row_of(case, RAVI)
    origin = bring(made(case.kind, newest(case), row_of(case, **{name: cell}), good), files)

    problem = ImportRow.get(ImportRow.outcome == "rejected")
    spellings = next(column.names for column in KINDS[case.kind].columns if column.field == name)
    assert outcomes(origin) == {"created": 1, "rejected": 1}
    assert (problem.row_number, problem.code, problem.value) == (2, reason, cell)
    assert problem.column in spellings


@pytest.mark.parametrize("case", OF_PERSONS)
def test_each_officer_has_a_row_of_their_own(case, people, files):
    assert take(made(case.kind, newest(case), row_of(case), row_of(case, RAVI)), files) == {"created": 2}
    assert {row.officer_id for row in case.table.select()} == {officer.id for officer in people}
