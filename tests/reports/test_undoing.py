"""An import taken back: the database is as before it, or the reader is told what rests on it."""

import io
from datetime import UTC, date, datetime

import pytest

from karmyogi.completions.models import Completion, Enrolment
from karmyogi.completions.queries import earlier_of
from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer, OfficerKey, OfficerWord
from karmyogi.reports import service
from karmyogi.reports.service.reading import KINDS
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportChange, ImportRow, hold_month
from karmyogi.store.trail import broken_link, record
from tests.reports.dump import FACTS, dump
from tests.reports.files import known, made
from tests.reports.test_kinds import ASHA as ASHA_OF_KINDS
from tests.reports.test_kinds import CASES, EARLIER, LATER, newest, row_of
from tests.reports.test_kinds import RAVI as RAVI_OF_KINDS
from tests.reports.test_service import ASHA, NEW, RAVI, consumption, row
from tests.worlds import DATA, SAMPLE


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def take(files, name, content, **options):
    origin = service.receive(io.BytesIO(content), files, name=name, by=SYSTEM, **options)
    return service.apply(service.check(origin, files), files, by=SYSTEM)


def sample(name):
    return (DATA / name).read_bytes()


def learning(files, *rows):
    return take(files, "x.csv", consumption(*rows).getvalue())


def test_four_files_undone_in_reverse_order_leave_the_database_as_it_was(installed_db, files):
    states, taken = [dump()], []
    for name in SAMPLE:
        taken.append(take(files, name, sample(name), creates_units=name == "roster.csv"))
        states.append(dump())

    for origin, before in zip(reversed(taken), reversed(states[:-1]), strict=True):
        service.undo(origin, by=SYSTEM)
        assert dump() == before

    assert {one.state for one in Import.select()} == {"undone"}
    assert ImportChange.select().count() == 0
    assert broken_link() is None


def test_the_same_file_again_keeps_nothing_since_it_changes_nothing(imported_db, files):
    before = dump()

    for name in SAMPLE:
        again = take(files, name, sample(name), creates_units=name == "roster.csv")
        assert ImportChange.select().where(ImportChange.import_id == again.id).count() == 1  # its own mark

    assert dump() == before


# ── What rests on it ──


def held(month):
    """A month sealed now, as far as imports know."""
    hold_month(month, at=datetime(2026, 3, 1, tzinfo=UTC))


def why_not(origin):
    with pytest.raises(RuleBroken) as refused:
        service.undo(origin, by=SYSTEM)
    return {one.code: dict(one.facts) for one in refused.value.reasons}


def test_a_completion_of_a_month_sealed_since_stays_and_the_month_is_named(imported_db, files):
    origin = learning(files, row(ASHA, NEW, on="2025-08-14 10:00:00"))
    for month in ("2025-07", "2025-08", "2025-09"):
        held(month)
    before = dump()

    assert why_not(origin) == {"undo_sealed_months": {"months": "2025-08"}}
    assert (dump(), Import.get_by_id(origin.id).state) == (before, "applied")


def test_what_came_after_the_sealing_may_go(imported_db, files):
    held("2025-08")
    before = dump()
    origin = learning(files, row(ASHA, NEW, on="2025-08-14 10:00:00"))

    service.undo(origin, by=SYSTEM)

    assert dump() == before


def test_a_change_that_no_month_counts_may_go_though_its_month_is_sealed(imported_db, files):
    learning(files, row(ASHA, NEW, on="2025-08-14 10:00:00"))
    before = dump()
    origin = learning(files, row(ASHA, NEW, on="2025-08-14 10:00:00", report="2026-03-02"))
    held("2025-08")

    service.undo(origin, by=SYSTEM)

    assert dump() == before


def test_a_transfer_rests_on_the_months_since_and_on_none_before(imported_db, files):
    lines = (DATA / "roster.csv").read_text().splitlines()
    moved = (
        lines[1].replace("District Office, Mahasamund", "District Office, Raipur").replace(",Mahasamund,", ",Raipur,")
    )
    origin = take(files, "r.csv", f"{lines[0]}\n{moved}\n".encode(), creates_units=True, as_on=date(2025, 9, 1))
    for month in ("2025-07", "2025-08"):
        held(month)

    assert service.reasons_against(origin) == []
    held("2025-09")
    assert why_not(origin) == {"undo_sealed_months": {"months": "2025-09"}}


def test_a_later_import_of_the_same_rows_is_named_and_one_of_others_is_not(imported_db, files):
    first = learning(files, row(ASHA, NEW, status="not-started"))
    learning(files, row(RAVI, NEW + " too"))
    same = learning(files, row(ASHA, NEW, report="2026-03-02"))

    assert why_not(first)["undo_later_imports"] == {"imports": str(same.id)}


def test_a_later_report_that_only_says_the_same_again_rests_on_it_too(imported_db, files):
    first = learning(files, row(ASHA, NEW))
    again = learning(files, row(ASHA, NEW, report="2026-03-02"))

    assert why_not(first) == {"undo_later_imports": {"imports": str(again.id)}}
    service.undo(again, by=SYSTEM)
    service.undo(first, by=SYSTEM)
    assert Enrolment.select().where(Enrolment.import_id == first.id).count() == 0


