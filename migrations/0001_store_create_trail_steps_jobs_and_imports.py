"""The trail, steps of cases, jobs and imports: the floor that every room stands on."""

from peewee import *


# What is on the trail stays: the engine itself refuses to change or drop an entry.
ON_SQLITE = (
    "CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail_entry BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
    "CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail_entry BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END",
)
ON_POSTGRES = (
    "CREATE FUNCTION refuse_trail_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$",
    "CREATE TRIGGER trail_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON trail_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_trail_change()",
)


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class CaseStep(Base):
        workflow = TextField()
        case_id = BigIntegerField()
        action = TextField()
        from_state = TextField()
        to_state = TextField()
        user_id = IntegerField(null=True)
        officer_id = IntegerField(null=True)
        actor = TextField()
        at = DateTimeField()
        remark = TextField()

        class Meta:
            table_name = "case_step"
            indexes = ((("workflow", "case_id"), False),)

    class Import(Base):
        kind = TextField(null=True)
        generation = TextField(null=True)
        file_name = TextField()
        sha256 = CharField(max_length=64, index=True)
        size_bytes = BigIntegerField()
        state = TextField()
        creates_units = BooleanField()
        as_on = DateField(null=True)
        generated_at = DateTimeField(null=True)
        mdoid = TextField(null=True)
        row_count = IntegerField()
        created = IntegerField()
        updated = IntegerField()
        unchanged = IntegerField()
        queued = IntegerField()
        rejected = IntegerField()
        flagged = IntegerField()
        unknown_columns = TextField()
        missing_columns = TextField()
        refusal = TextField(null=True)
        received_by = IntegerField(null=True)
        received_at = DateTimeField()
        checked_at = DateTimeField(null=True)
        applied_at = DateTimeField(null=True)
        applied_by = IntegerField(null=True)

        class Meta:
            table_name = "import"
            constraints = [
                Check("state IN ('received', 'checked', 'applied', 'refused', 'discarded')"),
                Check("created + updated + unchanged + queued + rejected = row_count"),
                Check("(state = 'applied') = (applied_at IS NOT NULL)"),
                Check("state <> 'refused' OR refusal IS NOT NULL"),
            ]

    class ImportRow(Base):
        origin = ForeignKeyField(Import, backref="+", on_delete="RESTRICT", column_name="import_id", index=False)
        row_number = IntegerField()
        outcome = TextField()
        code = TextField()
        column = TextField(column_name="column_name")
        value = TextField()
        facts = TextField()
        told = TextField()
        officer_id = IntegerField(null=True)

        class Meta:
            table_name = "import_row"
            indexes = ((("origin", "outcome", "row_number"), False),)
            constraints = [
                Check("outcome IN ('created', 'updated', 'unchanged', 'queued', 'rejected', 'flagged')"),
            ]

    class JobRun(Base):
        job = TextField()
        period = TextField()
        state = TextField()
        progress = IntegerField()
        owner = TextField(null=True)
        lease_until = DateTimeField(null=True)
        attempts = IntegerField()
        cancel_asked = BooleanField()
        requested_by = IntegerField(null=True)
        queued_at = DateTimeField()
        started_at = DateTimeField(null=True)
        finished_at = DateTimeField(null=True)
        result = TextField(null=True)
        error = TextField(null=True)

        class Meta:
            table_name = "job_run"
            indexes = (
                (("job", "period"), True),
                (("state", "queued_at"), False),
            )
            constraints = [
                Check("state IN ('queued', 'running', 'done', 'failed', 'cancelled')"),
                Check("progress BETWEEN 0 AND 1000"),
                Check("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)"),
            ]

    class TrailEntry(Base):
        at = DateTimeField(index=True)
        user_id = IntegerField(index=True, null=True)
        officer_id = IntegerField(null=True)
        actor = TextField()
        action = TextField(index=True)
        subject = TextField()
        subject_id = BigIntegerField(null=True)
        change = TextField()
        remark = TextField()
        previous_hash = CharField(max_length=64)
        hash = CharField(max_length=64, unique=True)

        class Meta:
            table_name = "trail_entry"
            indexes = ((("subject", "subject_id"), False),)

    return [CaseStep, Import, ImportRow, JobRun, TrailEntry]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    for statement in ON_POSTGRES if isinstance(db, PostgresqlDatabase) else ON_SQLITE:
        db.execute_sql(statement)


def down(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("DROP TRIGGER trail_is_append_only ON trail_entry")
        db.execute_sql("DROP FUNCTION refuse_trail_change")
    db.drop_tables(models(db), safe=False)
