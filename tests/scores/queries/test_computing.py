"""One statement over everybody says what the rules say of each, on both engines and on random lives."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from karmyogi.completions.models import Assessment
from karmyogi.core.months import Month
from karmyogi.core.profile import load_profile
from karmyogi.people.models import Officer, OrgUnit, Posting, UnitKind
from karmyogi.people.queries import records_of
from karmyogi.scores.queries import facts_of
from karmyogi.scores.queries.computing import GROUPS, LINES, RANKED, RANKS, clear_stage, stage_month
from karmyogi.scores.queries.raw import fetch
from karmyogi.scores.rules import ANY, OF_COMPLETIONS, ORDERS, Conditions, Policy, Rule, lines_for, shared_ranks
from karmyogi.store.db import database
from karmyogi.trainings.models import Attendance
from tests import factories as make

MONTH = Month(2024, 2)  # a leap year
SHIPPED = tuple(
    Rule(r.code, r.kind, r.counts, r.points, cap=r.cap, once=r.once) for r in load_profile("chhattisgarh").policy.rules
)
SHIPPED_POLICY = Policy(1, MONTH, frozenset({"Course", "Moderated Course"}), 10, SHIPPED)
DAYS = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 15), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]
# Moments around midnight in India, and in the middle of a day.
MOMENTS = [datetime(d.year, d.month, d.day, 18, minute, tzinfo=UTC) for d in DAYS for minute in (29, 30)]
COURSES = [("A", "Course", "NIC"), ("A", "Course", "ATI"), ("B", "Moderated Course", "NIC"), ("C", "Program", "NIC")]


@dataclass(frozen=True)
class Life:
    """All that one random officer did."""

    state_class: str | None
    postings: list[tuple[date, date | None, int, str | None]]
    completions: dict[int, tuple[datetime, bool, bool, int, str, str]]
    obligations: dict[str, list[date | None]]
    assessments: list[tuple[date, bool]]
    attendances: list[tuple[date, str]]
    enrolments: list[tuple[date | None, str]]
    registered_on: date | None


classes = st.sampled_from(["I", "III", None])
days = st.sampled_from(DAYS)
starts = st.sampled_from([date(2020, 1, 1), date(2024, 1, 1), *DAYS])
postings = st.tuples(starts, st.none() | days, st.integers(0, 2), classes).filter(
    lambda p: p[1] is None or p[0] <= p[1]
)
completions = st.tuples(
    st.sampled_from(MOMENTS),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 1799, 3600, 5400, 40_000]),
    st.sampled_from(["none", "submitted", "verified", "twice"]),
    st.sampled_from(["", "", "doubted", "not_credible"]),
)
lives = st.builds(
    Life,
    classes,
    st.lists(postings, min_size=1, max_size=3, unique_by=lambda posting: posting[0]),
    st.fixed_dictionaries({0: completions, 2: completions}, optional={1: completions, 3: completions}),
    st.fixed_dictionaries(dict.fromkeys("ABC", st.lists(st.none() | days, max_size=1))),
    st.lists(st.tuples(days, st.booleans()), max_size=5),
    st.lists(st.tuples(days, st.sampled_from(["attended", "taught"])), max_size=5),
    st.lists(st.tuples(st.none() | days, st.sampled_from(["not-enrolled", "completed"])), max_size=3),
    st.none() | days,
)


conditions = st.builds(
    Conditions,
    kinds=st.sampled_from([(), (), ("Course",), ("Course", "Program"), ("Moderated Course",)]),
    providers=st.sampled_from([(), (), ("NIC",), ("ATI", "Nobody")]),
    with_certificate=st.booleans(),
    only_planned=st.booleans(),
    least_minutes=st.sampled_from([None, None, 30, 60]),
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Every source is asked, in any order, for any points and caps, some under conditions and the longest first."""
    terms = [(draw(st.integers(1, 9)), draw(st.none() | st.integers(1, 3))) for _ in SHIPPED]
    changed = [replace(rule, points=points, cap=cap) for rule, (points, cap) in zip(SHIPPED, terms, strict=True)]
    for place, rule in enumerate(changed):
        if rule.counts in OF_COMPLETIONS:
            asked, first = draw(st.just(ANY) | conditions), draw(st.sampled_from(ORDERS))
            changed[place] = replace(rule, conditions=asked, counted_first=first)
    kinds = draw(st.sampled_from([{"Course"}, {"Course", "Moderated Course"}]))
    return Policy(1, MONTH, frozenset(kinds), 10, tuple(draw(st.permutations(changed))))


