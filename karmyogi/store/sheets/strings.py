"""A workbook's shared strings, kept in a file on disk: half a million rows share millions of them."""

import os
import re
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from karmyogi.core.errors import BadFile
from karmyogi.store.sheets.pieces import Pieces, events_in, unescaped

MOST = 10_000_000
NEAR, NEAR_LETTERS = 200_000, 10_000_000  # texts kept in memory, and letters of all of them
REMEMBERED = 32_768
_PLAIN = re.compile(r"\s*<si>\s*<t(?: [^>]*)?>([^<]*)</t>\s*\Z")
_SPELT = re.compile("_x([0-9A-Fa-f]{4})_")


def spelt_out(text: str) -> str:
    """Excel writes characters that XML cannot hold as `_x000D_`."""
    return _SPELT.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Strings:
    """Texts by their numbers; a number that is not there, or none, is a damaged workbook.

    The first ones stay in memory, the rest is read from a file that nobody else can open.
    """

    def __init__(self, texts: Iterable[str]):
        self._near: dict[str, str] = {}  # by their numbers as cells write them
        self._ends = array("Q", [0])  # of the texts in the file
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the rows are read
        room = NEAR_LETTERS
        for text in texts:
            room -= len(text)
            if room > 0 and len(self._near) < NEAR:
                self._near[str(len(self._near))] = text
            else:
                room = 0
                self._put_away(text.encode("utf-8", "surrogatepass"))
        self._file.flush()
        self._far = lru_cache(maxsize=REMEMBERED)(self._read)
        # Two million cells ask: where all texts are near, the dictionary answers by itself.
        self.text: Callable[[str], str] = self._text if len(self._ends) > 1 else _Near(self._near).__getitem__

    def _text(self, number: str) -> str:
        told = self._near.get(number)
        return self._far(number) if told is None else told

    def _put_away(self, text: bytes) -> None:
        if len(self._ends) > MOST:
            raise BadFile("sheet_package_too_big")
        self._file.write(text)
        self._ends.append(self._ends[-1] + len(text))

    def _read(self, number: str) -> str:
        place = int(number) - len(self._near) if number.isdecimal() else -1
        if not 0 <= place < len(self._ends) - 1:
            raise BadFile("sheet_package_damaged")
        start, end = self._ends[place], self._ends[place + 1]
        return os.pread(self._file.fileno(), end - start, start).decode("utf-8", "surrogatepass")


class _Near(dict[str, str]):
    """Texts by their numbers; a number may be written with zeros before it."""

    def __missing__(self, number: str) -> str:
        place = str(int(number)) if number.isdecimal() else ""
        if place not in self:
            raise BadFile("sheet_package_damaged")
        return self[place]


def texts_in(blocks: Iterable[bytes], *, longest: int) -> Iterator[str]:
    """The texts of the part that holds the shared strings; parts of one text in different type are joined."""
    pieces = Pieces(blocks, around="sst", each="si", longest=longest)
    for piece in pieces:
        plain = _PLAIN.match(piece)
        if plain:
            yield spelt_out(unescaped(plain[1]))
        else:
            yield from _composed(piece, pieces.prefix)
    yield from [""] * pieces.rest.count(f"<{pieces.prefix}si/>")


def _composed(piece: str, prefix: str) -> Iterator[str]:
    """The string, and blank ones before it, in any form, without the reading aids (rPh) that stand beside a text."""
    told: list[str] = []
    for name, _attributes, text in events_in(piece, prefix=prefix, each="si"):
        if name == "t":
            told.append(text)
        elif name == "rPh" and told:
            told.pop()
        elif name == "si":
            yield spelt_out("".join(told))
            told.clear()
