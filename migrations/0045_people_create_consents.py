"""What officers agreed to, when, in which words, and until when."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class Consent(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        purpose = TextField()
        words = IntegerField()
        language = CharField(max_length=2)
        given_at = DateTimeField()
        withdrawn_at = DateTimeField(null=True)

        class Meta:
            table_name = "consent"
            constraints = [
                Check("purpose IN ('public_name')"),
                Check("words > 0 AND language IN ('hi', 'en')"),
                Check("withdrawn_at IS NULL OR withdrawn_at >= given_at"),
            ]

    Consent.add_index(
        Consent.index(
            Consent.officer,
            Consent.purpose,
            unique=True,
            where=Consent.withdrawn_at.is_null(),
            name="consent_one_in_force_per_officer",
        )
    )
    return [Consent]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
