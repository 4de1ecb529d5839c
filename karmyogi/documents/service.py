"""Verbs of documents: keep what was drawn, issue it, and take it back without hiding it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import reason
from karmyogi.documents.models import IssuedDocument
from karmyogi.documents.rules import DOCUMENT, DocumentKind, PublicFacts
from karmyogi.store.db import database
from karmyogi.store.files import PrivateFiles
from karmyogi.store.trail import record
from karmyogi.store.transitions import perform


@dataclass(frozen=True)
class Kept:
    """The files of a document by their SHA-256, already on disk."""

    pdf_sha256: str
    picture_sha256: str | None = None


def keep(files: PrivateFiles, *, pdf: bytes, picture: bytes | None = None) -> Kept:
    """Store what was drawn, before any row names it; a file that no row ever names does no harm."""
    return Kept(files.put(pdf, kind="document"), files.put(picture, kind="document") if picture is not None else None)


def issue(
    kind: DocumentKind,
    number: str,
    *,
    code: str,
    public: PublicFacts,
    printed: Mapping[str, object],
    kept: Kept,
    by: Actor,
    at: datetime | None = None,
) -> IssuedDocument:
    """Record a document as issued, with all that it says; its code is the one printed on it.

    Belongs into the transaction of the verb that issues, which has checked that
    `by` may. Raises peewee.IntegrityError if this number was issued before.
    """
    at = at or now()
    with database.atomic():
        document = IssuedDocument.create(
            kind=kind.value,
            code=code,
            number=number,
            state=DOCUMENT.start,
            facts={"public": public.as_data(), "printed": printed},
            pdf_sha256=kept.pdf_sha256,
            picture_sha256=kept.picture_sha256,
            issued_at=at,
        )
        record(by, "document.issue", document, {"number": number, "pdf_sha256": kept.pdf_sha256}, at=at)
    return document


def add_picture(document: IssuedDocument, picture: bytes, *, files: PrivateFiles) -> None:
    """Keep a picture of a document that has none yet; it adds nothing to what the document says."""
    sha256 = files.put(picture, kind="document")
    mine = (IssuedDocument.id == document.id) & IssuedDocument.picture_sha256.is_null()
    IssuedDocument.update(picture_sha256=sha256).where(mine).execute()
    document.picture_sha256 = sha256


def revoke(
    document: IssuedDocument, *, reason_hi: str, reason_en: str, by: Actor, at: datetime | None = None
) -> IssuedDocument:
    """Take a document back; it stays, and says to everyone that it was revoked, when and why.

    Raises NotAllowed, WrongState when it no longer stands, RuleBroken without both reasons.
    """
    at = at or now()
    reasons = {"reason_hi": reason_hi.strip(), "reason_en": reason_en.strip()}
    if not all(reasons.values()):
        raise RuleBroken(reason("revocation_needs_reason"))
    perform(DOCUMENT, document, "revoke", by=by, remark=reasons["reason_hi"], at=at, revoked_at=at, **reasons)
    return document
