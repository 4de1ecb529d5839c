"""Claims with their certificate images."""

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

    class Achievement(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        course = ForeignKeyField(Course, backref="+", on_delete="RESTRICT", null=True)
        title = TextField()
        finished_on = DateField()
        certificate_id = TextField(index=True)
        submitted_at = DateTimeField()
        verified_at = DateTimeField(null=True)
        verified_by_match = BooleanField()

        class Meta:
            table_name = "achievement"
            constraints = [
                Check("state IN ('submitted', 'verified', 'returned', 'withdrawn')"),
                Check("title <> ''"),
                Check("(state = 'verified') = (verified_at IS NOT NULL)"),
            ]

    class CertificateImage(Base):
        achievement = ForeignKeyField(Achievement, backref="+", on_delete="RESTRICT")
        original_sha256 = CharField(max_length=64, index=True)
        image_sha256 = CharField(max_length=64)
        thumb_sha256 = CharField(max_length=64)
        image_format = TextField()
        width = IntegerField()
        height = IntegerField()
        size_bytes = IntegerField()
        codes = TextField()
        uploaded_at = DateTimeField()

        class Meta:
            table_name = "certificate_image"
            constraints = [
                Check("width > 0 AND height > 0"),
            ]

    return [Achievement, CertificateImage]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
