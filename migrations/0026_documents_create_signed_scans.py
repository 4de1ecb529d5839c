"""Scans of signed papers, each tied to the document that was signed."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class IssuedDocument(Base):
        class Meta:
            table_name = "issued_document"

    class SignedScan(Base):
        document = ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT", index=False)
        scan_format = TextField()
        original_sha256 = CharField(max_length=64)
        image_sha256 = CharField(max_length=64)
        pages = IntegerField()
        size_bytes = IntegerField()
        reason = TextField()
        uploaded_by = IntegerField(null=True)
        uploader = TextField()
        uploaded_at = DateTimeField()

        class Meta:
            table_name = "signed_scan"
            indexes = ((("document", "original_sha256"), True),)
            constraints = [
                Check("scan_format IN ('JPEG', 'PNG', 'WEBP', 'PDF')"),
                Check("pages > 0 AND size_bytes > 0"),
                Check("length(original_sha256) = 64 AND length(image_sha256) = 64"),
            ]

    return [SignedScan]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
