"""Policies, scored months, scores with ranks, their lines, group sizes, and digests of sealed rows."""

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

    class MonthlyScore(Base):
        month = CharField(max_length=7)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        points = IntegerField()
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
        department = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False, null=True)
        district = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False, null=True)
        division = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False, null=True)
        state_class = CharField(max_length=3)
        rank_state = IntegerField()
        rank_division = IntegerField(null=True)
        rank_district = IntegerField(null=True)
        rank_department = IntegerField(null=True)
        class_rank_state = IntegerField(null=True)
        class_rank_division = IntegerField(null=True)
        class_rank_district = IntegerField(null=True)
        class_rank_department = IntegerField(null=True)

        class Meta:
            table_name = "monthly_score"
            primary_key = CompositeKey("month", "officer")
            indexes = (
                (("month", "rank_state"), False),
                (("month", "district", "rank_state"), False),
                (("month", "department", "rank_state"), False),
                (("month", "unit", "rank_state"), False),
            )
            constraints = [
                Check("points > 0"),
                Check("length(month) = 7"),
            ]

    class PeerGroup(Base):
        month = CharField(max_length=7)
        scope = TextField()
        unit = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT", index=False)
        state_class = CharField(max_length=3)
        size = IntegerField()
        total_points = BigIntegerField()

        class Meta:
            table_name = "peer_group"
            indexes = ((("month", "scope", "unit", "state_class"), True),)
            constraints = [
                Check("scope IN ('state', 'division', 'district', 'department')"),
                Check("size > 0"),
            ]

    class Policy(Base):
        number = IntegerField(unique=True)
        effective_from = CharField(max_length=7)
        name_hi = TextField()
        name_en = TextField()
        course_kinds = TextField()
        grace_days = IntegerField()
        published_at = DateTimeField()

        class Meta:
            table_name = "policy"
            constraints = [
                Check("number > 0"),
                Check("length(effective_from) = 7"),
            ]

    class PolicyRule(Base):
        policy = ForeignKeyField(Policy, backref="+", on_delete="RESTRICT", index=False)
        position = IntegerField()
        code = TextField()
        kind = TextField()
        counts = TextField()
        label_hi = TextField()
        label_en = TextField()
        note_hi = TextField()
        note_en = TextField()
        points = IntegerField()
        cap = IntegerField(null=True)
        once = BooleanField()

        class Meta:
            table_name = "policy_rule"
            indexes = ((("policy", "code"), True),)
            constraints = [
                Check("kind IN ('completion', 'activity')"),
                Check("points > 0"),
                Check("cap IS NULL OR cap > 0"),
            ]

    class ScoreLine(Base):
        month = CharField(max_length=7)
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT", index=False)
        code = TextField()
        items = IntegerField()
        found = IntegerField()
        points = IntegerField()

        class Meta:
            table_name = "score_line"
            primary_key = CompositeKey("month", "officer", "code")
            constraints = [
                Check("points > 0"),
                Check("items > 0"),
                Check("found >= items"),
            ]

    class ScoreMonth(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        month = CharField(max_length=7, unique=True)
        policy = ForeignKeyField(Policy, backref="+", on_delete="RESTRICT")
        run_id = CharField(max_length=64)
        computed_at = DateTimeField()
        officer_count = IntegerField()
        data_as_on = DateField(null=True)
        inputs = TextField()
        sealed_at = DateTimeField(null=True)
        seal_number = IntegerField(unique=True, null=True)
        previous_seal = CharField(max_length=64, null=True)
        seal = CharField(max_length=64, null=True)

        class Meta:
            table_name = "score_month"
            constraints = [
                Check("state IN ('provisional', 'proposed', 'sealed')"),
                Check("(state = 'sealed') = (sealed_at IS NOT NULL)"),
                Check("(state = 'sealed') = (seal IS NOT NULL)"),
                Check("(state = 'sealed') = (seal_number IS NOT NULL)"),
            ]

    class SealBlock(Base):
        month = CharField(max_length=7)
        part = TextField()
        number = IntegerField()
        digests = TextField()

        class Meta:
            table_name = "seal_block"
            primary_key = CompositeKey("month", "part", "number")
            constraints = [
                Check("part IN ('score', 'group')"),
            ]

    return [MonthlyScore, PeerGroup, Policy, PolicyRule, ScoreLine, ScoreMonth, SealBlock]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
