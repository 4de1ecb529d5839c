"""Award certificates and award orders, set in type: facts come in, a finished file comes out.

Nothing here reads the database or the clock: equal facts make equal bytes, so a
stored file can be drawn again years later and compared. Facts reach the
templates as JSON and are printed letter by letter; no name is ever read as markup.
"""

import io
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import zip_longest
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import segno
import typst

from karmyogi.core.errors import RuleBroken
from karmyogi.core.money import in_words_en, in_words_hi, rupees
from karmyogi.core.reasons import N_, declare, reason

HOME = Path(__file__).parents[2]
TEMPLATES = HOME / "templates" / "paper"
FONTS = HOME / "static" / "fonts" / "paper"

declare(
    paper_letter_missing=N_("The letter %(letter)s cannot be printed: no font of ours has it."),
    paper_no_room=N_("The text is too long for one page."),
)

JOINERS = "\u200c\u200d"  # they choose between two correct shapes of a Hindi cluster


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
    return _press().pdf("award-certificate", _certificate(facts), on=facts.issued_on)


def award_certificate_picture(facts: CertificateFacts, *, ppi: int = 150) -> bytes:
    """The same page as a PNG for sharing; at 150 dots an inch it is 1754 by 1240.

    Raises RuleBroken for whatever the PDF is refused for: a picture would show
    empty boxes for missing letters without a word, so the PDF is tried first.
    """
    award_certificate(facts)
    return _press().png("award-certificate", _certificate(facts), ppi=ppi)


def award_share_picture(facts: CertificateFacts) -> bytes:
    """The award on a square of 1080 by 1080 pixels, fit for a phone: PNG, Hindi first, with the code to verify it.

    Long names and titles are set smaller. Facts that were printed on a certificate
    are taken as they are: whatever could not be printed was refused there.
    """
    return _press().png("award-share", _certificate(facts), ppi=72)


def award_order(facts: OrderFacts) -> bytes:
    """The order as portrait A4 pages, as many as it needs: PDF/A-2b to keep, PDF/UA-1 to be read aloud.

    The table's head is repeated on each page and no row is broken across two.
    Raises RuleBroken when a letter is in none of our fonts.
    """
    return _press().pdf("award-order", _order(facts), on=facts.order_on)


@dataclass(frozen=True)
class NoteRow:
    """One officer of a note-sheet, every text as it is printed; `record` and `post` have several lines."""

    serial: int
    name_hi: str
    name_en: str
    employee_code: str
    post: tuple[str, ...]
    record: tuple[str, ...]
    award: str
    amount: str
    citation: str


@dataclass(frozen=True)
class NoteFacts:
    """All that a note-sheet says: a paper of the office in Hindi, with its subject in English as well.

    Paragraphs are numbered through, those `after` the table going on. `hands` are the
    posts of the columns at the end; `as_on` says of when it speaks, `cases` which ones are on it.
    """

    government_hi: str
    department_hi: str
    subject_hi: str
    subject_en: str
    file_line: str
    as_on: str
    drawn_on: date
    before: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[NoteRow, ...]
    after: tuple[str, ...]
    cases: str
    hands: tuple[str, ...]
    hand_columns: tuple[str, ...]


def note_sheet(facts: NoteFacts) -> bytes:
    """The note-sheet as portrait A4 pages with a wide margin, numbered; nothing in it is signed or sealed.

    Raises RuleBroken when a letter is in none of our fonts.
    """
    document = f"नोटशीट · Note-sheet: {facts.subject_hi}"
    return _press().pdf("note-sheet", {**asdict(facts), "document": document}, on=facts.drawn_on)


@dataclass(frozen=True)
class ScorePart:
    """One rule of an explained score: its heading, what is said of it, and each item with what it rests on."""

    heading: str
    words: tuple[str, ...]
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ScoreFacts:
    """All that the explanation of an officer's month says, in one language (`hi` or `en`), as it is printed.

    `facts` are terms with their values; the last of `rows` is the total. `as_on` and `page` stand at the foot.
    """

    language: str
    government: str
    title: str
    person: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    why: str
    parts: tuple[ScorePart, ...]
    as_on: str
    page: str
    drawn_on: date


