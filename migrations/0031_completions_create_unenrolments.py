"""Courses that officers left."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Course(Base):
        class Meta:
            table_name = "course"

    class Unenrolment(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        course = ForeignKeyField(Course, backref="+", on_delete="RESTRICT")
        batch = TextField()
        batch_name = TextField()
        left_at = DateTimeField()
        left_on = DateField()
        reason = TextField()
        comment = TextField()
        progress = IntegerField(null=True)
        updated_by = TextField()
        action = TextField()
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "unenrolment"
            indexes = ((("officer", "course", "batch"), True),)
            constraints = [Check("progress IS NULL OR progress BETWEEN 0 AND 10000")]

    return [Unenrolment]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