# Which of COURSES, or which name of a plan alone, is another name of which of COURSES.
aliases = st.sampled_from([{}, {}, {0: 1}, {3: 2, 1: 0}, {1: 0, 2: 0}, {"B": 0}, {"C": 2, 0: 2}])


@given(population=st.lists(lives, min_size=3, max_size=6), policy=policies(), aliases=aliases)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_statement_and_the_rules_agree_on_random_lives(db, population, policy, aliases):
    with in_a_world_that_passes() as offices:
        for other, stands in aliases.items():
            make.make_alias(course(stands), course(other) if isinstance(other, int) else other)
        officers = [live(life, offices) for life in population]
        stage_month(MONTH, policy)

        lines = staged_lines()

        assert lines == {o.id: told for o in officers if (told := explained(o.id, policy))}
        assert_scores_and_ranks(officers, lines)


# Which of a population gave way to which.
merges = st.sampled_from([{}, {1: 0}, {0: 2}, {0: 1, 2: 1}])


@given(population=st.lists(lives, min_size=3, max_size=4), policy=policies(), aliases=aliases, merged=merges)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_statement_and_the_rules_agree_on_people_with_several_records(db, population, policy, aliases, merged):
    with in_a_world_that_passes() as offices:
        for other, stands in aliases.items():
            make.make_alias(course(stands), course(other) if isinstance(other, int) else other)
        officers = [live(life, offices) for life in population]
        share(officers)
        for goes, stands in merged.items():
            Officer.update(merged_into=officers[stands]).where(Officer.id == officers[goes].id).execute()
        standing = [officer for number, officer in enumerate(officers) if number not in merged]
        stage_month(MONTH, policy)

        lines = staged_lines()

        assert lines == {o.id: told for o in standing if (told := explained(o.id, policy))}
        assert_scores_and_ranks(standing, lines)


def share(officers: list[Officer]) -> None:
    """One session that all attended, and one assessment that all passed, each a day later than the one before."""
    session = make.make_attendance(officers[0], MONTH.first_on).session
    for number, officer in enumerate(officers):
        Attendance.get_or_create(session=session, officer=officer, part="attended")
        Assessment.create(officer=officer, name="All", attempted_on=DAYS[number + 1], is_passed=True)


class in_a_world_that_passes:
    """A State for one example; nothing of it stays."""

    def __enter__(self) -> list[OrgUnit]:
        self.transaction = database.atomic()
        self.kept = self.transaction.__enter__()
        state = make.make_state()
        division = make.make_unit(UnitKind.DIVISION, "D", line=state, territory=state)
        district = make.make_district(state, "T", division=division)
        health, revenue = make.make_department(state, "Health"), make.make_department(state, "Revenue")
        return [make.make_office(health, district, "Clinic"), make.make_office(revenue, district, "Tehsil"), health]

    def __exit__(self, *error: object) -> None:
        self.kept.rollback()
        self.transaction.__exit__(None, None, None)


def live(life: Life, offices: list[OrgUnit]) -> Officer:
    officer = make.make_officer(state_class=life.state_class)
    for from_on, to_on, office, state_class in life.postings:
        make.make_posting(officer, offices[office], from_on=from_on, to_on=to_on, state_class=state_class)
    for index, completion in life.completions.items():
        complete(officer, index, *completion)
    for name, due_on in ((name, due_on) for name, due in life.obligations.items() for due_on in due):
        make.make_obligation(officer, name, due_on=due_on)
    for day, is_passed in life.assessments:
        make.make_assessment(officer, day, is_passed=is_passed)
    for day, part in life.attendances:
        make.make_attendance(officer, day, part=part)
    for day, status in life.enrolments:
        make.make_enrolment(officer, course(0), day, status=status)
    if life.registered_on:
        make.make_registration(officer, life.registered_on)
    return officer


def course(index: int):
    name, kind, provider = COURSES[index]
    return make.make_course(name, kind=kind, provider=provider)


