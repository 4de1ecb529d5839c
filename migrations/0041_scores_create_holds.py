"""Scores that are not ranked, with the reason and who confirmed it."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class ScoreHold(Base):
        line_path = TextField(default="/")
        territory_path = TextField(default="/")
        state = TextField(index=True)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        month = CharField(max_length=7)
        reason = TextField()
        proposed_at = DateTimeField()
        confirmed_at = DateTimeField(null=True)
        ended_at = DateTimeField(null=True)

        class Meta:
            table_name = "score_hold"
            indexes = ((("month", "state"), False),)
            constraints = [
                Check("state IN ('held', 'hold_dismissed', 'hold_proposed', 'hold_released')"),
                Check("reason <> '' AND length(month) = 7"),
                Check("(confirmed_at IS NOT NULL) = (state IN ('held', 'hold_released'))"),
                Check("(ended_at IS NOT NULL) = (state IN ('hold_dismissed', 'hold_released'))"),
            ]

    ScoreHold.add_index(
        ScoreHold.index(
            ScoreHold.officer,
            ScoreHold.month,
            unique=True,
            where=ScoreHold.state.in_(("hold_proposed", "held")),
            name="score_hold_one_per_month",
        )
    )
    return [ScoreHold]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
