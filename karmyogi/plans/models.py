"""What is expected of each officer, and what iGOT counts of it."""

import peewee

from karmyogi.people.models import Officer
from karmyogi.store.db import JsonText, Moment, Table


class Obligation(Table):
    """A course that an officer's plan expects by a date; iGOT names the course only by its name."""

    officer = peewee.ForeignKeyField(Officer, backref="obligations", on_delete="RESTRICT", index=False)
    course_name = peewee.TextField()
    is_apar = peewee.BooleanField(null=True)
    allocated_on = peewee.DateField(null=True)
    due_on = peewee.DateField(null=True)
    progress = peewee.TextField(default="")  # as iGOT said it, for display only
    finished_on = peewee.DateField(null=True)  # as iGOT said it, for display only
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("officer", "course_name"), True), (("course_name",), False))
        constraints = [peewee.Check("course_name <> ''")]

    def __str__(self) -> str:
        return self.course_name


class PlanSummary(Table):
    """How many courses of the plan iGOT counts for an officer, as last reported; our own count is made from facts."""

    officer = peewee.ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", unique=True)
    allocated = peewee.IntegerField()
    finished = peewee.IntegerField()
    in_time = peewee.IntegerField(null=True)
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        constraints = [
            peewee.Check("allocated >= 0"),
            peewee.Check("finished >= 0"),
            peewee.Check("in_time IS NULL OR in_time >= 0"),
        ]

    def __str__(self) -> str:
        return f"{self.finished}/{self.allocated}"