def complete(
    officer: Officer,
    index: int,
    at: datetime,
    has_certificate: bool,
    is_rated: bool,
    seconds: int,
    claim: str,
    flag: str,
) -> None:
    completion = make.make_completion(
        officer, course(index), at, has_certificate=has_certificate, is_rated=is_rated, duration_seconds=seconds
    )
    if flag:
        make.make_flag(completion, state=flag)
    for state in {"none": [], "twice": ["verified", "verified"]}.get(claim, [claim]):
        make.make_achievement(officer, course(index), at.date(), state=state)


def staged_lines() -> dict[int, dict[str, tuple[int, int, int]]]:
    lines: dict[int, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for officer_id, code, *numbers in fetch(f"SELECT officer_id, code, found, items, points FROM {LINES}", {}):
        lines[officer_id][code] = tuple(numbers)
    return dict(lines)


def explained(officer_id: int, policy: Policy) -> dict[str, tuple[int, int, int]]:
    lines = lines_for(facts_of(officer_id, MONTH), policy, MONTH)
    return {line.code: (line.found, line.items, line.points) for line in lines}


def assert_scores_and_ranks(officers: list[Officer], lines: dict[int, dict[str, tuple[int, int, int]]]) -> None:
    """Points are the sum of lines, the posting is the last held, and ranks and groups are those of the rules."""
    columns = ("officer_id", "points", "unit_id", "department_id", "district_id", "division_id", "state_class", *RANKS)
    rows = [dict(zip(columns, row, strict=True)) for row in fetch(f"SELECT {', '.join(columns)} FROM {RANKED}", {})]
    points = {officer_id: sum(numbers[2] for numbers in told.values()) for officer_id, told in lines.items()}

    assert {row["officer_id"]: row["points"] for row in rows} == points
    assert {row["officer_id"]: (row["unit_id"], row["state_class"]) for row in rows} == {
        officer.id: last_held(officer) for officer in officers if officer.id in points
    }
    for name, group in RANKS.items():
        assert {row["officer_id"]: row[name] for row in rows} == expected_ranks(rows, group), name
    assert staged_groups() == expected_groups(rows)


def last_held(officer: Officer) -> tuple[int, str]:
    """The posting of the month's last day, or the last one held in the month, told by looking at each day.

    Another record of the same person is asked only if the one that stands was nowhere in the month.
    """
    others = Posting.select().where(Posting.officer.in_(records_of(officer)) & (Posting.officer != officer))
    last = last_of(list(officer.postings)) or last_of(list(others))
    assert last, "scored without a posting"
    return last.unit_id, last.state_class or officer.state_class or ""


def last_of(postings: list[Posting]) -> Posting | None:
    for day in range(MONTH.last_on.day, 0, -1):
        on = date(MONTH.year, MONTH.number, day)
        held = [p for p in postings if p.from_on <= on and (p.to_on is None or on <= p.to_on)]
        if held:
            return max(held, key=lambda posting: posting.from_on)
    return None


def expected_ranks(rows: list[dict], group: tuple[str, ...]) -> dict[int, int | None]:
    members = defaultdict(list)
    for row in rows:
        key = tuple(row[column] for column in group)
        members[key if all(key) else None].append(row)
    ranks: dict[int, int | None] = {row["officer_id"]: None for row in members.pop(None, [])}
    for found in members.values():
        shared = shared_ranks([row["points"] for row in found])
        ranks |= {row["officer_id"]: rank for row, rank in zip(found, shared, strict=True)}
    return ranks


def staged_groups() -> dict[tuple[str, int, str], tuple[int, int]]:
    rows = fetch(f"SELECT scope, unit_id, state_class, size, total_points FROM {GROUPS}", {})
    return {(scope, unit, state_class): (size, total) for scope, unit, state_class, size, total in rows}


def expected_groups(rows: list[dict]) -> dict[tuple[str, int, str], tuple[int, int]]:
    sizes, totals = Counter(), Counter()
    state_id = OrgUnit.get(OrgUnit.kind == UnitKind.STATE).id
    for row in rows:
        units = {scope: row[f"{scope}_id"] for scope in ("division", "district", "department")} | {"state": state_id}
        for key in {(s, u, c) for s, u in units.items() if u for c in ("", row["state_class"])}:
            sizes[key] += 1
            totals[key] += row["points"]
    return {key: (size, totals[key]) for key, size in sizes.items()}


def test_the_statement_agrees_on_both_ends_of_a_posting_and_of_a_due_date(db):
    with in_a_world_that_passes() as offices:
        noon = datetime(2024, 2, 14, 6, 30, tzinfo=UTC)
        ends = [(13, 13), (13, 14), (14, 14), (14, 15), (15, 15)]
        officers = [make.make_officer() for _ in ends]
        for officer, (first, last) in zip(officers, ends, strict=True):
            make.make_posting(officer, offices[0], from_on=date(2024, 2, first), to_on=date(2024, 2, last))
            make.make_completion(officer, course(2), noon)
            make.make_obligation(officer, "B", due_on=date(2024, 2, last))
        late = make.make_officer(unit=offices[0])
        make.make_completion(late, course(2), noon)
        make.make_obligation(late, "B", due_on=date(2024, 2, 13))
        stage_month(MONTH, SHIPPED_POLICY)

        assert staged_lines() == {
            **{officer.id: {"plan_course": (1, 1, 5), "plan_in_time": (1, 1, 10)} for officer in officers[1:4]},
            late.id: {"plan_course": (1, 1, 5)},
        }


def test_an_obligation_covers_every_course_of_its_name_and_no_other_kind(db):
    with in_a_world_that_passes() as offices:
        asha = make.make_officer(unit=offices[0])
        make.make_obligation(asha, "A", due_on=date(2024, 2, 29))
        make.make_obligation(asha, "C", due_on=date(2024, 2, 29))
        for index in range(4):
            make.make_completion(asha, course(index), datetime(2024, 2, 10, tzinfo=UTC))
        stage_month(MONTH, SHIPPED_POLICY)

        assert staged_lines() == {asha.id: {"course": (1, 1, 5), "plan_course": (2, 2, 10), "plan_in_time": (2, 2, 20)}}


def test_what_is_one_course_under_two_names_counts_once_the_first_time(db):
    asha = make.make_officer(unit=make_clinic())
    old, new = make.make_course("Noting"), make.make_course("Noting (2024)")
    make.make_completion(asha, old, datetime(2024, 1, 5, 6, tzinfo=UTC))
    make.make_completion(asha, new, datetime(2024, 2, 5, 6, tzinfo=UTC), has_certificate=True, duration_seconds=7200)
    before = lines_of_month(asha)

    make.make_alias(new, old)

    assert (before["course"], lines_of_month(asha)) == (1, {})


def test_a_plan_that_says_another_name_is_fulfilled_by_the_course(db):
    asha = make.make_officer(unit=make_clinic())
    make.make_obligation(asha, "Noting and Drafting", due_on=date(2024, 2, 29))
    make.make_completion(asha, make.make_course("Noting"), datetime(2024, 2, 5, 6, tzinfo=UTC))
    before = lines_of_month(asha)

    make.make_alias(make.make_course("Noting"), "Noting and Drafting")

    assert {code for code in ("plan_course", "plan_in_time") if code in before} == set()
    assert {lines_of_month(asha)[code] for code in ("plan_course", "plan_in_time")} == {1}


def make_clinic() -> OrgUnit:
    state = make.make_state()
    return make.make_office(make.make_department(state, "Health"), make.make_district(state, "Raipur"), "Clinic")


def lines_of_month(officer: Officer) -> dict[str, int]:
    """What each source found in the month; the rules say the same."""
    stage_month(MONTH, SHIPPED_POLICY)
    lines = staged_lines().get(officer.id, {})
    assert lines == explained(officer.id, SHIPPED_POLICY)
    counts = {rule.code: rule.counts for rule in SHIPPED}
    return {counts[code]: found for code, (found, _items, _points) in lines.items()}


def test_the_stage_leaves_nothing_on_the_connection(db):
    stage_month(MONTH, Policy(1, MONTH, frozenset(), 10, SHIPPED))

    clear_stage()

    with pytest.raises((peewee.OperationalError, peewee.ProgrammingError)):
        fetch(f"SELECT 1 FROM {LINES}", {})
