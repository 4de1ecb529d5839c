"""Enrolments as reported, completions as facts and what is doubted of them, assessments, and steps told by officers."""

import peewee

from karmyogi.completions.rules import FLAG, Doubt, Step
from karmyogi.courses.models import Course
from karmyogi.people.models import Officer
from karmyogi.store.db import JsonText, Moment, Table, one_of
from karmyogi.store.transitions import Case

STATUSES = ("not-enrolled", "not-started", "in-progress", "completed")
ASSESSMENTS = ("course", "standalone")


class Enrolment(Table):
    """An officer's row for one item and batch, as last reported; a blank batch is one batch."""

    officer = peewee.ForeignKeyField(Officer, backref="enrolments", on_delete="RESTRICT", index=False)
    course = peewee.ForeignKeyField(Course, backref="enrolments", on_delete="RESTRICT")
    batch = peewee.TextField(default="")
    batch_name = peewee.TextField(default="")
    batch_from_on = peewee.DateField(null=True)
    batch_to_on = peewee.DateField(null=True)
    status = peewee.TextField()
    progress = peewee.IntegerField(null=True)  # hundredths of a per cent
    enrolled_at = Moment(null=True)
    enrolled_on = peewee.DateField(null=True)  # the same, as a day in India
    completed_at = Moment(null=True)  # kept when a later report says in progress
    completed_on = peewee.DateField(null=True)
    has_certificate = peewee.BooleanField(default=False)
    certificate_id = peewee.TextField(default="", index=True)
    rating = peewee.IntegerField(null=True)  # stars
    duration_seconds = peewee.IntegerField(null=True)
    is_mandated = peewee.BooleanField(null=True)
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("officer", "course", "batch"), True),)
        constraints = [
            one_of("status", STATUSES),
            peewee.Check("progress IS NULL OR progress BETWEEN 0 AND 10000"),
            peewee.Check("rating IS NULL OR rating BETWEEN 1 AND 5"),
            peewee.Check("duration_seconds IS NULL OR duration_seconds >= 0"),
            peewee.Check("(completed_at IS NULL) = (completed_on IS NULL)"),
        ]

    def __str__(self) -> str:
        return self.status


class Completion(Table):
    """The fact that an officer finished a course: once, on the earliest date ever reported."""

    month = peewee.CharField(max_length=7)  # of completed_on; first in the index that scoring reads
    officer = peewee.ForeignKeyField(Officer, backref="completions", on_delete="RESTRICT", index=False)
    course = peewee.ForeignKeyField(Course, backref="completions", on_delete="RESTRICT")
    completed_at = Moment()
    completed_on = peewee.DateField()
    has_certificate = peewee.BooleanField(default=False)
    certificate_id = peewee.TextField(default="")
    is_rated = peewee.BooleanField(default=False)
    duration_seconds = peewee.IntegerField(default=0)  # of the earliest batch with a certificate
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)

    class Meta:
        indexes = ((("officer", "course"), True), (("month", "officer"), False))
        constraints = [peewee.Check("duration_seconds >= 0"), peewee.Check("length(month) = 7")]

    def __str__(self) -> str:
        return f"{self.completed_on}"


class Flag(Case):
    """A completion that people should look at: why, and what it said when the flag was raised.

    `about` names what raised it together with others: the second, the certificate id, the officer or the import.
    It counts all the same, unless it was found not credible.
    """

    code = peewee.TextField()
    about = peewee.TextField(default="")
    officer = peewee.ForeignKeyField(Officer, backref="flags", on_delete="RESTRICT")
    completion = peewee.ForeignKeyField(Completion, backref="flags", on_delete="RESTRICT", index=False)
    completed_at = Moment()
    enrolled_at = Moment(null=True)
    length_seconds = peewee.IntegerField(null=True)  # of the course, as reported
    other = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False, null=True)  # who shares it
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)

    class Meta:
        indexes = ((("completion", "code"), True), (("code", "about"), False))
        constraints = [one_of("state", sorted(FLAG.states)), one_of("code", Doubt)]

    def __str__(self) -> str:
        return self.code


class Unenrolment(Table):
    """An officer left one item and batch; the enrolment, and a completion, stay as they are."""

    officer = peewee.ForeignKeyField(Officer, backref="unenrolments", on_delete="RESTRICT", index=False)
    course = peewee.ForeignKeyField(Course, backref="unenrolments", on_delete="RESTRICT")
    batch = peewee.TextField(default="")
    batch_name = peewee.TextField(default="")
    left_at = Moment()
    left_on = peewee.DateField()  # the same, as a day in India
    reason = peewee.TextField(default="")
    comment = peewee.TextField(default="")
    progress = peewee.IntegerField(null=True)  # hundredths of a per cent, when the officer left
    updated_by = peewee.TextField(default="")
    action = peewee.TextField(default="")
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("officer", "course", "batch"), True),)
        constraints = [peewee.Check("progress IS NULL OR progress BETWEEN 0 AND 10000")]

    def __str__(self) -> str:
        return f"{self.left_on}"


class Assessment(Table):
    """An officer's result in an assessment: the first day it was passed, else the last attempt; scores as last told.

    A standalone assessment is reported without the day of the attempt, so no month counts it.
    """

    officer = peewee.ForeignKeyField(Officer, backref="assessments", on_delete="RESTRICT", index=False)
    kind = peewee.TextField(default="course")
    name = peewee.TextField()
    course_name = peewee.TextField(default="")
    is_passed = peewee.BooleanField()
    attempted_on = peewee.DateField(null=True, index=True)
    standing = peewee.TextField(default="")  # as iGOT says it: Completed, In progress
    provider = peewee.TextField(default="")
    content_id = peewee.TextField(default="")
    published_on = peewee.DateField(null=True)
    duration_seconds = peewee.IntegerField(null=True)
    score = peewee.IntegerField(null=True)  # hundredths of a per cent, of the latest attempt
    cut_off = peewee.IntegerField(null=True)  # hundredths of a per cent that pass
    attempts = peewee.IntegerField(null=True)
    questions = peewee.IntegerField(null=True)
    incorrect = peewee.IntegerField(null=True)
    unattempted = peewee.IntegerField(null=True)
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("officer", "kind", "name", "course_name"), True),)
        constraints = [one_of("kind", ASSESSMENTS)]

    def __str__(self) -> str:
        return self.name


class OnboardingStep(Table):
    """A step of getting started that no report tells of: the officer's own word for it."""

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
    step = peewee.TextField()
    said_on = peewee.DateField()  # the day in India
    said_by = peewee.IntegerField(null=True)  # the account it was said from

    class Meta:
        indexes = ((("officer", "step"), True),)
        constraints = [one_of("step", [Step.DOWNLOAD.value])]

    def __str__(self) -> str:
        return self.step
