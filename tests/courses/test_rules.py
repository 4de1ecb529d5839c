"""Names that may be one course: what is near, and what must never be taken for near."""

import pytest

from karmyogi.courses.rules import Named, near_names, skeleton


def named(*names: str, provider: str = "ISTM", kind: str = "Course") -> list[Named]:
    return [Named(number, provider, name, kind) for number, name in enumerate(names, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Noting and Drafting", "Noting & Drafting"),
        ("Noting and Drafting", "Noting and Drafting (Revised)"),
        ("Noting and Drafting 2024", "Noting and Drafting 2025-26"),
        ("Noting and Drafting", "Noting and Draftting"),
        ("Code of Conduct for Government Employees", "Code of Conduct for Government Employes"),
        ("आचरण नियम का परिचय", "आचरण नियम का परिचय (2025)"),
        ("Prevention of Sexual Harassment v2", "Prevention of Sexual Harassment"),
    ],
)
def test_names_that_may_be_one_course(one, other):
    assert [(pair.one.name, pair.other.name) for pair in near_names(named(one, other))] == [(one, other)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Noting Part 1", "Noting Part 2"),
        ("Noting - Module I", "Noting - Module II"),
        ("Public Procurement Basics", "Public Policy Basics"),
        ("Yoga", "Ayurveda"),
    ],
)
def test_names_that_are_two_courses(one, other):
    assert near_names(named(one, other)) == []


def test_courses_of_two_providers_or_kinds_are_not_compared():
    assert near_names([*named("Noting & Drafting"), Named(9, "NIC", "Noting and Drafting", "Course")]) == []


def test_a_name_that_only_plans_use_is_compared_with_courses_but_not_with_another_such_name():
    [course] = named("Noting and Drafting")
    plans = [Named(None, "", name, "") for name in ("Noting & Drafting", "Noting and Drafting (new)")]

    assert {(pair.one.name, pair.other.id) for pair in near_names([course, *plans])} == {("Noting and Drafting", None)}


def test_two_thousand_courses_are_compared_without_comparing_each_with_each():
    courses = named(*(f"Course of subject {chr(97 + n % 26)}{n} for officers" for n in range(2000)))

    assert near_names(courses) == []


def test_a_name_of_nothing_but_a_year_keeps_it():
    assert skeleton("2025") == "2025"
