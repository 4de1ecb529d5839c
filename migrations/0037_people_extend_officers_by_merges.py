"""The record that stands for an officer's person; few are ever merged, so the index holds only those."""


def up(migrator, db):
    db.execute_sql(
        'ALTER TABLE "officer" ADD COLUMN "merged_into_id" INTEGER REFERENCES "officer" ("id") ON DELETE RESTRICT'
    )
    db.execute_sql(
        'CREATE INDEX "officer_merged_into" ON "officer" ("merged_into_id") WHERE ("merged_into_id" IS NOT NULL)'
    )


def down(migrator, db):
    """Merged records are several people again, as far as the older code knows."""
    db.execute_sql('DROP INDEX "officer_merged_into"')
    db.execute_sql('ALTER TABLE "officer" DROP COLUMN "merged_into_id"')
