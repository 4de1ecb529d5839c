"""Sessions that the State held, and the officers who attended or taught them."""

import peewee

from karmyogi.people.models import Officer
from karmyogi.store.db import Table, one_of


class TrainingSession(Table):
    """A sitting of a training on one day."""

    title_hi = peewee.TextField(default="")
    title_en = peewee.TextField()
    held_on = peewee.DateField(index=True)

    def __str__(self) -> str:
        return self.title_hi or self.title_en


class Attendance(Table):
    """An officer's part in a session: attended it, or taught it."""

    session = peewee.ForeignKeyField(TrainingSession, backref="attendances", on_delete="RESTRICT", index=False)
    officer = peewee.ForeignKeyField(Officer, backref="attendances", on_delete="RESTRICT")
    part = peewee.TextField(default="attended")

    class Meta:
        indexes = ((("session", "officer", "part"), True),)
        constraints = [one_of("part", ["attended", "taught"])]

    def __str__(self) -> str:
        return self.part
