"""A file brought for one unit: which of its rows lie within; nothing of anybody outside is written or shown."""

import io
from datetime import date

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.home.queries import state
from karmyogi.people.models import Officer, OfficerKey, OrgUnit, Posting, UnitName
from karmyogi.reports import queries, service
from karmyogi.reports.models import QueuedPerson
from karmyogi.reports.reader import KINDS, Kind
from karmyogi.scores.queries import months
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from karmyogi.store.trail import TrailEntry, TrailFact
from tests.factories import make_district, make_office, make_officer
from tests.reports.dump import dump
from tests.reports.files import made
from tests.reports.neighbours import OF_KIND, OUTSIDE, SECRET, by_line, learning_of, make_neighbours, report, row


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def place(db):
    return make_neighbours()


def bring(content, files, unit, *, name="report.csv", **options) -> Import:
    origin = service.receive(io.BytesIO(content), files, name=name, by=SYSTEM, unit_id=unit and unit.id, **options)
    return service.check(origin, files)


@pytest.mark.parametrize("kind", OF_KIND, ids=lambda kind: kind.value)
def test_only_rows_about_the_unit_and_what_stands_below_it_are_taken(place, files, kind):
    content = report(
        kind,
        row("meena"),
        row("asha", "District Hospital"),
        row(
            "asha", "Revenue", batch_id="b2", component="Day two", course_name="Drafting"
        ),  # it counts where Asha serves
        row("imran"),  # it says Health, and means an officer of Revenue
        row("left"),  # who has served in Revenue since 2025
        row("nobody", "Health"),
        row("stranger", "Revenue"),
        row("unheard", "Board of Nowhere"),
        row("silent", ""),
    )

    origin = bring(content, files, place.health)

    found = by_line(origin)
    assert {line for line, told in found.items() if told == OUTSIDE} == {5, 6, 8, 9, 10}
    assert found[7] == ("queued", "matched_nobody")
    assert {found[2][0], found[3][0]} <= {"created", "updated"}
    assert found[4] in {("created", ""), ("unchanged", "")}
    assert origin.row_count == sum(service.counts(origin).values()) == 9

    service.apply(origin, files, by=SYSTEM)
    imran = Officer.get(Officer.employee_code == f"{SECRET}-1")
    asha = Officer.get(Officer.employee_code == "E-ASHA")
    assert by_line(origin) == found
    assert learning_of(imran) == 0
    assert learning_of(asha) > 0


def test_a_row_outside_tells_its_column_and_value_and_nothing_of_the_officer(place, files):
    origin = bring(report(Kind.PLAN, row("meena"), row("imran"), row("asha")), files, place.health)

    [outside] = ImportRow.select().where(ImportRow.outcome == "rejected")
    assert (outside.row_number, outside.column, outside.value, outside.facts) == (3, "MDO_Name", "Health", {})
    service.apply(origin, files, by=SYSTEM)
    kept = [row for table in (ImportRow, Import, TrailEntry, TrailFact) for row in table.select().dicts()]
    assert [one for one in kept if SECRET in str(one)] == []


def test_keys_that_disagree_do_not_say_whom_they_mean_outside(place, files):
    OfficerKey.create(kind="phone", value="9876500001", officer=Officer.get(Officer.employee_code == f"{SECRET}-1"))
    content = report(Kind.CONSUMPTION, row("asha", phone="9876500001"))

    origin = bring(content, files, place.health)

    [queued] = ImportRow.select().where(ImportRow.outcome == "queued")
    assert (queued.code, queued.facts) == ("keys_contradict", {"who": "email: E-ASHA, phone: ••••"})
    assert origin.queued == 1


def test_a_file_with_no_row_inside_is_refused(place, files):
    origin = bring(report(Kind.CONSUMPTION, row("imran"), row("stranger", "Revenue")), files, place.health)

    assert (origin.state, origin.refusal) == ("refused", [["no_row_within_reach", {}]])
    assert ImportRow.select().count() == 0


@pytest.mark.parametrize("kind", [Kind.CONTENT, Kind.COMPETENCY], ids=lambda kind: kind.value)
def test_a_report_of_the_catalogue_is_the_states_to_bring(place, files, kind):
    facts = {"content_name": "Noting", "content_id": "do_1", "area": "Functional", "theme": "T", "sub_theme": "S"}
    content = made(kind, list(KINDS[kind].generations)[-1], facts | {"content_status": "Live"})

    assert bring(content, files, place.health).refusal == [["report_of_the_state", {}]]
    assert bring(content, files, None).state == "checked"


