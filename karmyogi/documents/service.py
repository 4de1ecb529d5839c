"""Verbs of documents: keep what was drawn, issue it, and take it back without hiding it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from karmyogi.core.errors import BadFile, NotAllowed, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import reason
from karmyogi.documents.models import DocumentLink, IssuedDocument, SignedScan
from karmyogi.documents.queries import scans_of
from karmyogi.documents.rules import DOCUMENT, NOT_PLAIN, DocumentKind, Link, PublicFacts, scan_reasons, scan_refusal
from karmyogi.store.db import database, held
from karmyogi.store.files import PrivateFiles
from karmyogi.store.images import Picture, inspect_image
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


def correct(document: IssuedDocument, earlier: IssuedDocument) -> None:
    """Say that one document corrects an earlier one; belongs into the transaction of the verb that issues it."""
    DocumentLink.create(document=document, earlier=earlier, kind=Link.CORRECTS.value)


def replace(
    earlier: IssuedDocument, document: IssuedDocument, *, by: Actor, at: datetime | None = None
) -> IssuedDocument:
    """Put a document in the place of an earlier one, which says so from now on to everyone.

    Raises NotAllowed, or WrongState when the earlier one no longer stands.
    """
    with database.atomic():
        perform(DOCUMENT, earlier, "supersede", by=by, at=at or now())
        DocumentLink.create(document=document, earlier=earlier, kind=Link.REPLACES.value)
    return document


@dataclass(frozen=True)
class KeptScan:
    """A scan that was looked at and whose files are on disk; no row names it yet."""

    picture: Picture
    size_bytes: int
    image_sha256: str


def keep_scan(content: bytes, files: PrivateFiles) -> KeptScan:
    """Look at a scan as at any uploaded picture, in a process of its own, then keep it and its clean copy.

    At most 10 MB and, of a PDF, five pages. Raises BadFile or SandboxUnavailable, and keeps nothing then.
    """
    try:
        picture = inspect_image(content)
    except BadFile as error:
        raise BadFile(*map(scan_refusal, error.reasons)) from error
    if NOT_PLAIN & set(picture.notes):
        raise BadFile("scan_not_plain")
    # A kind of their own: what no claim names among the certificates is swept away after a day.
    files.put(content, kind="scan")
    return KeptScan(picture, len(content), files.put(picture.webp, kind="scan"))


def add_scan(
    document: IssuedDocument, kept: KeptScan, *, why: str = "", by: Actor, at: datetime | None = None
) -> SignedScan:
    """Tie a scan of the signed paper to its document; the latest is shown, all are kept.

    Raises NotAllowed, or RuleBroken for a file that is kept already, and without `why` when there is one before it.
    """
    at, why = at or now(), why.strip()
    if not can(by, Permission.AWARDS_ISSUE):
        raise NotAllowed("not_allowed")
    with database.atomic():
        _hold(document)
        earlier = scans_of(document)
        given = kept.picture.sha256
        if reasons := scan_reasons(given, kept=[one.original_sha256 for one in earlier], why=why):
            raise RuleBroken(*reasons)
        scan = SignedScan.create(
            document=document,
            scan_format=kept.picture.format,
            original_sha256=given,
            image_sha256=kept.image_sha256,
            pages=kept.picture.pages,
            size_bytes=kept.size_bytes,
            reason=why if earlier else "",
            uploaded_by=by.user_id,
            uploader=by.name,
            uploaded_at=at,
        )
        told = {"document": document.number, "sha256": scan.offered_sha256, "replaces": [one.id for one in earlier[:1]]}
        record(by, "scan.add", scan, told, remark=scan.reason, at=at)
    return scan


def _hold(document: IssuedDocument) -> None:
    """Let one at a time add to a document."""
    held(IssuedDocument.select().where(IssuedDocument.id == document.id)).get()
