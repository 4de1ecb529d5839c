"""Bundles: several files that came in together, and what each file came packed in."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Bundle(Base):
        file_name = TextField()
        sha256 = CharField(max_length=64, null=True)
        size_bytes = BigIntegerField()
        state = TextField()
        creates_units = BooleanField()
        as_on = DateField(null=True)
        left_out = TextField()
        received_by = IntegerField(null=True)
        received_at = DateTimeField()

        class Meta:
            table_name = "import_bundle"
            constraints = [
                Check("state IN ('locked', 'opened', 'discarded')"),
                Check("state <> 'locked' OR sha256 IS NOT NULL"),
            ]

    return [Bundle]


def up(migrator, db):
    [bundle] = models(db)
    db.create_tables([bundle], safe=False)
    key = ForeignKeyField(bundle, field=bundle.id, backref="+", on_delete="RESTRICT", null=True)
    migrator.migrate(
        migrator.add_column("import", "bundle_id", key),
        migrator.add_column("import", "packed_as", TextField(default="")),
        migrator.add_column("import", "container", TextField(null=True)),
        migrator.add_column("import", "sheet_name", TextField(default="")),
        migrator.add_column("import", "sheets_unread", TextField(default="[]")),
    )


def down(migrator, db):
    migrator.migrate(migrator.drop_index("import", "import_bundle_id"))
    for column in ("bundle_id", "packed_as", "container", "sheet_name", "sheets_unread"):
        migrator.migrate(migrator.drop_column("import", column))
    db.drop_tables(models(db), safe=False)