def test_officers_whom_nobody_has_posted_yet_are_judged_by_what_the_row_tells(place, files):
    newcomer = row("new", employee_id="N1", mdo_name="District Hospital")
    service.apply(bring(report(Kind.USER, newcomer), files, place.health), files, by=SYSTEM)

    ours = bring(report(Kind.PLAN, row("new")), files, place.health)
    theirs = bring(report(Kind.PLAN, row("new")), files, place.revenue)

    assert by_line(ours) == {2: ("created", "")}
    assert theirs.state == "refused"


def test_a_user_report_takes_nobody_whose_code_is_held_outside(place, files):
    OfficerKey.delete().where(OfficerKey.value == f"{SECRET}-1").execute()
    content = report(Kind.USER, row("other", employee_id=f"{SECRET}-1"), row("asha"))

    assert by_line(bring(content, files, place.health)) == {2: OUTSIDE, 3: ("updated", "")}


def test_names_of_before_and_ids_of_organisations_tell_the_unit_too(place, files):
    UnitName.create(unit=place.health, name_en="Medical", ended_on=date(2025, 1, 1))
    told = row("asha", "  medical ", organization="", department="", mdoid="0107")
    first = bring(report(Kind.USER, told | {"organization": "Health"}), files, place.health)
    service.apply(first, files, by=SYSTEM)

    by_id = bring(
        report(Kind.CONSUMPTION, row("one", "", mdoid="0107"), row("two", "", mdoid="0108")), files, place.health
    )
    by_name = bring(report(Kind.CONSUMPTION, row("three", "MEDICAL")), files, place.health)

    assert by_line(by_id) == {2: ("queued", "matched_nobody"), 3: OUTSIDE}
    assert by_line(by_name) == {2: ("queued", "matched_nobody")}


def test_an_office_of_a_name_that_others_bear_too_is_known_with_its_department(place, files):
    state = OrgUnit.get(OrgUnit.kind == "state")
    make_office(place.revenue, make_district(state, "Durg"), "District Hospital")

    alone = row("one", "District Hospital")
    with_department = row("two", "Health", department="Health", organization="District Hospital")
    origin = bring(report(Kind.CONSUMPTION, alone, with_department), files, place.hospital)

    assert by_line(origin) == {2: OUTSIDE, 3: ("queued", "matched_nobody")}


def test_a_record_that_was_joined_with_another_lies_where_that_person_serves(place, files):
    for key, into in (("double", f"{SECRET}-1"), ("twin", "E-ASHA")):
        record = make_officer(key.title(), "", merged_into=Officer.get(Officer.employee_code == into))
        OfficerKey.create(kind="email", value=f"{key}@cg.example.in", officer=record)

    found = by_line(bring(report(Kind.PLAN, row("double"), row("twin", "Revenue")), files, place.health))

    assert found == {2: OUTSIDE, 3: ("created", "")}


# The roster


ROSTER = "employee_code,name_en,name_hi,designation,class,department,office,district,joined_on\n"


def roster_row(code, department="Health", office="District Hospital"):
    return f"{code},{code.title()},,CLERK,III,{department},{office},Raipur,2010-01-01\n"


def test_a_roster_brings_newcomers_and_corrections_but_moves_nobody_in_or_out(place, files):
    text = ROSTER + "".join(
        (
            roster_row("NEW-1"),
            roster_row("E-ASHA"),
            roster_row(f"{SECRET}-1"),  # would come over from Revenue
            roster_row("E-MEENA", "Revenue", "Tehsil Raipur"),  # would leave for Revenue
            roster_row("NEW-2", "Revenue", "Tehsil Raipur"),
            roster_row("NEW-3", "Health", "An office nobody knows"),
        )
    )

    origin = bring(text.encode(), files, place.health, creates_units=True)
    service.apply(origin, files, by=SYSTEM)

    assert by_line(origin) == {
        2: ("created", ""),
        3: ("updated", ""),
        4: OUTSIDE,
        5: OUTSIDE,
        6: OUTSIDE,
        7: OUTSIDE,
    }
    assert not origin.creates_units
    assert OrgUnit.select().where(OrgUnit.name_en == "An office nobody knows").count() == 0
    imran = Officer.get(Officer.employee_code == f"{SECRET}-1")
    assert [posting.unit_id for posting in Posting.select().where(Posting.officer == imran)] == [place.tehsil.id]


