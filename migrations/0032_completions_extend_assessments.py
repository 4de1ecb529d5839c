"""Scores, pass marks and origins of assessments; those that stand alone are reported without a day."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Assessment(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        kind = TextField()
        name = TextField()
        course_name = TextField()
        is_passed = BooleanField()
        attempted_on = DateField(null=True, index=True)
        standing = TextField()
        provider = TextField()
        content_id = TextField()
        published_on = DateField(null=True)
        duration_seconds = IntegerField(null=True)
        score = IntegerField(null=True)
        cut_off = IntegerField(null=True)
        attempts = IntegerField(null=True)
        questions = IntegerField(null=True)
        incorrect = IntegerField(null=True)
        unattempted = IntegerField(null=True)
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "assessment"
            indexes = ((("officer", "kind", "name", "course_name"), True),)
            constraints = [Check("kind IN ('course', 'standalone')")]

    return [Assessment]


def former(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Assessment(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        name = TextField()
        course_name = TextField()
        is_passed = BooleanField()
        attempted_on = DateField(index=True)

        class Meta:
            table_name = "assessment"
            indexes = ((("officer", "name", "course_name"), True),)

    return [Assessment]


def up(migrator, db):
    _made_anew(
        db,
        former(db),
        models(db),
        "officer_id, kind, name, course_name, is_passed, attempted_on, standing, provider, content_id, mdoid, "
        "fingerprint, extra",
        "officer_id, 'course', name, course_name, is_passed, attempted_on, '', '', '', '', '', '{}' FROM kept",
    )


def down(migrator, db):
    _made_anew(
        db,
        models(db),
        former(db),
        "officer_id, name, course_name, is_passed, attempted_on",
        "officer_id, name, course_name, is_passed, attempted_on FROM kept WHERE kind = 'course' "
        "AND attempted_on IS NOT NULL",
    )


def _made_anew(db, before, after, columns, rows):
    """A column that may be blank from now on is a new table on SQLite; so it is on both."""
    db.execute_sql("CREATE TEMPORARY TABLE kept AS SELECT * FROM assessment")
    db.drop_tables(before, safe=False)
    db.create_tables(after, safe=False)
    db.execute_sql(f"INSERT INTO assessment ({columns}) SELECT {rows}")
    db.execute_sql("DROP TABLE kept")
