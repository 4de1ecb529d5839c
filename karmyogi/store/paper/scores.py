"""The explanation of an officer's month."""

from dataclasses import asdict, dataclass
from datetime import date

from karmyogi.store.paper.press import press


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
    return press().pdf("score-explanation", {**asdict(facts), "document": document}, on=facts.drawn_on)
