"""What a corrigendum may correct in an issued order, and what is wrong with a draft of one.

It corrects words: never who is honoured, with which award, nor any money. For
those there are no places to name here; they need a revocation or another order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.core.workflow import not_same_hand, step, workflow

declare(
    corrigendum_rewritten=N_("Somebody wrote this draft anew after you opened it. Read it again."),
    corrigendum_empty=N_("Enter at least one correction."),
    corrigendum_unsigned=N_("Enter the signatory of the corrigendum in Hindi and in English."),
    corrigendum_place_unknown=N_("Correction %(line)s: choose the place in the order."),
    corrigendum_line_empty=N_("Correction %(line)s: write what stands in the order and what is to be read instead."),
    corrigendum_half=N_("Correction %(line)s: in each language give both what stands there and what is to be read."),
    corrigendum_unchanged=N_("Correction %(line)s: what is to be read is the same as what stands there."),
    corrigendum_not_there=N_("Correction %(line)s: “%(text)s” does not stand in that place. Copy it from the order."),
    corrigendum_not_once=N_(
        "Correction %(line)s: “%(text)s” stands there more than once. Write the words around it as well."
    ),
    corrigendum_place_twice=N_(
        "Correction %(line)s: this place is corrected in an earlier line already; join the two."
    ),
    corrigendum_other_name=N_(
        "Correction %(line)s: the record calls this officer “%(name)s”. A corrigendum can write the name only as the "
        "record does: have the name corrected there first. Another officer needs another order."
    ),
)

# fmt: off
CORRIGENDUM = workflow("corrigendum", "draft", (
    #    action      from     to           who may                       guards / remark
    step("issue",    "draft", "issued",    Permission.CORRIGENDA_ISSUE,  not_same_hand),
    step("withdraw", "draft", "withdrawn", Permission.CORRIGENDA_DRAFT,  remark=True),
), ends="issued withdrawn")
# fmt: on

# The parts of a row, with how a paper calls them; those of the certificate alone say so.
PARTS = {
    "name": ("नाम", "name"),
    "designation": ("पदनाम", "designation"),
    "department": ("विभाग", "department"),
    "office": ("कार्यालय (प्रमाण पत्र में)", "office (in the certificate)"),
    "citation": ("उद्धरण (प्रमाण पत्र में)", "citation (in the certificate)"),
}


@dataclass(frozen=True)
class Place:
    """A text of an order that may be corrected, as it reads now; a text of no language is the same in both."""

    code: str
    name_hi: str
    name_en: str
    hi: str
    en: str


@dataclass(frozen=True)
class Line:
    """One correction: at `place` read the right words instead of the wrong ones; a language may be left empty."""

    place: str
    wrong_hi: str = ""
    right_hi: str = ""
    wrong_en: str = ""
    right_en: str = ""

    def as_data(self) -> dict[str, str]:
        """The line as it is stored; `lines_from` reads it back."""
        return asdict(self)


def corrigendum_number(order_number: str, serial: int) -> str:
    """The number of an order's corrigendum, counted from 1: `GAD/KMY/2026-27/000123/C1`."""
    return f"{order_number}/C{serial}"


def lines_from(data: Iterable[Mapping[str, str]]) -> tuple[Line, ...]:
    """The lines of a stored corrigendum."""
    return tuple(Line(**one) for one in data)


def places_of(
    order: Mapping[str, object], rows: Mapping[int, Mapping[str, str]], *, earlier: Sequence[Line] = ()
) -> dict[str, Place]:
    """Every place of an order by its code, as it reads with the corrigenda before.

    `order` are its printed facts; `rows` the facts printed on the certificates
    that stand, by serial number: they hold what was corrected before. Places
    without a text are left out.
    """
    found = [*_whole(order), *(place for serial, facts in rows.items() for place in _row(serial, facts))]
    texts = {place.code: place for place in found if place.hi or place.en}
    for line in earlier:
        if line.place in texts and not line.place.startswith("row:"):
            texts[line.place] = corrected(texts[line.place], line)
    return texts


def _whole(order: Mapping[str, object]) -> list[Place]:
    """The places outside the table."""
    number, day = str(order["file_number"] or ""), "/".join(reversed(str(order["order_on"]).split("-")))
    paragraphs = [str(order[f"preamble_{lang}"]).splitlines() for lang in ("hi", "en")]
    copies = [tuple(pair) for pair in _pairs(order["copy_to"])]
    return [
        Place("subject", "विषय", "Subject", str(order["subject_hi"]), str(order["subject_en"])),
        Place("file_number", "नस्ती क्रमांक", "File number", number, number),
        Place("date", "आदेश का दिनांक", "Date of the order", day, day),
        Place("reference", "संदर्भ", "Reference", str(order["reference_hi"]), str(order["reference_en"])),
        *(
            Place(f"paragraph:{number}", f"कंडिका {number}", f"Paragraph {number}", *texts)
            for number, texts in enumerate(zip(*paragraphs, strict=False), 1)
        ),
        Place("signatory", "हस्ताक्षरकर्ता", "Signatory", *(_joined(order[f"signatory_{one}"]) for one in ("hi", "en"))),
        *(
            Place(f"copy:{number}", f"प्रतिलिपि {number}", f"Copy {number}", hi, en)
            for number, (hi, en) in enumerate(copies, 1)
        ),
    ]


