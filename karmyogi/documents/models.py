"""Issued documents: what they said when issued, and whether they still stand."""

import peewee

from karmyogi.store.db import JsonText, Moment, Table, one_of
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
            one_of("kind", ["award_certificate", "award_order", "corrigendum"]),
            one_of("state", ["valid", "revoked", "superseded"]),
            peewee.Check("(state = 'revoked') = (revoked_at IS NOT NULL)"),
            peewee.Check("state <> 'revoked' OR (reason_hi <> '' AND reason_en <> '')"),
            peewee.Check("length(code) = 26"),
        ]

    def __str__(self) -> str:
        return self.number


class SignedScan(Table):
    """The signed paper of a document, scanned and kept; a newer one is shown instead of it, and says why.

    A PDF is given to readers as it came; of a picture they are given the copy made of its pixels.
    """

    document = peewee.ForeignKeyField(IssuedDocument, backref="scans", on_delete="RESTRICT", index=False)
    scan_format = peewee.TextField()
    original_sha256 = peewee.CharField(max_length=64)
    image_sha256 = peewee.CharField(max_length=64)  # of the first page
    pages = peewee.IntegerField()
    size_bytes = peewee.IntegerField()
    reason = peewee.TextField(default="")  # why it takes the place of an earlier one
    uploaded_by = peewee.IntegerField(null=True)
    uploader = peewee.TextField()
    uploaded_at = Moment()

    class Meta:
        indexes = ((("document", "original_sha256"), True),)
        constraints = [
            one_of("scan_format", ["JPEG", "PNG", "WEBP", "PDF"]),
            peewee.Check("pages > 0 AND size_bytes > 0"),
            peewee.Check("length(original_sha256) = 64 AND length(image_sha256) = 64"),
        ]

    def __str__(self) -> str:
        return self.offered_sha256[:12]

    @property
    def offered_sha256(self) -> str:
        """The fingerprint of the file that readers are given."""
        return self.original_sha256 if self.scan_format == "PDF" else self.image_sha256


class DocumentLink(Table):
    """What a later document does to an earlier one: a corrigendum corrects, a new certificate replaces."""

    document = peewee.ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT", index=False)
    earlier = peewee.ForeignKeyField(IssuedDocument, backref="+", on_delete="RESTRICT")
    kind = peewee.TextField()

    class Meta:
        indexes = ((("document", "earlier"), True),)
        constraints = [
            one_of("kind", ["corrects", "replaces"]),
            peewee.Check("document_id <> earlier_id"),
        ]

    def __str__(self) -> str:
        return self.kind
