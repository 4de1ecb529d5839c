"""Reads of issued documents."""

import peewee

from karmyogi.core.months import IST
from karmyogi.documents.models import DocumentLink, IssuedDocument, SignedScan
from karmyogi.documents.rules import Beside, Link, Other, SignedCopy, public_view, read_code


def by_code(text: str) -> IssuedDocument | None:
    """The document of a code as a person types it, whatever its state; None if there is none or it is no code."""
    code = read_code(text)
    return code and IssuedDocument.get_or_none(IssuedDocument.code == code)


def scans_of(document: IssuedDocument) -> list[SignedScan]:
    """The scans of the signed paper, the one that counts first."""
    return list(SignedScan.select().where(SignedScan.document == document).order_by(SignedScan.id.desc()))


def beside(document: IssuedDocument) -> Beside:
    """What the public is told of a document besides its own words."""
    scans, corrects = scans_of(document), _earlier(document, Link.CORRECTS)
    replaced_by = _later(document, Link.REPLACES)
    return Beside(
        signed_copy=_signed_copy(scans[0]) if scans else None,
        corrigenda=corrigenda_of(document),
        corrects=corrects[0] if corrects else None,
        replaced_by=replaced_by[0] if replaced_by else None,
    )


def corrigenda_of(document: IssuedDocument) -> tuple[Other, ...]:
    """The corrigenda of an order, oldest first: it is read with them."""
    return tuple(_later(document, Link.CORRECTS))


def _later(document: IssuedDocument, kind: Link) -> list[Other]:
    return _others(DocumentLink.document, (DocumentLink.earlier == document) & (DocumentLink.kind == kind.value))


def _earlier(document: IssuedDocument, kind: Link) -> list[Other]:
    return _others(DocumentLink.earlier, (DocumentLink.document == document) & (DocumentLink.kind == kind.value))


def _others(which: peewee.ForeignKeyField, found: peewee.Expression) -> list[Other]:
    rows = IssuedDocument.select().join(DocumentLink, on=which == IssuedDocument.id).where(found)
    return [_other(one) for one in rows.order_by(IssuedDocument.id)]


def _other(document: IssuedDocument) -> Other:
    return Other(document.number, public_view(document).ordered_on, document.code)


def _signed_copy(scan: SignedScan) -> SignedCopy:
    return SignedCopy(scan.uploaded_at.astimezone(IST).date(), scan.offered_sha256)