def score_explanation(facts: ScoreFacts) -> bytes:
    """The explanation as portrait A4 pages, numbered: PDF/A-2b and PDF/UA-1; nothing in it is signed.

    Raises RuleBroken when a letter is in none of our fonts.
    """
    document = f"{facts.title}: {facts.person[0]}"
    return _press().pdf("score-explanation", {**asdict(facts), "document": document}, on=facts.drawn_on)


def qr_svg(text: str) -> str:
    """A QR code of `text` as one SVG element for a page or a paper; its quiet margin is inside."""
    image = io.BytesIO()
    # Level M, as a short address needs no more: smaller modules would read worse from a photo.
    segno.make(text, error="m", micro=False).save(image, kind="svg", xmldecl=False, nl=False, border=4, omitsize=True)
    return image.getvalue().decode()


def code_in_groups(code: str) -> str:
    """A verification code as printed and read aloud: `0H3J5-K7M9P-QRSTV-WXYZ2-468ACE`.

    Four groups of five and the rest; a shorter code has fewer groups.
    """
    groups = [code[start : start + 5] for start in range(0, 20, 5)] + [code[20:]]
    return "-".join(group for group in groups if group)


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


def _plain(value: object) -> object:
    """Text as it is printed: composed, on one line, without control or direction marks."""
    if isinstance(value, str):
        return _letters(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return value


def _letters(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFC", text) if c.isspace() or c in JOINERS or not _hidden(c))
    return " ".join("".join(kept).split())


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}


class Press:
    """One Typst compiler with our fonts and no others, and the ornaments it draws once.

    Typst draws a page anew whenever its facts change. So the frame is drawn once
    per process and lent to each page as a picture: a certificate is several times faster.
    Safe to share between threads, which take turns; not between a process and its forks.
    """

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        self._compiler = typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)
        self._lock = Lock()
        self._process = os.getpid()
        self._lent = {name: self._ornament(name) for name in ("frame", "rosette")}

    def pdf(self, paper: str, facts: Mapping[str, object], *, on: date) -> bytes:
        """A paper as PDF/A-2b and PDF/UA-1, dated `on`: no clock enters the bytes."""
        midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
        with self._turn():
            pages = self._compiler.compile(
                _template(paper),
                format="pdf",
                pdf_standards=["a-2b", "ua-1"],
                timestamp=midnight,
                sys_inputs=self._inputs(facts),
            )
        return _single(pages)

    def png(self, paper: str, facts: Mapping[str, object], *, ppi: int) -> bytes:
        """The first page of a paper as a picture."""
        with self._turn():
            pages = self._compiler.compile(_template(paper), format="png", ppi=ppi, sys_inputs=self._inputs(facts))
        return _single(pages)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if os.getpid() != self._process:
            # Typst's worker threads do not survive a fork: the child would wait for them for ever.
            raise RuntimeError("papers were already drawn before this process was forked; draw them in one process")
        with self._lock, _refusals():
            yield

    def _inputs(self, facts: Mapping[str, object]) -> dict[str, str]:
        return {**self._lent, "facts": json.dumps(_plain(facts), default=date.isoformat)}

    def _ornament(self, name: str) -> str:
        return _single(self._compiler.compile(_template(name), format="svg")).decode()


@cache
def _press() -> Press:
    return Press()


def _template(name: str) -> Path:
    return TEMPLATES / f"{name}.typ"


def _single(pages: bytes | list[bytes] | None) -> bytes:
    """What was compiled; its first page where each page is a file of its own."""
    if isinstance(pages, list):
        return pages[0]
    return pages or b""


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what Typst says of the facts into a refusal a person can act on."""
    try:
        yield
    except typst.TypstError as error:
        letter = re.search(r'the text `"(.+?)"` could not be displayed', error.message)
        if letter:
            raise RuleBroken(reason("paper_letter_missing", letter=letter[1])) from error
        if "no room on the page" in error.message:
            raise RuleBroken(reason("paper_no_room")) from error
        raise
