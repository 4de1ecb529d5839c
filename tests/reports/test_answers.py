"""What is answered in the match queue: remembered for the next file, brought in at once, and for one person only."""

import pytest

from karmyogi.completions.models import Completion, Enrolment
from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Officer, OfficerKey, Posting
from karmyogi.plans.models import Obligation
from karmyogi.reports import queries, service
from karmyogi.reports.models import QueueAnswer, QueuedPerson
from karmyogi.store.files import open_files
from karmyogi.store.imports import Import, ImportRow
from karmyogi.store.trail import TrailEntry, broken_link
from tests.factories import make_designation
from tests.reports.scene import PLAN_HEADER, make_place, officer, outcomes, person, plan_row, row, take, teach


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


def waiting() -> list[tuple[str, str, str]]:
    rows = queries.waiting_for(SYSTEM).order_by(QueuedPerson.id)
    return [(one.email, one.phone, one.code) for one in rows]


def finished(found) -> set[str]:
    return {done.course.name for done in Completion.select().where(Completion.officer == found)}


# ── Who waits ──


def test_rows_with_the_same_keys_are_one_person_in_the_queue_however_many_files_brought_them(db, files):
    take(files, row(email="new@x.in"), row(email="new@x.in", course="Ethics"), row(email="other@x.in"))
    take(files, plan_row(email="new@x.in"), header=PLAN_HEADER)

    assert waiting() == [("new@x.in", "", "matched_nobody"), ("other@x.in", "", "matched_nobody")]
    sources = queries.sources_of([person(email="new@x.in")], waiting=True)
    assert [(s.kind, s.rows, s.first_row) for s in sources[person(email="new@x.in").id]] == [
        ("consumption", 2, 2),
        ("plan", 1, 2),
    ]


def test_the_same_row_in_next_weeks_report_waits_once(db, files):
    take(files, row(email="new@x.in", report="2026-02-02"))
    later = take(files, row(email="new@x.in", report="2026-02-09"))

    assert [one.origin.id for one in queries.rows_of_person(person(email="new@x.in"))] == [later.id]


def test_rows_without_any_key_stand_each_for_itself(db, files):
    take(files, row("Asha Sahu"), row("Asha Sahu", course="Ethics"))

    assert waiting() == [("", "", "no_keys")] * 2


def test_nobody_waits_who_is_in_no_applied_import(db, files):
    import io

    from tests.reports.scene import HEADER

    text = f"{HEADER}\n{row(email='new@x.in')}\n".encode()
    service.check(service.receive(io.BytesIO(text), files, name="x.csv", by=SYSTEM), files)

    assert waiting() == []


# ── Linking ──


def test_linking_a_person_brings_all_their_rows_in_and_the_next_file_matches_by_itself(db, files):
    asha = officer(email="asha@x.in")
    first = take(files, row(email="private@gmail.in"), row(email="private@gmail.in", course="Ethics"))
    take(files, plan_row(email="private@gmail.in"), header=PLAN_HEADER)

    answer = service.link({person(email="private@gmail.in").id: asha.id}, files, by=SYSTEM)

    assert finished(asha) == {"Noting", "Ethics"}
    assert [o.course_name for o in Obligation.select().where(Obligation.officer == asha)] == ["Noting"]
    assert waiting() == []
    brought = queries.imports_of(answer)
    assert [(one.kind, outcomes(one), one.again_of_id) for one in brought] == [
        ("consumption", {"created": 2}, first.id),
        ("plan", {"created": 1}, first.id + 1),
    ]
    assert outcomes(take(files, row(email="private@gmail.in", course="Drafting"))) == {"created": 1}
    assert broken_link() is None


def test_a_fact_brought_in_by_an_answer_leads_to_the_file_and_the_row_it_came_from(db, files):
    asha = officer(email="asha@x.in")
    first = take(
        files, row(email="asha@x.in", course="Ethics"), row("Two\rlines", email="a@gmail.in"), row(email="b@gmail.in")
    )

    service.link({person(email="b@gmail.in").id: asha.id, person(email="a@gmail.in").id: asha.id}, files, by=SYSTEM)

    enrolled = Enrolment.get(Enrolment.import_id != first.id)
    told = ImportRow.get((ImportRow.settled_by == enrolled.import_id) & (ImportRow.settled_row == enrolled.row_number))
    assert told.origin == first
    assert told.told["Email"] in ("a@gmail.in", "b@gmail.in")


def test_the_keys_are_remembered_as_somebodys_decision_with_one_entry_on_the_trail(db, files):
    asha = officer(email="asha@x.in")
    take(files, row(email="private@gmail.in", phone="9000000001"))

    answer = service.link({person(email="private@gmail.in").id: asha.id}, files, by=SYSTEM)

    taught = OfficerKey.select().where(OfficerKey.answer_id == answer.id).order_by(OfficerKey.kind)
    assert [(key.kind, key.value, key.officer) for key in taught] == [
        ("email", "private@gmail.in", asha),
        ("phone", "9000000001", asha),
    ]
    [entry] = TrailEntry.select().where(TrailEntry.subject == "queue_answer")
    assert (entry.action, entry.change["keys"], entry.change["rows"]) == ("queue.link", 2, 1)


