"""Which unit a row means by what it tells of its organisation, and what lies below what."""

import pytest

from karmyogi.reports.rules import Node, Told, folded, is_inside, units_meant
from karmyogi.reports.rules.places import lies_below

HEALTH = Node(2, False, "/1/2/", "/1/2/")
REVENUE = Node(20, False, "/1/20/", "/1/20/")
RAIPUR = Node(5, True, "/1/5/", "/1/5/")
HOSPITAL = Node(7, False, "/1/2/7/", "/1/5/7/")
OTHER_HOSPITAL = Node(8, False, "/1/20/8/", "/1/5/8/")
CALLED = {
    "health": [HEALTH],
    "revenue": [REVENUE],
    "raipur": [RAIPUR],
    "district hospital": [HOSPITAL, OTHER_HOSPITAL],
}


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (Told(name="Health"), (HEALTH,)),
        (Told(name="  hEALTH  "), (HEALTH,)),
        (Told(name="Board of Nowhere", department="Health"), (HEALTH,)),
        (Told(name="Revenue", department="Health"), (REVENUE,)),  # iGOT's organisation goes before the department
        (Told(name="Health", organisation="District Hospital"), (HOSPITAL,)),
        (Told(name="District Hospital", department="Revenue"), (OTHER_HOSPITAL,)),
        (Told(name="District Hospital"), (HOSPITAL, OTHER_HOSPITAL)),
        (Told(name="Health", organisation="Revenue"), (HEALTH,)),
        (Told(organisation="Revenue"), (REVENUE,)),
        (Told(mdoid="0107"), ()),
        (Told(), ()),
    ],
)
def test_the_narrowest_unit_told_is_meant(told, meant):
    assert units_meant(told, CALLED) == meant


def test_a_department_is_followed_in_its_line_and_a_district_in_its_territory():
    assert [lies_below(unit, HEALTH) for unit in (HEALTH, HOSPITAL, OTHER_HOSPITAL, REVENUE)] == [
        True,
        True,
        False,
        False,
    ]
    assert [lies_below(unit, RAIPUR) for unit in (RAIPUR, HOSPITAL, OTHER_HOSPITAL, HEALTH)] == [
        True,
        True,
        True,
        False,
    ]


def test_a_unit_whose_number_only_begins_alike_is_not_below():
    assert not lies_below(REVENUE, HEALTH)


def test_a_name_that_several_bear_lies_inside_only_if_all_of_them_do():
    assert is_inside([HOSPITAL], HEALTH)
    assert not is_inside([HOSPITAL, OTHER_HOSPITAL], HEALTH)
    assert is_inside([HOSPITAL, OTHER_HOSPITAL], RAIPUR)
    assert not is_inside([], HEALTH)


def test_names_are_compared_without_case_and_with_single_spaces():
    assert folded("  District\u00a0 HOSPITAL ") == "district hospital"


def test_what_a_reader_calls_it_is_the_nearest_that_is_told():
    assert [
        told.text for told in (Told("0107", "", "", "Health"), Told("0107"), Told("0107", "CHC", "", "Health"))
    ] == [
        "Health",
        "0107",
        "CHC",
    ]
