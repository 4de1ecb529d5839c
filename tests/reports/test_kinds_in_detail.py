"""What single kinds of report mean: passes and pass marks, sittings, courses left, and courses nobody took yet."""

from datetime import date

import pytest

from karmyogi.completions.models import Assessment, Completion, Enrolment, Unenrolment
from karmyogi.completions.queries import under_way
from karmyogi.core.errors import BadFile
from karmyogi.core.months import Month
from karmyogi.core.reasons import reason
from karmyogi.courses.models import Competency, Course, CourseBatch, CourseCompetency
from karmyogi.reports.reader import KINDS, Kind, recognise
from karmyogi.reports.reader.layouts.foreign import FOREIGN
from karmyogi.scores.queries.facts import facts_of
from karmyogi.store.files import open_files
from karmyogi.store.imports import ImportRow
from karmyogi.trainings.models import Attendance, ProgrammePart, TrainingSession
from tests.reports.files import REPORTED, bring, known, made, outcomes, take

ASHA = {"igot_id": "u-asha", "employee_id": "E1", "email": "asha@cg.example.in", "full_name": "Asha Sahu"}
RAVI = {"igot_id": "u-ravi", "employee_id": "E2", "email": "ravi@cg.example.in", "full_name": "Ravi Verma"}
REPORT = {"mdoid": "0102", "generated_at": REPORTED}
LATER = {"generated_at": "2026-03-02 11:30:47 AM"}
EARLIER = {"generated_at": "2026-01-02 11:30:47 AM"}


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def asha(db):
    known(RAVI)
    return known(ASHA)


def flags() -> list[str]:
    return [row.code for row in ImportRow.select().where(ImportRow.outcome == "flagged").order_by(ImportRow.id)]


# Contents

NOTING = {"content_provider": "NIC", "content_name": "Noting", "content_type": "Course"}
CONTENT = REPORT | NOTING | {"content_status": "Live", "batch_id": "b1", "enrolled": "4", "completed": "2"}


def content(*rows: dict[str, str], generation: str = "2024") -> bytes:
    return made(Kind.CONTENT, generation, *(CONTENT | row for row in rows))


def test_a_content_report_brings_courses_that_nobody_has_enrolled_in(db, files):
    facts = {"duration_seconds": "01:30:00", "rating_hundredths": "4.55", "last_published_on": "14/08/2025"}

    take(content(facts, facts | {"batch_id": "b2"}), files)

    course = Course.get()
    assert (course.provider, course.name, course.kind, course.status) == ("NIC", "Noting", "Course", "Live")
    assert (course.duration_seconds, course.rating, course.published_on) == (5400, 455, date(2025, 8, 14))
    assert (course.row_number, course.retired_on) == (3, None)
    assert [batch.batch for batch in CourseBatch.select().order_by(CourseBatch.batch)] == ["b1", "b2"]
    assert Enrolment.select().count() == 0


def test_a_course_that_was_retired_says_so_and_an_older_report_does_not_bring_it_back(db, files):
    take(content({"content_status": "Retired", "content_retired_on": "2026-01-15"} | LATER), files)

    older = take(content({}), files)

    course = Course.get()
    assert older == {"unchanged": 1}
    assert (course.status, course.retired_on) == ("Retired", date(2026, 1, 15))


def test_a_content_report_meets_the_course_that_enrolments_brought_and_keeps_its_length_where_it_says_none(db, files):
    known(ASHA)
    take(
        made(
            Kind.CONSUMPTION,
            "2025-10",
            ASHA | REPORT | NOTING | {"status": "in-progress", "duration_seconds": "02:00:00"},
        ),
        files,
    )

    take(content({}), files)

    assert [(course.duration_seconds, course.status) for course in Course.select()] == [(7200, "Live")]


# Competencies


def test_a_competency_is_one_however_many_courses_teach_it_and_a_course_may_come_later(db, files):
    skill = {"area": "Functional", "theme": "Office procedure", "sub_theme": "Noting"}
    rows = [skill | {"content_name": name, "content_id": f"do_{name}"} for name in ("Noting", "Drafting")]

    first = take(made(Kind.COMPETENCY, "2025", *rows), files)
    again = take(made(Kind.COMPETENCY, "2025", rows[0], rows[1] | {"sub_theme": "Filing"}), files)

    assert (first, again) == ({"created": 2}, {"unchanged": 1, "created": 1})
    assert [str(one) for one in Competency.select().order_by(Competency.id)] == [
        "Functional › Office procedure › Noting",
        "Functional › Office procedure › Filing",
    ]
    assert CourseCompetency.select().count() == 3
    assert Course.select().count() == 0