def test_a_row_without_any_key_can_be_linked_and_is_asked_about_again_next_time(db, files):
    asha = officer(email="asha@x.in")
    take(files, row("Asha Sahu"))

    service.link({person(name="Asha Sahu").id: asha.id}, files, by=SYSTEM)

    assert (finished(asha), waiting()) == ({"Noting"}, [])
    take(files, row("Asha Sahu", course="Ethics"))
    assert waiting() == [("", "", "no_keys")]


# What the keys of a row led to before, whom somebody named, and whom the same row and its neighbours mean after it.
# A and B are officers with e-mail a, b and phone 1, 2; "ab" is an e-mail that both have, 12 a phone that both have.
CASES = [
    # row                   said  the same row   what other rows mean afterwards
    ({"email": "n"}, "A", {}),
    ({"email": "a", "phone": "2"}, "A", {("b", "2"): "B", ("a", ""): "A", ("", "2"): "?"}),
    ({"email": "a", "phone": "2"}, "B", {("a", "1"): "A", ("b", "2"): "B", ("a", ""): "?"}),
    ({"email": "a", "phone": "2"}, "C", {("a", "1"): "A", ("b", "2"): "B", ("a", ""): "?", ("", "2"): "?"}),
    ({"email": "ab"}, "A", {("b", ""): "B", ("ab", "2"): "B"}),
    ({"email": "ab", "phone": "12"}, "B", {("a", "12"): "A", ("ab", "1"): "A"}),
    ({"phone": "12"}, "A", {("b", "12"): "B", ("", "2"): "B"}),
    ({"email": "n", "phone": "12"}, "A", {("n", ""): "A", ("", "12"): "?"}),
]


@pytest.mark.parametrize(("keys", "said", "others"), CASES)
def test_what_somebody_answered_stands_for_exactly_these_keys_and_steals_no_row_that_has_better_ones(
    db, files, keys, said, others
):
    people = {
        "A": officer("Asha", email="a@x.in", phone="9000000001"),
        "B": officer("Bela", email="b@x.in", phone="9000000002"),
        "C": officer("Chitra"),
    }
    for name in "AB":
        teach(people[name], email="ab@x.in", phone="9000000012")

    def told(email="", phone="", **more):
        return row(email=email and f"{email}@x.in", phone=phone and f"90000000{phone.zfill(2)}", **more)

    take(files, told(**keys))
    [asked] = queries.waiting_for(SYSTEM)

    service.link({asked.id: people[said].id}, files, by=SYSTEM)

    assert finished(people[said]) == {"Noting"}
    assert outcomes(take(files, told(**keys, course="Later"))) == {"created": 1}
    assert finished(people[said]) == {"Noting", "Later"}
    for number, ((email, phone), whose) in enumerate(others.items()):
        taken = take(files, told(email, phone, course=f"Other {number}"))
        found = {name for name, one in people.items() if f"Other {number}" in finished(one)}
        assert (found, outcomes(taken)) == (({whose}, {"created": 1}) if whose != "?" else (set(), {"queued": 1}))


def test_two_answers_about_keys_in_common_each_stand_for_their_own(db, files):
    asha, bela = officer("Asha"), officer("Bela")
    take(files, row(email="n@x.in", phone="9000000012"), row(phone="9000000012", course="Ethics"))
    both, one = person(email="n@x.in"), person(email="")

    service.link({one.id: bela.id}, files, by=SYSTEM)
    service.link({both.id: asha.id}, files, by=SYSTEM)

    take(files, row(email="n@x.in", phone="9000000012", course="X"), row(phone="9000000012", course="Y"))
    assert (finished(asha), finished(bela)) == ({"Noting", "X"}, {"Ethics", "Y"})


def test_two_people_who_answer_the_same_card_at_once_do_not_both_succeed(db, files):
    asha, bela = officer("Asha"), officer("Bela")
    take(files, row(email="n@x.in"))
    card = person(email="n@x.in").id
    service.link({card: asha.id}, files, by=SYSTEM)

    for answer in (
        lambda: service.link({card: bela.id}, files, by=SYSTEM),
        lambda: service.set_aside([card], "x", by=SYSTEM),
    ):
        with pytest.raises(WrongState) as refused:
            answer()
        assert [reason.code for reason in refused.value.reasons] == ["queue_moved_on"]

    assert (finished(asha), finished(bela)) == ({"Noting"}, set())
    assert QueueAnswer.select().count() == 1


