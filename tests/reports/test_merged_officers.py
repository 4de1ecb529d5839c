"""Reports after two records of one person were merged: whoever points to either means the one that stands."""

import pytest

from karmyogi.completions.models import Completion, Enrolment
from karmyogi.completions.queries import completions_of
from karmyogi.core.permissions import Role
from karmyogi.home.service import merge_officers, part_officers
from karmyogi.people.models import Officer
from karmyogi.reports import queries, service
from karmyogi.reports.models import QueuedPerson
from karmyogi.store.files import open_files
from tests import factories as make
from tests.reports.dump import dump
from tests.reports.scene import make_place, officer, outcomes, person, row, take


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def sunita(db):
    return make.actor_of(make.make_user("Sunita"), (Role.GAD, None))


@pytest.fixture
def twins(db):
    """The record that gives way, known by e-mail, and the one that stands, known by phone."""
    place = make_place()
    return officer(unit=place, email="a@x.in"), officer("Asha Sahoo", unit=place, phone="9000000001")


def merge(twins, by):
    merge_officers(*twins, why="x", by=by)


def holders(course: str) -> set[int]:
    return {done.officer_id for done in Completion.select() if done.course.name == course}


def test_keys_of_both_records_in_one_row_contradict_only_before_the_merge(twins, sunita, files):
    before = take(files, row(email="a@x.in", phone="9000000001"))
    merge(twins, sunita)
    after = take(files, row(email="a@x.in", phone="9000000001", course="Ethics"))

    assert (outcomes(before), outcomes(after)) == ({"queued": 1}, {"created": 1})
    assert holders("Ethics") == {twins[1].id}


def test_a_key_of_the_record_that_gave_way_means_the_one_that_stands(twins, sunita, files):
    merge(twins, sunita)

    take(files, row(email="a@x.in"), row(phone="9000000001", course="Ethics"))

    assert holders("Noting") == holders("Ethics") == {twins[1].id}


def test_a_key_that_both_records_know_still_means_one_person(twins, sunita, files):
    make_key(twins[0], phone="9000000001")
    merge(twins, sunita)

    assert outcomes(take(files, row(phone="9000000001"), row(email="a@x.in", course="Ethics"))) == {"created": 2}


def make_key(found: Officer, **keys: str) -> None:
    for kind, value in keys.items():
        found.keys.model.create(kind=kind, value=value, officer=found)


def test_a_third_officer_with_the_same_key_is_still_another(twins, sunita, files):
    officer("Bela", phone="9000000001")
    merge(twins, sunita)

    assert outcomes(take(files, row(phone="9000000001"))) == {"queued": 1}


def test_who_waited_for_the_merge_is_taken_by_trying_again(twins, sunita, files):
    take(files, row(email="a@x.in", phone="9000000001"))
    waiting = person(email="a@x.in")
    merge(twins, sunita)

    candidates = queries.candidates_of([waiting], by=sunita, on=twins[0].joined_on)[waiting.id]
    service.retry([waiting], files, by=sunita)

    assert [one.officer.id for one in candidates] == [twins[1].id]
    assert holders("Noting") == {twins[1].id}


def test_a_certificate_on_the_other_record_of_the_person_is_nobody_elses(twins, sunita, files):
    take(files, row(email="a@x.in", certificate="c-1"))
    disputed = take(files, row(phone="9000000001", certificate="c-1", report="2026-02-09"))
    merge(twins, sunita)
    service.retry([QueuedPerson.get()], files, by=sunita)

    assert outcomes(disputed) == {"queued": 1}
    assert {one.officer_id for one in Enrolment.select()} == {one.id for one in twins}
    assert len(completions_of(twins[1].id, limit=9)) == 1


def test_what_was_answered_for_the_other_record_means_the_one_that_stands(twins, sunita, files):
    take(files, row(email="new@x.in"))
    service.link({person(email="new@x.in").id: twins[0].id}, files, by=sunita)
    merge(twins, sunita)

    take(files, row(email="new@x.in", course="Ethics", report="2026-02-09"))

    assert (holders("Noting"), holders("Ethics")) == ({twins[0].id}, {twins[1].id})


def test_an_import_of_after_the_merge_is_undone_to_the_letter(twins, sunita, files):
    take(files, row(email="a@x.in"))
    merge(twins, sunita)
    before = dump()
    later = take(files, row(email="a@x.in", course="Ethics"), row(email="a@x.in", report="2026-02-09"))

    service.undo(later, by=sunita)

    assert dump() == before


def test_what_came_in_meanwhile_stays_with_the_record_that_stood(twins, sunita, files):
    take(files, row(email="a@x.in"))
    merge(twins, sunita)
    take(files, row(email="a@x.in", course="Ethics"))
    part_officers(twins[0], why="x", by=sunita)

    assert (holders("Noting"), holders("Ethics")) == ({twins[0].id}, {twins[1].id})
    assert outcomes(take(files, row(email="a@x.in", course="Law"))) == {"created": 1}
    assert holders("Law") == {twins[0].id}
