"""Units over a quarter or a year: sums of what the months tell, people as their average, nothing by subtraction."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karmyogi.core.months import Month
from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Posting
from karmyogi.scores import queries, service
from karmyogi.scores.models import ScoreMonth, ScorePeriod, UnitFigure, in_month
from karmyogi.scores.queries.summing import Sums
from karmyogi.scores.rules import BoardScope, UnitFigures, told_hours, told_units
from tests import factories as make
from tests.scores.adding_up import QUARTER, YEAR, add_up, row, seal
from tests.scores.correcting import correct
from tests.scores.scene import FEBRUARY, JANUARY, Scene

DEPARTMENT, OFFICE = BoardScope.DEPARTMENT, BoardScope.OFFICE
DECEMBER = Month(2025, 12)


def units(when=QUARTER, scope=DEPARTMENT, *, by=SYSTEM, department=None) -> list[tuple]:
    """Rank, name, officers, with a score, points and rank before of every unit."""
    found = queries.unit_board(when, scope, (50,), by=by, department_id=department and department.id)
    return [
        (u.rank, u.unit_en, u.figures.officers, u.figures.scored, u.figures.points, u.previous_rank)
        for band in found
        for u in band.units
    ]


def names(when) -> list[str]:
    return sorted(unit[1] for unit in units(when))


def both(scene: Scene, count: int, *, january: int = 1, february: int = 1, unit=None) -> list:
    """Officers with so many points in January and in February."""
    officers = [make.make_officer(unit=unit or scene.clinic) for _ in range(count)]
    for officer in officers:
        scene.earn(officer, january)
        scene.earn(officer, february, month=FEBRUARY)
    return officers


def test_points_are_added_up_and_officers_are_the_average_of_the_months(scene):
    both(scene, 10, january=3)
    both(scene, 11, unit=scene.tehsil)
    newcomer = make.make_officer(unit=scene.clinic)
    Posting.update(from_on=date(2026, 2, 1)).where(Posting.officer == newcomer).execute()
    scene.earn(newcomer, 1, month=FEBRUARY)
    add_up(JANUARY, FEBRUARY)

    # Health had 10 officers and then 11: ten and a half is eleven; 30 points and then 11.
    assert units() == [(1, "Health", 11, 11, 41, None), (2, "Revenue", 11, 11, 22, None)]
    assert units(YEAR) == units()


def test_a_unit_is_ranked_against_the_quarter_before(scene):
    for officer in both(scene, 10):
        scene.earn(officer, 1, month=DECEMBER)
    for officer in both(scene, 10, january=2, unit=scene.tehsil):
        scene.earn(officer, 2, month=DECEMBER)
    for officer in both(scene, 10, january=9, unit=scene.hospital):
        scene.earn(officer, 1, month=DECEMBER)
    add_up(DECEMBER, JANUARY, FEBRUARY)

    assert units() == [(1, "Health", 20, 20, 120, 2), (2, "Revenue", 10, 10, 30, 1)]


@pytest.mark.parametrize(("few", "listed"), [(9, []), (10, ["Health", "Revenue"]), (11, ["Health", "Revenue"])])
def test_a_unit_that_one_month_keeps_back_is_kept_back_by_the_quarter_and_so_is_what_gives_it_away(scene, few, listed):
    both(scene, few, january=3)
    scene.officers(12 - few, points=3)  # in January all twelve have a score
    both(scene, 14, unit=scene.tehsil)
    add_up(JANUARY, FEBRUARY)

    assert names(JANUARY) == ["Health", "Revenue"]
    assert names(FEBRUARY) == names(QUARTER) == listed
    stored = UnitFigure.select().where(in_month(QUARTER, UnitFigure) & (UnitFigure.scope == "department"))
    assert stored.count() == len(listed)


def test_offices_stand_in_the_department_they_were_in(scene):
    both(scene, 10)
    both(scene, 10, january=2, unit=scene.hospital)
    both(scene, 10, unit=scene.tehsil)
    add_up(JANUARY, FEBRUARY)

    assert [unit[:2] for unit in units(scope=OFFICE, department=scene.health)] == [(1, "Hospital"), (2, "Clinic")]
    assert [unit[:2] for unit in units(scope=OFFICE, department=scene.revenue)] == [(1, "Tehsil")]


def test_a_head_sees_the_units_within_reach_with_their_rank_among_all(scene):
    both(scene, 10)
    both(scene, 10, january=2, unit=scene.tehsil)
    add_up(JANUARY, FEBRUARY)

    assert [unit[:2] for unit in units(by=scene.actors["meena"])] == [(2, "Health")]


def test_a_correction_changes_no_figures_of_units(scene):
    officers = both(scene, 10)
    both(scene, 10, january=2, unit=scene.tehsil)
    add_up(JANUARY, FEBRUARY)
    before = units()
    scene.earn(officers[0], 9)
    correct(scene)

    assert service.add_up(by=SYSTEM) == [str(QUARTER), str(YEAR)]
    assert units() == before


def test_months_that_keep_no_figures_cannot_be_added_up(scene):
    both(scene, 10)
    both(scene, 10, unit=scene.tehsil)
    seal(JANUARY, FEBRUARY)
    ScoreMonth.update(seal_version=1).where(ScoreMonth.month == str(JANUARY)).execute()
    service.add_up(by=SYSTEM)

    assert (units(), row().keeps_figures, queries.keeps_figures(QUARTER)) == ([], False, False)
    assert ScorePeriod.get(ScorePeriod.period == str(QUARTER)).officer_count == 20


# ── The rules ──


numbers = st.integers(0, 25)
figures = st.builds(
    lambda officers, scored, points, learners, seconds, planners, courses, late: UnitFigures(
        officers, scored, points, learners, seconds, min(planners, learners), courses, max(courses - late, 0)
    ),
    *[numbers] * 8,
)


@given(months=st.lists(st.dictionaries(st.integers(1, 5), figures, max_size=5), min_size=1, max_size=4))
def test_only_what_every_month_lists_is_added_up_so_that_the_sums_tell_nothing_new(months):
    sums = Sums()
    for units_of_month in months:
        sums.add({None: units_of_month})
    told = {unit: UnitFigures(*rest) for _scope, unit, _home, *rest in sums.rows(DEPARTMENT)}

    assert told.keys() == set.intersection(*(told_units(one) for one in months))
    for unit, found in told.items():
        each = [one[unit] for one in months]
        has_hours = all(unit in told_hours(one) for one in months)
        assert found.points == sum(one.points for one in each)
        assert found.seconds == (sum(one.seconds for one in each) if has_hours else 0)
        assert abs(found.officers * len(months) - sum(one.officers for one in each)) * 2 <= len(months)
        assert found.is_enough
    assert told_units(told) == told.keys()  # the board of the period lists all that is kept
    assert told_hours(told) == {unit for unit in told if all(unit in told_hours(one) for one in months)}


@pytest.mark.parametrize(
    ("total", "months", "average"), [(0, 3, 0), (31, 3, 10), (32, 3, 11), (21, 2, 11), (10, 1, 10)]
)
def test_half_an_officer_is_rounded_up(total, months, average):
    assert UnitFigures(officers=total).over(months).officers == average


def test_an_office_that_changed_its_department_stands_where_it_was_last():
    sums, one = Sums(), UnitFigures(officers=10, scored=10, points=5)
    sums.add({1: {7: one}, 2: {8: one}})
    sums.add({2: {7: one, 8: one}})

    assert [(row[1], row[2], row[5]) for row in sums.rows(OFFICE)] == [(7, 2, 10), (8, 2, 10)]
    assert replace(one, points=10) == UnitFigures(*sums.rows(OFFICE)[0][3:])
