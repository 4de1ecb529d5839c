"""The note-sheet of an office, in Hindi."""

from dataclasses import asdict, dataclass
from datetime import date

from karmyogi.store.paper.press import press


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
    return press().pdf("note-sheet", {**asdict(facts), "document": document}, on=facts.drawn_on)
