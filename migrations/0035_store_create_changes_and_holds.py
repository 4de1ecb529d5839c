"""What rows were before an import wrote them, sealed months that hold imports, and the state of an undone import."""

from peewee import *

BEFORE = (
    "state IN ('received', 'checked', 'applied', 'refused', 'discarded')",
    "(state = 'applied') = (applied_at IS NOT NULL)",
)
AFTER = (
    "state IN ('received', 'checked', 'applied', 'refused', 'discarded', 'undone')",
    "(state IN ('applied', 'undone')) = (applied_at IS NOT NULL)",
    "(state = 'undone') = (undone_at IS NOT NULL)",
)


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class ImportChange(Base):
        import_id = IntegerField()
        table_name = TextField()
        row_id = IntegerField()
        last_id = IntegerField(null=True)
        was_of = IntegerField(null=True)
        before = TextField(null=True)

        class Meta:
            table_name = "import_change"
            indexes = ((("import_id", "table_name", "row_id"), True), (("table_name", "row_id"), False))
            constraints = [Check("last_id IS NULL OR (last_id >= row_id AND before IS NOT NULL)")]

    class ImportHold(Base):
        month = CharField(max_length=7, unique=True)
        sealed_at = DateTimeField()
        changes_upto = IntegerField()

        class Meta:
            table_name = "import_hold"
            constraints = [Check("length(month) = 7")]

    return [ImportChange, ImportHold]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    db.execute_sql('ALTER TABLE "import" ADD COLUMN "undone_at" %s' % _moment(db))
    db.execute_sql('ALTER TABLE "import" ADD COLUMN "undone_by" INTEGER')
    _exchange(db, BEFORE, AFTER)
    db.execute_sql(
        "INSERT INTO import_hold (month, sealed_at, changes_upto) "
        "SELECT month, sealed_at, 0 FROM score_month WHERE state = 'sealed'"
    )


def down(migrator, db):
    """What was undone was set aside, as far as the older code knows."""
    _exchange(db, AFTER, AFTER[:2])
    db.execute_sql("UPDATE \"import\" SET state = 'discarded', applied_at = NULL WHERE state = 'undone'")
    _exchange(db, AFTER[:2], BEFORE)
    db.execute_sql('ALTER TABLE "import" DROP COLUMN "undone_by"')
    db.execute_sql('ALTER TABLE "import" DROP COLUMN "undone_at"')
    db.drop_tables(models(db), safe=False)


def _moment(db):
    return "TIMESTAMP" if isinstance(db, PostgresqlDatabase) else "DATETIME"


def _exchange(db, old, new):
    if isinstance(db, PostgresqlDatabase):
        _exchange_on_postgres(db, new)
    else:
        _exchange_on_sqlite(db, old, new)


def _exchange_on_postgres(db, new):
    found = db.execute_sql(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'import'::regclass AND contype = 'c' "
        "AND pg_get_constraintdef(oid) ~ 'discarded|applied_at|undone_at'"
    ).fetchall()
    for (name,) in found:
        db.execute_sql('ALTER TABLE "import" DROP CONSTRAINT "%s"' % name)
    for check in new:
        db.execute_sql('ALTER TABLE "import" ADD CHECK (%s)' % check)


def _exchange_on_sqlite(db, old, new):
    """SQLite cannot alter a CHECK: its text is exchanged, as the manual describes, since no row is laid out anew."""
    pairs = [("CHECK (%s)" % old[0], ", ".join("CHECK (%s)" % check for check in new))]
    db.execute_sql("PRAGMA writable_schema = ON")
    for was, becomes in [(", CHECK (%s)" % check, "") for check in old[1:]] + pairs:
        db.execute_sql(
            "UPDATE sqlite_master SET sql = REPLACE(sql, ?, ?) WHERE type = 'table' AND name = 'import'", (was, becomes)
        )
    db.execute_sql("PRAGMA schema_version = %d" % (db.execute_sql("PRAGMA schema_version").fetchone()[0] + 1))
    db.execute_sql("PRAGMA writable_schema = RESET")
