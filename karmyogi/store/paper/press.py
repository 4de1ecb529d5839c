"""The press: facts go into one of our templates, and a finished file comes out.

Nothing here reads the database or the clock: equal facts make equal bytes, so a
stored file can be drawn again years later and compared. Facts reach the
templates as JSON and are printed letter by letter; no name is ever read as markup.
"""

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock

import typst

from karmyogi.core.errors import RuleBroken
from karmyogi.core.reasons import N_, declare, reason

HOME = Path(__file__).parents[3]
TEMPLATES = HOME / "templates" / "paper"
FONTS = HOME / "static" / "fonts" / "paper"

declare(
    paper_letter_missing=N_("The letter %(letter)s cannot be printed: no font of ours has it."),
    paper_no_room=N_("The text is too long for one page."),
)

JOINERS = "\u200c\u200d"  # they choose between two correct shapes of a Hindi cluster


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
def press() -> Press:
    """The press of this process, set up when first needed."""
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
