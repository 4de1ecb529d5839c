"""Sessions that were held, who attended or taught them, and blended programmes as iGOT reports them."""

import peewee

from karmyogi.people.models import Officer
from karmyogi.store.db import JsonText, Moment, Table, one_of


class TrainingSession(Table):
    """A sitting of a training on one day."""

    title_hi = peewee.TextField(default="")
    title_en = peewee.TextField()
    held_on = peewee.DateField(index=True)
    igot_key = peewee.CharField(max_length=16, null=True, unique=True)  # of a sitting that iGOT's report names
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)

    def __str__(self) -> str:
        return self.title_hi or self.title_en


class Attendance(Table):
    """An officer's part in a session: attended it, or taught it."""

    session = peewee.ForeignKeyField(TrainingSession, backref="attendances", on_delete="RESTRICT", index=False)
    officer = peewee.ForeignKeyField(Officer, backref="attendances", on_delete="RESTRICT")
    part = peewee.TextField(default="attended")
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)

    class Meta:
        indexes = ((("session", "officer", "part"), True),)
        constraints = [one_of("part", ["attended", "taught"])]

    def __str__(self) -> str:
        return self.part


class ProgrammePart(Table):
    """An officer's part in one component of a blended programme, as last reported; a sitting has its day and hours."""

    officer = peewee.ForeignKeyField(Officer, backref="programme_parts", on_delete="RESTRICT", index=False)
    programme = peewee.TextField()
    batch = peewee.TextField(default="")
    component = peewee.TextField()
    sitting = peewee.TextField(default="")  # day and time, blank for a component online
    provider = peewee.TextField(default="")
    place = peewee.TextField(default="")
    batch_from_on = peewee.DateField(null=True)
    batch_to_on = peewee.DateField(null=True)
    enrolled_on = peewee.DateField(null=True)
    component_type = peewee.TextField(default="")
    mode = peewee.TextField(default="")
    status = peewee.TextField(default="")
    duration_seconds = peewee.IntegerField(null=True)
    progress = peewee.IntegerField(null=True)  # hundredths of a per cent
    completed_on = peewee.DateField(null=True)
    held_on = peewee.DateField(null=True)
    starts = peewee.TextField(default="")
    ends = peewee.TextField(default="")
    is_attended = peewee.BooleanField(null=True)  # nothing is said of a component online
    instructors = peewee.TextField(default="")
    coordinator = peewee.TextField(default="")
    has_certificate = peewee.BooleanField(null=True)
    mdoid = peewee.TextField(default="")
    reported_at = Moment(null=True)
    fingerprint = peewee.CharField(max_length=16, default="")  # of the row last applied
    import_id = peewee.IntegerField(null=True)
    row_number = peewee.IntegerField(null=True)
    extra = JsonText(default=dict)

    class Meta:
        indexes = ((("officer", "programme", "batch", "component", "sitting"), True),)
        constraints = [peewee.Check("progress IS NULL OR progress BETWEEN 0 AND 10000")]

    def __str__(self) -> str:
        return f"{self.programme}: {self.component}"