# Courses that were left

LEFT = ASHA | REPORT | NOTING | {"batch_id": "b1", "left_at": "2026-01-20 23:30:00", "reason": "Wrong course"}
ENROLLED = ASHA | REPORT | NOTING | {"batch_id": "b1", "enrolled_at": "2025-11-03 11:00:00", "status": "in-progress"}


def consumption(row: dict[str, str]) -> bytes:
    return made(Kind.CONSUMPTION, "2025-11", row)


def test_a_course_that_was_left_is_no_longer_under_way_but_its_enrolment_stays(asha, files):
    take(consumption(ENROLLED), files)
    before = [one.course.name for one in under_way(asha.id, limit=5)]

    take(made(Kind.UNENROLMENT, "2026", LEFT), files)

    left = Unenrolment.get()
    assert (before, under_way(asha.id, limit=5)) == (["Noting"], [])
    assert (left.left_on, left.reason) == (date(2026, 1, 20), "Wrong course")
    assert [one.status for one in Enrolment.select()] == ["in-progress"]


def test_who_enrols_again_after_leaving_is_under_way_again(asha, files):
    take(made(Kind.UNENROLMENT, "2026", LEFT), files)

    take(consumption(ENROLLED | {"enrolled_at": "2026-01-25 11:00:00"}), files)

    assert [one.course.name for one in under_way(asha.id, limit=5)] == ["Noting"]


def test_a_completion_stays_when_the_course_is_left_afterwards(asha, files):
    take(consumption(ENROLLED | {"status": "completed", "completed_at": "2025-12-01 10:00:00"}), files)

    take(made(Kind.UNENROLMENT, "2026", LEFT), files)

    assert [str(one.completed_on) for one in Completion.select()] == ["2025-12-01"]


# Assessments

TEST = ASHA | REPORT | {"name": "Final test", "course_name": "Noting", "cut_off_hundredths": "60"}
PASSED = TEST | {"attempted_on": "2025-11-20", "is_passed": "Yes", "score_hundredths": "82.5"}
FAILED = TEST | {"attempted_on": "2026-02-20", "is_passed": "No", "score_hundredths": "41"} | LATER


def assessment(row: dict[str, str]) -> bytes:
    return made(Kind.COURSE_ASSESSMENT, "2025", row)


def passes(officer_id: int, month: str) -> int:
    return sum(one.is_passed for one in facts_of(officer_id, Month.parse(month)).assessments)


def test_a_pass_stays_on_its_first_day_whatever_a_later_attempt_comes_to_and_is_flagged(asha, files):
    take(assessment(PASSED), files)

    later = take(assessment(FAILED), files)

    kept = Assessment.get()
    assert (later, flags()) == ({"updated": 1}, ["assessment_passed_before"])
    assert (kept.is_passed, kept.attempted_on, kept.score) == (True, date(2025, 11, 20), 4100)
    assert (passes(asha.id, "2025-11"), passes(asha.id, "2026-02")) == (1, 0)


def test_a_later_pass_takes_the_day_of_the_pass(asha, files):
    take(assessment(FAILED | EARLIER | {"attempted_on": "2025-11-01"}), files)

    take(assessment(PASSED), files)

    assert (passes(asha.id, "2025-11"), Assessment.get().attempted_on) == (1, date(2025, 11, 20))


def test_an_older_report_still_tells_an_earlier_pass_and_nothing_else(asha, files):
    take(assessment(PASSED), files)
    older = assessment(PASSED | EARLIER | {"attempted_on": "2025-10-05", "score_hundredths": "61"})

    outcome, again = take(older, files), take(older, files)

    kept = Assessment.get()
    assert (outcome, again) == ({"updated": 1}, {"unchanged": 1})
    assert (kept.attempted_on, kept.score, kept.import_id) == (date(2025, 10, 5), 8250, 1)


@pytest.mark.parametrize(
    ("reported", "score", "cut_off"),
    [
        ("2026-07-31 23:59:59 PM", None, 6000),
        ("2026-08-01 00:00:01 AM", 6000, None),
        ("", None, None),
    ],
)
def test_the_percentage_of_a_standalone_report_is_a_score_since_august_2026_only(asha, files, reported, score, cut_off):
    row = {"name": "Entry test", "is_passed": "Pass", "percentage_hundredths": "60", "generated_at": reported}

    take(made(Kind.STANDALONE_ASSESSMENT, "2025", ASHA | row), files)

    kept = Assessment.get()
    assert (kept.kind, kept.score, kept.cut_off, kept.attempted_on) == ("standalone", score, cut_off, None)


