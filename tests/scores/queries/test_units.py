"""Boards of units: points for each officer posted, among units of like size, ties shared, nobody out of reach."""

from datetime import date

import pytest

from karmyogi.core.permissions import SYSTEM
from karmyogi.people.models import Posting
from karmyogi.scores import queries
from karmyogi.scores.rules import BoardScope, bands_from
from tests import factories as make
from tests.scores.scene import JANUARY

DEPARTMENT, DISTRICT, OFFICE = BoardScope.DEPARTMENT, BoardScope.DISTRICT, BoardScope.OFFICE


def units(scene, scope=DEPARTMENT, bands=(50,), *, by=SYSTEM, department=None):
    """Rank, name, officers, with a score, points of every unit, by band."""
    found = queries.unit_board(JANUARY, scope, bands, by=by, department_id=department and department.id)
    return {
        (band.smallest, band.largest): [(u.rank, u.unit_en, u.officers, u.scored, u.points) for u in band.units]
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


def test_a_unit_of_nine_is_in_no_list_and_one_of_ten_is(scene):
    scene.officers(9, points=9)
    scene.officers(10, points=1, unit=scene.tehsil)
    scene.run()

    assert [name for _rank, name, *_rest in units(scene)[10, 50]] == ["Revenue"]


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
    scene.run()
    for officer, to_on in zip(officers, (date(2026, 1, 30), date(2026, 1, 31)), strict=False):
        Posting.update(to_on=to_on).where(Posting.officer == officer).execute()

    assert units(scene)[10, 50][0][2] == 11


@pytest.mark.parametrize(("scored", "is_listed"), [(0, False), (1, False), (9, False), (10, True), (11, True)])
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
