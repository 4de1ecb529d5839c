"""Views of registers that a person keeps under a name."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class SavedView(Base):
        user_id = IntegerField()
        register = TextField()
        name = TextField()
        asked = TextField()

        class Meta:
            table_name = "saved_view"
            indexes = ((("user_id", "register", "name"), True),)

    return [SavedView]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
