"""Corrigenda of award orders, and what a later document does to an earlier one."""

from peewee import *

OLD, NEW = (
    "kind IN ('award_certificate', 'award_order')",
    "kind IN ('award_certificate', 'award_order', 'corrigendum')",
)


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class IssuedDocument(Base):
        class Meta:
            table_name = "issued_document"

    class AwardOrder(Base):
        class Meta:
            table_name = "award_order"

    class DocumentLink(Base):
        document = ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT", index=False)
        earlier = ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT")
        kind = TextField()

        class Meta:
            table_name = "document_link"
            indexes = ((("document", "earlier"), True),)
            constraints = [
                Check("kind IN ('corrects', 'replaces')"),
                Check("document_id <> earlier_id"),
            ]

    class Corrigendum(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        order = ForeignKeyField(
            AwardOrder, backref="+", on_delete="RESTRICT", column_name="award_order_id", index=False
        )
        lines = TextField()
        signatory_hi = TextField()
        signatory_en = TextField()
        version = IntegerField()
        drafted_at = DateTimeField()
        serial = IntegerField(null=True)
        number = TextField(null=True, unique=True)
        document = ForeignKeyField(IssuedDocument, null=True, unique=True, backref="+", on_delete="RESTRICT")
        issued_at = DateTimeField(null=True)

        class Meta:
            table_name = "corrigendum"
            indexes = ((("order", "serial"), True),)
            constraints = [
                Check("state IN ('draft', 'issued', 'withdrawn')"),
                Check("(state = 'issued') = (number IS NOT NULL)"),
                Check("(state = 'issued') = (serial IS NOT NULL)"),
                Check("(state = 'issued') = (document_id IS NOT NULL)"),
                Check("(state = 'issued') = (issued_at IS NOT NULL)"),
                Check("serial IS NULL OR serial > 0"),
            ]

    return [DocumentLink, Corrigendum]


def up(migrator, db):
    allow(db, OLD, NEW)
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
    allow(db, NEW, OLD)


def allow(db, before, after):
    """Change which kinds of documents the table takes."""
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("ALTER TABLE issued_document DROP CONSTRAINT issued_document_kind_check")
        db.execute_sql(f"ALTER TABLE issued_document ADD CONSTRAINT issued_document_kind_check CHECK ({after})")
        return
    # SQLite cannot alter a CHECK, and rebuilding the table would break the keys that point at it. Its own manual gives
    # this way for a change that touches no row; the schema's number makes every open connection read it anew.
    [[version]] = db.execute_sql("PRAGMA schema_version").fetchall()
    db.execute_sql("PRAGMA writable_schema = 1")
    db.execute_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'issued_document'",
        (before, after),
    )
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = 0")
