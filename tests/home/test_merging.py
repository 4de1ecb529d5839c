"""Two records of one person become one, are read as one, and can be parted again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.completions import queries as learning
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import Month
from karmyogi.core.permissions import Role
from karmyogi.home import service
from karmyogi.people import queries as people
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.people.rules import Shared, Side, merging_reasons
from karmyogi.people.service import keep_words
from karmyogi.scores import queries as scores
from karmyogi.store.trail import TrailEntry
from tests import factories as make
from tests import trails
from tests.reports.dump import dump

AT = datetime(2026, 4, 10, 6, 30, tzinfo=UTC)  # noon in India
ON = date(2026, 4, 10)


@dataclass
class Twins:
    """Asha of Health, who has a second record since she was sent to Durg, and people who decide."""

    old: Officer
    new: Officer
    clinic: OrgUnit
    hospital: OrgUnit

    def __post_init__(self):
        state = OrgUnit.get(OrgUnit.kind == "state")
        self.sunita = make.actor_of(make.make_user("Sunita"), (Role.GAD, None))
        self.ravi = make.actor_of(make.make_user("Ravi"), (Role.NODAL, state))

    def merge(self, **facts: object) -> Officer:
        return service.merge_officers(self.old, self.new, **{"why": "नया कोड", "by": self.sunita, "at": AT} | facts)

    def part(self, **facts: object) -> Officer:
        return service.part_officers(self.old, **{"why": "दो व्यक्ति", "by": self.sunita, "at": AT} | facts)


@pytest.fixture
def twins(db) -> Twins:
    state = make.make_state()
    health = make.make_department(state, "Health")
    district = make.make_district(state, "Raipur")
    clinic, hospital = (make.make_office(health, district, name) for name in ("Clinic", "Hospital"))
    old = make.make_officer(unit=clinic, employee_code="00000001")
    new = make.make_officer("Asha Sahoo", unit=hospital, employee_code="00000002")
    keep_words(Officer.id > 0)
    return Twins(old, new, clinic, hospital)


def codes_of(error: pytest.ExceptionInfo[RuleBroken]) -> list[str]:
    return [one.code for one in error.value.reasons]


# The verb, and taking it back


def test_gad_merges_two_records_and_the_trail_names_both(twins):
    twins.merge(why="  आदेश 12  ")

    entry = trails.told_last(TrailEntry.action == "officer.merge")
    assert Officer.get_by_id(twins.old.id).merged_into == twins.new
    assert (entry.subject, entry.subject_id, entry.remark) == ("officer", twins.old.id, "आदेश 12")
    assert entry.change == {"merged_into": [None, twins.new.id], "codes": ["00000001", "00000002"]}


def test_a_nodal_officer_neither_merges_nor_parts(twins):
    with pytest.raises(NotAllowed):
        twins.merge(by=twins.ravi)
    twins.merge()
    with pytest.raises(NotAllowed):
        twins.part(by=twins.ravi)

    assert Officer.get_by_id(twins.old.id).merged_into == twins.new


def test_parting_gives_everything_back_to_the_letter(twins):
    course = make.make_course()
    make.make_completion(twins.old, course, AT)
    make.make_completion(twins.new, course, AT)
    before = dump()

    twins.merge()
    merged = dump()
    twins.part()

    assert merged != before
    assert dump() == before
    assert [entry.action for entry in TrailEntry.select().order_by(TrailEntry.id)] == ["officer.merge", "officer.part"]


def test_parting_needs_a_reason_and_a_record_that_gave_way(twins):
    with pytest.raises(RuleBroken) as nothing:
        twins.part()
    twins.merge()
    with pytest.raises(RuleBroken) as wordless:
        twins.part(why=" ")

    assert (codes_of(nothing), codes_of(wordless)) == (["part_not_merged"], ["part_reason_missing"])


# Refusals


def test_a_record_is_not_merged_with_itself(twins):
    with pytest.raises(RuleBroken) as error:
        service.merge_officers(twins.old, twins.old, why="x", by=twins.sunita)

    assert codes_of(error) == ["merge_same_record"]


def test_a_merge_needs_a_reason(twins):
    with pytest.raises(RuleBroken) as error:
        twins.merge(why=" ")

    assert codes_of(error) == ["merge_reason_missing"]


def test_who_gave_way_is_no_target_and_gives_way_to_nobody_else(twins):
    third = make.make_officer(unit=twins.clinic)
    twins.merge()

    with pytest.raises(RuleBroken) as as_target:
        service.merge_officers(third, twins.old, why="x", by=twins.sunita)
    with pytest.raises(RuleBroken) as again:
        service.merge_officers(twins.old, third, why="x", by=twins.sunita)

    assert codes_of(as_target) == codes_of(again) == ["merge_already"]


def test_who_stands_for_others_does_not_give_way_but_takes_in_more(twins):
    third = make.make_officer(unit=twins.clinic)
    twins.merge()

    with pytest.raises(RuleBroken) as error:
        service.merge_officers(twins.new, third, why="x", by=twins.sunita)
    service.merge_officers(third, twins.new, why="x", by=twins.sunita)

    assert codes_of(error) == ["merge_stands_for_others"]
    assert {one.id for one in people.merged_records(twins.new)} == {twins.old.id, third.id}


@pytest.mark.parametrize(
    ("name", "values"), [("birth_on", (date(1980, 1, 1), date(1981, 1, 1))), ("gender", ("F", "M"))]
)
def test_known_facts_that_differ_need_a_tick(twins, name, values):
    for officer, value in zip((twins.old, twins.new), values, strict=True):
        Officer.update(**{name: value}).where(Officer.id == officer.id).execute()

    with pytest.raises(RuleBroken) as error:
        twins.merge()
    twins.merge(is_checked=True)

    assert codes_of(error) == ["merge_facts_differ"]


def test_a_birth_date_known_of_one_alone_differs_from_nothing(twins):
    Officer.update(birth_on=date(1980, 1, 1)).where(Officer.id == twins.old.id).execute()

    twins.merge()

    assert Officer.get_by_id(twins.old.id).merged_into == twins.new


def test_who_signs_in_with_a_record_does_not_lose_it(twins):
    user = make.make_user("Asha", officer=twins.old)
    type(user).update(password_hash="$hash").where(type(user).id == user.id).execute()

    with pytest.raises(RuleBroken) as error:
        twins.merge()
    type(user).update(is_active=False).where(type(user).id == user.id).execute()
    twins.merge()

    assert codes_of(error) == ["merge_account_in_use"]


def test_an_open_case_is_decided_before_its_record_gives_way(twins):
    claim = make.make_achievement(twins.old, None, ON, state="submitted")

    with pytest.raises(RuleBroken) as error:
        twins.merge()
    type(claim).update(state="verified", verified_at=AT).where(type(claim).id == claim.id).execute()
    twins.merge()

    assert codes_of(error) == ["merge_open_cases"]


def test_two_nominations_or_awards_of_one_cycle_stand_in_the_way():
    goes, stands = Side(1, "1"), Side(2, "2")

    def codes(shared: Shared) -> list[str]:
        return [one.code for one in merging_reasons(goes, stands, shared, why="x", is_checked=False)]

    assert codes(Shared(nominated=["2026"])) == ["merge_both_nominated"]
    assert codes(Shared(nominated=["2026"], awarded=["2026"])) == ["merge_both_awarded"]
    assert codes(Shared()) == []


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_merged_and_parted_there_are_no_chains(twins, acts):
    Officer.update(merged_into=None).execute()
    while Officer.select().count() < 5:
        make.make_officer()
    records = list(Officer.select().order_by(Officer.id).limit(5))

    for merges, one, other in acts:
        try:
            if merges:
                service.merge_officers(records[one], records[other], why="x", by=twins.sunita)
            else:
                service.part_officers(records[one], why="x", by=twins.sunita)
        except RuleBroken:
            continue

    standing = Officer.alias()
    chained = Officer.select().join(standing, on=Officer.merged_into == standing.id)
    assert chained.where(standing.merged_into.is_null(False)).count() == 0
    assert Officer.select().where(Officer.merged_into == Officer.id).count() == 0


# What is read of both


def test_the_search_finds_the_record_that_stands_by_the_code_and_name_of_the_other(twins):
    twins.merge()

    found = {text: [one.id for one in people.officers_found(text, twins.sunita, on=ON).officers] for text in (
        "00000001", "00000002", "asha sahu", "asha sahoo")}  # fmt: skip

    assert set(map(tuple, found.values())) == {(twins.new.id,)}


def test_the_same_course_on_both_records_counts_once_on_its_earliest_day(twins):
    course, other = make.make_course(), make.make_course("Ethics")
    make.make_completion(twins.new, course, AT)
    first = make.make_completion(twins.old, course, datetime(2026, 4, 2, 6, tzinfo=UTC))
    second = make.make_completion(twins.old, other, datetime(2026, 4, 3, 6, tzinfo=UTC))
    make.make_completion(make.make_officer(), make.make_course("Foreign"), AT)
    twins.merge()

    assert [one.id for one in learning.completions_of(twins.new.id, limit=9)] == [second.id, first.id]
    assert learning.completion_count(twins.new.id) == 2


def test_a_course_of_both_plans_is_owed_once_with_the_latest_due_date(twins):
    for officer, due_on in ((twins.old, date(2026, 5, 1)), (twins.new, date(2026, 6, 1))):
        make.make_obligation(officer, "Ethics", due_on=due_on)
    make.make_obligation(twins.old, "Basics", due_on=None)
    twins.merge()

    assert [(due.course_name, due.due_on) for due in learning.dues_of(twins.new.id, on=ON)] == [
        ("Ethics", date(2026, 6, 1)),
        ("Basics", None),
    ]


def test_the_service_record_shows_the_postings_of_both_and_the_present_one_of_who_stands(twins):
    twins.merge()

    assert {one.unit for one in people.postings_of(twins.new)} == {twins.clinic, twins.hospital}
    assert people.posting_of(twins.new, on=ON).unit == twins.hospital


def test_who_stands_without_a_posting_is_where_the_other_record_says(twins):
    type(people.posting_of(twins.new, on=ON)).delete().where(people.reach.Posting.officer == twins.new).execute()
    twins.merge()

    assert people.posting_of(twins.new, on=ON).unit == twins.clinic


def test_an_officers_month_is_explained_from_both_records(twins):
    for officer in (twins.old, twins.new):
        make.make_completion(officer, make.make_course(), AT)
        make.make_registration(officer, date(2026, 4, officer.id % 20 + 1))
    attended = make.make_attendance(twins.old, ON)
    type(attended).create(session=attended.session, officer=twins.new)
    twins.merge()

    facts = scores.facts_of(twins.new.id, Month(2026, 4))

    assert (len(facts.completions), len(facts.attendances), len(facts.postings)) == (1, 1, 2)
    assert facts.registered_on == min(date(2026, 4, one.id % 20 + 1) for one in (twins.old, twins.new))
