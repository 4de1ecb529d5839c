"""The catalogue: one row per provider, name and type, its other names, its batches as reported, and what it teaches."""

from enum import StrEnum

import peewee

from karmyogi.store.db import JsonText, Moment, Table, one_of


class Course(Table):
    """An item of iGOT's catalogue; the name is normalised, its case kept."""

    provider = peewee.TextField(default="")
    name = peewee.TextField()
    kind = peewee.TextField(default="")  # Course, Moderated Course, External Content …
    duration_seconds = peewee.IntegerField(null=True)  # as last reported
    status = peewee.TextField(null=True)  # as iGOT says it: Live, Retired …
    rating = peewee.IntegerField(null=True)  # hundredths of a star
    published_on = peewee.DateField(null=True)
    retired_on = peewee.DateField(null=True)
    reported_at = Moment(null=True)  # of the content report; what enrolments tell is not dated here
    fingerprint = peewee.CharField(max_length=16, null=True)  # of what the content report told
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)

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


class CourseBatch(Table):
    """How many people iGOT counts with one batch of a course, as last reported; a blank batch is one batch."""

    course = peewee.ForeignKeyField(Course, backref="batches", on_delete="RESTRICT", index=False)
    batch = peewee.TextField(default="")
    batch_name = peewee.TextField(default="")
    batch_from_on = peewee.DateField(null=True)
    batch_to_on = peewee.DateField(null=True)
    enrolled = peewee.IntegerField(null=True)
    not_started = peewee.IntegerField(null=True)
    in_progress = peewee.IntegerField(null=True)
    completed = peewee.IntegerField(null=True)
    certificates = peewee.IntegerField(null=True)
    first_completed_on = peewee.DateField(null=True)
    last_completed_on = peewee.DateField(null=True)
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("course", "batch"), True),)

    def __str__(self) -> str:
        return self.batch_name or self.batch


class Competency(Table):
    """What a course can teach, in iGOT's three steps: area, theme, sub-theme."""

    area = peewee.TextField()
    theme = peewee.TextField(default="")
    sub_theme = peewee.TextField(default="")
    area_description = peewee.TextField(default="")
    theme_description = peewee.TextField(default="")
    theme_type = peewee.TextField(default="")
    sub_theme_description = peewee.TextField(default="")
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)

    class Meta:
        indexes = ((("area", "theme", "sub_theme"), True),)
        constraints = [peewee.Check("area <> ''")]

    def __str__(self) -> str:
        return " › ".join(filter(None, (self.area, self.theme, self.sub_theme)))


class CourseCompetency(Table):
    """A course, by the name iGOT gives it, teaches a competency; the course itself may be reported later."""

    course_name = peewee.TextField()
    competency = peewee.ForeignKeyField(Competency, backref="courses", on_delete="RESTRICT")
    content_id = peewee.TextField(default="")
    reported_at = Moment(null=True)  # the mapping carries no date of its own so far
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("course_name", "competency"), True),)
        constraints = [peewee.Check("course_name <> ''")]

    def __str__(self) -> str:
        return self.course_name
