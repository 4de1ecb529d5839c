"""What counts for points, who is compared with whom, and when a month may be sealed: tables of cases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from karmyogi.core.errors import PolicyGap
from karmyogi.core.months import IST, Month
from karmyogi.core.permissions import SYSTEM, Actor, Grant, Role
from karmyogi.core.profile import load_profile
from karmyogi.core.reasons import reason
from karmyogi.core.workflow import Circumstances
from karmyogi.scores import rules
from karmyogi.scores.queries.computing import RANKS
from karmyogi.scores.queries.computing import SOURCES as SQL_SOURCES
from karmyogi.scores.rules import (
    Assessment,
    Attendance,
    BoardScope,
    Completion,
    Facts,
    Peers,
    Policy,
    Posting,
    Readiness,
    Rule,
    explained,
    group_shown,
    is_in_time,
    lines_for,
    policy_for,
    shared_ranks,
    wider_groups,
)

JANUARY = Month(2026, 1)
APRIL_2025 = Month(2025, 4)
IN_SERVICE = (Posting(date(2020, 1, 1)),)
SHIPPED = load_profile("chhattisgarh").policy


def policy_of(*rules_given: Rule, number: int = 1, effective_from: Month = APRIL_2025) -> Policy:
    return Policy(number, effective_from, frozenset({"Course", "Moderated Course"}), 10, rules_given)


STATE_POLICY = policy_of(
    *(Rule(r.code, r.kind, r.counts, r.points, cap=r.cap, once=r.once) for r in SHIPPED.rules),
)


def finished(at: datetime, name: str = "e-Office Basics", **facts: object) -> Completion:
    """A completion at a time on India's clock."""
    return Completion(name, at, at.date(), **({"kind": "Course", "provider": "NIC"} | facts))


def on_day(day: int, name: str = "e-Office Basics", **facts: object) -> Completion:
    return finished(datetime(2026, 1, day, 11, 0, tzinfo=IST), name, **facts)


def scored(month: Month = JANUARY, policy: Policy = STATE_POLICY, **facts: object) -> dict[str, tuple[int, int, int]]:
    lines = lines_for(Facts(**({"postings": IN_SERVICE} | facts)), policy, month)
    return {line.code: (line.found, line.items, line.points) for line in lines}


# Courses


@pytest.mark.parametrize(
    ("count", "line"),
    [(0, None), (1, (1, 1, 5)), (3, (3, 3, 15)), (4, (4, 4, 20)), (5, (5, 4, 20)), (9, (9, 4, 20))],
)
def test_at_most_four_courses_outside_the_plan_are_paid(count, line):
    courses = tuple(on_day(day, f"Course {day}") for day in range(1, count + 1))

    assert scored(completions=courses).get("course") == line


def test_plan_courses_have_no_cap_and_are_no_free_courses():
    courses = tuple(on_day(day, f"Course {day}", is_planned=True) for day in range(1, 7))

    assert scored(completions=courses) == {"plan_course": (6, 6, 30)}


@pytest.mark.parametrize(
    ("kind", "counts"), [("Course", True), ("Moderated Course", True), ("External Content", False), ("", False)]
)
def test_only_the_policys_types_of_content_are_courses(kind, counts):
    assert ("course" in scored(completions=(on_day(3, kind=kind),))) is counts


def test_hours_and_ratings_count_every_type_of_content():
    content = on_day(3, kind="External Content", has_certificate=True, duration_seconds=7200, is_rated=True)

    assert scored(completions=(content,)) == {"hours": (2, 2, 2), "rating": (1, 1, 2)}


def test_the_earliest_courses_fill_the_cap_then_name_provider_and_type_decide():
    one = Rule("course", "completion", "course", 5, cap=1)
    same_time = [on_day(9, "B"), on_day(9, "A", provider="Z"), on_day(9, "A", provider="Y", kind="Moderated Course")]
    first = on_day(9, "A", provider="Y")

    line = explained(Facts(IN_SERVICE, (*same_time, first)), policy_of(one), JANUARY)[0]

    assert [(e.item.name_en, e.item.order[2:], e.is_counted) for e in line.entries] == [
        ("A", ("Y", "Course"), True),
        ("A", ("Y", "Moderated Course"), False),
        ("A", ("Z", "Course"), False),
        ("B", ("NIC", "Course"), False),
    ]


