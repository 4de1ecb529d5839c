"""Boards of units: points for each officer posted, among units of like size, ties shared, nobody out of reach."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import OrgUnit, Posting
from karmyogi.scores import queries, service
from karmyogi.scores.leaderboard import hours
from karmyogi.scores.models import ScoreMonth, UnitFigure
from karmyogi.scores.rules import BoardScope, UnitFigures, bands_from, told_hours, told_units
from tests import factories as make
from tests.scores.scene import AT, FEBRUARY, JANUARY

DEPARTMENT, DISTRICT, OFFICE = BoardScope.DEPARTMENT, BoardScope.DISTRICT, BoardScope.OFFICE


def units(scene, scope=DEPARTMENT, bands=(50,), *, by=SYSTEM, department=None):
    """Rank, name, officers, with a score, points of every unit, by band."""
    found = queries.unit_board(JANUARY, scope, bands, by=by, department_id=department and department.id)
    return {
        (band.smallest, band.largest): [
            (u.rank, u.unit_en, u.figures.officers, u.figures.scored, u.figures.points) for u in band.units
        ]
        for band in found
    }


def idle(scene, count: int, **facts) -> None:
    """Officers with a post and without a score."""
    for _number in range(count):
        make.make_officer("Officer Idle", unit=facts.get("unit") or scene.hospital)


def test_points_are_divided_among_all_who_are_posted_and_not_only_those_who_scored(scene):
    scene.officers(10, points=3)
    idle(scene, 10)
    scene.officers(10, points=2, unit=scene.tehsil)
    scene.run()

    assert units(scene) == {(10, 50): [(1, "Revenue", 10, 10, 20), (2, "Health", 20, 10, 30)]}


def forest(scene):
    """A third department, with an office in Raipur."""
    return make.make_office(make.make_department(scene.state, "Forest"), scene.raipur, "Range")


@pytest.mark.parametrize(
    ("few", "listed"),
    [
        (9, ["Revenue"]),
        (10, ["Forest", "Health", "Revenue"]),
        (11, ["Forest", "Health", "Revenue"]),
        (0, ["Forest", "Revenue"]),
    ],
)
def test_a_unit_of_nine_is_in_no_list_nor_the_smallest_other_that_would_give_it_away(scene, few, listed):
    """Whoever knows the State subtracts the departments that are listed: what is left is nobody, or ten and more."""
    scene.officers(few, points=9)
    scene.officers(12, points=1, unit=scene.tehsil)
    scene.officers(10, points=2, unit=forest(scene))
    scene.run()
    state = queries.figures_in(JANUARY, BoardScope.STATE)[scene.state.id]

    found = units(scene).get((10, 50), [])

    assert sorted(name for _rank, name, *_rest in found) == listed
    left = state.scored - sum(scored for _rank, _name, _officers, scored, _points in found)
    assert left == 0 or left >= 10


def test_offices_of_nine_are_not_told_by_subtracting_the_others_from_their_department(scene):
    ward = make.make_office(scene.health, scene.raipur, "Ward")
    for unit, count in ((scene.clinic, 9), (scene.hospital, 10), (ward, 11)):
        scene.officers(count, points=1, unit=unit)
    scene.run()

    assert [name for _rank, name, *_rest in units(scene, OFFICE, department=scene.health)[10, 50]] == ["Ward"]


def test_two_small_units_that_are_ten_together_hide_each_other(scene):
    for unit in (scene.clinic, scene.hospital):
        scene.officers(5, points=1, unit=unit)
    ward = make.make_office(scene.health, scene.raipur, "Ward")
    scene.officers(10, points=1, unit=ward)
    scene.run()

    assert [name for _rank, name, *_rest in units(scene, OFFICE, department=scene.health)[10, 50]] == ["Ward"]


SIZES = st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(0, 14)).map(
    lambda one: UnitFigures(
        officers=one[0], scored=one[1], points=one[1] * 3, learners=min(one[1], one[2]), seconds=one[2]
    )
)


@given(parts=st.lists(SIZES, max_size=8))
def test_nobody_subtracts_to_fewer_than_ten_whatever_the_parts(parts):
    everything = dict(enumerate(parts))
    told, hours = told_units(everything), told_hours(everything)

    rest = sum((one for unit, one in everything.items() if unit not in told), UnitFigures())
    learnt = sum(one.learners for unit, one in everything.items() if unit not in hours)

    assert all(everything[unit].officers >= 10 and everything[unit].scored >= 10 for unit in told)
    assert not told or rest.scored == 0 or rest.scored >= 10
    assert not told or rest.scored or rest.officers == 0 or rest.officers >= 10
    assert hours <= told
    assert not hours or learnt == 0 or learnt >= 10
    assert all(everything[unit].learners >= 10 for unit in hours)


@given(parts=st.lists(SIZES, max_size=8))
def test_no_more_is_left_out_than_is_needed(parts):
    """Where all parts are large nothing is left out; else at most what is small, and what makes ten with it."""
    everything = dict(enumerate(parts))
    enough = {unit for unit, one in everything.items() if one.is_enough}
    left_out = enough - told_units(everything)

    assert len(left_out) <= 1 or not told_units(everything)
    if enough == everything.keys():
        assert not left_out


def test_equal_points_for_each_officer_share_a_rank(scene):
    scene.officers(10, points=3)
    scene.officers(5, points=2, unit=scene.tehsil)
    scene.officers(5, points=4, unit=scene.tehsil)
    scene.run()

    assert [(rank, name) for rank, name, *_rest in units(scene)[10, 50]] == [(1, "Health"), (1, "Revenue")]


def test_units_are_compared_with_those_of_their_size_and_the_border_belongs_below(scene):
    scene.officers(12, points=1)
    scene.officers(11, points=3, unit=scene.tehsil)
    scene.run()

    assert {band: rows[0][:2] for band, rows in units(scene, bands=(11, 500)).items()} == {
        (10, 11): (1, "Revenue"),
        (12, 500): (1, "Health"),
    }
    assert list(units(scene, bands=(12,))) == [(10, 12)]


def test_who_left_before_the_last_day_is_not_counted_and_who_left_on_it_is(scene):
    officers = scene.officers(12, points=1)
    for officer, to_on in zip(officers, (date(2026, 1, 30), date(2026, 1, 31)), strict=False):
        Posting.update(to_on=to_on).where(Posting.officer == officer).execute()
    scene.run()

    assert units(scene)[10, 50][0][2] == 11


def test_the_board_of_a_sealed_month_stays_whatever_the_roster_says_later(scene):
    officers = scene.officers(12, points=1)
    scene.officers(11, points=2, unit=scene.tehsil)
    scene.run()
    service.seal_month(JANUARY, by=SYSTEM, at=AT)
    before = {scope: units(scene, scope, **of) for scope, of in every_board(scene)}

    Posting.update(to_on=date(2025, 12, 31)).where(Posting.officer.in_(officers[:5])).execute()
    idle(scene, 30, unit=scene.tehsil)
    OrgUnit.update(department=scene.revenue).where(OrgUnit.id == scene.clinic.id).execute()

    assert {scope: units(scene, scope, **of) for scope, of in every_board(scene)} == before
    assert before[OFFICE] == {(10, 50): [(1, "Clinic", 12, 12, 12)]}


def every_board(scene):
    return [(DEPARTMENT, {}), (DISTRICT, {}), (BoardScope.DIVISION, {}), (OFFICE, {"department": scene.health})]


def test_of_a_month_computed_before_figures_were_kept_the_roster_of_today_is_asked(scene):
    scene.officers(12, points=1)
    scene.officers(11, points=2, unit=scene.tehsil)
    scene.run()
    kept = {scope: units(scene, scope, **of) for scope, of in every_board(scene)}
    ScoreMonth.update(seal_version=1).execute()
    UnitFigure.update(points=77, scored=77).execute()  # of a run that is none of this month's

    assert {scope: units(scene, scope, **of) for scope, of in every_board(scene)} == kept
    idle(scene, 8)
    assert [row[2] for row in units(scene)[10, 50] if row[1] == "Health"] == [20]
    assert queries.figures_in(JANUARY, DEPARTMENT)[scene.health.id].hours is None


@pytest.mark.parametrize(("scored", "is_listed"), [(0, False), (10, True), (11, True)])
def test_a_unit_in_which_fewer_than_ten_scored_is_in_no_list_however_many_are_posted(scene, scored, is_listed):
    scene.officers(10, points=1)
    scene.officers(scored, points=7, unit=scene.tehsil)
    idle(scene, 20 - scored, unit=scene.tehsil)
    scene.run()

    found = {name: (rank, officers, scored) for rank, name, officers, scored, _points in units(scene)[10, 50]}

    assert found.get("Revenue") == ((1, 20, scored) if is_listed else None)
    assert found["Health"][0] == (2 if is_listed else 1)  # what is not listed takes no rank either


@pytest.mark.parametrize(("scope", "department"), [(OFFICE, "revenue"), (DISTRICT, None)])
def test_so_it_is_with_offices_and_districts(scene, scope, department):
    scene.officers(9, points=7, unit=scene.tehsil)
    idle(scene, 11, unit=scene.tehsil)
    scene.run()

    of = {"department": getattr(scene, department)} if department else {}
    assert units(scene, scope, **of) == {}
    scene.officer(7, unit=scene.tehsil)
    scene.run()
    assert [row[2:] for row in units(scene, scope, **of)[10, 50]] == [(21, 10, 70)]


def test_a_head_sees_their_own_unit_with_its_rank_among_all(scene):
    scene.officers(10, points=1)
    scene.officers(10, points=3, unit=scene.tehsil)
    scene.run()

    assert [row[:2] for row in units(scene, by=scene.actors["meena"])[10, 50]] == [(2, "Health")]


def test_offices_are_those_of_one_department(scene):
    scene.officers(10, points=1)
    scene.officers(10, points=3, unit=scene.tehsil)
    scene.run()

    shown = units(scene, OFFICE, department=scene.health)

    assert [(rank, officers, points) for rank, _name, officers, _scored, points in shown[10, 50]] == [(1, 10, 10)]


def test_the_rank_of_the_month_before_is_told_among_units_of_the_same_size(scene):
    for month, points in ((JANUARY, 1), (FEBRUARY, 5)):
        scene.officers(10, points=points, month=month)
        for officer in scene.officers(10, points=3, month=month, unit=scene.tehsil):
            scene.earn(officer, 0)
    scene.run(JANUARY)
    scene.run(FEBRUARY)

    def of_february(bands):
        found = queries.unit_board(FEBRUARY, DEPARTMENT, bands, by=SYSTEM)
        return {u.unit_en: (u.rank, u.previous_rank, u.change) for band in found for u in band.units}

    assert of_february((50,)) == {"Health": (1, 2, 1), "Revenue": (2, 1, -1)}


def test_a_unit_that_has_grown_into_another_band_has_no_rank_before(scene):
    scene.officers(10, points=1)
    scene.run(JANUARY)
    scene.officers(10, points=1, month=FEBRUARY, joined_on=date(2026, 2, 1))
    scene.run(FEBRUARY)

    (band,) = queries.unit_board(FEBRUARY, DEPARTMENT, (15, 50), by=SYSTEM)

    assert (band.smallest, band.units[0].rank, band.units[0].previous_rank) == (16, 1, None)


def test_hours_and_courses_in_time_are_those_of_ten_who_learnt(scene):
    officers = scene.officers(11, points=1)
    for number, officer in enumerate(officers):
        course = make.make_course(f"Course {number}", kind="Course")
        learns(officer, course, due_on=date(2026, 1, 10 if number else 9))
    scene.run()
    figures = queries.figures_in(JANUARY, DEPARTMENT)[scene.health.id]

    assert (figures.learners, figures.seconds, figures.plan_courses, figures.in_time) == (11, 11 * 5400, 11, 10)
    assert (figures.hours, figures.on_time) == (Fraction(3, 2), 90)
    assert replace(figures, learners=9, planners=9).hours is replace(figures, planners=9).on_time is None
    assert replace(figures, learners=10, planners=10).on_time == 90


def learns(officer, course, *, due_on: date) -> None:
    make.make_obligation(officer, course.name, due_on=due_on)
    make.make_completion(officer, course, datetime(2026, 1, 10, 6, tzinfo=UTC), duration_seconds=5400)


def test_hours_of_nine_who_learnt_are_not_told_by_subtracting_those_of_the_others(scene):
    course = make.make_course("Noting", kind="Course")
    for unit, learners in ((scene.clinic, 9), (scene.tehsil, 11), (forest(scene), 12)):
        for number, officer in enumerate(scene.officers(12, points=1, unit=unit)):
            if number < learners:
                learns(officer, course, due_on=date(2026, 1, 31))
    scene.run()

    (band,) = queries.unit_board(JANUARY, DEPARTMENT, (50,), by=SYSTEM)

    assert {u.unit_en: hours(u) for u in band.units} == {"Health": None, "Revenue": None, "Forest": 1.5}


def test_the_months_of_a_unit_are_those_that_may_be_told(scene):
    scene.officers(12, points=2)
    scene.officers(10, points=1, unit=scene.tehsil)
    scene.run(JANUARY)
    scene.run(FEBRUARY)
    history = queries.unit_history(scene.health, [JANUARY.previous, JANUARY, FEBRUARY], (50,))

    assert [(one.month, one.rank, one.among) for one in history] == [
        (JANUARY.previous, None, 0),
        (JANUARY, 1, 2),
        (FEBRUARY, None, 0),
    ]
    assert history[1].figures.points == 24


@pytest.mark.parametrize("kind", ["state", "division", "raipur", "clinic"])
def test_a_unit_of_every_kind_has_a_history(scene, kind):
    scene.officers(12, points=2)
    scene.run()

    (january,) = queries.unit_history(getattr(scene, kind), [JANUARY], (50,))

    assert (january.rank, january.among, january.figures.points) == (1, 1, 24)


def test_the_history_of_an_office_is_told_among_the_offices_it_was_listed_with(scene):
    scene.officers(12, points=2)
    scene.officers(12, points=4, unit=scene.hospital)
    scene.officers(12, points=9, unit=scene.tehsil)
    scene.run()
    OrgUnit.update(department=scene.revenue).where(OrgUnit.id == scene.clinic.id).execute()

    (january,) = queries.unit_history(scene.clinic, [JANUARY], (50,))

    assert (january.rank, january.among) == (2, 2)


@pytest.mark.parametrize("months", [1, 12])
def test_a_history_is_two_statements_whatever_the_months(scene, queries_of, months):
    scene.officers(12, points=2)
    scene.run()
    asked = [JANUARY]
    while len(asked) < months:
        asked.append(asked[-1].previous)

    assert queries_of(lambda: queries.unit_history(scene.health, asked, (50,))) == 2


def test_more_officers_and_units_cost_no_further_statement(scene, queries_of):
    scene.officers(10, points=1)
    scene.run()
    few = queries_of(lambda: units(scene))
    scene.officers(20, points=2, unit=scene.tehsil)
    scene.run()

    assert queries_of(lambda: units(scene)) == few


@pytest.mark.parametrize(
    ("largest", "bands"),
    [
        ([], [(10, None)]),
        ([50], [(10, 50), (51, None)]),
        ([200, 50], [(10, 50), (51, 200), (201, None)]),
        ([5, 10], [(10, 10), (11, None)]),
    ],
)
def test_bands_leave_no_size_out_and_none_twice(largest, bands):
    assert bands_from(10, largest) == bands
