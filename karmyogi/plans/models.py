"""What is expected of each officer."""

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
