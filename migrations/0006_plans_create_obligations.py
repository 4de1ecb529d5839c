"""What plans expect of each officer; by course name, because a plan row knows nothing else."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Obligation(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        course_name = TextField()
        is_apar = BooleanField(null=True)
        allocated_on = DateField(null=True)
        due_on = DateField(null=True)
        progress = TextField()
        finished_on = DateField(null=True)
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "obligation"
            indexes = (
                (("officer", "course_name"), True),
                (("course_name",), False),
            )
            constraints = [
                Check("course_name <> ''"),
            ]

    return [Obligation]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
