"""A month is told so that it adds up, whatever came in after it was computed: rules, and the same on stored months."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Completion as CompletionRow
from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.core.profile import load_profile
from karmyogi.core.reasons import Nth, reason
from karmyogi.people.models import Officer
from karmyogi.scores import queries, service
from karmyogi.scores.models import MonthlyScore, ScoreMonth
from karmyogi.scores.rules import (
    Attendance,
    Completion,
    Counted,
    Facts,
    Known,
    Line,
    Origin,
    Policy,
    Posting,
    Rule,
    Telling,
    explained,
    lines_for,
    told,
    total,
)
from tests import factories as make
from tests.scores.scene import AT, JANUARY

IN_SERVICE = (Posting(date(2020, 1, 1)),)
SHIPPED = load_profile("chhattisgarh").policy
STATE_POLICY = Policy(
    1,
    Month(2025, 4),
    frozenset(SHIPPED.course_types),
    10,
    tuple(Rule(r.code, r.kind, r.counts, r.points, cap=r.cap, once=r.once) for r in SHIPPED.rules),
)
SEALED_AT = datetime(2026, 2, 10, tzinfo=UTC)
KNOWN = Known(frozenset({1}), SEALED_AT)
EARLY, LATE = Origin(1, 12), Origin(2, 7)


def course(day: int, origin: Origin = EARLY, **facts: object) -> Completion:
    at = datetime(2026, 1, day, 6, 30, tzinfo=UTC)
    return Completion(f"Course {day}", at, at.date(), kind="Course", origin=origin, **facts)


def sums(lines: list[Line]) -> dict[str, Counted]:
    return {line.code: Counted(line.found, line.items, line.points) for line in lines}


def told_then(stored: dict[str, Counted], *, is_sealed: bool = True, **facts: object) -> list:
    then = Telling(stored, KNOWN, is_sealed)
    return told(Facts(IN_SERVICE, **facts), STATE_POLICY, JANUARY, then)


def test_the_fifth_course_says_that_it_is_over_the_cap_of_four():
    facts = Facts(IN_SERVICE, tuple(course(day) for day in range(1, 7)))

    line = explained(facts, STATE_POLICY, JANUARY)[0]

    assert [entry.why for entry in line.entries[3:]] == [
        reason("item_counted"),
        reason("item_over_cap", nth=Nth(5), cap=4),
        reason("item_over_cap", nth=Nth(6), cap=4),
    ]


def test_a_course_of_a_later_import_is_told_beside_what_was_counted():
    [line] = told_then({"course": Counted(1, 1, 5)}, completions=(course(3), course(2, LATE)))

    assert (line.points, line.today, line.is_complete) == (5, Counted(2, 2, 10), True)
    assert [(entry.why.code, entry.points) for entry in line.entries] == [
        ("item_came_later", None),
        ("item_counted", 5),
    ]


def test_a_month_that_is_not_sealed_says_since_and_not_later():
    [line] = told_then({}, is_sealed=False, completions=(course(2, LATE),))

    assert (line.points, [entry.why.code for entry in line.entries]) == (0, ["item_came_since"])


def test_a_late_course_within_the_cap_takes_no_place_from_those_counted_then():
    """The cap takes the earliest: a course that came later but was finished first must not undo what was counted."""
    courses = (course(1, LATE), *(course(day) for day in range(2, 6)))

    [line] = told_then({"course": Counted(4, 4, 20)}, completions=courses)

    assert [entry.why.code for entry in line.entries] == ["item_came_later", *["item_counted"] * 4]


def test_a_certificate_verified_later_is_not_among_what_was_counted():
    late = Origin(1, 3, achievement_id=9, verified_at=SEALED_AT + timedelta(seconds=1))
    early = Origin(1, 4, achievement_id=8, verified_at=SEALED_AT)
    courses = (course(2, late, is_verified=True), course(3, early, is_verified=True))

    lines = told_then({"course": Counted(2, 2, 10), "certificate": Counted(1, 1, 2)}, completions=courses)

    assert [(line.rule.code, line.differs) for line in lines] == [("course", False), ("certificate", True)]
    assert [entry.why.code for entry in lines[1].entries] == ["item_came_later", "item_counted"]


def test_where_nothing_tells_what_came_later_no_item_claims_to_have_been_counted():
    sessions = tuple(Attendance("", f"Session {day}", date(2026, 1, day)) for day in range(1, 6))

    [line] = told_then({"session": Counted(2, 2, 6)}, attendances=sessions)

    assert (line.points, line.change, line.is_complete) == (6, 6, False)
    assert {entry.why.code for entry in line.entries} == {"item_on_record"}


def test_what_has_gone_from_the_records_stays_counted():
    """A completion found not credible after the sealing is no fact any more; the sealed points stand."""
    [line] = told_then({"course": Counted(1, 1, 5)})

    assert (line.points, line.today.points, line.entries, line.is_complete) == (5, 0, (), False)


def test_two_sittings_that_look_alike_are_not_taken_for_one_another():
    twins = tuple(Attendance("", "Noting", date(2026, 1, 5), origin=origin) for origin in (EARLY, LATE))

    [line] = told_then({"session": Counted(1, 1, 3)}, attendances=twins)

    assert sorted(entry.why.code for entry in line.entries) == ["item_came_later", "item_counted"]


DAYS = st.integers(1, 31)
ORIGINS = st.sampled_from([EARLY, LATE, Origin()])
COURSES = st.builds(
    course,
    DAYS,
    ORIGINS,
    is_planned=st.booleans(),
    is_rated=st.booleans(),
    is_verified=st.booleans(),
    has_certificate=st.booleans(),
    due_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 2, 1)),
    duration_seconds=st.integers(0, 9000),
)
SESSIONS = st.builds(
    lambda day, part, origin: Attendance("", f"S{day}", date(2026, 1, day), part, origin),
    DAYS,
    st.sampled_from(["attended", "taught"]),
    ORIGINS,
)
FACTS = st.builds(
    Facts,
    st.sampled_from([IN_SERVICE, (Posting(date(2026, 1, 10), date(2026, 1, 20)),)]),
    st.lists(COURSES, max_size=9, unique_by=lambda c: c.course_name).map(tuple),
    attendances=st.lists(SESSIONS, max_size=9).map(tuple),
    registered_on=st.none() | st.just(date(2026, 1, 12)),
)


@given(then=FACTS, now=FACTS, is_sealed=st.booleans())
def test_the_lines_always_add_up_to_the_stored_score_whatever_the_facts_are_today(then, now, is_sealed):
    stored = sums(lines_for(then, STATE_POLICY, JANUARY))

    lines = told(now, STATE_POLICY, JANUARY, Telling(stored, KNOWN, is_sealed))

    assert total(lines) == sum(counted.points for counted in stored.values())
    for line in lines:
        given_points = [entry.points for entry in line.entries if entry.points is not None]
        if line.is_complete and line.rule.counts != "hours":
            assert sum(given_points) == line.points
        assert line.is_complete or not any(given_points)


@given(facts=FACTS)
def test_what_came_later_explains_itself_where_imports_tell_it(facts):
    """The facts of the early import and of the office were counted; all the rest came with a later import."""
    early = replace(
        facts,
        completions=tuple(c for c in facts.completions if c.origin != LATE),
        attendances=tuple(a for a in facts.attendances if a.origin != LATE),
    )

    lines = told(facts, STATE_POLICY, JANUARY, Telling(sums(lines_for(early, STATE_POLICY, JANUARY)), KNOWN, True))

    assert all(line.is_complete for line in lines)


# Stored months


@pytest.fixture
def asha(scene) -> Officer:
    """Asha attended two sessions and finished a course; January is computed and sealed."""
    policy = replace(SHIPPED, number=2, effective_from="2026-01")
    service.install_policy(policy, by=SYSTEM, at=AT)
    asha = scene.officer(2)
    make.make_completion(asha, make.make_course("Noting"), datetime(2026, 1, 9, 6, 30, tzinfo=UTC), row_number=12)
    scene.run()
    service.seal_month(JANUARY, by=SYSTEM, at=AT)
    return asha


def of(officer: Officer) -> queries.ToldMonth:
    return queries.told_month(officer.id, ScoreMonth.get(ScoreMonth.month == str(JANUARY)))


def test_a_sealed_month_is_told_as_it_was_sealed(asha):
    month = of(asha)

    assert month.total == MonthlyScore.get(MonthlyScore.officer == asha).points == 11
    assert (month.differing, [line.is_complete for line in month.lines]) == ((), [True, True])


def test_five_sessions_entered_after_the_sealing_change_no_point_and_are_told(asha, scene):
    scene.earn(asha, 5)

    month = of(asha)

    assert month.total == MonthlyScore.get(MonthlyScore.officer == asha).points == 11
    assert [(line.rule.code, line.points, line.today.points) for line in month.differing] == [("session", 6, 12)]


def test_a_certificate_verified_after_the_sealing_is_told_as_late(asha):
    claim = make.make_achievement(
        asha, CompletionRow.get(CompletionRow.officer == asha).course, date(2026, 1, 9), state="verified"
    )
    Achievement.update(verified_at=AT + timedelta(days=3)).where(Achievement.id == claim.id).execute()

    [line] = of(asha).differing

    assert (line.rule.code, line.points, line.change) == ("certificate", 0, 2)
    assert [entry.item.origin.achievement_id for entry in line.entries if entry.came_later] == [claim.id]


def test_each_item_names_the_row_and_the_session_it_came_from(asha):
    by_code = {line.rule.code: [entry.item.origin for entry in line.entries] for line in of(asha).lines}

    assert [origin.row_number for origin in by_code["course"]] == [12]
    assert all(origin.session_id for origin in by_code["session"])


def test_what_another_officer_did_later_tells_nothing_of_asha(asha, scene):
    scene.officer(4)

    assert of(asha).differing == ()
