"""Imports end to end: what each row of the sample files becomes, twice, on both engines."""

import json
from collections import Counter

import pytest

from karmyogi.completions.models import Completion, Enrolment
from karmyogi.core.errors import RuleBroken
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import IgotProfile, Officer, OfficerKey, OrgUnit, Posting
from karmyogi.plans.models import Obligation
from karmyogi.reports import service
from karmyogi.store.db import database
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from karmyogi.store.trail import TrailEntry, broken_link
from tests.worlds import DATA, SAMPLE

EXPECTED = json.loads((DATA / "expected.json").read_text())


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def bring(name, files, content=None, **options):
    stream = (DATA / name).open("rb") if content is None else content
    with stream:
        return service.receive(stream, files, name=name, by=SYSTEM, **options)


def outcomes(origin):
    return {name: count for name, count in service.counts(origin).items() if count}


def test_the_sample_files_have_exactly_the_outcomes_that_were_worked_out_beside_them(imported_db):
    roster, users, plan, consumption = Import.select().order_by(Import.id)

    assert outcomes(roster) == {"created": EXPECTED["officers"]}
    assert outcomes(users) == EXPECTED["user_report_outcomes"]
    assert outcomes(plan) == EXPECTED["plan_report_outcomes"]
    assert outcomes(consumption) == EXPECTED["enrolment_outcomes"]


def test_every_odd_row_of_the_enrolment_report_has_the_outcome_of_its_class(imported_db):
    consumption = Import.get(Import.kind == "consumption")
    problems = {
        row.row_number: row.outcome
        for row in ImportRow.select().where(
            (ImportRow.origin == consumption) & ImportRow.outcome.in_(["queued", "rejected"])
        )
    }
    expected = {
        line: EXPECTED["mess_outcomes"][name]
        for name, lines in EXPECTED["mess_rows"].items()
        for line in lines
        if EXPECTED["mess_outcomes"][name] in ("queued", "rejected")
    }

    assert problems == expected


def test_the_same_files_again_change_nothing(imported_db, files):
    before = everything()

    again = []
    for name in SAMPLE:
        origin = bring(name, files, creates_units=name == "roster.csv")
        service.apply(service.check(origin, files), files, by=SYSTEM)
        again.append(outcomes(origin))

    assert everything() == before
    assert again[0] == {"unchanged": EXPECTED["officers"]}
    assert again[1] == {"unchanged": EXPECTED["user_report_rows"]}
    assert again[2] == {"unchanged": EXPECTED["cbp_rows"]}
    assert (again[3]["queued"], again[3]["rejected"]) == (23, 22)
    assert again[3].get("created", 0) == 0


def everything():
    tables = (Officer, OrgUnit, Posting, OfficerKey, IgotProfile, Obligation, Enrolment, Completion)
    return {t.__name__: Counter(map(str, t.select().tuples())) for t in tables}


def test_looking_at_a_file_writes_nothing_but_what_was_seen(installed_db, files):
    before = everything()
    origin = bring("roster.csv", files, creates_units=True)

    service.check(origin, files)

    assert everything() == before
    assert origin.state == "checked"
    assert outcomes(origin) == {"created": 2500}


def test_the_counts_of_every_import_add_up_to_its_rows(imported_db):
    for origin in Import.select():
        assert sum(service.counts(origin).values()) == origin.row_count


def test_a_roster_whose_offices_are_unknown_is_rejected_unless_they_may_be_created(installed_db, files):
    origin = bring("roster.csv", files)

    service.check(origin, files)

    assert outcomes(origin) == {"rejected": 2500}
    assert {row.code for row in origin.rows} == {"unit_unknown"}


