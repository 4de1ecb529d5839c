"""Steps by their time: what has moved since a day is found without reading every step ever taken."""


def up(migrator, db):
    db.execute_sql('CREATE INDEX "case_step_workflow_at" ON "case_step" ("workflow", "at")')


def down(migrator, db):
    db.execute_sql('DROP INDEX "case_step_workflow_at"')
