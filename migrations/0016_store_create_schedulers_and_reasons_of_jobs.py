"""Schedulers say that they are there, and a job keeps the reasons for which it was refused."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Scheduler(Base):
        name = TextField(unique=True)
        started_at = DateTimeField()
        seen_at = DateTimeField(index=True)
        stopped_at = DateTimeField(null=True)

        class Meta:
            table_name = "scheduler"

    return [Scheduler]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    db.execute_sql('ALTER TABLE job_run ADD COLUMN "reasons" TEXT')
    db.execute_sql('CREATE INDEX "job_run_finished_at" ON "job_run" ("finished_at")')


def down(migrator, db):
    db.execute_sql("DROP INDEX job_run_finished_at")
    db.execute_sql("ALTER TABLE job_run DROP COLUMN reasons")
    db.drop_tables(models(db), safe=False)