def _pairs(value: object) -> list[list[str]]:
    return [list(map(str, pair)) for pair in value] if isinstance(value, list) else []


def _joined(value: object) -> str:
    return ", ".join(str(value).splitlines())


def _row(serial: int, facts: Mapping[str, str]) -> list[Place]:
    return [
        Place(
            f"row:{serial}:{part}",
            f"सरल क्रमांक {serial}, {hi}",
            f"Serial No. {serial}, {en}",
            facts[f"{part}_hi"],
            facts[f"{part}_en"],
        )
        for part, (hi, en) in PARTS.items()
    ]


def completed(line: Line, places: Mapping[str, Place]) -> Line:
    """The line with what need not be typed: a text of no language is corrected in both at once."""
    place = places.get(line.place)
    if place is None or place.hi != place.en:
        return line
    wrong, right = line.wrong_hi or line.wrong_en, line.right_hi or line.right_en
    return Line(line.place, wrong, right, wrong, right)


def corrected(place: Place, line: Line) -> Place:
    """The place as it reads with the line."""
    return replace(
        place,
        hi=place.hi.replace(line.wrong_hi, line.right_hi, 1) if line.wrong_hi else place.hi,
        en=place.en.replace(line.wrong_en, line.right_en, 1) if line.wrong_en else place.en,
    )


def awards_corrected(lines: Iterable[Line]) -> list[int]:
    """The serial numbers of the rows whose certificates say something else by these lines, in order."""
    return sorted({int(line.place.split(":")[1]) for line in lines if line.place.startswith("row:")})


def corrected_parts(serial: int, lines: Iterable[Line], places: Mapping[str, Place]) -> dict[str, str]:
    """What a row's certificate will say instead, by the names of its facts: `name_hi`, `office_en` …"""
    mine = [line for line in lines if line.place.startswith(f"row:{serial}:")]
    said = {line.place.rpartition(":")[2]: corrected(places[line.place], line) for line in mine}
    return {
        name: text
        for part, place in said.items()
        for name, text in ((f"{part}_hi", place.hi), (f"{part}_en", place.en))
    }


def line_reasons(
    lines: Sequence[Line], places: Mapping[str, Place], names: Mapping[str, tuple[str, str]]
) -> list[Reason]:
    """What is wrong with the lines of a draft; `names` are those of the records today, by the code of their place."""
    if not lines:
        return [reason("corrigendum_empty")]
    seen: set[str] = set()
    reasons = []
    for number, line in enumerate(lines, 1):
        reasons += _twice(number, line, seen) or _line(number, line, places.get(line.place), names.get(line.place))
        seen.add(line.place)
    return reasons


def _twice(number: int, line: Line, seen: set[str]) -> list[Reason]:
    return [reason("corrigendum_place_twice", line=number)] if line.place in seen else []


def _line(number: int, line: Line, place: Place | None, name: tuple[str, str] | None) -> list[Reason]:
    if place is None:
        return [reason("corrigendum_place_unknown", line=number)]
    pairs = ((line.wrong_hi, line.right_hi, place.hi), (line.wrong_en, line.right_en, place.en))
    if not any(wrong or right for wrong, right, _text in pairs):
        return [reason("corrigendum_line_empty", line=number)]
    found = [one for pair in dict.fromkeys(pairs) for one in _pair(number, *pair)]
    return found or _name(number, line, corrected(place, line), name)


def _pair(number: int, wrong: str, right: str, text: str) -> list[Reason]:
    """What is wrong with the words of one language."""
    if not wrong and not right:
        return []
    if not wrong or not right:
        return [reason("corrigendum_half", line=number)]
    if wrong == right:
        return [reason("corrigendum_unchanged", line=number)]
    if wrong not in text:
        return [reason("corrigendum_not_there", line=number, text=wrong)]
    return [reason("corrigendum_not_once", line=number, text=wrong)] if text.count(wrong) > 1 else []


def _name(number: int, line: Line, after: Place, name: tuple[str, str] | None) -> list[Reason]:
    """A name may only become what the record says: so no corrigendum gives an award to somebody else."""
    if name is None:
        return []
    pairs = ((line.wrong_hi, after.hi, name[0]), (line.wrong_en, after.en, name[1]))
    return [
        reason("corrigendum_other_name", line=number, name=recorded)
        for wrong, text, recorded in pairs
        if wrong and text != recorded
    ]
