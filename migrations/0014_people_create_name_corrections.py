"""Requests of officers to have their names corrected."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class NameCorrection(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        old_name_hi = TextField()
        old_name_en = TextField()
        name_hi = TextField()
        name_en = TextField()
        reason = TextField()
        reference = TextField()
        requested_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        released_at = DateTimeField(null=True)

        class Meta:
            table_name = "name_correction"
            constraints = [
                Check("state IN ('requested', 'approved', 'refused', 'withdrawn')"),
                Check("name_hi <> '' AND name_en <> '' AND reason <> ''"),
                Check("(state = 'requested') = (decided_at IS NULL)"),
                Check("released_at IS NULL OR state = 'approved'"),
            ]

    NameCorrection.add_index(
        NameCorrection.index(
            NameCorrection.officer,
            unique=True,
            where=NameCorrection.state == "requested",
            name="name_correction_one_open_per_officer",
        )
    )
    return [NameCorrection]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
