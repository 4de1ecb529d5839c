"""The catalogue: one row per provider, name and type."""

import peewee

from karmyogi.store.db import Table


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
