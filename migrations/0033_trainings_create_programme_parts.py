"""Blended programmes as iGOT reports them, and where a session or an attendance came from."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class ProgrammePart(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        programme = TextField()
        batch = TextField()
        component = TextField()
        sitting = TextField()
        provider = TextField()
        place = TextField()
        batch_from_on = DateField(null=True)
        batch_to_on = DateField(null=True)
        enrolled_on = DateField(null=True)
        component_type = TextField()
        mode = TextField()
        status = TextField()
        duration_seconds = IntegerField(null=True)
        progress = IntegerField(null=True)
        completed_on = DateField(null=True)
        held_on = DateField(null=True)
        starts = TextField()
        ends = TextField()
        is_attended = BooleanField(null=True)
        instructors = TextField()
        coordinator = TextField()
        has_certificate = BooleanField(null=True)
        mdoid = TextField()
        reported_at = DateTimeField(null=True)
        fingerprint = CharField(max_length=16)
        import_id = IntegerField(null=True)
        row_number = IntegerField(null=True)
        extra = TextField()

        class Meta:
            table_name = "programme_part"
            indexes = ((("officer", "programme", "batch", "component", "sitting"), True),)
            constraints = [Check("progress IS NULL OR progress BETWEEN 0 AND 10000")]

    return [ProgrammePart]


def up(migrator, db):
    db.create_tables(models(db), safe=False)
    migrator.migrate(
        migrator.add_column("training_session", "igot_key", CharField(max_length=16, null=True, unique=True)),
        migrator.add_column("training_session", "import_id", IntegerField(null=True)),
        migrator.add_column("training_session", "row_number", IntegerField(null=True)),
        migrator.add_column("attendance", "import_id", IntegerField(null=True)),
        migrator.add_column("attendance", "row_number", IntegerField(null=True)),
    )


def down(migrator, db):
    migrator.migrate(
        migrator.drop_column("attendance", "row_number"),
        migrator.drop_column("attendance", "import_id"),
        migrator.drop_column("training_session", "row_number"),
        migrator.drop_column("training_session", "import_id"),
        migrator.drop_index("training_session", "training_session_igot_key"),
        migrator.drop_column("training_session", "igot_key"),
    )
    db.drop_tables(models(db), safe=False)
