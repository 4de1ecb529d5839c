"""Other names of courses, and a way to the rows that gave a certificate id under another name."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Course(Base):
        class Meta:
            table_name = "course"

    class CourseAlias(Base):
        course = ForeignKeyField(Course, backref="+", on_delete="RESTRICT")
        provider = TextField()
        name = TextField()
        kind = TextField()
        verdict = TextField()
        decided_by = IntegerField(null=True)
        decided_at = DateTimeField()

        class Meta:
            table_name = "course_alias"
            indexes = ((("provider", "name", "kind", "course"), True),)
            constraints = [Check("verdict IN ('same', 'different')"), Check("name <> ''")]

    CourseAlias.add_index(
        CourseAlias.index(
            CourseAlias.provider,
            CourseAlias.name,
            CourseAlias.kind,
            unique=True,
            where=CourseAlias.verdict == "same",
            name="course_alias_one_course_for_a_name",
        )
    )
    return [CourseAlias]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    db.execute_sql(
        'CREATE INDEX "import_row_renamed_course" ON "import_row" ("code") '
        "WHERE (\"code\" = 'certificate_of_other_course')"
    )


def down(migrator, db):
    db.execute_sql('DROP INDEX "import_row_renamed_course"')
    db.drop_tables(models(db), safe=False)
