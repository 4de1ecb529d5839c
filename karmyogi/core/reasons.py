"""Reasons: why something was refused, flagged or queued, said as a code with facts.

Rules never speak a language. They return reasons; pages, CSV files and the
command line turn them into Hindi or English through the one table of texts
that each room's `rules.py` declares its share of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = str | int | None

TEXTS: dict[str, str] = {}


def N_(text: str) -> str:
    """Mark a text for translation where it is declared; it is translated where it is shown."""
    return text


def declare(**texts: str) -> None:
    """Give codes their English text, with `%(name)s` places for facts.

    Raises ValueError if a code already means something else.
    """
    for code, text in texts.items():
        if TEXTS.setdefault(code, text) != text:
            raise ValueError(f"reason {code} is declared twice")


class Nth(int):
    """A place in an order, which a sentence names as one: the 5th, 5वें."""


class Day(str):
    """A day as `2026-01-15`, which a sentence names as the reader writes it."""


@dataclass(frozen=True)
class Reason:
    """A stable code and the facts its sentence needs; equal if both are equal."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.facts.items(), key=str))))

    @property
    def text(self) -> str:
        """The English sentence, still with its places for facts."""
        return TEXTS[self.code]


def reason(code: str, **facts: Fact) -> Reason:
    """A reason in one call: `reason("hours_short", needed=4, has=2)`."""
    return Reason(code, facts)
