"""Verification codes, and what the public may read of an issued document."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from karmyogi.core.months import IST
from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, declare
from karmyogi.core.workflow import step, workflow

declare(
    revocation_needs_reason=N_("Give the reason for revoking in Hindi and in English; both are shown to the public."),
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O or U
CODE_LENGTH = 26  # 130 bits: nobody finds a code by trying
MISREAD = str.maketrans("OIL", "011")
GROUP, LAST_GROUP = 5, 20  # four groups of five, and the rest


class DocumentKind(StrEnum):
    AWARD_CERTIFICATE = "award_certificate"
    AWARD_ORDER = "award_order"


# fmt: off
DOCUMENT = workflow("document", "valid", (
    #    action       from     to            who may                    guards / remark
    step("revoke",    "valid", "revoked",    Permission.AWARDS_REVOKE),
    step("supersede", "valid", "superseded", Permission.AWARDS_ISSUE),
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