# In time


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (datetime(2026, 1, 14, 23, 59, 59, tzinfo=IST), True),
        (datetime(2026, 1, 15, 0, 0, 0, tzinfo=IST), True),
        (datetime(2026, 1, 15, 23, 59, 59, tzinfo=IST), True),  # before the due date and 24 hours
        (datetime(2026, 1, 16, 0, 0, 0, tzinfo=IST), False),
    ],
)
def test_in_time_ends_at_midnight_in_india_after_the_due_date(at, counts):
    course = finished(at, is_planned=True, due_on=date(2026, 1, 15))

    assert ("plan_in_time" in scored(completions=(course,))) is counts


def test_a_late_plan_course_is_listed_with_its_due_date():
    course = on_day(16, is_planned=True, due_on=date(2026, 1, 15))

    lines = {line.code: line for line in explained(Facts(IN_SERVICE, (course,)), STATE_POLICY, JANUARY)}

    assert lines["plan_in_time"].points == 0
    assert [e.why for e in lines["plan_in_time"].entries] == [reason("item_late", due_on="2026-01-15")]


@pytest.mark.parametrize(
    ("completed_on", "due_on", "in_time"),
    [
        (date(2024, 2, 29), date(2024, 2, 29), True),
        (date(2024, 3, 1), date(2024, 2, 29), False),
        (date(2024, 2, 29), date(2024, 2, 28), False),
        (date(2026, 1, 1), date(2025, 12, 31), False),
        (date(2026, 1, 1), None, False),
    ],
)
def test_in_time_over_ends_of_months_and_leap_days(completed_on, due_on, in_time):
    assert is_in_time(completed_on, due_on=due_on) is in_time


def test_a_plan_course_without_a_due_date_is_never_in_time():
    assert scored(completions=(on_day(3, is_planned=True),)) == {"plan_course": (1, 1, 5)}


# Months in India


@pytest.mark.parametrize(
    ("at_utc", "month"),
    [
        (datetime(2025, 12, 31, 18, 29, 59, tzinfo=UTC), Month(2025, 12)),
        (datetime(2025, 12, 31, 18, 30, 0, tzinfo=UTC), Month(2026, 1)),
        (datetime(2026, 1, 31, 18, 29, 59, tzinfo=UTC), Month(2026, 1)),
        (datetime(2026, 1, 31, 18, 30, 0, tzinfo=UTC), Month(2026, 2)),
        (datetime(2024, 2, 29, 18, 29, 59, tzinfo=UTC), Month(2024, 2)),
        (datetime(2024, 2, 29, 18, 30, 0, tzinfo=UTC), Month(2024, 3)),
    ],
)
def test_a_month_begins_and_ends_at_midnight_in_india(at_utc, month):
    course = Completion("e-Office Basics", at_utc, at_utc.astimezone(IST).date(), kind="Course")
    always = policy_of(*STATE_POLICY.rules, effective_from=Month(2020, 1))

    months = [m for m in (month.previous, month, month.next) if scored(m, always, completions=(course,))]

    assert months == [month]


# Postings


@pytest.mark.parametrize(
    ("from_on", "to_on", "counts"),
    [
        (date(2026, 1, 15), None, True),  # the first day is a day in service
        (date(2026, 1, 16), None, False),
        (date(2020, 1, 1), date(2026, 1, 15), True),  # and so is the last
        (date(2020, 1, 1), date(2026, 1, 14), False),
        (date(2026, 1, 15), date(2026, 1, 15), True),
    ],
)
def test_a_course_counts_on_both_ends_of_a_posting_and_not_outside(from_on, to_on, counts):
    assert bool(scored(completions=(on_day(15),), postings=(Posting(from_on, to_on),))) is counts


def test_an_officer_without_a_posting_does_not_score_and_is_told_why():
    facts = Facts((), (on_day(15),))

    assert lines_for(facts, STATE_POLICY, JANUARY) == []
    assert [e.why for line in explained(facts, STATE_POLICY, JANUARY) for e in line.entries] == [
        reason("item_outside_posting")
    ]


