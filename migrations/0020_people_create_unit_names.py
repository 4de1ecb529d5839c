"""Former names of units."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class OrgUnit(Base):
        class Meta:
            table_name = "org_unit"

    class UnitName(Base):
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT")
        name_hi = TextField()
        name_en = TextField()
        ended_on = DateField()

        class Meta:
            table_name = "unit_name"
            indexes = ((("name_en",), False),)
            constraints = [
                Check("name_en <> ''"),
            ]

    return [UnitName]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
