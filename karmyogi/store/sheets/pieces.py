"""A long part of a workbook, cut into its rows or its strings without ever being held whole.

A piece in the plain form that nearly every program writes is taken apart by one
regular expression, which must cover it to the last byte; any other piece goes
to the XML parser. The one is many times as fast, the other knows all of XML.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat

from karmyogi.core.errors import BadFile
from karmyogi.store.sheets.package import refuse_declarations

Event = tuple[str, Mapping[str, str], str]  # an element's local name, its attributes, the text in it
LONGEST_START = 1024 * 1024  # of what stands before the first piece: widths of columns, views
_ENTITY = re.compile("&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Pieces:
    """The pieces of one part: what stands between two ends of `each` inside the element `around`.

    Raises BadFile while they are asked for: not XML in UTF-8, with declarations
    of its own, one piece longer than `longest` bytes, or cut off.
    """

    def __init__(self, blocks: Iterable[bytes], *, around: str, each: str, longest: int):
        self._blocks = iter(blocks)
        self._longest = longest
        self._around, self._each = around, each
        self._start = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?" + around.encode() + rb"(?:\s[^>]*?)?(/?)>")
        self.prefix = ""
        self.rest = ""  # blank ones after the last piece, once all were given

    def __iter__(self) -> Iterator[str]:
        rest, is_empty = self._first()
        if is_empty:
            return
        end = f"</{self.prefix}{self._each}>".encode()
        for block in self._blocks:
            *whole, rest = (rest + block).split(end)
            yield from map(self._text, whole)
            if len(rest) > self._longest:
                raise BadFile("sheet_package_damaged")
        *whole, rest = rest.split(end)
        yield from map(self._text, whole)
        self._keep_rest(rest)

    def _keep_rest(self, rest: bytes) -> None:
        self.rest, end, _after = self._text(rest).partition(f"</{self.prefix}{self._around}>")
        blank = rf"(?:\s*<{self.prefix}{self._each}(?:\s[^<>]*)?/>)*\s*"
        if not end or not re.fullmatch(blank, self.rest):
            raise BadFile("sheet_package_damaged")

    def _first(self) -> tuple[bytes, bool]:
        head = b""
        for block in self._blocks:
            head += block
            if found := self._start.search(head):
                refuse_declarations(head[: found.end()])
                self.prefix = f"{found[1].decode()}:" if found[1] else ""
                return head[found.end() :], bool(found[2])
            if len(head) > LONGEST_START:
                break
        raise BadFile("sheet_package_damaged")

    def _text(self, piece: bytes) -> str:
        if len(piece) > self._longest:
            raise BadFile("sheet_package_damaged")
        try:
            told = piece.decode()
        except UnicodeDecodeError as error:
            raise BadFile("sheet_package_damaged") from error
        return told.replace("\r\n", "\n").replace("\r", "\n") if "\r" in told else told


def unescaped(text: str) -> str:
    """The text of an element as a reader sees it. Raises BadFile for an entity that XML does not know."""
    if "&" not in text:
        return text
    try:
        plain = _ENTITY.sub(_meant, text)
    except (ValueError, OverflowError) as error:
        raise BadFile("sheet_package_damaged") from error
    return plain


def _meant(found: re.Match[str]) -> str:
    code, number, name = found.groups()
    return _NAMED[name] if name else chr(int(code, 16) if code else int(number))


def events_in(piece: str, *, prefix: str, each: str) -> list[Event]:
    """Every element of a piece as it ends, by the XML parser. Raises BadFile if it is no XML."""
    name = prefix.removesuffix(":")
    spaces = f' xmlns:{name}="x"' if name else ""
    reader = _Elements()
    try:
        reader.parser.Parse(f'<whole{spaces} xmlns:r="x" xmlns:xml="http://www.w3.org/XML/1998/namespace">', False)
        reader.parser.Parse(f"{piece}</{prefix}{each}></whole>", True)
    except (expat.ExpatError, ValueError) as error:
        raise BadFile("sheet_package_damaged") from error
    return reader.events


class _Elements:
    """Elements in the order of their ends, with the text directly in them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._open: list[tuple[str, Mapping[str, str], list[str]]] = []
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._say

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append((name.rpartition(":")[2], attributes, []))

    def _end(self, _name: str) -> None:
        name, attributes, said = self._open.pop()
        self.events.append((name, attributes, "".join(said)))

    def _say(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)
