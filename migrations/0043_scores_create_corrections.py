"""Numbered corrections of sealed months: what each says of whom, and the digests that prove it."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class OrgUnit(Base):
        class Meta:
            table_name = "org_unit"

    class Policy(Base):
        class Meta:
            table_name = "policy"

    class Correction(Base):
        line_path = TextField(default="/")
        territory_path = TextField(default="/")
        state = TextField(index=True)
        month = CharField(max_length=7)
        number = IntegerField(null=True)
        policy = ForeignKeyField(Policy, backref="+", on_delete="RESTRICT", index=False)
        base_run = BigIntegerField()
        base_run_id = CharField(max_length=64)
        run = BigIntegerField(unique=True)
        run_id = CharField(max_length=64)
        officer_count = IntegerField()
        data_as_on = DateField(null=True)
        inputs = TextField(default="[]")
        basis = TextField(default="{}")
        figures = TextField(default="{}")
        changes = CharField(max_length=64)
        computed_at = DateTimeField()
        approved_at = DateTimeField(null=True)
        previous = CharField(max_length=64, null=True)
        hash = CharField(max_length=64, null=True)

        class Meta:
            table_name = "correction"
            indexes = ((("month", "number"), True),)
            constraints = [
                Check(
                    "state IN ('correction_approved', 'correction_drafted', 'correction_lapsed', 'correction_proposed', "
                    "'correction_returned', 'correction_withdrawn')"
                ),
                Check("length(month) = 7 AND (number IS NULL OR number > 0)"),
                Check("(state = 'correction_approved') = (number IS NOT NULL)"),
                Check("(state = 'correction_approved') = (approved_at IS NOT NULL)"),
                Check("(state = 'correction_approved') = (hash IS NOT NULL AND previous IS NOT NULL)"),
            ]

    Correction.add_index(
        Correction.index(
            Correction.month,
            unique=True,
            where=Correction.state.in_(("correction_drafted", "correction_proposed")),
            name="correction_one_open_per_month",
        )
    )

    class CorrectedScore(Base):
        correction = ForeignKeyField(Correction, backref="+", on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        points_before = IntegerField(null=True)
        points_after = IntegerField(null=True)
        unit_before = ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
        unit_after = ForeignKeyField(OrgUnit, null=True, backref="+", on_delete="RESTRICT", index=False)
        class_before = CharField(max_length=3, default="")
        class_after = CharField(max_length=3, default="")
        rank_before = IntegerField(null=True)
        rank_after = IntegerField(null=True)

        class Meta:
            table_name = "corrected_score"
            primary_key = CompositeKey("correction", "officer")

    class CorrectedLine(Base):
        correction = ForeignKeyField(Correction, backref="+", on_delete="RESTRICT", index=False)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        code = TextField()
        found_before = IntegerField()
        items_before = IntegerField()
        points_before = IntegerField()
        found_after = IntegerField()
        items_after = IntegerField()
        points_after = IntegerField()

        class Meta:
            table_name = "corrected_line"
            primary_key = CompositeKey("correction", "officer", "code")

    class CorrectionBlock(Base):
        correction = ForeignKeyField(Correction, backref="+", on_delete="RESTRICT", index=False)
        part = TextField()
        number = IntegerField()
        digests = TextField()

        class Meta:
            table_name = "correction_block"
            primary_key = CompositeKey("correction", "part", "number")
            constraints = [Check("part IN ('score', 'group', 'change')")]

    return [Correction, CorrectedScore, CorrectedLine, CorrectionBlock]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
