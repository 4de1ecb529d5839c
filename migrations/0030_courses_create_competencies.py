"""What courses teach: areas, themes and sub-themes of competency."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Competency(Base):
        area = TextField()
        theme = TextField()
        sub_theme = TextField()
        area_description = TextField()
        theme_description = TextField()
        theme_type = TextField()
        sub_theme_description = TextField()
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)

        class Meta:
            table_name = "competency"
            indexes = ((("area", "theme", "sub_theme"), True),)
            constraints = [Check("area <> ''")]

    class CourseCompetency(Base):
        course_name = TextField()
        competency = ForeignKeyField(Competency, backref="+", on_delete="RESTRICT")
        content_id = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "course_competency"
            indexes = ((("course_name", "competency"), True),)
            constraints = [Check("course_name <> ''")]

    return [Competency, CourseCompetency]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
