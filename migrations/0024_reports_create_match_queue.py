"""People in the match queue, what was answered about them, and what is known of rows that come again."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class QueueAnswer(Base):
        verdict = TextField()
        remark = TextField()
        answered_by = IntegerField(null=True)
        answered_at = DateTimeField()
        undone_by = IntegerField(null=True)
        undone_at = DateTimeField(null=True)

        class Meta:
            table_name = "queue_answer"
            constraints = [
                Check("verdict IN ('link', 'create', 'aside', 'retry')"),
                Check("verdict <> 'aside' OR remark <> ''"),
            ]

    class QueuedPerson(Base):
        question = TextField()
        igot_id = TextField()
        email = TextField()
        phone = TextField()
        employee_id = TextField()
        external = TextField()
        label = TextField()
        name = TextField()
        designation = TextField()
        department = TextField()
        organisation = TextField()
        igot_group = TextField()
        code = TextField()
        since = DateTimeField()
        state = TextField()
        officer = ForeignKeyField(Officer, null=True, backref="+", on_delete="RESTRICT")
        answer = ForeignKeyField(QueueAnswer, null=True, backref="+", on_delete="RESTRICT")

        class Meta:
            table_name = "queued_person"
            indexes = (
                (("question", "igot_id", "email", "phone", "employee_id", "external", "label"), True),
                (("state", "code"), False),
            )
            constraints = [
                Check("question IN ('who', 'certificate')"),
                Check("state IN ('waiting', 'linked', 'aside')"),
                Check("(state = 'linked') = (officer_id IS NOT NULL)"),
                Check("(state = 'waiting') = (answer_id IS NULL)"),
                Check("state <> 'linked' OR question = 'who'"),
            ]

    class QueueUse(Base):
        person = ForeignKeyField(QueuedPerson, backref="+", on_delete="RESTRICT", index=False)
        import_id = IntegerField()

        class Meta:
            table_name = "queue_use"
            primary_key = CompositeKey("person", "import_id")

    return [QueueAnswer, QueuedPerson, QueueUse]


INDEXES = {
    "import_row_person": ("import_row", "person_id"),
    "import_row_settler": ("import_row", "settled_by"),
    "officer_key_taught_by_answer": ("officer_key", "answer_id"),
}
COLUMNS = (
    ("import", "header", "TEXT"),
    ("import", "again_of_id", 'INTEGER REFERENCES "import" ("id") ON DELETE RESTRICT'),
    ("import", "answer_id", "INTEGER"),
    ("import_row", "person_id", "INTEGER"),
    ("import_row", "content", "VARCHAR(16)"),
    ("import_row", "settled_by", "INTEGER"),
    ("import_row", "settled_row", "INTEGER"),
    ("officer_key", "answer_id", "INTEGER"),
)


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    for table, column, kind in COLUMNS:
        db.execute_sql('ALTER TABLE "%s" ADD COLUMN "%s" %s' % (table, column, kind))
    for column in ("again_of_id", "answer_id"):
        db.execute_sql('CREATE INDEX "import_%s" ON "import" ("%s")' % (column, column))
    for name, (table, column) in INDEXES.items():
        db.execute_sql('CREATE INDEX "%s" ON "%s" ("%s") WHERE ("%s" IS NOT NULL)' % (name, table, column, column))


def down(migrator, db):
    for name in (*INDEXES, "import_again_of_id", "import_answer_id"):
        db.execute_sql('DROP INDEX "%s"' % name)
    for table, column, _kind in reversed(COLUMNS):
        if column == "again_of_id":
            migrator.migrate(migrator.drop_column(table, column))
        else:
            db.execute_sql('ALTER TABLE "%s" DROP COLUMN "%s"' % (table, column))
    db.drop_tables(models(db), safe=False)
