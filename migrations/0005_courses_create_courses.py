"""The catalogue, one row per provider, name and type."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Course(Base):
        provider = TextField()
        name = TextField()
        kind = TextField()
        duration_seconds = IntegerField(null=True)
        import_id = IntegerField(null=True)

        class Meta:
            table_name = "course"
            indexes = (
                (("provider", "name", "kind"), True),
                (("name",), False),
            )
            constraints = [
                Check("name <> ''"),
                Check("duration_seconds IS NULL OR duration_seconds >= 0"),
            ]

    return [Course]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