def test_a_course_that_later_imports_use_is_not_taken_from_under_them(imported_db, files):
    first = learning(files, row(ASHA, NEW))
    other = learning(files, row(RAVI, NEW))

    assert why_not(first) == {"undo_later_imports": {"imports": str(other.id)}}


def test_a_name_corrected_by_a_person_since_is_not_lost(imported_db, files):
    lines = (DATA / "roster.csv").read_text().splitlines()
    renamed = lines[1].replace("Kamla Prasad Nishad", "Kamla P Nishad")
    origin = take(files, "r.csv", f"{lines[0]}\n{renamed}\n".encode())
    with database.atomic():
        record(SYSTEM, "officer.rename", Officer.get(Officer.employee_code == "00010000"), {})

    assert why_not(origin) == {"undo_acts": {"count": 1}}


def test_an_import_of_before_changes_were_kept_cannot_be_undone(imported_db, files):
    origin = learning(files, row(ASHA, NEW))
    ImportChange.delete().where(ImportChange.import_id == origin.id).execute()

    assert why_not(origin) == {"undo_not_kept": {}}


def test_undoing_twice_is_refused_the_second_time(imported_db, files):
    origin = learning(files, row(ASHA, NEW))
    service.undo(origin, by=SYSTEM)

    with pytest.raises(RuleBroken):
        service.undo(Import.get_by_id(origin.id), by=SYSTEM)


def test_the_search_finds_officers_by_the_names_that_stand_again(imported_db, files):
    lines = (DATA / "roster.csv").read_text().splitlines()
    renamed = lines[1].replace("Kamla Prasad Nishad", "Zubeida Qureshi")
    words = OfficerWord.select().count()

    service.undo(take(files, "r.csv", f"{lines[0]}\n{renamed}\n".encode()), by=SYSTEM)

    assert OfficerWord.select().count() == words


# ── A person who is missing, and facts that went back ──


def test_a_person_missing_from_a_later_file_is_not_touched(imported_db, files):
    learning(files, row(ASHA, NEW), row(RAVI, NEW))
    ravi = lines_about(RAVI)

    learning(files, row(ASHA, NEW, status="in-progress", report="2026-03-02"))

    assert lines_about(RAVI) == ravi


def lines_about(email):
    key = OfficerKey.get((OfficerKey.kind == "email") & (OfficerKey.value == email))
    tables = (Enrolment, Completion)
    return [sorted(map(str, table.select().where(table.officer == key.officer_id).tuples())) for table in tables]


def flags_of(origin):
    return {flag.code: dict(flag.facts) for flag in origin.rows.where(ImportRow.outcome == "flagged")}


def test_what_a_later_report_lowers_is_taken_and_flagged(imported_db, files):
    learning(files, row(ASHA, NEW, certificate="c-77"))

    later = learning(files, row(ASHA, NEW, status="in-progress", report="2026-03-02"))

    assert flags_of(later) == {
        "status_went_back": {"before": "completed", "now": "in-progress"},
        "certificate_gone": {"before": "c-77", "now": "–"},
    }
    assert lines_about(ASHA)[1] != []


def test_a_report_that_says_more_or_the_same_flags_nothing(imported_db, files):
    learning(files, row(ASHA, NEW, status="in-progress"))

    later = learning(files, row(ASHA, NEW, certificate="c-77", report="2026-03-02"))
    older = learning(files, row(ASHA, NEW, status="not-started", report="2026-01-02"))

    assert (flags_of(later), flags_of(older)) == ({}, {})


def test_the_history_tells_what_each_report_said_with_its_file_and_row(imported_db, files):
    first = learning(files, row(RAVI, NEW), row(ASHA, NEW))
    second = learning(files, row(ASHA, NEW, status="in-progress", report="2026-03-02"))
    key = OfficerKey.get((OfficerKey.kind == "email") & (OfficerKey.value == ASHA))

    (told,) = earlier_of(key.officer_id, limit=10)
    service.undo(second, by=SYSTEM)

    assert [(one.what, one.before, one.now) for one in told.changes] == [("status", "completed", "in-progress")]
    assert (told.import_id, told.row_number, told.replaced_by, told.replaced_row) == (first.id, 3, second.id, 2)
    assert earlier_of(key.officer_id, limit=10) == []


# ── Every kind ──


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind.value)
def test_every_kind_of_report_is_undone_step_by_step(db, files, case):
    people = [known(who) for who in (ASHA_OF_KINDS, RAVI_OF_KINDS)]
    rows = [row_of(case), row_of(case, **LATER, **case.change), row_of(case, **EARLIER, **case.change)]
    states, taken = [dump()], []
    for each in rows:
        taken.append(take(files, "report.csv", made(case.kind, newest(case), each)))
        states.append(dump())
    again = take(files, "report.csv", made(case.kind, newest(case), rows[-1]))
    assert (dump(), ImportChange.select().where(ImportChange.import_id == again.id).count()) == (states[-1], 1)

    service.undo(again, by=SYSTEM)
    for origin, before in zip(reversed(taken), reversed(states[:-1]), strict=True):
        service.undo(origin, by=SYSTEM)
        assert dump() == before
    assert (len(people), states[0] != states[1]) == (2, True)


def test_every_kind_names_tables_that_the_canonical_dump_covers():
    assert {facts.table for kind in KINDS.values() for facts in kind.tables} <= set(FACTS)