def test_a_gap_between_two_postings_counts_nothing_and_fills_no_cap():
    postings = (Posting(date(2020, 1, 1), date(2026, 1, 10)), Posting(date(2026, 1, 20)))
    courses = tuple(on_day(day, f"Course {day}") for day in (9, 10, 12, 15, 19, 20, 21))

    line = explained(Facts(postings, courses), STATE_POLICY, JANUARY)[0]

    assert [(e.item.on.day, e.is_counted) for e in line.entries] == [
        (9, True),
        (10, True),
        (12, False),
        (15, False),
        (19, False),
        (20, True),
        (21, True),
    ]
    assert (line.found, line.items, line.points) == (4, 4, 20)


# Hours


@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        ([3599], None),
        ([3600], (1, 1, 1)),
        ([1800, 1800], (1, 1, 1)),  # rounded down after adding up
        ([3599, 3599], (1, 1, 1)),
        ([1799, 1800], None),
        ([8 * 3600 - 1], (7, 7, 7)),
        ([8 * 3600], (8, 8, 8)),
        ([30 * 3600], (30, 8, 8)),
    ],
)
def test_full_hours_are_counted_after_adding_up_the_month_to_the_cap(seconds, line):
    courses = tuple(
        on_day(day, f"Course {day}", kind="Program", has_certificate=True, duration_seconds=each)
        for day, each in enumerate(seconds, start=1)
    )

    assert scored(completions=courses).get("hours") == line


def test_time_without_a_certificate_is_no_learning_hour():
    assert scored(completions=(on_day(3, kind="Program", duration_seconds=9000),)) == {}


def test_hours_after_the_full_ones_say_that_the_month_is_full():
    hours = Rule("hours", "activity", "hours", 1, cap=2)
    courses = [on_day(d, f"Course {d}", has_certificate=True, duration_seconds=5400) for d in (1, 2, 3)]

    line = explained(Facts(IN_SERVICE, tuple(courses)), policy_of(hours), JANUARY)[0]

    assert [e.why for e in line.entries] == [
        reason("item_counted"),
        reason("item_counted"),
        reason("item_over_hours", cap=2),
    ]
    assert (line.found, line.items, line.points) == (4, 2, 2)


# Everything else that counts


@pytest.mark.parametrize(
    ("facts", "lines"),
    [
        (
            {"assessments": tuple(Assessment(f"A{n}", date(2026, 1, n), True) for n in range(1, 7))},
            {"assessment": (6, 4, 20)},
        ),
        ({"assessments": (Assessment("A", date(2026, 1, 5), False),)}, {}),
        (
            {"attendances": tuple(Attendance("", f"S{n}", date(2026, 1, n)) for n in range(1, 6))},
            {"session": (5, 4, 12)},
        ),
        (
            {"attendances": tuple(Attendance("", f"S{n}", date(2026, 1, n), "taught") for n in range(1, 4))},
            {"taught": (3, 2, 10)},
        ),
        ({"registered_on": date(2026, 1, 1)}, {"registered": (1, 1, 5)}),
        ({"registered_on": date(2025, 12, 31)}, {}),
        ({"first_enrolled_on": date(2026, 1, 31)}, {"first_enrolment": (1, 1, 5)}),
        ({"first_enrolled_on": date(2026, 2, 1)}, {}),
        ({}, {}),
    ],
)
def test_assessments_sessions_and_first_steps(facts, lines):
    assert scored(**facts) == lines


def test_certificates_and_ratings_are_paid_for_completions_of_the_month():
    courses = tuple(
        on_day(day, f"Course {day}", kind="Program", is_verified=True, is_rated=True) for day in range(1, 6)
    )

    assert scored(completions=courses) == {"certificate": (5, 4, 8), "rating": (5, 4, 8)}


def test_registration_before_the_first_posting_does_not_count():
    assert scored(registered_on=date(2026, 1, 10), postings=(Posting(date(2026, 1, 11)),)) == {}


