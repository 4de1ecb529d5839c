"""What the content report says of a course, and how many people are how far with each of its batches."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Course(Base):
        class Meta:
            table_name = "course"

    class CourseBatch(Base):
        course = ForeignKeyField(Course, backref="+", on_delete="RESTRICT", index=False)
        batch = TextField()
        batch_name = TextField()
        batch_from_on = DateField(null=True)
        batch_to_on = DateField(null=True)
        enrolled = IntegerField(null=True)
        not_started = IntegerField(null=True)
        in_progress = IntegerField(null=True)
        completed = IntegerField(null=True)
        certificates = IntegerField(null=True)
        first_completed_on = DateField(null=True)
        last_completed_on = DateField(null=True)
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "course_batch"
            indexes = ((("course", "batch"), True),)

    return [CourseBatch]


def columns():
    return {
        "status": TextField(null=True),
        "rating": IntegerField(null=True),
        "published_on": DateField(null=True),
        "retired_on": DateField(null=True),
        "reported_at": DateTimeField(null=True),
        "fingerprint": CharField(max_length=16, null=True),
        "row_number": IntegerField(null=True),
    }


def up(migrator, db):
    migrator.migrate(*(migrator.add_column("course", name, column) for name, column in columns().items()))
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
    migrator.migrate(*(migrator.drop_column("course", name) for name in columns()))
