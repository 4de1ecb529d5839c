"""Award orders and the awards they give."""

import peewee

from karmyogi.documents.models import IssuedDocument
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.people.models import Officer
from karmyogi.store.db import JsonText, Moment, Table, one_of
from karmyogi.store.transitions import Case


class AwardOrder(Table):
    """The numbered bilingual document that gives awards; numbers run without gaps within an office and year."""

    office_code = peewee.TextField()
    financial_year = peewee.CharField(max_length=7)
    serial = peewee.IntegerField()
    number = peewee.TextField(unique=True)
    cycle = peewee.ForeignKeyField(Cycle, backref="+", on_delete="RESTRICT")
    ordered_on = peewee.DateField()
    file_number = peewee.TextField(default="")
    subject_hi = peewee.TextField()
    subject_en = peewee.TextField()
    copy_to = JsonText(default=list)  # pairs of Hindi and English
    signatory_hi = peewee.TextField()
    signatory_en = peewee.TextField()
    document = peewee.ForeignKeyField(IssuedDocument, unique=True, backref="+", on_delete="RESTRICT")
    issued_by = peewee.IntegerField(null=True)
    issued_at = Moment()

    class Meta:
        indexes = ((("office_code", "financial_year", "serial"), True),)
        constraints = [peewee.Check("serial > 0")]

    def __str__(self) -> str:
        return self.number


class Award(Case):
    """What one officer was given by one order."""

    nomination = peewee.ForeignKeyField(Nomination, unique=True, backref="+", on_delete="RESTRICT")
    order = peewee.ForeignKeyField(AwardOrder, backref="awards", on_delete="RESTRICT", column_name="award_order_id")
    officer = peewee.ForeignKeyField(Officer, backref="awards", on_delete="RESTRICT")
    number = peewee.TextField(unique=True)
    title_hi = peewee.TextField()
    title_en = peewee.TextField()
    category_hi = peewee.TextField()
    category_en = peewee.TextField()
    amount_rupees = peewee.IntegerField(null=True)
    document = peewee.ForeignKeyField(IssuedDocument, unique=True, backref="+", on_delete="RESTRICT")
    given_on = peewee.DateField()
    revoked_on = peewee.DateField(null=True)
    reason_hi = peewee.TextField(default="")
    reason_en = peewee.TextField(default="")

    class Meta:
        constraints = [
            one_of("state", ["given", "revoked"]),
            peewee.Check("(state = 'revoked') = (revoked_on IS NOT NULL)"),
            peewee.Check("state <> 'revoked' OR (reason_hi <> '' AND reason_en <> '')"),
            peewee.Check("amount_rupees IS NULL OR amount_rupees > 0"),
        ]

    def __str__(self) -> str:
        return self.number


class Corrigendum(Case):
    """A correction of an issued order: lines of "instead of … read …", numbered within the order once issued."""

    order = peewee.ForeignKeyField(
        AwardOrder, backref="corrigenda", on_delete="RESTRICT", column_name="award_order_id", index=False
    )
    lines = JsonText()
    signatory_hi = peewee.TextField()
    signatory_en = peewee.TextField()
    version = peewee.IntegerField(default=1)  # of the draft: what is issued is what the approver saw
    drafted_at = Moment()
    serial = peewee.IntegerField(null=True)
    number = peewee.TextField(null=True, unique=True)
    document = peewee.ForeignKeyField(IssuedDocument, null=True, unique=True, backref="+", on_delete="RESTRICT")
    issued_at = Moment(null=True)

    class Meta:
        indexes = ((("order", "serial"), True),)
        constraints = [
            one_of("state", ["draft", "issued", "withdrawn"]),
            peewee.Check("(state = 'issued') = (number IS NOT NULL)"),
            peewee.Check("(state = 'issued') = (serial IS NOT NULL)"),
            peewee.Check("(state = 'issued') = (document_id IS NOT NULL)"),
            peewee.Check("(state = 'issued') = (issued_at IS NOT NULL)"),
            peewee.Check("serial IS NULL OR serial > 0"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.id}"
