"""Reads a page of the handbook from Markdown into parts that a template can draw.

The text becomes a tree, never markup: whatever stands in a page, a template
writes it escaped.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from karmyogi.config import ROOT

FOLDER = ROOT / "docs" / "guide"
PICTURES = FOLDER / "pictures"
ANCHOR = re.compile(r"\s*\{#([a-z-]+)\}$")


@dataclass(frozen=True)
class Part:
    """A piece of a page: its kind as CommonMark calls it, its own text, what it leads to, and the parts inside."""

    kind: str
    text: str = ""
    target: str = ""
    level: int = 0
    anchor: str = ""
    parts: tuple["Part", ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of the handbook: its title, and all that follows."""

    title: str
    parts: tuple[Part, ...]

    @property
    def sections(self) -> list[Part]:
        """The headings of the second level that can be led to."""
        return [part for part in self.parts if part.level == 2 and part.anchor]


@lru_cache(maxsize=64)
def read_page(path: Path, _changed_at: int) -> Page:
    """The page in a file; `_changed_at` tells one version of the file from the next.

    Raises OSError if there is no such file, ValueError if it does not begin with its title.
    """
    tree = SyntaxTreeNode(MarkdownIt("commonmark", {"html": False}).parse(path.read_text(encoding="utf-8")))
    title, *rest = (_part(node) for node in tree.children)
    if title.level != 1:
        raise ValueError(f"{path.name} does not begin with its title")
    return Page(plain(title), tuple(rest))


def _part(node: SyntaxTreeNode) -> Part:
    parts = tuple(_part(child) for child in node.children if child.type != "inline")
    inline = tuple(_part(child) for child in node.children if child.type == "inline" for child in child.children)
    if node.type != "heading":
        return Part(node.type, node.content if node.type != "image" else "", _target(node), parts=parts + inline)
    anchor, inline = _anchor(inline)
    return Part("heading", level=int(node.tag[1:]), anchor=anchor, parts=inline)


def _target(node: SyntaxTreeNode) -> str:
    return str(node.attrs.get("href") or node.attrs.get("src") or "")


def _anchor(inline: tuple[Part, ...]) -> tuple[str, tuple[Part, ...]]:
    """`## Nominations {#nominations}`: where a link may lead, taken out of the heading."""
    found = ANCHOR.search(inline[-1].text) if inline else None
    if not found:
        return "", inline
    return found[1], (*inline[:-1], Part("text", ANCHOR.sub("", inline[-1].text)))


def plain(part: Part) -> str:
    """The words of a part and of all inside it."""
    return part.text + "".join(plain(inner) for inner in part.parts)
