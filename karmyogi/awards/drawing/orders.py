"""What an order and its certificates will say, and the papers drawn from it; no tables here."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image

from karmyogi.awards.rules import Issuer, Named, Wording, award_number, award_with_category, masked, order_number
from karmyogi.documents.rules import PublicFacts
from karmyogi.documents.service import Kept, keep
from karmyogi.store.files import PrivateFiles
from karmyogi.store.paper import (
    Awardee,
    CertificateFacts,
    OrderFacts,
    award_certificate,
    award_certificate_picture,
    award_order,
    award_share_picture,
)

PAGE_WIDTH = 960  # pixels: sharp on a phone, enough beside the text on a wide screen


@dataclass(frozen=True)
class Given:
    """One awardee with the award as the cycle names it; title and category are (Hindi, English)."""

    nomination_id: int
    officer_id: int
    employee_code: str
    words: Named
    title: tuple[str, str]
    category: tuple[str, str]
    citation: tuple[str, str]
    amount_rupees: int | None


@dataclass(frozen=True)
class Heading:
    """The order itself: its place in the series, its day, and who says what."""

    financial_year: str
    serial: int
    ordered_on: date
    wording: Wording
    issuer: Issuer
    code: str

    @property
    def number(self) -> str:
        return order_number(self.issuer.office_code, self.financial_year, self.serial)


@dataclass(frozen=True)
class Sheet:
    """All that an order and its certificates will say; codes are one for each awardee, in the order of the table.

    Two equal sheets are one and the same order: what was drawn for one may be issued for the other.
    """

    heading: Heading
    given: tuple[Given, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Drawn:
    """A sheet's papers, already on disk."""

    sheet: Sheet
    order: Kept
    certificates: tuple[Kept, ...]


def draw(sheet: Sheet, files: PrivateFiles) -> Drawn:
    """Draw and keep every paper of the sheet, about a twentieth of a second for each awardee.

    Raises RuleBroken when a letter cannot be printed or a text is too long.
    """
    order = keep(files, pdf=award_order(order_facts(sheet)))
    papers = tuple(keep(files, pdf=award_certificate(facts)) for facts in certificates(sheet))
    return Drawn(sheet, order, papers)


def picture_from(printed: Mapping[str, object]) -> bytes:
    """The certificate as a PNG, from the facts that were frozen when it was issued."""
    return award_certificate_picture(facts_from(printed))


def share_picture_from(printed: Mapping[str, object]) -> bytes:
    """The award as a square PNG for a phone, from the facts that were frozen when it was issued."""
    return award_share_picture(facts_from(printed))


def facts_from(printed: Mapping[str, object]) -> CertificateFacts:
    """What a certificate said, from the facts that were frozen when it was issued."""
    issued_on = date.fromisoformat(str(printed["issued_on"]))
    return CertificateFacts(**{**printed, "issued_on": issued_on})


def small(picture: bytes, *, width: int = PAGE_WIDTH) -> bytes:
    """The same picture as a WebP of so many pixels across, for pages: less than a tenth of the whole one."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    height = round(drawn.height * width / drawn.width)
    into = io.BytesIO()
    drawn.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0).save(into, "WEBP", quality=80)
    return into.getvalue()


def certificates(sheet: Sheet) -> list[CertificateFacts]:
    """What each certificate says, in the order of the table."""
    return [
        certificate_facts(sheet.heading, given, position, code)
        for position, (given, code) in enumerate(zip(sheet.given, sheet.codes, strict=True), 1)
    ]


def certificate_facts(heading: Heading, given: Given, position: int, code: str) -> CertificateFacts:
    """What one certificate says; it is dated as its order, and numbered by its row."""
    issuer, words = heading.issuer, given.words
    return CertificateFacts(
        state_hi=issuer.state_hi,
        state_en=issuer.state_en,
        title_hi=given.title[0],
        title_en=given.title[1],
        name_hi=words.name_hi,
        name_en=words.name_en,
        designation_hi=words.designation_hi,
        designation_en=words.designation_en,
        department_hi=words.department_hi,
        department_en=words.department_en,
        office_hi=words.office_hi,
        office_en=words.office_en,
        citation_hi=given.citation[0],
        citation_en=given.citation[1],
        award_number=award_number(heading.number, position),
        order_number=heading.number,
        issued_on=heading.ordered_on,
        signatory_hi=heading.wording.signatory_hi,
        signatory_en=heading.wording.signatory_en,
        verify_url=issuer.verify_url(code),
        code=code,
        amount_rupees=given.amount_rupees,
        place_hi=issuer.place_hi,
        place_en=issuer.place_en,
        government_hi=issuer.government_hi,
        government_en=issuer.government_en,
    )


def order_facts(sheet: Sheet) -> OrderFacts:
    """What the order says, with one row for each awardee; employee codes are masked, as it may be read by all."""
    heading = sheet.heading
    issuer, wording = heading.issuer, heading.wording
    return OrderFacts(
        state_hi=issuer.state_hi,
        state_en=issuer.state_en,
        department_hi=issuer.department_hi,
        department_en=issuer.department_en,
        place_hi=issuer.place_hi,
        place_en=issuer.place_en,
        order_number=heading.number,
        order_on=heading.ordered_on,
        subject_hi=wording.subject_hi,
        subject_en=wording.subject_en,
        preamble_hi=wording.preamble_hi,
        preamble_en=wording.preamble_en,
        reference_hi=wording.reference_hi,
        reference_en=wording.reference_en,
        awardees=_awardees(sheet.given),
        copy_to=wording.copy_to,
        signatory_hi=wording.signatory_hi,
        signatory_en=wording.signatory_en,
        verify_url=issuer.verify_url(heading.code),
        code=heading.code,
        file_number=wording.file_number or None,
        government_hi=issuer.government_hi,
        government_en=issuer.government_en,
    )


def _awardees(given: Sequence[Given]) -> tuple[Awardee, ...]:
    return tuple(
        Awardee(
            serial=position,
            name_hi=one.words.name_hi,
            name_en=one.words.name_en,
            employee_code=masked(one.employee_code),
            designation_hi=one.words.designation_hi,
            designation_en=one.words.designation_en,
            department_hi=one.words.department_hi,
            department_en=one.words.department_en,
            award_hi=award_with_category(one.title[0], one.category[0]),
            award_en=award_with_category(one.title[1], one.category[1]),
            amount_rupees=one.amount_rupees,
        )
        for position, one in enumerate(given, 1)
    )


def public_facts(heading: Heading, given: Given) -> PublicFacts:
    """What the verification page will say of one certificate."""
    words = given.words
    return PublicFacts(
        award_hi=award_with_category(given.title[0], given.category[0]),
        award_en=award_with_category(given.title[1], given.category[1]),
        order_number=heading.number,
        ordered_on=heading.ordered_on,
        name_hi=words.name_hi,
        name_en=words.name_en,
        designation_hi=words.designation_hi,
        designation_en=words.designation_en,
        department_hi=words.department_hi,
        department_en=words.department_en,
    )


def public_facts_of_order(heading: Heading) -> PublicFacts:
    """What the verification page will say of the order: its subject, number and date, and nobody's name."""
    wording = heading.wording
    return PublicFacts(wording.subject_hi, wording.subject_en, heading.number, heading.ordered_on)
