"""Award orders and awards."""

from peewee import *


def models(db):
    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Cycle(Base):
        class Meta:
            table_name = "cycle"

    class IssuedDocument(Base):
        class Meta:
            table_name = "issued_document"

    class Nomination(Base):
        class Meta:
            table_name = "nomination"

    class Officer(Base):
        class Meta:
            table_name = "officer"

    class AwardOrder(Base):
        office_code = TextField()
        financial_year = CharField(max_length=7)
        serial = IntegerField()
        number = TextField(unique=True)
        cycle = ForeignKeyField(Cycle, backref="+", on_delete="RESTRICT")
        ordered_on = DateField()
        file_number = TextField()
        subject_hi = TextField()
        subject_en = TextField()
        copy_to = TextField()
        signatory_hi = TextField()
        signatory_en = TextField()
        document = ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT", unique=True)
        issued_by = IntegerField(null=True)
        issued_at = DateTimeField()

        class Meta:
            table_name = "award_order"
            indexes = ((("office_code", "financial_year", "serial"), True),)
            constraints = [
                Check("serial > 0"),
            ]

    class Award(Base):
        line_path = TextField()
        territory_path = TextField()
        state = TextField(index=True)
        nomination = ForeignKeyField(Nomination, backref="+", on_delete="RESTRICT", unique=True)
        order = ForeignKeyField(AwardOrder, backref="+", on_delete="RESTRICT", column_name="award_order_id")
        officer = ForeignKeyField(Officer, backref="+", on_delete="RESTRICT")
        number = TextField(unique=True)
        title_hi = TextField()
        title_en = TextField()
        category_hi = TextField()
        category_en = TextField()
        amount_rupees = IntegerField(null=True)
        document = ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT", unique=True)
        given_on = DateField()
        revoked_on = DateField(null=True)
        reason_hi = TextField()
        reason_en = TextField()

        class Meta:
            table_name = "award"
            constraints = [
                Check("state IN ('given', 'revoked')"),
                Check("(state = 'revoked') = (revoked_on IS NOT NULL)"),
                Check("state <> 'revoked' OR (reason_hi <> '' AND reason_en <> '')"),
                Check("amount_rupees IS NULL OR amount_rupees > 0"),
            ]

    return [AwardOrder, Award]


def up(migrator, db):
    db.create_tables(models(db), safe=False)


def down(migrator, db):
    db.drop_tables(models(db), safe=False)
