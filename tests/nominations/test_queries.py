"""What lists show: eligibility of a department, cases within reach, what waits for whom."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.awards.queries.note_sheets import last_ranks
from karmyogi.completions.models import Completion
from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.permissions import NOBODY
from karmyogi.core.reasons import reason
from karmyogi.courses.models import Course
from karmyogi.nominations import queries, service
from karmyogi.nominations.models import Cycle, IntegrityCertificate
from karmyogi.nominations.queries import candidate_of, nominations_for, pending_with, records_of, steps
from karmyogi.nominations.rules import Criteria, Integrity, IntegrityAnswer, Record, Verdict
from karmyogi.people.models import Honour, Officer
from karmyogi.plans.models import Obligation
from karmyogi.scores.models import MonthlyScore, PeerGroup
from karmyogi.store.db import database
from karmyogi.web.access import visible_or_404
from tests import factories as make
from tests.nominations.scene import AT, ON, officers_in


def fact_rows(scene, officer: Officer) -> None:
    """One row of every kind of fact about an officer, and beside each one that must not count."""
    for month, points in (("2026-01", 30), ("2026-02", 12), ("2025-12", 500), ("2026-04", 500)):
        make.make_score(officer, month, points, unit=scene.health_office)
    make.make_score(officer, "2026-03", 500, unit=scene.health_office)  # not sealed
    Honour.create(officer=officer, title_hi="स", title_en="H", given_on=date(2024, 5, 1))
    Honour.create(officer=officer, title_hi="स", title_en="H", given_on=date(2023, 5, 1))
    Honour.create(officer=officer, title_hi="स", title_en="H", given_on=date(2026, 1, 1), withdrawn_on=date(2026, 2, 1))
    _obliged(officer, "In time", date(2026, 4, 9), done_on=date(2026, 3, 1))
    _obliged(officer, "Done late", date(2026, 3, 9), done_on=date(2026, 4, 9))
    _obliged(officer, "Due today", date(2026, 4, 10))
    _obliged(officer, "Due tomorrow", date(2026, 4, 11))
    _obliged(officer, "Never due", None)
    _obliged(officer, "Overdue since yesterday", date(2026, 4, 9))
    _obliged(officer, "Done as an external one", date(2026, 3, 9), done_on=date(2026, 3, 1), kind="External Content")
    _obliged(officer, "Done after the day asked for", date(2026, 3, 9), done_on=date(2026, 4, 11))
    _vouched(officer, "not_clear", date(2026, 3, 1))
    _vouched(officer, "pending", date(2026, 4, 2))
    _vouched(officer, "clear", date(2026, 4, 2))
    _vouched(officer, "not_clear", date(2026, 4, 11))  # given later than the day asked for


def _obliged(
    officer: Officer, name: str, due_on: date | None, *, done_on: date | None = None, kind: str = "Course"
) -> None:
    Obligation.create(officer=officer, course_name=name, due_on=due_on)
    course = Course.get_or_create(name=name, kind=kind, provider="iGOT")[0]
    if done_on:
        Completion.create(month=str(done_on)[:7], officer=officer, course=course, completed_at=AT, completed_on=done_on)


def _vouched(officer: Officer, answer: str, given_on: date) -> None:
    IntegrityCertificate.create(
        officer=officer,
        answer=answer,
        reference="17",
        given_on=given_on,
        valid_until=date(2026, 9, 30),
        entered_at=AT,
    )


def _months() -> None:
    for month in ("2025-12", "2026-01", "2026-02", "2026-04"):
        make.make_score_month(month)
    make.make_score_month("2026-03", sealed=False)


def test_a_record_counts_sealed_months_standing_honours_open_dues_and_the_latest_certificate(scene):
    _months()
    with database.atomic():
        fact_rows(scene, scene.asha)

    found = candidate_of(scene.asha, scene.cycle, on=ON)

    assert found.record == Record(
        points=42,
        sealed_months=2,
        overdue=3,
        honoured_on=date(2024, 5, 1),
        retires_on=make.RETIRES,
        state_class="III",
        integrity=Integrity(IntegrityAnswer.CLEAR, date(2026, 4, 2), date(2026, 9, 30)),
    )


# Of a person with several records


def _gives_way(goes: Officer, stands: Officer) -> None:
    Officer.update(merged_into=stands).where(Officer.id == goes.id).execute()


def test_all_that_is_known_of_a_record_that_gave_way_is_known_of_the_one_that_stands(scene):
    _months()
    other = make.make_officer("Asha Sahu", unit=scene.revenue_office)
    with database.atomic():
        fact_rows(scene, other)
    before = candidate_of(other, scene.cycle, on=ON)

    _gives_way(other, scene.asha)

    found = candidate_of(scene.asha, scene.cycle, on=ON)
    assert found.record == before.record
    assert found.reasons == before.reasons
    assert candidate_of(other, scene.cycle, on=ON) is None
    assert candidate_of(scene.bhola, scene.cycle, on=ON).record == Record(0, 0, 0, None, make.RETIRES, "III", None)


@pytest.mark.parametrize("holder", ["asha", "bhola"])
def test_an_honour_on_either_record_bars_the_person(scene, holder):
    Cycle.update(criteria=Criteria(cool_off_years=2).as_data()).execute()
    cycle = Cycle.get_by_id(scene.cycle.id)
    Honour.create(officer=getattr(scene, holder), title_hi="स", title_en="H", given_on=date(2025, 5, 1))

    _gives_way(scene.bhola, scene.asha)

    with pytest.raises(RuleBroken) as error:
        service.start_nomination(cycle, scene.asha, scene.proposal(), by=scene.meena, at=AT)
    assert [one.code for one in error.value.reasons] == ["honoured_recently"]
    Officer.update(merged_into=None).execute()  # parted again, the one without it is free
    free = scene.bhola if holder == "asha" else scene.asha
    assert candidate_of(free, cycle, on=ON).reasons == ()


def test_a_month_of_two_records_is_one_month_with_the_points_of_both(scene):
    _months()
    for officer, month, points in (
        (scene.asha, "2026-01", 20),
        (scene.bhola, "2026-01", 7),
        (scene.bhola, "2026-02", 5),
    ):
        make.make_score(officer, month, points, unit=scene.health_office)

    _gives_way(scene.bhola, scene.asha)

    record = candidate_of(scene.asha, scene.cycle, on=ON).record
    told = [(one.month, one.points) for one in queries.sealed_months(scene.asha, scene.cycle)]
    assert (record.points, record.sealed_months) == (32, 2)
    assert told == [("2026-01", 20), ("2026-01", 7), ("2026-02", 5)]


def test_points_that_no_month_shows_count_for_nobody(scene):
    make.make_score_month("2026-01")
    make.make_score(scene.asha, "2026-01", 20, unit=scene.health_office, rank=3)
    hidden = {"run": 7, "rank_state": 1, "rank_department": 1, "points": 900}
    shown = MonthlyScore.select().dicts().get()
    MonthlyScore.create(**{**shown, **hidden})
    for run, size in ((0, 12), (7, 99)):
        PeerGroup.create(
            month="2026-01", run=run, scope="department", unit=shown["department"], size=size, total_points=1
        )

    record = candidate_of(scene.asha, scene.cycle, on=ON).record
    told = [(one.points, one.rank, one.department_size) for one in queries.sealed_months(scene.asha, scene.cycle)]

    assert (record.points, record.sealed_months, told) == (20, 1, [(20, 3, 12)])
    assert last_ranks([scene.asha.id], scene.cycle) == ("2026-01", {scene.asha.id: (3, 0)})


def test_a_course_done_or_put_off_on_either_record_is_not_overdue(scene):
    past, later = date(2026, 3, 9), date(2026, 4, 30)
    _obliged(scene.asha, "Done on the other", past)
    _obliged(scene.bhola, "Done on the other", past, done_on=date(2026, 3, 1))
    _obliged(scene.asha, "Due later on the other", past)
    _obliged(scene.bhola, "Due later on the other", later)
    _obliged(scene.asha, "Overdue on both", past)
    _obliged(scene.bhola, "Overdue on both", past)
    _obliged(scene.bhola, "Overdue on the other", past)

    _gives_way(scene.bhola, scene.asha)

    assert candidate_of(scene.asha, scene.cycle, on=ON).record.overdue == 2


def test_the_latest_certificate_of_all_records_counts(scene):
    _vouched(scene.asha, "clear", date(2026, 3, 1))
    _vouched(scene.bhola, "not_clear", date(2026, 4, 2))

    _gives_way(scene.bhola, scene.asha)

    assert candidate_of(scene.asha, scene.cycle, on=ON).record.integrity.answer is IntegrityAnswer.NOT_CLEAR


def test_who_is_nominated_by_another_record_is_not_nominated_again(scene):
    nomination = scene.draft(scene.bhola)

    _gives_way(scene.bhola, scene.asha)

    assert candidate_of(scene.asha, scene.cycle, on=ON).nomination_id == nomination.id
    with pytest.raises(RuleBroken) as error:
        scene.draft(scene.asha, priority=2)
    assert [one.code for one in error.value.reasons] == ["already_nominated"]


def test_a_department_lists_everyone_posted_in_it_on_the_cut_off_day_and_nobody_else(scene):
    left, came = officers_in(scene.health, 2)
    make.Posting.update(to_on=date(2026, 3, 30)).where(make.Posting.officer == left).execute()
    make.Posting.update(from_on=date(2026, 4, 1)).where(make.Posting.officer == came).execute()
    moved = officers_in(scene.revenue_office, 1)[0]
    make.make_posting(moved, scene.health_office, from_on=date(2026, 3, 31))  # in both that day: the later one counts

    listed = {row.officer_id for row in records_of(scene.health, scene.cycle, on=ON)}

    posted_in_health = [scene.actors[name].officer_id for name in ("meena", "mohan", "ravi", "rekha")]
    assert listed == {scene.asha.id, scene.bhola.id, moved.id, *posted_in_health}


def test_the_head_sees_the_best_first_with_verdict_and_reasons(scene):
    make.make_score_month("2026-01")
    make.make_score(scene.bhola, "2026-01", 40, unit=scene.health_office)
    make.make_score(scene.asha, "2026-01", 50, unit=scene.health_office)
    _vouched(scene.bhola, "clear", date(2026, 4, 1))
    nomination = scene.draft()
    Cycle.update(criteria=Criteria(min_points=40, integrity_required=True).as_data()).execute()

    rows = records_of(scene.health, Cycle.get_by_id(scene.cycle.id), on=ON)

    assert [(row.name_en, row.verdict, row.nomination_id, row.nomination_state) for row in rows[:3]] == [
        ("Asha Sahu", Verdict.NEEDS_CERTIFICATE, nomination.id, "draft"),
        ("Bhola Yadav", Verdict.ELIGIBLE, None, None),
        ("Meena Thakur", Verdict.NOT_ELIGIBLE, None, None),
    ]
    assert rows[0].reasons == (reason("integrity_missing"),)
    assert rows[2].reasons == (reason("points_short", has=0, needed=40), reason("integrity_missing"))


def test_a_withdrawn_nomination_leaves_the_officer_free_in_the_list(scene):
    service.act(scene.draft(), "withdraw", by=scene.meena, at=AT)

    row = next(row for row in records_of(scene.health, scene.cycle, on=ON) if row.officer_id == scene.asha.id)

    assert (row.nomination_id, row.nomination_state) == (None, None)


def statements(work) -> int:
    """How many statements `work` sends to the database."""
    sent: list[int] = []
    database.obj.query_hooks.append(lambda *_: sent.append(1))
    try:
        work()
    finally:
        database.obj.query_hooks.pop()
    return len(sent)


def test_a_department_of_forty_costs_as_many_statements_as_one_of_four(scene):
    few = statements(lambda: records_of(scene.health, scene.cycle, on=ON))
    _months()
    with database.atomic():
        for officer in officers_in(scene.health_office, 40):
            fact_rows(scene, officer)

    assert few == 6
    assert statements(lambda: records_of(scene.health, scene.cycle, on=ON)) == few


@given(
    st.lists(st.tuples(st.sampled_from(["2026-01", "2026-02", "2026-03", "2026-04"]), st.integers(1, 60)), max_size=4)
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_are_the_sum_of_the_sealed_months_of_the_period(scene, scores):
    with database.atomic() as transaction:
        for month in ("2026-01", "2026-02", "2026-04"):
            make.make_score_month(month)
        make.make_score_month("2026-03", sealed=False)
        by_month = dict(scores)
        for month, points in by_month.items():
            make.make_score(scene.asha, month, points, unit=scene.health_office)
        record = candidate_of(scene.asha, scene.cycle, on=ON).record
        transaction.rollback()

    counted = [points for month, points in by_month.items() if month in ("2026-01", "2026-02")]
    assert (record.points, record.sealed_months) == (sum(counted), len(counted))


# Who sees which case


@pytest.fixture
def two_cases(scene):
    return scene.draft(), scene.draft(scene.farid, by=scene.farah)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("meena", "asha"),
        ("ravi", "asha"),
        ("mohan", "asha"),
        ("farah", "farid"),
        ("imran", "farid"),
        ("sunita", "both"),
        ("lakshmi", "both"),
        ("thomas", "both"),
        ("devendra", "none"),
        ("gopal", "none"),
        ("pooja", "none"),
    ],
)
def test_everyone_sees_the_nominations_of_their_reach_and_no_others(scene, two_cases, who, sees):
    asha, farid = (case.id for case in two_cases)
    expected = {"asha": {asha}, "farid": {farid}, "both": {asha, farid}, "none": set()}[sees]

    assert {case.id for case in nominations_for(scene.actors[who])} == expected


def test_a_case_outside_ones_reach_does_not_exist(scene, two_cases):
    asha, farid = two_cases

    assert visible_or_404(nominations_for(scene.meena), id=asha.id) == asha
    with pytest.raises(NotThere):
        visible_or_404(nominations_for(scene.meena), id=farid.id)


def test_nobody_sees_nothing(scene, two_cases):
    assert list(nominations_for(NOBODY)) == []
    assert list(pending_with(NOBODY)) == []


def test_a_list_of_nominations_costs_one_statement_with_its_names(scene, two_cases):
    def read() -> None:
        for case in nominations_for(scene.sunita):
            str((case.officer.name_hi, case.cycle.scheme.name_hi, case.category.name_hi, case.department.name_hi))

    assert statements(read) == 1


def test_a_choice_is_known_to_gad_alone_until_it_is_released(scene):
    selected = scene.brought_to("selected")
    seen = {name: nominations_for(scene.actors[name]).get().shown for name in ("meena", "ravi", "sunita", "thomas")}
    actions = {name: [one.action for one in steps(selected, scene.actors[name])] for name in ("meena", "sunita")}

    released = service.act(selected, "release", by=scene.lakshmi, at=AT)

    assert seen == {"meena": "verified", "ravi": "verified", "sunita": "selected", "thomas": "selected"}
    assert actions == {"meena": ["start", "submit", "verify"], "sunita": ["start", "submit", "verify", "select"]}
    assert nominations_for(scene.meena).get().shown == "released"
    assert [one.action for one in steps(released, scene.meena)] == ["start", "submit", "verify", "select", "release"]


# What waits for whom


@pytest.mark.parametrize(
    ("state", "waits_for"),
    [
        ("draft", {"meena"}),
        ("returned", {"meena"}),
        ("submitted", {"ravi", "rekha"}),
        ("verified", {"sunita", "kabir"}),
        ("selected", {"lakshmi", "latif"}),
        ("released", {"sunita", "kabir"}),
        ("rejected", set()),
        ("withdrawn", set()),
    ],
)
def test_a_case_waits_for_the_next_hand_and_for_nobody_else(scene, state, waits_for):
    scene.brought_to(state)

    waiting = {name for name, actor in scene.actors.items() if list(pending_with(actor))}

    assert waiting == waits_for


def test_a_case_does_not_wait_for_a_hand_that_touched_it_nor_for_the_nominee(scene):
    returned = scene.brought_to("returned")
    service.submit(returned, by=scene.meena, at=AT)
    rekha = Officer.get_by_id(scene.rekha.officer_id)
    service.submit(scene.draft(rekha, priority=2), by=scene.meena, at=AT)

    waiting = {name: [case.officer_id for case in pending_with(scene.actors[name])] for name in ("ravi", "rekha")}

    assert waiting == {"ravi": [rekha.id], "rekha": [scene.asha.id]}


def test_the_head_finds_the_departments_they_may_nominate_from(scene):
    assert queries.departments_in_reach(scene.meena) == [scene.health]
    assert queries.departments_in_reach(scene.mohan) == []
    assert queries.departments_in_reach(scene.sunita) == []


def test_the_quota_and_the_priorities_of_a_department_can_be_shown(scene):
    first = scene.draft()
    second = scene.draft(scene.bhola, priority=2)
    service.act(second, "withdraw", by=scene.meena, at=AT)

    assert queries.quota_used(scene.cycle, scene.health) == 2
    assert queries.priorities_taken(scene.cycle, scene.health) == {1: first.id}


def test_ranks_are_frozen_with_the_size_of_their_groups(scene):
    make.make_score_month("2026-01")
    make.make_score(scene.asha, "2026-01", 31, unit=scene.health_office, rank=2)
    MonthlyScore.update(rank_department=1).execute()
    make.ScoreMonth.update(officer_count=120).execute()
    PeerGroup.create(month="2026-01", scope="department", unit=scene.health, size=14, total_points=300)
    PeerGroup.create(month="2026-01", scope="department", unit=scene.health, state_class="III", size=5, total_points=90)

    assert queries.sealed_months(scene.asha, scene.cycle) == [
        queries.SealedMonth("2026-01", 31, 2, 120, 1, 14, "s" * 64)
    ]
