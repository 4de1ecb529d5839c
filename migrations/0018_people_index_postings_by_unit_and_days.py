"""Postings by unit and days: the officers of a unit on a day are counted from the index alone."""


def up(migrator, db):
    db.execute_sql(
        'CREATE INDEX "posting_unit_id_officer_id_from_on_to_on" '
        'ON "posting" ("unit_id", "officer_id", "from_on", "to_on")'
    )
    db.execute_sql('DROP INDEX "posting_unit_id"')


def down(migrator, db):
    db.execute_sql('CREATE INDEX "posting_unit_id" ON "posting" ("unit_id")')
    db.execute_sql('DROP INDEX "posting_unit_id_officer_id_from_on_to_on"')