def test_masked_keys_are_no_keys_so_only_the_user_id_finds_an_officer(asha, files):
    masked = {"email": "as*****@cg.example.in", "phone": "98******10", "name": "Entry test", "is_passed": "Fail"}

    origin = bring(
        made(Kind.STANDALONE_ASSESSMENT, "2025", REPORT | masked | {"igot_id": "U-ASHA"}, REPORT | masked), files
    )

    assert outcomes(origin) == {"created": 1, "queued": 1}
    assert ImportRow.get(ImportRow.outcome == "queued").code == "no_keys"


# Blended programmes

PART = ASHA | REPORT | {"programme": "Induction", "batch_name": "Batch 4", "component": "Day one"}
SAT = PART | {"session_on": "2026-01-20", "starts": "10:00", "is_attended": "Attended"}


def programme(*rows: dict[str, str]) -> bytes:
    return made(Kind.PROGRAMME, "2025", *rows)


def attended() -> list[tuple[str, str, str]]:
    rows = Attendance.select(Attendance, TrainingSession).join(TrainingSession).order_by(Attendance.id)
    return [(one.officer.name_en, one.session.title_en, str(one.session.held_on)) for one in rows]


def test_who_came_to_a_sitting_attended_a_session_of_its_day_once_however_often_it_is_reported(asha, files):
    content = programme(SAT, SAT | RAVI, PART | {"component": "Reader", "status": "Completed"})
    take(content, files)
    take(content, files)
    take(programme(SAT | LATER | {"place": "Raipur"}), files)

    assert attended() == [
        ("Asha Sahu", "Induction: Day one", "2026-01-20"),
        ("Ravi Verma", "Induction: Day one", "2026-01-20"),
    ]
    assert TrainingSession.select().count() == 1
    assert ProgrammePart.select().count() == 3
    assert [one.part for one in facts_of(asha.id, Month.parse("2026-01")).attendances] == ["attended"]


def test_two_sittings_of_one_day_are_two_sessions(asha, files):
    take(programme(SAT, SAT | {"starts": "02:30 PM"}), files)

    assert [part.starts for part in ProgrammePart.select().order_by(ProgrammePart.id)] == ["10:00", "14:30"]
    assert TrainingSession.select().count() == 2


def test_an_attendance_that_a_later_report_takes_back_stays_and_is_flagged(asha, files):
    take(programme(SAT), files)
    gone = programme(SAT | LATER | {"is_attended": "Not Attended"})

    later = take(gone, files)

    assert (later, flags(), len(attended())) == ({"updated": 1}, ["attendance_went_back"], 1)
    assert ProgrammePart.get().is_attended is False


def test_who_did_not_come_gets_no_attendance_and_no_session(asha, files):
    take(programme(SAT | {"is_attended": "Not Attended"}), files)

    assert (attended(), TrainingSession.select().count()) == ([], 0)


def test_attendance_without_a_day_is_rejected(asha, files):
    origin = bring(programme(SAT | {"session_on": ""}), files)

    assert outcomes(origin) == {"rejected": 1}
    assert ImportRow.get().code == "column_blank"


# Files that are none of these


def test_the_template_for_bulk_upload_is_refused_by_its_name():
    with pytest.raises(BadFile) as refused:
        recognise(FOREIGN["user bulk upload template"])

    assert refused.value.reasons == [reason("sheet_not_recognised", looks_like="user bulk upload template")]


def test_a_file_of_two_kinds_at_once_is_refused_naming_both():
    summary = KINDS[Kind.SUMMARY].generations["2025-10"]

    with pytest.raises(BadFile) as refused:
        recognise([*summary, "Name of CBP Allocated Course", "isapar", "Allocated On"])

    both = "cbp-report-mdo-enrolment.csv, cbp-report-mdo-summary.csv"
    assert refused.value.reasons == [reason("sheet_of_two_kinds", kinds=both)]


def newest(kind: Kind) -> tuple[str, ...]:
    return list(KINDS[kind].generations.values())[-1]


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_column_it_needs_a_file_of_any_kind_is_refused_naming_the_kind_and_the_column(kind):
    sheet = KINDS[kind]
    gone = next(column for column in sheet.columns if column.needed)

    with pytest.raises(BadFile) as refused:
        recognise([name for name in newest(kind) if name not in gone.names])

    assert refused.value.reasons == [
        reason("sheet_not_recognised", looks_like=sheet.file_name),
        reason("sheet_columns_missing", columns=gone.names[0]),
    ]