def test_points_and_caps_are_the_policys_own():
    dear = policy_of(Rule("course", "completion", "course", 7, cap=2))

    assert scored(policy=dear, completions=tuple(on_day(d, f"C{d}") for d in (1, 2, 3))) == {"course": (3, 2, 14)}


def test_lines_stand_in_the_order_of_the_policy():
    facts = Facts(IN_SERVICE, (on_day(3, has_certificate=True, duration_seconds=3600, is_rated=True),))

    assert [line.code for line in lines_for(facts, STATE_POLICY, JANUARY)] == ["course", "hours", "rating"]
    assert [line.code for line in lines_for(facts, policy_of(*reversed(STATE_POLICY.rules)), JANUARY)] == [
        "rating",
        "hours",
        "course",
    ]


def test_every_source_has_its_statement_and_the_shipped_policy_uses_known_ones():
    assert SQL_SOURCES.keys() == rules.SOURCES.keys()
    assert {rule.counts for rule in load_profile("chhattisgarh").policy.rules} <= rules.SOURCES.keys()


NAMED = {"label_hi": "नियम", "label_en": "Rule"}


def test_a_policy_with_faults_says_each():
    odd = policy_of(
        Rule("course", "completion", "course", 5, once=True, **NAMED),
        Rule("course", "completion", "plan_course", 5, **NAMED),
        Rule("peer", "activity", "thanks", 5, **NAMED),
    )

    assert rules.faults_of(odd) == [
        reason("policy_once_unknown", rule="course"),
        reason("policy_code_twice", rule="course"),
        reason("policy_source_unknown", rule="peer", counts="thanks"),
    ]


WRONG_RULES = {
    "policy_code_wrong": {"code": "Two words"},
    "policy_kind_unknown": {"kind": "thanks"},
    "policy_points_wrong": {"points": 0},
    "policy_cap_wrong": {"cap": 0},
    "policy_label_missing": {"label_hi": " "},
    "policy_once_unknown": {"once": True},
    "policy_source_unknown": {"counts": "thanks"},
}


@pytest.mark.parametrize("code", WRONG_RULES)
def test_a_rule_that_is_wrong_bars_the_policy(code):
    right = Rule("course", "completion", "course", 5, cap=4, **NAMED)

    assert rules.faults_of(policy_of(right)) == []
    assert [fault.code for fault in rules.faults_of(policy_of(replace(right, **WRONG_RULES[code])))] == [code]


def test_a_policy_needs_rules_days_of_grace_and_types_of_courses():
    course = policy_of(Rule("course", "completion", "course", 5, **NAMED))
    wrong = (replace(course, rules=()), replace(course, grace_days=-1), replace(course, course_kinds=frozenset()))

    assert [[fault.code for fault in rules.faults_of(one)] for one in wrong] == [
        ["policy_without_rules"],
        ["policy_grace_wrong"],
        ["policy_kinds_missing"],
    ]


# Policies and months


@pytest.mark.parametrize(
    ("month", "number"),
    [(Month(2025, 4), 1), (Month(2025, 9), 1), (Month(2025, 10), 2), (Month(2026, 1), 4), (Month(2030, 1), 4)],
)
def test_the_latest_version_in_force_scores_a_month(month, number):
    starts = {1: Month(2025, 4), 2: Month(2025, 10), 3: Month(2026, 4), 4: Month(2026, 1)}
    policies = [policy_of(number=n, effective_from=start) for n, start in starts.items()]

    assert policy_for(month, policies).number == number


def test_a_version_asked_for_by_number_must_be_in_force():
    policies = [policy_of(number=1), policy_of(number=2, effective_from=Month(2025, 10))]

    assert policy_for(Month(2025, 12), policies, number=1).number == 1
    with pytest.raises(PolicyGap) as refused:
        policy_for(Month(2025, 9), policies, number=2)
    assert refused.value.reasons == [reason("policy_gap", month="2025-09")]


@pytest.mark.parametrize(
    ("number", "why"),
    [(None, reason("policy_gap", month="2025-03")), (9, reason("policy_unknown", number=9))],
)
def test_a_month_that_no_policy_covers_is_an_error_that_says_so(number, why):
    with pytest.raises(PolicyGap) as refused:
        policy_for(Month(2025, 3), [policy_of()], number=number)

    assert refused.value.reasons == [why]


