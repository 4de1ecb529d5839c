"""Issued documents: what they said when issued, and whether they still stand."""

import peewee

from karmyogi.store.db import JsonText, Moment, one_of
from karmyogi.store.transitions import Case


class IssuedDocument(Case):
    """An order or award certificate as issued; the stored PDF is the truth and the facts never change."""

    kind = peewee.TextField()
    code = peewee.CharField(max_length=26, unique=True)
    number = peewee.TextField()
    facts = JsonText()
    pdf_sha256 = peewee.CharField(max_length=64)
    picture_sha256 = peewee.CharField(max_length=64, null=True)
    issued_at = Moment()
    revoked_at = Moment(null=True)
    reason_hi = peewee.TextField(default="")
    reason_en = peewee.TextField(default="")

    class Meta:
        indexes = ((("kind", "number"), True),)
        constraints = [
            one_of("kind", ["award_certificate", "award_order"]),
            one_of("state", ["valid", "revoked", "superseded"]),
            peewee.Check("(state = 'revoked') = (revoked_at IS NOT NULL)"),
            peewee.Check("state <> 'revoked' OR (reason_hi <> '' AND reason_en <> '')"),
            peewee.Check("length(code) = 26"),
        ]

    def __str__(self) -> str:
        return self.number
