"""Verification codes, and what the public may read of an issued document."""

import secrets
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from karmyogi.core.months import IST
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import step, workflow

declare(
    revocation_needs_reason=N_("Give the reason for revoking in Hindi and in English; both are shown to the public."),
    scan_needs_reason=N_("There is a scan already. Write why this one takes its place; the earlier one is kept."),
    scan_kept_already=N_("This very file is kept already. Choose the new scan."),
    scan_damaged=N_("The file is empty, damaged or incomplete. Scan the signed order again."),
    scan_locked=N_("This PDF is protected by a password. Save it without one, or scan the signed order again."),
    scan_too_many_pages=N_(
        "This PDF has more than %(limit_pages)s pages. Scan the signed order alone, without its enclosures."
    ),
    scan_too_large=N_("A page of this scan is too large to be opened. Scan it in A4 at 200 or 300 dots per inch."),
    scan_not_plain=N_(
        "This PDF carries a script or other files, which a scanner never makes. Scan the signed order again."
    ),
    scan_wrong_type=N_("This file is no scan. Give a PDF, or a JPEG, PNG or WebP picture, of the signed order."),
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U
CODE_LENGTH = 26  # 130 bits: nobody finds a code by trying
MISREAD = str.maketrans("OIL", "011")
GROUP, LAST_GROUP = 5, 20  # four groups of five, and the rest


# What is wrong with a picture of a certificate, said of a scan: nobody downloads an order from iGOT.
SAID_OF_SCANS = {
    "file_empty": "scan_damaged",
    "image_damaged": "scan_damaged",
    "pdf_without_pages": "scan_damaged",
    "pdf_encrypted": "scan_locked",
    "pdf_too_many_pages": "scan_too_many_pages",
    "pdf_page_too_large": "scan_too_large",
    "image_too_many_pixels": "scan_too_large",
    "image_took_too_long": "scan_too_large",
}
NOT_PLAIN = frozenset({"pdf_runs_code", "pdf_carries_files"})


class DocumentKind(StrEnum):
    AWARD_CERTIFICATE = "award_certificate"
    AWARD_ORDER = "award_order"
    CORRIGENDUM = "corrigendum"


class Link(StrEnum):
    """What a later document does to an earlier one."""

    CORRECTS = "corrects"
    REPLACES = "replaces"


# fmt: off
DOCUMENT = workflow("document", "valid", (
    #    action       from     to            who may                    guards / remark
    step("revoke",    "valid", "revoked",    Permission.AWARDS_REVOKE),
    step("supersede", "valid", "superseded", Permission.CORRIGENDA_ISSUE),
), ends="revoked superseded")
# fmt: on


@dataclass(frozen=True)
class PublicFacts:
    """What the verification page says of a document, as it was when issued.

    An order speaks of many officers: its name, designation and department are empty.
    """

    award_hi: str
    award_en: str
    order_number: str
    ordered_on: date
    name_hi: str = ""
    name_en: str = ""
    designation_hi: str = ""
    designation_en: str = ""
    department_hi: str = ""
    department_en: str = ""

    def as_data(self) -> dict[str, str]:
        """The facts as they are frozen with the document; `public_view` reads them back."""
        return asdict(self) | {"ordered_on": self.ordered_on.isoformat()}


@dataclass(frozen=True)
class Status:
    """Whether a document stands; a revoked one says on which day and why, in both languages."""

    state: str
    revoked_on: date | None = None
    reason_hi: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class PublicView:
    """The eight things that anybody may read, and the SHA-256 of the PDF to compare a copy with."""

    status: Status
    name_hi: str
    name_en: str
    designation_hi: str
    designation_en: str
    department_hi: str
    department_en: str
    award_hi: str
    award_en: str
    order_number: str
    ordered_on: date
    issued_on: date
    pdf_sha256: str


@dataclass(frozen=True)
class SignedCopy:
    """That a scan of the signed paper is kept: since which day, and the SHA-256 of the file; never the file."""

    kept_on: date
    sha256: str


@dataclass(frozen=True)
class Other:
    """Another document that one is read with: its number, its date, and the code that proves it."""

    number: str
    dated_on: date
    code: str


@dataclass(frozen=True)
class Beside:
    """What anybody may know of a document besides what it says.

    `corrigenda` correct it, oldest first; `corrects` is the order that it corrects
    itself; `replaced_by` is the paper that took its place.
    """

    signed_copy: SignedCopy | None = None
    corrigenda: tuple[Other, ...] = ()
    corrects: Other | None = None
    replaced_by: Other | None = None


class Issued(Protocol):
    """What `public_view` needs of a document."""

    state: str
    facts: Mapping[str, Mapping[str, str]]
    pdf_sha256: str
    issued_at: datetime
    revoked_at: datetime | None
    reason_hi: str
    reason_en: str


def new_code() -> str:
    """A fresh verification code: 26 letters and digits from the system's own source of chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """A code as it is printed and read aloud: `0H3J5-K7M9P-QRSTV-WXYZ2-468ACE`."""
    groups = [code[start : start + GROUP] for start in range(0, LAST_GROUP, GROUP)]
    return "-".join([*groups, code[LAST_GROUP:]])


def read_code(text: str) -> str | None:
    """The code a person typed, or None if it cannot be one.

    Spaces and hyphens, small letters and digits of any script are understood; O is
    read as 0, I and L as 1.
    """
    letters = "".join(_plain(letter) for letter in unicodedata.normalize("NFKC", text[:200]))
    code = letters.upper().translate(MISREAD) if letters.isascii() else ""
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def _plain(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "" if letter.isspace() or unicodedata.category(letter) in {"Pd", "Cf"} else letter


def public_view(document: Issued) -> PublicView:
    """What the public may read, and nothing else: a field that is not named here never shows."""
    told = document.facts["public"]
    return PublicView(
        status=_status(document),
        name_hi=told["name_hi"],
        name_en=told["name_en"],
        designation_hi=told["designation_hi"],
        designation_en=told["designation_en"],
        department_hi=told["department_hi"],
        department_en=told["department_en"],
        award_hi=told["award_hi"],
        award_en=told["award_en"],
        order_number=told["order_number"],
        ordered_on=date.fromisoformat(told["ordered_on"]),
        issued_on=document.issued_at.astimezone(IST).date(),
        pdf_sha256=document.pdf_sha256,
    )


def _status(document: Issued) -> Status:
    if document.revoked_at is None:
        return Status(document.state)
    revoked_on = document.revoked_at.astimezone(IST).date()
    return Status(document.state, revoked_on, document.reason_hi, document.reason_en)


def scan_refusal(why: Reason) -> Reason:
    """Why a scan cannot be opened, as one says it of an order."""
    if why.code in SAID_OF_SCANS:
        return reason(SAID_OF_SCANS[why.code], **why.facts)
    is_type = why.code.startswith("image_") and why.code not in ("image_animated", "image_too_small")
    return reason("scan_wrong_type") if is_type else why


def scan_reasons(given: str, *, kept: Collection[str], why: str) -> list[Reason]:
    """Why a scan cannot be added; `kept` are the fingerprints of the files given before for the same document."""
    if given in kept:
        return [reason("scan_kept_already")]
    return [reason("scan_needs_reason")] if kept and not why.strip() else []
