"""The keys by which a search finds officers."""

from peewee import *


def models(db):
    class Letters(TextField):
        def ddl_datatype(self, context):
            return SQL('TEXT COLLATE "C"' if isinstance(db, PostgresqlDatabase) else "TEXT")

    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class OfficerWord(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        word = Letters()

        class Meta:
            table_name = "officer_word"
            primary_key = CompositeKey("officer", "word")
            indexes = ((("word", "officer"), False),)
            constraints = [
                Check("word <> ''"),
            ]

    return [OfficerWord]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