def test_an_officer_who_is_moved_away_between_the_look_and_the_applying_is_left_out(place, files):
    origin = bring(report(Kind.PLAN, row("meena"), row("asha")), files, place.health)
    asha = Officer.get(Officer.employee_code == "E-ASHA")
    Posting.update(unit=place.tehsil).where(Posting.officer == asha).execute()

    service.apply(origin, files, by=SYSTEM)

    assert by_line(origin) == {2: ("created", ""), 3: OUTSIDE}
    assert learning_of(asha) == 0


# The whole State


def test_for_the_whole_state_every_row_is_taken_and_its_organisations_are_told(place, files):
    content = report(Kind.PLAN, row("meena"), row("asha"), row("imran", "Revenue"), row("unheard", "Board of Nowhere"))

    origin = bring(content, files, None)

    assert by_line(origin) == {
        2: ("created", ""),
        3: ("created", ""),
        4: ("created", ""),
        5: ("queued", "matched_nobody"),
    }
    assert origin.organisations == [
        {"name": "Health", "mdoid": "77", "units": [place.health.id], "rows": 2, "inside": True},
        {"name": "Board of Nowhere", "mdoid": "77", "units": [], "rows": 1, "inside": True},
        {"name": "Revenue", "mdoid": "77", "units": [place.revenue.id], "rows": 1, "inside": True},
    ]


def test_for_a_unit_the_preview_says_which_organisations_lie_within(place, files):
    origin = bring(report(Kind.PLAN, row("meena"), row("imran", "Revenue")), files, place.health)

    assert [(one["name"], one["inside"]) for one in origin.organisations] == [("Health", True), ("Revenue", False)]


def test_rows_of_two_units_files_make_two_people_of_the_queue(place, files):
    for unit in (place.health, place.revenue, None):
        told = unit.name_en if unit else "Health"
        service.apply(bring(report(Kind.PLAN, row("nobody", told)), files, unit), files, by=SYSTEM)

    people = {one.unit_id: one.state for one in QueuedPerson.select()}
    assert people == {place.health.id: "waiting", place.revenue.id: "waiting", 0: "waiting"}


def test_marks_in_a_file_for_a_unit_settle_no_rows_of_other_files(place, files):
    theirs = bring(report(Kind.PLAN, row("nobody", "Revenue")), files, place.revenue)
    service.apply(theirs, files, by=SYSTEM)
    line = report(Kind.PLAN, row("asha")).decode().splitlines()
    forged = f"{line[0]},कारण / Reason (karmyogi)\r\n{line[1]},[{theirs.id}/2] x\r\n"

    ours = bring(forged.encode(), files, place.health)
    service.apply(ours, files, by=SYSTEM)

    assert [row.settled_by for row in ImportRow.select().where(ImportRow.origin == theirs)] == [None]


@pytest.mark.parametrize("kind", [Kind.USER, Kind.CONSUMPTION, Kind.PLAN], ids=lambda kind: kind.value)
def test_a_units_import_taken_back_leaves_everything_as_before(place, files, kind):
    before = dump()
    newcomer = row("new", employee_id="N-9")
    origin = bring(report(kind, row("meena"), row("asha"), row("imran"), newcomer), files, place.health)

    service.apply(origin, files, by=SYSTEM)
    after = dump()
    service.undo(origin, by=SYSTEM)

    assert after != before
    assert dump() == before


def test_one_offices_file_is_no_news_of_the_whole_state(place, files):
    service.apply(bring(report(Kind.PLAN, row("asha")), files, place.health), files, by=SYSTEM)
    assert (queries.data_as_on(), months.data_as_on()) == (None, None)  # so that no month is sealed on it
    assert [one.origin for one in state.last_imports(SYSTEM, on=date(2026, 2, 3))] == [None] * 4

    service.apply(bring(report(Kind.PLAN, row("meena")), files, None), files, by=SYSTEM)
    assert (queries.data_as_on(), months.data_as_on()) == (date(2026, 2, 2), date(2026, 2, 2))
