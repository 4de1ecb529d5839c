"""Quarters and financial years, added up from sealed months: which run of their rows is shown, and what it counts."""

from peewee import *

ROWS = ("monthly_score", "peer_group", "point_count", "unit_figure")


def models(db):
    class ScorePeriod(Model):
        period = CharField(max_length=7, unique=True)
        run = BigIntegerField()
        inputs = CharField(max_length=64)
        counted = TextField()
        officer_count = IntegerField()
        keeps_figures = BooleanField()
        data_as_on = DateField(null=True)
        computed_at = DateTimeField()

        class Meta:
            database = db
            legacy_table_names = False
            table_name = "score_period"
            constraints = [Check("length(period) = 7")]

    return [ScorePeriod]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    """Their rows stand in the tables of months, where the older code would not know them."""
    for table in ROWS:
        db.execute_sql("DELETE FROM %s WHERE month LIKE '____-Q_' OR month LIKE '____-FY'" % table)
    db.drop_tables(models(db), safe=False)