# Ranks and groups


@pytest.mark.parametrize(
    ("points", "ranks"),
    [
        ([], []),
        ([7], [1]),
        ([40, 30, 30, 20], [1, 2, 2, 4]),
        ([30, 20, 40, 30], [2, 4, 1, 2]),
        ([5, 5, 5], [1, 1, 1]),
        ([Fraction(10, 4), Fraction(5, 2), Fraction(3)], [2, 2, 1]),
    ],
)
def test_equal_points_share_a_rank_and_the_next_one_skips(points, ranks):
    assert shared_ranks(points) == ranks


OFFICE, DISTRICT, DIVISION = BoardScope.OFFICE, BoardScope.DISTRICT, BoardScope.DIVISION
DEPARTMENT, STATE = BoardScope.DEPARTMENT, BoardScope.STATE


def test_a_group_is_merged_without_class_first_then_upward():
    assert wider_groups(Peers(OFFICE, "II")) == [
        Peers(OFFICE, "II"),
        Peers(OFFICE),
        Peers(DISTRICT),
        Peers(DIVISION),
        Peers(STATE),
    ]
    assert wider_groups(Peers(DEPARTMENT, "I")) == [Peers(DEPARTMENT, "I"), Peers(DEPARTMENT), Peers(STATE)]
    assert wider_groups(Peers(STATE)) == [Peers(STATE)]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({Peers(OFFICE, "II"): 11, Peers(OFFICE): 30}, Peers(OFFICE, "II")),
        ({Peers(OFFICE, "II"): 10, Peers(OFFICE): 30}, Peers(OFFICE, "II")),
        ({Peers(OFFICE, "II"): 9, Peers(OFFICE): 30}, Peers(OFFICE)),
        ({Peers(OFFICE, "II"): 9, Peers(OFFICE): 9, Peers(DISTRICT): 10}, Peers(DISTRICT)),
        ({Peers(OFFICE): 9, Peers(DIVISION): 400, Peers(STATE): 900}, Peers(DIVISION)),  # no district
        ({Peers(OFFICE): 9, Peers(STATE): 10}, Peers(STATE)),
        ({Peers(OFFICE): 9, Peers(STATE): 9}, None),
        ({}, None),
    ],
)
def test_a_group_of_ten_is_shown_and_one_of_nine_is_merged(sizes, shown):
    assert group_shown(Peers(OFFICE, "II"), sizes) == shown


# Sealing


@pytest.mark.parametrize(
    ("on", "reasons"),
    [
        (date(2026, 1, 31), [reason("month_not_over", month="2026-01")]),
        (date(2026, 2, 1), []),
    ],
)
def test_a_month_may_be_sealed_from_the_day_after_its_last(on, reasons):
    assert rules.reasons_against_sealing(Readiness(JANUARY, 12), on=on) == reasons


def test_every_reason_against_sealing_is_said():
    readiness = Readiness(JANUARY, 0, is_stale=True, earlier_open="2025-12")

    assert [r.code for r in rules.reasons_against_sealing(readiness, on=date(2026, 1, 5))] == [
        "month_not_over",
        "month_is_empty",
        "month_is_stale",
        "earlier_month_open",
    ]


@pytest.mark.parametrize(("days", "is_due"), [(0, False), (9, False), (10, False), (11, True)])
def test_the_scheduler_seals_once_the_grace_days_have_passed(days, is_due):
    on = JANUARY.last_on + timedelta(days=days)

    assert rules.is_due_to_seal(JANUARY, grace_days=10, on=on) is is_due


def test_without_a_proposal_only_the_system_seals():
    approver = Actor(7, "Thomas", grants=(Grant(Role.APPROVER),))

    assert rules.only_the_system(Circumstances(SYSTEM, None)) is None
    assert rules.only_the_system(Circumstances(approver, None)) == reason("seal_needs_proposal")


def test_every_rank_column_belongs_to_a_scope_of_boards():
    assert {name.removeprefix("class_").removeprefix("rank_") for name in RANKS} == {
        scope.value for scope in BoardScope if scope is not BoardScope.OFFICE
    }
