"""Documents the State issues, each with its verification code."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class IssuedDocument(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        kind = TextField()
        code = CharField(max_length=26, unique=True)
        number = TextField()
        facts = TextField()
        pdf_sha256 = CharField(max_length=64)
        picture_sha256 = CharField(max_length=64, null=True)
        issued_at = DateTimeField()
        revoked_at = DateTimeField(null=True)
        reason_hi = TextField()
        reason_en = TextField()

        class Meta:
            table_name = "issued_document"
            indexes = ((("kind", "number"), True),)
            constraints = [
                Check("kind IN ('award_certificate', 'award_order')"),
                Check("state IN ('valid', 'revoked', 'superseded')"),
                Check("(state = 'revoked') = (revoked_at IS NOT NULL)"),
                Check("state <> 'revoked' OR (reason_hi <> '' AND reason_en <> '')"),
                Check("length(code) = 26"),
            ]

    return [IssuedDocument]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
