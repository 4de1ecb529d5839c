"""Sessions held and who took part: two rules of the score policy count them."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class TrainingSession(Base):
        title_hi = TextField()
        title_en = TextField()
        held_on = DateField(index=True)

        class Meta:
            table_name = "training_session"

    class Attendance(Base):
        session = ForeignKeyField(TrainingSession, backref="+", on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        part = TextField()

        class Meta:
            table_name = "attendance"
            indexes = ((("session", "officer", "part"), True),)
            constraints = [
                Check("part IN ('attended', 'taught')"),
            ]

    return [TrainingSession, Attendance]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
