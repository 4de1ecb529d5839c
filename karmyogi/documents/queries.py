"""Reads of issued documents."""

from karmyogi.core.months import IST
from karmyogi.documents.models import IssuedDocument, SignedScan
from karmyogi.documents.rules import Beside, SignedCopy, read_code


def by_code(text: str) -> IssuedDocument | None:
    """The document of a code as a person types it, whatever its state; None if there is none or it is no code."""
    code = read_code(text)
    return code and IssuedDocument.get_or_none(IssuedDocument.code == code)


def scans_of(document: IssuedDocument) -> list[SignedScan]:
    """The scans of the signed paper, the one that counts first."""
    return list(SignedScan.select().where(SignedScan.document == document).order_by(SignedScan.id.desc()))


def beside(document: IssuedDocument) -> Beside:
    """What the public is told of a document besides its own words."""
    scans = scans_of(document)
    return Beside(signed_copy=_signed_copy(scans[0]) if scans else None)


def _signed_copy(scan: SignedScan) -> SignedCopy:
    return SignedCopy(scan.uploaded_at.astimezone(IST).date(), scan.offered_sha256)
