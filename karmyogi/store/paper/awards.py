"""Award certificates, the picture to share, award orders and their corrigenda; Hindi and English side by side."""

from dataclasses import asdict, dataclass
from datetime import date
from itertools import zip_longest
from urllib.parse import urlsplit

from karmyogi.core.money import in_words_en, in_words_hi, rupees
from karmyogi.store.paper.codes import code_in_groups, qr_svg
from karmyogi.store.paper.press import press


@dataclass(frozen=True)
class CertificateFacts:
    """All that an award certificate says; Hindi and English side by side.

    `state_hi`/`state_en` name the State (छत्तीसगढ़, Chhattisgarh); the government's own
    name is `… शासन` and `Government of …` unless given. `signatory_*` may have several
    lines, name first. `code` is the verification code without its hyphens.
    """

    state_hi: str
    state_en: str
    title_hi: str
    title_en: str
    name_hi: str
    name_en: str
    designation_hi: str
    designation_en: str
    department_hi: str
    department_en: str
    office_hi: str
    office_en: str
    citation_hi: str
    citation_en: str
    award_number: str
    order_number: str
    issued_on: date
    signatory_hi: str
    signatory_en: str
    verify_url: str
    code: str
    amount_rupees: int | None = None
    place_hi: str = ""
    place_en: str = ""
    government_hi: str = ""
    government_en: str = ""


@dataclass(frozen=True)
class Awardee:
    """One row of an order's table. The employee code is printed as given: mask it before."""

    serial: int
    name_hi: str
    name_en: str
    employee_code: str
    designation_hi: str
    designation_en: str
    department_hi: str
    department_en: str
    award_hi: str
    award_en: str
    amount_rupees: int | None = None


@dataclass(frozen=True)
class Correction:
    """One line of a corrigendum: where, what stands there, what is to be read; a language may be left empty."""

    place_hi: str
    place_en: str
    wrong_hi: str
    right_hi: str
    wrong_en: str
    right_en: str


@dataclass(frozen=True)
class OrderFacts:
    """All that an award order says; every part in Hindi first and in English after it.

    A preamble of several lines makes several numbered paragraphs; `conditions` (budget head,
    terms) go on with the numbers after the table. `copy_to` is the numbered list of
    प्रतिलिपि, each in both languages. `endorsed_by_*` signs that list; the signatory, if empty.
    A corrigendum (शुद्धि पत्र) uses the same paper: `heading_*` names it, and `corrections` stand in
    the place of the awardees, of whom it has none.
    """

    state_hi: str
    state_en: str
    department_hi: str
    department_en: str
    place_hi: str
    place_en: str
    order_number: str
    order_on: date
    subject_hi: str
    subject_en: str
    preamble_hi: str
    preamble_en: str
    reference_hi: str
    reference_en: str
    awardees: tuple[Awardee, ...]
    copy_to: tuple[tuple[str, str], ...]
    signatory_hi: str
    signatory_en: str
    verify_url: str
    code: str
    file_number: str | None = None
    address_hi: str = ""
    address_en: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    endorsed_by_hi: str = ""
    endorsed_by_en: str = ""
    heading_hi: str = "आदेश"
    heading_en: str = "Order"
    government_hi: str = ""
    government_en: str = ""
    corrections: tuple[Correction, ...] = ()


def award_certificate(facts: CertificateFacts) -> bytes:
    """The certificate as one landscape A4 page: PDF/A-2b to keep, PDF/UA-1 to be read aloud.

    Long names, posts and citations are set smaller, never cut: the page stays one.
    Raises RuleBroken when a letter is in none of our fonts, or when even the
    smallest size leaves no room (citations far beyond a thousand letters).
    """
    return press().pdf("award-certificate", _certificate(facts), on=facts.issued_on)


