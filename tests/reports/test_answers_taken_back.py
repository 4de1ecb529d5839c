"""An answer taken back: everything is as it was before it, unless something later rests on it."""

import pytest

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer, OfficerKey
from karmyogi.reports import queries, service
from karmyogi.reports.models import QueuedPerson
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import
from karmyogi.store.trail import TrailEntry, broken_link
from tests.reports.dump import dump
from tests.reports.scene import PLAN_HEADER, make_place, officer, person, plan_row, row, take
from tests.reports.test_answers import finished, newcomer, waiting


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_taking_a_link_back_leaves_the_facts_as_they_were_and_the_person_waits_again(db, files):
    asha = officer(email="asha@x.in")
    take(files, row(email="asha@x.in"), row(email="n@x.in"), row(email="n@x.in", course="Ethics"))
    take(files, plan_row(email="n@x.in"), header=PLAN_HEADER)
    before, queued = dump(), waiting()

    answer = service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM)
    during = dump()
    service.undo_answer(answer, by=SYSTEM)

    assert during != before
    assert (dump(), waiting()) == (before, queued)
    assert [one.state for one in queries.imports_of(answer)] == ["undone", "undone"]
    assert TrailEntry.select().where(TrailEntry.action == "queue.undo").count() == 1
    assert broken_link() is None


def test_what_was_taken_back_can_be_answered_otherwise(db, files):
    asha, bela = officer("Asha"), officer("Bela")
    take(files, row(email="n@x.in"))
    service.undo_answer(service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM), by=SYSTEM)

    service.link({person(email="n@x.in").id: bela.id}, files, by=SYSTEM)

    assert (finished(asha), finished(bela)) == (set(), {"Noting"})


def test_an_officer_who_was_created_goes_with_the_answer(db, files):
    take(files, row(email="n@x.in"))
    told = newcomer()
    before = dump()

    service.undo_answer(service.create(person(email="n@x.in"), told, files, by=SYSTEM), by=SYSTEM)

    assert (Officer.select().count(), dump()) == (0, before)
    assert waiting() == [("n@x.in", "", "matched_nobody")]


def test_an_answer_stays_while_a_later_import_relies_on_it(db, files):
    asha = officer("Asha")
    take(files, row(email="n@x.in"))
    answer = service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM)
    later = take(files, row(email="n@x.in", course="Ethics"))

    with pytest.raises(RuleBroken) as refused:
        service.undo_answer(answer, by=SYSTEM)

    assert codes(refused) == ["queue_answer_relied_on"]
    assert refused.value.reasons[0].facts == {"imports": str(later.id)}
    assert (finished(asha), OfficerKey.select().where(OfficerKey.answer_id == answer.id).count()) == (
        {"Noting", "Ethics"},
        1,
    )
    service.undo(Import.get_by_id(later.id), by=SYSTEM)
    service.undo_answer(answer, by=SYSTEM)
    assert finished(asha) == set()


def test_an_answer_stays_while_another_officers_history_needs_its_rows(db, files):
    asha = officer("Asha", email="asha@x.in")
    take(files, row(email="n@x.in", report="2026-02-02"))
    answer = service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM)
    later = take(files, row(email="asha@x.in", on="2025-08-12", report="2026-03-02"))

    with pytest.raises(RuleBroken) as refused:
        service.undo_answer(answer, by=SYSTEM)

    assert codes(refused) == ["undo_later_imports"]
    assert refused.value.reasons[0].facts["imports"] == str(later.id)
    assert person(email="n@x.in").state == "linked"


def test_an_import_of_an_answer_goes_only_with_the_answer(db, files):
    asha = officer("Asha")
    take(files, row(email="n@x.in"))
    answer = service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM)
    [brought] = queries.imports_of(answer)

    with pytest.raises(RuleBroken) as refused:
        service.undo(brought, by=SYSTEM)

    assert codes(refused) == ["undo_answer_instead"]


def test_an_import_stays_while_an_answer_has_brought_rows_of_it_in(db, files):
    asha = officer("Asha")
    origin = take(files, row(email="n@x.in"))
    answer = service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM)
    (brought,) = queries.imports_of(answer)

    with pytest.raises(RuleBroken) as refused:
        service.undo(origin, by=SYSTEM)
    service.undo_answer(answer, by=SYSTEM)
    service.undo(origin, by=SYSTEM)

    assert [(reason.code, reason.facts["imports"]) for reason in refused.value.reasons] == [
        ("undo_later_imports", str(brought.id))
    ]
    assert Import.get_by_id(origin.id).state == "undone"


def test_a_person_without_any_key_waits_again_with_the_very_row(db, files):
    asha = officer(email="asha@x.in")
    take(files, row("Asha Sahu"))
    before = dump()

    service.undo_answer(service.link({person(name="Asha Sahu").id: asha.id}, files, by=SYSTEM), by=SYSTEM)

    assert (dump(), waiting()) == (before, [("", "", "no_keys")])
    service.link({person(name="Asha Sahu").id: asha.id}, files, by=SYSTEM)
    assert finished(asha) == {"Noting"}


def test_rows_wait_again_when_the_import_that_took_them_is_undone(db, files):
    officer(email="asha@x.in")
    first = take(files, row(email="n@x.in"))
    later = take(files, row(email="n@x.in", report="2026-02-09"))
    assert [one.origin for one in queries.rows_of_person(person(email="n@x.in"))] == [later]

    service.undo(Import.get_by_id(later.id), by=SYSTEM)

    assert [one.origin for one in queries.rows_of_person(person(email="n@x.in"))] == [first]


def test_nobody_waits_for_an_import_that_was_undone(db, files):
    first = take(files, row(email="n@x.in"))

    service.undo(Import.get_by_id(first.id), by=SYSTEM)

    assert (waiting(), QueuedPerson.select().count()) == ([], 1)


def test_an_answer_is_taken_back_once(db, files):
    asha = officer("Asha")
    take(files, row(email="n@x.in"))
    answer = service.link({person(email="n@x.in").id: asha.id}, files, by=SYSTEM)
    service.undo_answer(answer, by=SYSTEM)

    with pytest.raises(WrongState) as refused:
        service.undo_answer(answer, by=SYSTEM)

    assert codes(refused) == ["queue_answer_undone"]


def test_setting_aside_is_taken_back_without_any_import(db, files):
    take(files, row(email="n@x.in"))
    make_place()

    service.undo_answer(service.set_aside([person(email="n@x.in").id], "x", by=SYSTEM), by=SYSTEM)

    assert (waiting(), Import.select().count()) == ([("n@x.in", "", "matched_nobody")], 1)
