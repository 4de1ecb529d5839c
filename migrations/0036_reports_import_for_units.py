"""For whose unit a file came in, the organisations told in it, and people of the queue apart for each such unit."""

from peewee import *

PERSON = (
    "question", "igot_id", "email", "phone", "employee_id", "external", "label"
)  # fmt: skip


def up(migrator, db):
    db.execute_sql('ALTER TABLE "import" ADD COLUMN "unit_id" INTEGER')
    db.execute_sql('CREATE INDEX "import_unit_id" ON "import" ("unit_id")')
    db.execute_sql('ALTER TABLE "import_bundle" ADD COLUMN "unit_id" INTEGER')
    db.execute_sql('ALTER TABLE "queue_answer" ADD COLUMN "unit_id" INTEGER')
    db.execute_sql('CREATE INDEX "queue_answer_unit_id" ON "queue_answer" ("unit_id")')
    migrator.migrate(
        migrator.add_column("import", "organisations", TextField(default="[]")),
        migrator.drop_index("queued_person", "queued_person_question_igot_id_email_phone_employee_id_e_0f80cc5"),
        migrator.add_column("queued_person", "unit_id", IntegerField(default=0)),
    )
    db.execute_sql(
        'CREATE UNIQUE INDEX "queued_person_unit_id_question_igot_id_email_phone_emplo_55ea2b3" ON "queued_person" (%s)'
        % _listed("unit_id", *PERSON)
    )


def down(migrator, db):
    """Whom files for a unit told waits once more, as anybody whose rows were just brought in."""
    told = 'SELECT "id" FROM "queued_person" WHERE "unit_id" <> 0'
    db.execute_sql('UPDATE "import_row" SET "person_id" = NULL WHERE "person_id" IN (%s)' % told)
    db.execute_sql('DELETE FROM "queue_use" WHERE "person_id" IN (%s)' % told)
    db.execute_sql('DELETE FROM "queued_person" WHERE "unit_id" <> 0')
    db.execute_sql('DROP INDEX "queued_person_unit_id_question_igot_id_email_phone_emplo_55ea2b3"')
    migrator.migrate(
        migrator.drop_column("queued_person", "unit_id"),
        migrator.drop_column("import", "organisations"),
    )
    db.execute_sql(
        'CREATE UNIQUE INDEX "queued_person_question_igot_id_email_phone_employee_id_e_0f80cc5" ON "queued_person" (%s)'
        % _listed(*PERSON)
    )
    db.execute_sql('DROP INDEX "queue_answer_unit_id"')
    db.execute_sql('ALTER TABLE "queue_answer" DROP COLUMN "unit_id"')
    db.execute_sql('ALTER TABLE "import_bundle" DROP COLUMN "unit_id"')
    db.execute_sql('DROP INDEX "import_unit_id"')
    db.execute_sql('ALTER TABLE "import" DROP COLUMN "unit_id"')


def _listed(*columns):
    return ", ".join('"%s"' % column for column in columns)
