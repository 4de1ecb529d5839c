"""Schemes, cycles, categories, nominations and integrity certificates."""

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

    class User(Base):
        class Meta:
            table_name = "account"

    class Scheme(Base):
        code = TextField(unique=True)
        name_hi = TextField()
        name_en = TextField()
        award_hi = TextField()
        award_en = TextField()

        class Meta:
            table_name = "scheme"

    class Cycle(Base):
        scheme = ForeignKeyField(Scheme, backref="+", on_delete="RESTRICT")
        name_hi = TextField()
        name_en = TextField()
        first_month = CharField(max_length=7)
        last_month = CharField(max_length=7)
        cut_off_on = DateField()
        opens_on = DateField()
        closes_on = DateField()
        quota = IntegerField()
        criteria = TextField()

        class Meta:
            table_name = "cycle"
            constraints = [
                Check("quota > 0"),
                Check("opens_on <= closes_on"),
                Check("first_month <= last_month"),
            ]

    class Category(Base):
        cycle = ForeignKeyField(Cycle, backref="+", on_delete="RESTRICT")
        name_hi = TextField()
        name_en = TextField()
        amount_rupees = IntegerField(null=True)

        class Meta:
            table_name = "category"
            constraints = [
                Check("amount_rupees IS NULL OR amount_rupees > 0"),
            ]

    class IntegrityCertificate(Base):
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        answer = TextField()
        reference = TextField()
        given_on = DateField()
        valid_until = DateField()
        entered_by = IntegerField(null=True)
        entered_at = DateTimeField()

        class Meta:
            table_name = "integrity_certificate"
            constraints = [
                Check("answer IN ('clear', 'not_clear', 'pending')"),
                Check("valid_until >= given_on"),
                Check("reference <> ''"),
            ]

    class Nomination(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        cycle = ForeignKeyField(Cycle, backref="+", on_delete="RESTRICT", index=False)
        category = ForeignKeyField(Category, backref="+", on_delete="RESTRICT")
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        department = ForeignKeyField(OrgUnit, backref="+", on_delete="RESTRICT")
        nominated_by = ForeignKeyField(User, backref="+", on_delete="RESTRICT")
        priority = IntegerField()
        version = IntegerField()
        citation_hi = TextField()
        citation_en = TextField()
        record = TextField(null=True)
        opened_at = DateTimeField()
        submitted_at = DateTimeField(null=True)
        released_at = DateTimeField(null=True)

        class Meta:
            table_name = "nomination"
            indexes = ((("cycle", "department", "state"), False),)
            constraints = [
                Check(
                    "state IN ('draft', 'submitted', 'verified', 'selected', 'released', 'awarded', 'returned', 'withdrawn', 'rejected')"
                ),
                Check("priority > 0"),
                Check("state IN ('draft', 'withdrawn', 'returned') OR (citation_hi <> '' AND citation_en <> '')"),
                Check("state IN ('draft', 'withdrawn') OR (record IS NOT NULL AND submitted_at IS NOT NULL)"),
                Check("(state IN ('released', 'awarded')) = (released_at IS NOT NULL)"),
            ]

    Nomination.add_index(
        Nomination.index(
            Nomination.cycle,
            Nomination.officer,
            unique=True,
            where=Nomination.state.not_in(["withdrawn", "rejected"]),
            name="nomination_one_live_per_officer",
        )
    )
    Nomination.add_index(
        Nomination.index(
            Nomination.cycle,
            Nomination.department,
            Nomination.priority,
            unique=True,
            where=Nomination.state.not_in(["withdrawn", "rejected"]),
            name="nomination_one_live_per_priority",
        )
    )

    return [Scheme, Cycle, Category, IntegrityCertificate, Nomination]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