def test_of_several_people_linked_together_none_is_if_one_has_moved_on(db, files):
    asha = officer("Asha")
    take(files, row(email="n@x.in"), row(email="m@x.in"))
    n, m = person(email="n@x.in"), person(email="m@x.in")
    service.set_aside([m.id], "not ours", by=SYSTEM)

    with pytest.raises(WrongState):
        service.link({n.id: asha.id, m.id: asha.id}, files, by=SYSTEM)

    assert (finished(asha), Import.select().count()) == (set(), 1)
    assert waiting() == [("n@x.in", "", "matched_nobody")]


def test_several_people_linked_together_come_in_one_import_for_each_kind(db, files):
    asha, bela = officer("Asha"), officer("Bela")
    take(files, row(email="n@x.in"))
    take(files, row(email="m@x.in"))
    take(files, plan_row(email="m@x.in"), header=PLAN_HEADER)

    answer = service.link({person(email="n@x.in").id: asha.id, person(email="m@x.in").id: bela.id}, files, by=SYSTEM)

    assert [(one.kind, one.row_count) for one in queries.imports_of(answer)] == [("consumption", 2), ("plan", 1)]
    assert (finished(asha), finished(bela)) == ({"Noting"}, {"Noting"})


# ── A certificate id that another holds ──


def test_about_a_certificate_of_another_nobody_is_linked_but_it_can_be_tried_again(db, files):
    asha, bela = officer("Asha", email="a@x.in"), officer("Bela", email="b@x.in")
    take(files, row(email="a@x.in", certificate="c-1"), row(email="b@x.in", certificate="c-1"))
    asked = person(question="certificate")

    with pytest.raises(WrongState):
        service.link({asked.id: bela.id}, files, by=SYSTEM)
    assert [one.id for one in queries.holders_of([asked], by=SYSTEM, on=Posting.from_on and asha.joined_on)] == [
        asha.id
    ]
    service.retry([asked], files, by=SYSTEM)
    assert waiting() == [("b@x.in", "", "certificate_of_other")]

    Enrolment.update(certificate_id="").where(Enrolment.officer == asha).execute()
    service.retry([asked], files, by=SYSTEM)

    assert (finished(bela), waiting()) == ({"Noting"}, [])


def test_people_whom_a_roster_has_brought_meanwhile_are_found_when_tried_again(db, files):
    take(files, row(email="n@x.in"), row(email="m@x.in"))
    asha = officer("Asha", email="n@x.in")

    service.retry(list(queries.waiting_for(SYSTEM)), files, by=SYSTEM)

    assert (finished(asha), waiting()) == ({"Noting"}, [("m@x.in", "", "matched_nobody")])
    with pytest.raises(RuleBroken):
        service.retry(list(queries.waiting_for(SYSTEM)), files, by=SYSTEM)


# ── Creating and setting aside ──


def newcomer(**changes):
    from datetime import date

    told = {
        "employee_code": "00990001",
        "name_hi": "नया साहू",
        "name_en": "Naya Sahu",
        "designation": make_designation().name_en,
        "state_class": "III",
        "unit": make_place(),
        "joined_on": date(2024, 7, 1),
    }
    return service.Newcomer(**(told | changes))


def test_an_officer_created_from_the_queue_is_posted_known_by_the_keys_and_has_the_rows(db, files):
    take(files, row(email="n@x.in"))

    service.create(person(email="n@x.in"), newcomer(), files, by=SYSTEM)

    created = Officer.get(Officer.employee_code == "00990001")
    assert [posting.unit.name_en for posting in created.postings] == ["District Hospital"]
    assert (finished(created), waiting()) == ({"Noting"}, [])
    assert {(key.kind, key.value) for key in created.keys} == {("employee_id", "00990001"), ("email", "n@x.in")}


def test_no_officer_is_created_under_the_code_of_another(db, files):
    asha = officer("Asha")
    take(files, row(email="n@x.in"))

    with pytest.raises(RuleBroken) as refused:
        service.create(person(email="n@x.in"), newcomer(employee_code=asha.employee_code), files, by=SYSTEM)

    assert [reason.code for reason in refused.value.reasons] == ["code_taken"]
    assert (Officer.select().count(), Import.select().count()) == (1, 1)


def test_who_is_set_aside_stays_so_in_the_next_file(db, files):
    take(files, row(email="n@x.in"))

    service.set_aside([person(email="n@x.in").id], "left the State", by=SYSTEM)
    take(files, row(email="n@x.in", course="Ethics"))

    assert waiting() == []
    assert person(email="n@x.in").answer.remark == "left the State"


def test_setting_aside_needs_a_reason(db, files):
    take(files, row(email="n@x.in"))

    with pytest.raises(RuleBroken):
        service.set_aside([person(email="n@x.in").id], "  ", by=SYSTEM)
