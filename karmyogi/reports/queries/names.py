"""Reads about names of courses: which may mean one course, being near or standing with one certificate."""

from dataclasses import dataclass

import peewee

from karmyogi.completions.models import Enrolment
from karmyogi.courses.models import Course, CourseAlias
from karmyogi.courses.rules import Named, Pair, near_names
from karmyogi.plans.models import Obligation
from karmyogi.store.imports import ImportRow

SHOWN = 50
CERTIFICATE = "certificate_of_other_course"


@dataclass(frozen=True)
class Suggestion:
    """Two names that may mean one course, why that is thought, and in how many enrolments or plans each stands."""

    one: Named
    other: Named
    why: str  # "near_names" or "one_certificate"
    uses: tuple[int, int]


def suggestions() -> list[Suggestion]:
    """Names about which nobody has decided, those of one certificate first, then the likeliest; at most `SHOWN`."""
    courses = [Named(*row) for row in _catalogue().tuples()]
    plan_names = [Named(None, "", name, "") for (name,) in _only_in_plans().tuples()]
    proved = _of_one_certificate({course.id: course for course in courses})
    near = near_names([*courses, *plan_names])
    decided = _decided()
    found = {
        _key(pair): (pair, why) for why, pairs in (("near_names", near), ("one_certificate", proved)) for pair in pairs
    }
    fresh = [(pair, why) for key, (pair, why) in found.items() if key not in decided]
    fresh.sort(key=lambda one: (one[1] == "near_names", -one[0].likeness, one[0].one.name))
    return _with_uses(fresh[:SHOWN])


def _catalogue() -> peewee.ModelSelect:
    """Every course that is not another name already."""
    same = (
        (CourseAlias.provider == Course.provider)
        & (CourseAlias.name == Course.name)
        & (CourseAlias.kind == Course.kind)
        & (CourseAlias.verdict == "same")
    )
    known = CourseAlias.select(CourseAlias.id).where(same)
    return (
        Course.select(Course.id, Course.provider, Course.name, Course.kind)
        .where(~peewee.fn.EXISTS(known))
        .order_by(Course.id)
    )


def _only_in_plans() -> peewee.ModelSelect:
    """Names that plans use and no course has."""
    named = Course.select(Course.id).where(Course.name == Obligation.course_name)
    decided = CourseAlias.select(CourseAlias.id).where(
        (CourseAlias.name == Obligation.course_name) & (CourseAlias.verdict == "same")
    )
    names = Obligation.select(Obligation.course_name).where(~peewee.fn.EXISTS(named) & ~peewee.fn.EXISTS(decided))
    return names.distinct().order_by(Obligation.course_name)


def _of_one_certificate(courses: dict[int | None, Named]) -> list[Pair]:
    """Courses for which reports gave one officer the same certificate id."""
    rows = ImportRow.select(ImportRow.facts).where(ImportRow.code == CERTIFICATE).distinct()
    by_name = {(course.provider, course.name, course.kind): course for course in courses.values()}
    pairs = []
    for (facts,) in rows.tuples():
        one = by_name.get((facts["provider"], facts["course"], facts["kind"]))
        other = courses.get(facts["other_id"])
        if one and other and one.id != other.id:
            pairs.append(Pair(*sorted((one, other), key=lambda course: course.id or 0), 100))
    return pairs


def _key(pair: Pair) -> frozenset[tuple[str, str, str]]:
    return frozenset((one.provider, one.name, one.kind) for one in (pair.one, pair.other))


def _decided() -> set[frozenset[tuple[str, str, str]]]:
    rows = CourseAlias.select(CourseAlias, Course).join(Course)
    return {
        frozenset(((row.provider, row.name, row.kind), (row.course.provider, row.course.name, row.course.kind)))
        for row in rows
    }


def _with_uses(pairs: list[tuple[Pair, str]]) -> list[Suggestion]:
    each = [named for pair, _why in pairs for named in (pair.one, pair.other)]
    enrolled = _counted(Enrolment, Enrolment.course, [named.id for named in each if named.id])
    planned = _counted(Obligation, Obligation.course_name, [named.name for named in each if named.id is None])
    uses = {named: enrolled.get(named.id, 0) if named.id else planned.get(named.name, 0) for named in each}
    return [Suggestion(pair.one, pair.other, why, (uses[pair.one], uses[pair.other])) for pair, why in pairs]


def _counted(table: type[peewee.Model], column: peewee.Field, values: list[object]) -> dict[object, int]:
    rows = table.select(column, peewee.fn.COUNT(table.id)).where(column.in_(values)).group_by(column)
    return dict(rows.tuples())
