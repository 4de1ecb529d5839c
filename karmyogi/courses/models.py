"""The catalogue: one row per provider, name and type, and the other names of what it holds."""

from enum import StrEnum

import peewee

from karmyogi.store.db import Moment, Table, one_of


class Course(Table):
    """An item of iGOT's catalogue; the name is normalised, its case kept."""

    provider = peewee.TextField(default="")
    name = peewee.TextField()
    kind = peewee.TextField(default="")  # Course, Moderated Course, External Content …
    duration_seconds = peewee.IntegerField(null=True)  # as last reported
    import_id = peewee.IntegerField(null=True)

    class Meta:
        indexes = ((("provider", "name", "kind"), True), (("name",), False))
        constraints = [
            peewee.Check("name <> ''"),
            peewee.Check("duration_seconds IS NULL OR duration_seconds >= 0"),
        ]

    def __str__(self) -> str:
        return self.name


class Verdict(StrEnum):
    """What somebody decided about two names."""

    SAME = "same"
    DIFFERENT = "different"


class CourseAlias(Table):
    """Another name under which a report or a plan speaks of a course, or one that somebody found to mean another.

    A plan knows a name alone: then provider and kind are blank. Facts stay under
    the name they came with; who reads them asks `courses.queries`.
    """

    course = peewee.ForeignKeyField(Course, backref="aliases", on_delete="RESTRICT")  # the one that stands
    provider = peewee.TextField(default="")
    name = peewee.TextField()
    kind = peewee.TextField(default="")
    verdict = peewee.TextField()
    decided_by = peewee.IntegerField(null=True)
    decided_at = Moment()

    class Meta:
        indexes = ((("provider", "name", "kind", "course"), True),)
        constraints = [one_of("verdict", [v.value for v in Verdict]), peewee.Check("name <> ''")]

    def __str__(self) -> str:
        return self.name


# A name means one course.
CourseAlias.add_index(
    CourseAlias.index(
        CourseAlias.provider,
        CourseAlias.name,
        CourseAlias.kind,
        unique=True,
        where=CourseAlias.verdict == "same",
        name="course_alias_one_course_for_a_name",
    )
)
