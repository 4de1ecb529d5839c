"""Steps of getting started that only the officer can tell of."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class OnboardingStep(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        step = TextField()
        said_on = DateField()
        said_by = IntegerField(null=True)

        class Meta:
            table_name = "onboarding_step"
            indexes = ((("officer", "step"), True),)
            constraints = [Check("step IN ('download')")]

    return [OnboardingStep]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
