"""How many courses of the plan iGOT counts for each officer."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class PlanSummary(Base):
        officer = ForeignKeyField(Officer, unique=True, backref="+", on_delete="RESTRICT")
        allocated = IntegerField()
        finished = IntegerField()
        in_time = IntegerField(null=True)
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "plan_summary"
            constraints = [
                Check("allocated >= 0"),
                Check("finished >= 0"),
                Check("in_time IS NULL OR in_time >= 0"),
            ]

    return [PlanSummary]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