def award_certificate_picture(facts: CertificateFacts, *, ppi: int = 150) -> bytes:
    """The same page as a PNG for sharing; at 150 dots an inch it is 1754 by 1240.

    Raises RuleBroken for whatever the PDF is refused for: a picture would show
    empty boxes for missing letters without a word, so the PDF is tried first.
    """
    award_certificate(facts)
    return press().png("award-certificate", _certificate(facts), ppi=ppi)


def award_share_picture(facts: CertificateFacts) -> bytes:
    """The award on a square of 1080 by 1080 pixels, fit for a phone: PNG, Hindi first, with the code to verify it.

    Long names and titles are set smaller. Facts that were printed on a certificate
    are taken as they are: whatever could not be printed was refused there.
    """
    return press().png("award-share", _certificate(facts), ppi=72)


def award_order(facts: OrderFacts) -> bytes:
    """The order as portrait A4 pages, as many as it needs: PDF/A-2b to keep, PDF/UA-1 to be read aloud.

    The table's head is repeated on each page and no row is broken across two.
    Raises RuleBroken when a letter is in none of our fonts.
    """
    return press().pdf("award-order", _order(facts), on=facts.order_on)


def _certificate(facts: CertificateFacts) -> dict[str, object]:
    amount = facts.amount_rupees
    return {
        **asdict(facts),
        **_masthead(facts),
        "document": f"{facts.title_hi} · {facts.title_en}: {facts.name_hi} · {facts.name_en}",
        "keywords": [facts.award_number, facts.order_number, facts.code],
        "post_hi": _post(facts.designation_hi, facts.office_hi, facts.department_hi),
        "post_en": _post(facts.designation_en, facts.office_en, facts.department_en),
        "amount_hi": None if amount is None else f"पुरस्कार राशि {_sum_hi(amount)}",
        "amount_en": None if amount is None else f"Award of {_sum_en(amount)}",
    }


def _order(facts: OrderFacts) -> dict[str, object]:
    amounts = [row.amount_rupees for row in facts.awardees if row.amount_rupees is not None]
    return {
        **asdict(facts),
        **_masthead(facts),
        "document": f"{facts.heading_hi} · {facts.heading_en} {facts.order_number}: {facts.subject_hi}",
        "keywords": [facts.order_number, facts.code],
        "paragraphs": list(zip_longest(facts.preamble_hi.splitlines(), facts.preamble_en.splitlines(), fillvalue="")),
        "awardees": [{**asdict(row), "amount": _figures(row.amount_rupees)} for row in facts.awardees],
        "total": {"figures": rupees(sum(amounts)), "hi": _sum_hi(sum(amounts)), "en": _sum_en(sum(amounts))}
        if amounts
        else None,
        "endorsed_by_hi": (facts.endorsed_by_hi or facts.signatory_hi).splitlines(),
        "endorsed_by_en": (facts.endorsed_by_en or facts.signatory_en).splitlines(),
    }


def _masthead(facts: CertificateFacts | OrderFacts) -> dict[str, object]:
    """What both papers carry: who issues, who signs, and how to verify."""
    host = urlsplit(facts.verify_url)
    return {
        "government_hi": facts.government_hi or f"{facts.state_hi} शासन",
        "government_en": facts.government_en or f"Government of {facts.state_en}",
        "signatory_hi": facts.signatory_hi.splitlines(),
        "signatory_en": facts.signatory_en.splitlines(),
        "code": code_in_groups(facts.code),
        "verify_at": host.netloc + host.path.rpartition("/")[0],
        "qr": qr_svg(facts.verify_url),
    }


def _post(designation: str, office: str, department: str) -> str:
    where = ", ".join(part for part in (designation, office) if part)
    return " · ".join(part for part in (where, department) if part)


def _sum_hi(amount_rupees: int) -> str:
    return f"{rupees(amount_rupees)} ({in_words_hi(amount_rupees)} मात्र)"


def _sum_en(amount_rupees: int) -> str:
    return f"{rupees(amount_rupees)} ({in_words_en(amount_rupees)} only)"


def _figures(amount_rupees: int | None) -> str:
    return "—" if amount_rupees is None else rupees(amount_rupees)