def test_a_foreign_file_is_refused_and_says_what_it_looked_like(installed_db, files, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("name,colour\nAsha,blue\n")
    origin = bring("other.csv", files, content=path.open("rb"))

    service.check(origin, files)

    assert origin.state == "refused"
    assert [code for code, _facts in origin.refusal] == ["sheet_not_recognised"]


def test_an_import_is_applied_once_even_if_two_people_press_the_button(installed_db, files):
    origin = service.check(bring("roster.csv", files, creates_units=True), files)
    second_tab = Import.get_by_id(origin.id)
    service.apply(origin, files, by=SYSTEM)

    with pytest.raises(RuleBroken):
        service.apply(second_tab, files, by=SYSTEM)

    assert Officer.select().count() == 2500


def test_an_import_that_was_set_aside_cannot_be_applied(installed_db, files):
    origin = service.check(bring("roster.csv", files, creates_units=True), files)
    service.discard(origin, files, by=SYSTEM)

    with pytest.raises(RuleBroken):
        service.apply(Import.get_by_id(origin.id), files, by=SYSTEM)

    assert Officer.select().count() == 0


def test_applying_leaves_one_trail_entry_with_the_counts_and_the_chain_is_whole(imported_db):
    entries = list(TrailEntry.select().where(TrailEntry.action == "import.apply").order_by(TrailEntry.id))

    assert [e.change["created"] for e in entries] == [2500, 0, 6451, 6996]
    assert broken_link() is None


def test_every_unit_created_by_a_roster_hangs_in_both_trees(imported_db):
    offices = OrgUnit.select().where(OrgUnit.kind == "office")

    assert offices.count() > 600
    for office in offices:
        assert office.line_path == f"{office.line_parent.line_path}{office.id}/"
        assert office.territory_path == f"{office.territory_parent.territory_path}{office.id}/"
        assert (office.department_id, office.district_id) == (office.line_parent_id, office.territory_parent_id)
        assert office.division_id == office.territory_parent.territory_parent_id


HEADER = (
    "Full_Name,Email,Phone_Number,Content_Provider,Content_Name,Content_Type,Content_Duration,Batch_Id,Enrolled_On,"
    "Status,Content_Progress_Percentage,Completed_On,Certificate_Generated,User_Rating,mdoid,Certificate_ID,"
    "Report_Last_Generated_On\n"
)


def consumption(*rows):
    import io

    return io.BytesIO((HEADER + "".join(f"{row}\n" for row in rows)).encode())


def row(email, course="Noting", status="completed", on="2025-08-14 10:00:00", certificate="", report="2026-02-02"):
    completed = on if status == "completed" else ""
    return (
        f"X,{email},,ISTM,{course},Course,01:00:00,b1,2025-08-01 10:00:00,{status},50,{completed},"
        f"{'Yes' if certificate else 'No'},,1,{certificate},{report} 11:00:00 AM"
    )


def take(files, *rows):
    origin = bring("x.csv", files, content=consumption(*rows))
    service.apply(service.check(origin, files), files, by=SYSTEM)
    return outcomes(origin)


ASHA, RAVI = "kamla.nishad0@cg.example.in", "narendra.lakra1@cg.example.in"
NEW = "A course that the sample files do not have"


def completions_of(email):
    key = OfficerKey.get((OfficerKey.kind == "email") & (OfficerKey.value == email))
    rows = Completion.select().where(Completion.officer == key.officer_id)
    return {c.course.name: str(c.completed_on) for c in rows if c.course.name == NEW}


def test_a_later_report_that_says_in_progress_does_not_take_a_completion_away(imported_db, files):
    take(files, row(ASHA, NEW))

    later = take(files, row(ASHA, NEW, status="in-progress", report="2026-03-02"))

    assert later == {"updated": 1}
    assert completions_of(ASHA) == {NEW: "2025-08-14"}


def test_an_older_report_overwrites_nothing_but_an_earlier_date_is_still_taken(imported_db, files):
    take(files, row(ASHA, NEW, on="2025-08-14 10:00:00"))

    older = take(files, row(ASHA, NEW, on="2025-08-10 10:00:00", report="2026-01-02"))
    oldest = take(files, row(ASHA, NEW, status="not-started", report="2025-12-02"))

    assert (older, oldest) == ({"updated": 1}, {"unchanged": 1})
    assert completions_of(ASHA) == {NEW: "2025-08-10"}
    assert Enrolment.select().where(Enrolment.status == "not-started").count() == 0


def test_of_two_rows_for_one_enrolment_the_later_one_wins(imported_db, files):
    taken = take(files, row(ASHA, NEW, status="not-started"), row(ASHA, NEW), row(ASHA, NEW))

    assert taken == {"created": 1, "updated": 1, "unchanged": 1}
    assert completions_of(ASHA) == {NEW: "2025-08-14"}


def test_a_certificate_id_of_another_officer_makes_the_row_wait(imported_db, files):
    in_one_file = take(files, row(ASHA, NEW, certificate="c-1"), row(RAVI, NEW, certificate="c-1"))
    in_the_next = take(files, row(RAVI, NEW, certificate="c-1"))

    assert (in_one_file, in_the_next) == ({"created": 1, "queued": 1}, {"queued": 1})
    assert completions_of(RAVI) == {}


def test_midnight_in_india_decides_the_day_of_a_completion(imported_db, files):
    take(files, row(ASHA, NEW, on="2025-09-01 00:00:00"))

    done = Completion.get(Completion.course.in_([c.course_id for c in Completion.select() if c.course.name == NEW]))

    assert (str(done.completed_on), done.month) == ("2025-09-01", "2025-09")
    assert done.completed_at.isoformat() == "2025-08-31T18:30:00+00:00"


def test_a_transfer_closes_the_old_posting_the_day_before_and_opens_the_new_one(imported_db, files, tmp_path):
    lines = (DATA / "roster.csv").read_text().splitlines()
    moved = (
        lines[1].replace("District Office, Mahasamund", "District Office, Raipur").replace(",Mahasamund,", ",Raipur,")
    )
    path = tmp_path / "roster.csv"
    path.write_text(f"{lines[0]}\n{moved}\n")
    from datetime import date

    origin = bring("roster.csv", files, content=path.open("rb"), creates_units=True, as_on=date(2025, 7, 15))
    service.apply(service.check(origin, files), files, by=SYSTEM)

    officer = Officer.get(Officer.employee_code == "00010000")
    postings = [
        (str(p.from_on), str(p.to_on), p.unit.district.name_en) for p in officer.postings.order_by(Posting.from_on)
    ]
    assert postings == [
        ("2016-02-22", "2025-07-14", "Mahasamund"),
        ("2025-07-15", "2057-06-28", "Raipur"),
    ]


def test_temporary_tables_never_touch_the_main_database(imported_db):
    assert {name for name in database.get_tables() if name in {"staged", "usable", "judged", "person"}} == set()
