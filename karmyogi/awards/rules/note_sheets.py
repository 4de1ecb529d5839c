"""What a note-sheet says, in the Hindi of a secretariat; facts come in, sentences go out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from karmyogi.core.money import in_words_hi, rupees
from karmyogi.core.months import IST

COLUMNS = ("क्र.", "अधिकारी/कर्मचारी", "पद एवं कार्यालय", "अभिलेख", "पुरस्कार", "उद्धरण (संक्षेप)")
HAND_COLUMNS = ("पद", "नाम एवं हस्ताक्षर", "दिनांक", "टीप")
STAGES = ("selected", "released")  # what goes up to be released, and what goes up to be ordered
SHORTEST_CUT, SHORT = 100, 180  # letters of a citation in short: cut between words, never much shorter
UNDECIDED = ("draft", "submitted", "verified", "returned")
INTEGRITY = {"clear": "स्पष्ट", "not_clear": "स्पष्ट नहीं", "pending": "लंबित"}


@dataclass(frozen=True)
class Proposal:
    """One officer who is proposed, as the records say today; `rank` is (rank, of how many) in the State."""

    employee_code: str
    name_hi: str
    name_en: str
    designation: str
    office: str
    department: str
    state_class: str
    points: int
    months: int
    rank: tuple[int, int] | None
    honours: tuple[tuple[str, date], ...]
    integrity: tuple[str, date, date] | None  # the answer, given on, valid until
    category: str
    amount_rupees: int | None
    citation: str


def numeric(day: date) -> str:
    """A day as papers write it: `10/04/2026`."""
    return f"{day:%d/%m/%Y}"


def as_on(at: datetime) -> str:
    """Of which moment the note-sheet speaks, in Indian time."""
    there = at.astimezone(IST)
    return f"{numeric(there.date())}, {there:%H:%M} बजे (भारतीय मानक समय) की स्थिति"


def file_line(number: str) -> str:
    """Under which file the note-sheet goes; empty without one."""
    return f"नस्ती क्रमांक : {number}" if number else ""


def in_short(citation: str) -> str:
    """A citation's beginning, cut after a whole word."""
    text = " ".join(citation.split())
    if len(text) <= SHORT:
        return text
    cut = text.rfind(" ", SHORTEST_CUT, SHORT)
    return f"{text[: cut if cut > 0 else SHORT]}…"


def integrity_in_words(held: tuple[str, date, date] | None, *, on: date) -> str:
    """What stands of an officer's integrity certificate on that day, which may be its last."""
    if held is None:
        return "निष्ठा प्रमाणन: उपलब्ध नहीं"
    answer, given_on, valid_until = held
    if valid_until < on:
        return f"निष्ठा प्रमाणन: {numeric(valid_until)} को अवधि समाप्त"
    return f"निष्ठा प्रमाणन: {INTEGRITY[answer]}, {numeric(given_on)}; {numeric(valid_until)} तक"


def is_clear(held: tuple[str, date, date] | None, *, on: date) -> bool:
    """True if the certificate is clear and still in force on that day, its last day included."""
    return held is not None and held[0] == "clear" and held[2] >= on


def record_in_words(one: Proposal, *, month: str, on: date) -> tuple[str, ...]:
    """Points, rank, honours and integrity of an officer, a line each; `month` is that of the rank, as 02/2026."""
    honours = "; ".join(f"{title} ({numeric(day)})" for title, day in one.honours) or "कोई नहीं"
    return (
        f"अंक: {one.points} ({one.months} माह)",
        *([f"राज्य में स्थान: {one.rank[0]} / {one.rank[1]} ({month})"] if one.rank else []),
        f"पूर्व सम्मान: {honours}",
        integrity_in_words(one.integrity, on=on),
    )


def post_in_words(one: Proposal) -> tuple[str, ...]:
    """Designation, office, department and class, a line each; what is not on record is left out."""
    group = f"वर्ग: {one.state_class}" if one.state_class else ""
    return tuple(text for text in (one.designation, one.office, one.department, group) if text)


def subject(scheme: tuple[str, str], cycle: tuple[str, str], stage: str) -> tuple[str, str]:
    """What the note-sheet is about, in Hindi and in English."""
    about_hi, about_en = {
        "selected": ("चयनित नामांकनों का निर्णय जारी करने के संबंध में", "release of the decision on selected nominations"),
        "released": ("पुरस्कार आदेश जारी करने के संबंध में", "issue of the award order"),
    }[stage]
    return f"{scheme[0]}, {cycle[0]}: {about_hi}।", f"{scheme[1]}, {cycle[1]}: {about_en}."


def opening(
    *, scheme: str, cycle: str, period: tuple[str, str], window: tuple[date, date], counts: Mapping[str, int]
) -> list[str]:
    """The reference and the background: what was called for, and what came of it."""
    total, opened, closed = sum(counts.values()), *map(numeric, window)
    waiting = sum(counts.get(state, 0) for state in UNDECIDED)
    return [
        f"संदर्भ: {scheme}, चक्र {cycle}; कार्य-अवधि {period[0]} से {period[1]}। "
        f"नामांकन {opened} से {closed} तक आमंत्रित किए गए।",
        f"पृष्ठभूमि: चक्र में कुल {total} नामांकन दर्ज हैं: चयनित {counts.get('selected', 0)}, "
        f"निर्णय जारी {counts.get('released', 0)}, पुरस्कृत {counts.get('awarded', 0)}, "
        f"अस्वीकृत {counts.get('rejected', 0)}, वापस लिए गए {counts.get('withdrawn', 0)}, विचाराधीन {waiting}। "
        "प्रत्येक नामांकन विभागाध्यक्ष द्वारा प्रस्तुत एवं नोडल अधिकारी द्वारा सत्यापित किया जाता है।",
    ]


def proposal(stage: str, *, count: int, award: str) -> str:
    """What is proposed, for how many."""
    whom = f"प्रस्ताव: तालिका में अंकित अधिकारियों/कर्मचारियों (कुल {count})"
    if stage == "selected":
        return f"{whom} का “{award}” हेतु चयन किया गया है। निर्णय जारी करना प्रस्तावित है।"
    return f"{whom} को “{award}” प्रदान करने का आदेश जारी करना प्रस्तावित है।"


def closing(rows: Sequence[Proposal], *, number: int, on: date) -> list[str]:
    """Money, integrity, and what is asked for; `number` is that of the paragraph with the proposal."""
    amounts = [one.amount_rupees for one in rows if one.amount_rupees is not None]
    clear = sum(is_clear(one.integrity, on=on) for one in rows)
    left = len(rows) - clear
    return [
        f"वित्तीय भार: राशि सहित पुरस्कार {len(amounts)}; कुल {rupees(sum(amounts))} ({in_words_hi(sum(amounts))} मात्र)।"
        if amounts
        else "वित्तीय भार: इस प्रस्ताव में कोई राशि निहित नहीं है।",
        f"निष्ठा प्रमाणन: स्पष्ट एवं प्रभावी {clear}" + (f"; शेष {left} की स्थिति तालिका में अंकित है।" if left else "।"),
        f"उपर्युक्त कंडिका {number} का प्रस्ताव आदेशार्थ प्रस्तुत है।",
    ]
