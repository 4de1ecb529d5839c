"""What a corrigendum and the certificates after it will say, and the papers drawn from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from karmyogi.awards.drawing.orders import facts_from
from karmyogi.awards.rules import Issuer, Line, Place, corrigendum_number
from karmyogi.awards.rules.note_sheets import numeric
from karmyogi.documents.rules import PublicFacts
from karmyogi.documents.service import Kept, keep
from karmyogi.store.files import PrivateFiles
from karmyogi.store.paper import CertificateFacts, Correction, OrderFacts, award_certificate, award_order

HEADING_HI, HEADING_EN = "शुद्धि पत्र", "Corrigendum"
REST_STANDS = ("आदेश की शेष बातें यथावत रहेंगी।", "The rest of the order stands unchanged.")


@dataclass(frozen=True)
class Corrected:
    """The order that is corrected: its number and day, its own words, and who gets a copy."""

    number: str
    ordered_on: date
    subject_hi: str
    subject_en: str
    file_number: str
    copy_to: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Replacement:
    """A certificate that takes the place of another: what it prints, and what the public reads of it."""

    award_id: int
    document_id: int  # whose place it takes
    facts: CertificateFacts
    public: PublicFacts


@dataclass(frozen=True)
class Correcting:
    """All that a corrigendum and the certificates after it will say; two equal ones are one and the same."""

    order: Corrected
    serial: int
    dated_on: date
    lines: tuple[tuple[Place, Line], ...]
    signatory: tuple[str, str]
    issuer: Issuer
    code: str
    replacements: tuple[Replacement, ...]

    @property
    def number(self) -> str:
        return corrigendum_number(self.order.number, self.serial)


@dataclass(frozen=True)
class DrawnCorrigendum:
    """The papers of a corrigendum, already on disk."""

    said: Correcting
    paper: Kept
    certificates: tuple[Kept, ...]


def draw_corrigendum(said: Correcting, files: PrivateFiles) -> DrawnCorrigendum:
    """Draw and keep the corrigendum and each certificate after it.

    Raises RuleBroken when a letter cannot be printed or a text is too long.
    """
    paper = keep(files, pdf=award_order(corrigendum_facts(said)))
    certificates = tuple(keep(files, pdf=award_certificate(one.facts)) for one in said.replacements)
    return DrawnCorrigendum(said, paper, certificates)


def corrigendum_facts(said: Correcting) -> OrderFacts:
    """What the corrigendum prints; the paper is that of an order."""
    order, issuer, day = said.order, said.issuer, numeric(said.order.ordered_on)
    return OrderFacts(
        state_hi=issuer.state_hi,
        state_en=issuer.state_en,
        department_hi=issuer.department_hi,
        department_en=issuer.department_en,
        place_hi=issuer.place_hi,
        place_en=issuer.place_en,
        order_number=said.number,
        order_on=said.dated_on,
        subject_hi=_subject(said)[0],
        subject_en=_subject(said)[1],
        preamble_hi=f"इस विभाग के आदेश क्रमांक {order.number}, दिनांक {day} में निम्नानुसार पढ़ा जाए :",
        preamble_en=f"In this department's order No. {order.number} dated {day}, the following shall be read:",
        reference_hi=f"आदेश का विषय : {order.subject_hi}",
        reference_en=f"Subject of the order: {order.subject_en}",
        awardees=(),
        copy_to=order.copy_to,
        signatory_hi=said.signatory[0],
        signatory_en=said.signatory[1],
        verify_url=issuer.verify_url(said.code),
        code=said.code,
        file_number=order.file_number or None,
        conditions=(REST_STANDS,),
        heading_hi=HEADING_HI,
        heading_en=HEADING_EN,
        government_hi=issuer.government_hi,
        government_en=issuer.government_en,
        corrections=tuple(Correction(place.name_hi, place.name_en, *_words(line)) for place, line in said.lines),
    )


def _words(line: Line) -> tuple[str, str, str, str]:
    """The words of a line; what is the same in both languages, as a number, is printed once."""
    if (line.wrong_hi, line.right_hi) == (line.wrong_en, line.right_en):
        return line.wrong_hi, line.right_hi, "", ""
    return line.wrong_hi, line.right_hi, line.wrong_en, line.right_en


def _subject(said: Correcting) -> tuple[str, str]:
    return f"आदेश क्रमांक {said.order.number} का शुद्धि पत्र", f"Corrigendum to order No. {said.order.number}"


def public_facts_of_corrigendum(said: Correcting) -> PublicFacts:
    """What the verification page will say of it: which order it corrects, its number and date, and nobody's name."""
    return PublicFacts(*_subject(said), said.number, said.dated_on)


def replacement(
    award_id: int,
    document_id: int,
    frozen: Mapping[str, Mapping[str, object]],
    parts: Mapping[str, str],
    *,
    serial: int,
    code: str,
    issuer: Issuer,
) -> Replacement:
    """The certificate after a correction of `parts`; it has a number and a code of its own, and the day of the order.

    Everything else is what was frozen with the certificate before.
    """
    before = facts_from(frozen["printed"])
    first, told = before.award_number.partition("/C")[0], frozen["public"]
    facts = replace(
        before, **parts, award_number=corrigendum_number(first, serial), code=code, verify_url=issuer.verify_url(code)
    )
    shown = {name: text for name, text in parts.items() if name in told}
    ordered_on = date.fromisoformat(str(told["ordered_on"]))
    return Replacement(award_id, document_id, facts, PublicFacts(**{**told, **shown, "ordered_on": ordered_on}))
