"""Objections of officers to lines of their own points, and what became of them."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Achievement(Base):
        class Meta:
            table_name = "achievement"

    class Dispute(Base):
        line_path = TextField(default="/")
        territory_path = TextField(default="/")
        state = TextField(index=True)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        month = CharField(max_length=7)
        code = TextField()
        label_hi = TextField()
        label_en = TextField()
        words = TextField()
        achievement = ForeignKeyField(Achievement, null=True, backref="+", on_delete="RESTRICT", index=False)
        reference = TextField(default="")
        raised_at = DateTimeField()
        answer_by = DateField()
        answered_at = DateTimeField(null=True)
        decide_by = DateField(null=True)
        ended_at = DateTimeField(null=True)

        class Meta:
            table_name = "dispute"
            constraints = [
                Check("state IN ('agreed', 'disagreed', 'not_upheld', 'raised', 'upheld', 'withdrawn')"),
                Check("words <> '' AND length(month) = 7"),
                Check("(answered_at IS NULL) = (decide_by IS NULL)"),
                Check("state IN ('raised', 'withdrawn') OR answered_at IS NOT NULL"),
                Check("(ended_at IS NOT NULL) = (state IN ('upheld', 'not_upheld', 'withdrawn'))"),
            ]

    Dispute.add_index(
        Dispute.index(
            Dispute.officer,
            Dispute.month,
            Dispute.code,
            unique=True,
            where=Dispute.state.in_(("raised", "agreed", "disagreed")),
            name="dispute_one_open_per_line",
        )
    )
    return [Dispute]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
