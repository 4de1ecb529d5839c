"""Enrolments as reported, completions as facts, assessment results."""

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

    class Assessment(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        name = TextField()
        course_name = TextField()
        is_passed = BooleanField()
        attempted_on = DateField(index=True)

        class Meta:
            table_name = "assessment"
            indexes = ((("officer", "name", "course_name"), True),)

    class Completion(Base):
        month = CharField(max_length=7)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        course = ForeignKeyField(Course, backref="+", on_delete="RESTRICT")
        completed_at = DateTimeField()
        completed_on = DateField()
        has_certificate = BooleanField()
        certificate_id = TextField()
        is_rated = BooleanField()
        duration_seconds = IntegerField()
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)

        class Meta:
            table_name = "completion"
            indexes = (
                (("officer", "course"), True),
                (("month", "officer"), False),
            )
            constraints = [
                Check("duration_seconds >= 0"),
                Check("length(month) = 7"),
            ]

    class Enrolment(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        course = ForeignKeyField(Course, backref="+", on_delete="RESTRICT")
        batch = TextField()
        batch_name = TextField()
        batch_from_on = DateField(null=True)
        batch_to_on = DateField(null=True)
        status = TextField()
        progress = IntegerField(null=True)
        enrolled_at = DateTimeField(null=True)
        enrolled_on = DateField(null=True)
        completed_at = DateTimeField(null=True)
        completed_on = DateField(null=True)
        has_certificate = BooleanField()
        certificate_id = TextField(index=True)
        rating = IntegerField(null=True)
        duration_seconds = IntegerField(null=True)
        is_mandated = BooleanField(null=True)
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "enrolment"
            indexes = ((("officer", "course", "batch"), True),)
            constraints = [
                Check("status IN ('not-enrolled', 'not-started', 'in-progress', 'completed')"),
                Check("progress IS NULL OR progress BETWEEN 0 AND 10000"),
                Check("rating IS NULL OR rating BETWEEN 1 AND 5"),
                Check("duration_seconds IS NULL OR duration_seconds >= 0"),
                Check("(completed_at IS NULL) = (completed_on IS NULL)"),
            ]

    return [Assessment, Completion, Enrolment]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
