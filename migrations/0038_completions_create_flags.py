"""Completions that people should look at, and what they found."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Completion(Base):
        class Meta:
            table_name = "completion"

    class Flag(Base):
        line_path = TextField(default="/")
        territory_path = TextField(default="/")
        state = TextField(index=True)
        code = TextField()
        about = TextField(default="")
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        completion = ForeignKeyField(Completion, backref="+", on_delete="RESTRICT", index=False)
        completed_at = DateTimeField()
        enrolled_at = DateTimeField(null=True)
        length_seconds = IntegerField(null=True)
        other = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False, null=True)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)

        class Meta:
            table_name = "flag"
            indexes = ((("completion", "code"), True), (("code", "about"), False))
            constraints = [
                Check("state IN ('credible', 'doubted', 'not_credible', 'open')"),
                Check("code IN ('too_fast', 'before_enrolled', 'in_future', 'same_second', 'shared_certificate')"),
            ]

    return [Flag]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
