"""Verbs of courses: two names mean the same course, or they do not; either can be taken back."""

from datetime import datetime

import peewee

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import reason
from karmyogi.courses.models import Course, CourseAlias, Verdict
from karmyogi.courses.rules import Named
from karmyogi.store.db import database
from karmyogi.store.trail import record


def name_course(stands: Course, other: Named, *, by: Actor, at: datetime | None = None) -> CourseAlias:
    """Say that `other` is another name of the course that stands; facts under either name then count as one course.

    Raises RuleBroken if it is the same name, if `other` stands for another course or has names of its own, or if
    the first is itself another name: there are no chains. Raises WrongState if it was decided meanwhile.
    """
    if _as_named(stands) == (other.provider, other.name, other.kind):
        raise RuleBroken("alias_of_itself")
    return _decide(stands, other, Verdict.SAME, by, at or now())


def tell_apart(course: Course, other: Named, *, by: Actor, at: datetime | None = None) -> CourseAlias:
    """Say that `other` is another course, so that it is not suggested again. Raises WrongState if that is decided."""
    return _decide(course, other, Verdict.DIFFERENT, by, at or now())


def _decide(course: Course, other: Named, verdict: Verdict, by: Actor, at: datetime) -> CourseAlias:
    told = {"provider": other.provider, "name": other.name, "kind": other.kind}
    try:
        with database.atomic():
            if verdict is Verdict.SAME:
                _refuse_chains(course, other)
            alias = CourseAlias.create(
                course=course, verdict=verdict.value, decided_by=by.user_id, decided_at=at, **told
            )
            record(by, f"course.{verdict.value}", alias, {"course": course.id, **told}, at=at)
    except peewee.IntegrityError as error:
        raise WrongState("alias_moved_on") from error
    return alias


def _refuse_chains(stands: Course, other: Named) -> None:
    if _stands_for(*_as_named(stands)):
        raise RuleBroken(reason("alias_is_taken", name=stands.name))
    same = CourseAlias.verdict == Verdict.SAME.value
    has_names = other.id is not None and CourseAlias.select().where(same & (CourseAlias.course == other.id)).exists()
    if has_names or _stands_for(other.provider, other.name, other.kind):
        raise RuleBroken(reason("alias_is_taken", name=other.name))


def _stands_for(provider: str, name: str, kind: str) -> bool:
    meant = (CourseAlias.provider == provider) & (CourseAlias.name == name) & (CourseAlias.kind == kind)
    return bool(CourseAlias.select().where(meant & (CourseAlias.verdict == Verdict.SAME.value)).exists())


def _as_named(course: Course) -> tuple[str, str, str]:
    return course.provider, course.name, course.kind


def take_back(alias: CourseAlias, *, by: Actor, at: datetime | None = None) -> None:
    """Forget a decision about two names; they may be suggested again. Raises WrongState if it is gone already."""
    with database.atomic():
        told = {"course": alias.course_id, "verdict": alias.verdict, "name": alias.name}
        if not CourseAlias.delete().where(CourseAlias.id == alias.id).execute():
            raise WrongState("alias_moved_on")
        record(by, "course.undecide", alias, told, at=at)
