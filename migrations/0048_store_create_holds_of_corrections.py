"""Corrections that are proposed or approved hold the imports that they count."""

import json

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class CorrectionHold(Base):
        case_id = IntegerField(unique=True)
        month = CharField(max_length=7)
        number = IntegerField(null=True)
        changes_upto = IntegerField()

        class Meta:
            table_name = "correction_hold"
            constraints = [Check("length(month) = 7")]

    return [CorrectionHold]


def up(migrator, db):
    """Those there are hold what they count from now on."""
    db.create_tables(models(db), safe=False)
    [hold] = models(db)
    held = (
        "SELECT id, month, number, inputs FROM correction WHERE state IN ('correction_proposed', 'correction_approved')"
    )
    for case_id, month, number, inputs in db.execute_sql(held).fetchall():
        counted = [row[0] for row in json.loads(inputs)]
        last = last_change(db, counted)
        hold.create(case_id=case_id, month=month, number=number, changes_upto=last)


def last_change(db, imports):
    listed = ", ".join(str(int(one)) for one in imports)
    found = db.execute_sql("SELECT COALESCE(MAX(id), 0) FROM import_change WHERE import_id IN (%s)" % (listed or "0"))
    return found.fetchone()[0]


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
