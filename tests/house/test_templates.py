"""Pages belong to a room, speak through the catalogue, run nothing inline, and say what every picture and field is."""

import ast
import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from tests.house import sources

PAGES = sources.templates()
FLOORS = {"parts", "errors", "admin", "paper"}
UNDRAWN = {"errors/broken.html", "documents/later.html"}  # when nothing can be read: both languages, no variables
ASKED_BY_FLASK_ADMIN = {  # names that its own code or templates ask for
    "admin/actions.html",
    "admin/base.html",
    "admin/layout.html",
    "admin/lib.html",
    "admin/master.html",
    "admin/static.html",
    "admin/model/create.html",
    "admin/model/details.html",
    "admin/model/edit.html",
    "admin/model/layout.html",
    "admin/model/list.html",
    "admin/model/row_actions.html",
}
NOT_WORDS = {"doctype", "html", "lang"}  # what stands outside of a tag and is not read: a macro may print an attribute
SAID_AS_IT_IS = {"English"}  # what a language is called in that language
DRAWINGS = '"parts/icons.html"'  # no word and no form in them
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
TRANSLATED = {"_", "gettext", "ngettext", "lazy_gettext"}
pages = pytest.mark.parametrize("name", sorted(PAGES))


def lines_with(name: str, pattern: str) -> list[str]:
    """Where a page has what it may not have."""
    found = re.finditer(pattern, PAGES[name], re.IGNORECASE | re.DOTALL)
    return [f"{name}:{sources.line_of(PAGES[name], hit.start())}: {hit[0][:60]}" for hit in found]


def rooms() -> set[str]:
    pages_of = [*sources.PACKAGE.glob("*/views.py"), *sources.PACKAGE.glob("*/views/__init__.py")]
    return {path.relative_to(sources.PACKAGE).parts[0] for path in pages_of}


def names_given() -> set[str]:
    """Every name of a page that the code or another page asks for."""
    in_code = {node.value for _module, node in sources.nodes(ast.Constant) if isinstance(node.value, str)}
    in_pages = re.findall(r"""\{%-?\s*(?:extends|import|from|include)\s+["']([^"']+)["']""", "\n".join(PAGES.values()))
    return {one for one in in_code if one.endswith(".html")} | set(in_pages)


def test_every_page_belongs_to_a_room_or_to_what_all_share():
    strays = [name for name in PAGES if name != "base.html" and name.partition("/")[0] not in rooms() | FLOORS]

    assert strays == []


def test_every_page_is_asked_for_by_somebody():
    assert set(PAGES) - names_given() - ASKED_BY_FLASK_ADMIN == set()


def test_every_page_that_is_asked_for_is_there():
    theirs = {name for name in names_given() if name.startswith("admin/")}  # the library's own stand behind ours

    assert names_given() - theirs - set(PAGES) == set()


@pytest.mark.parametrize("name", sorted(name for name in PAGES if "import" in PAGES[name]))
def test_a_page_imports_nothing_that_it_does_not_use(name):
    text = PAGES[name]
    imported = re.findall(r"\{%-?\s*import\s+\S+\s+as\s+(\w+)", text)
    listed = re.findall(r"\{%-?\s*from\s+\S+\s+import\s+(.+?)\s+with context", text)
    picked = [one.split()[-1] for names in listed for one in names.split(",")]

    unused = [one for one in imported if not re.search(rf"\b{one}\.", text)]
    unused += [one for one in picked if len(re.findall(rf"\b{one}\b", text)) < 2]

    assert unused == []


@pages
def test_a_part_is_imported_with_the_language_and_the_token(name):
    blind = re.findall(r"\{%-?\s*(?:import|from)\s(?:(?!%\}).)*?%\}", PAGES[name], re.DOTALL)

    assert [one for one in blind if "with context" not in one and DRAWINGS not in one] == []


@pages
def test_a_page_runs_and_styles_nothing_inline(name):
    scripts = [hit for hit in re.findall(r"<script[^>]*>", PAGES[name]) if " src=" not in hit or "nonce=" not in hit]

    assert scripts == []
    assert (
        lines_with(name, r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<base\b|<iframe|<object|<embed") == []
    )
    assert lines_with(name, r"<(script|link|img|form|iframe)[^>]*\s(src|href|action)\s*=\s*[\"']?(https?:)?//") == []


@pytest.mark.parametrize("name", sorted(set(PAGES) - UNDRAWN))
def test_every_word_of_a_page_comes_from_the_catalogue(name):
    bare = TAG.sub(" ", JINJA.sub(" ", PAGES[name]))
    words = set(re.findall(r"[A-Za-zऀ-ॿ]{3,}", re.sub(r"&\w+;", " ", bare))) - NOT_WORDS
    said = re.findall(
        r"""\b(?:alt|title|placeholder|aria-label|label|summary)=["']([^"']*)["']""", JINJA.sub("", PAGES[name])
    )

    assert words - SAID_AS_IT_IS == set()
    assert [one for one in said if re.search(r"[A-Za-z]{3,}", one)] == []


@pages
def test_every_sentence_handed_to_a_part_comes_from_the_catalogue(name):
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(PAGES[name])

    assert [f"{name}:{one.lineno}: {one.value}" for one in said_untranslated(tree)] == []


def said_untranslated(node: nodes.Node) -> Iterator[nodes.Const]:
    """Texts that read like a sentence or a title, outside of a call that translates them."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATED:
        return
    if isinstance(node, nodes.Compare | nodes.Test | nodes.Import | nodes.FromImport | nodes.Extends):
        return
    if isinstance(node, nodes.Const) and _reads_like_words(node.value):
        yield node
    for child in node.iter_child_nodes(exclude=("key",) if isinstance(node, nodes.Pair) else None):
        yield from said_untranslated(child)


def _reads_like_words(value: object) -> bool:
    return isinstance(value, str) and bool(re.match(r"[A-Z][a-z]{2,}|[a-z]+ [a-z]+ [a-z]+|.*[ऀ-ॿ]{3}", value))


@pages
def test_every_picture_says_what_it_shows(name):
    pictures = re.findall(r"<img\b[^>]*>", JINJA.sub("~", PAGES[name]))

    assert [one for one in pictures if not re.search(r"\salt=\"", one)] == []


@pages
def test_every_field_has_a_label(name):
    unlabelled = [tag for tag in fields_in(PAGES[name]) if not is_labelled(tag, PAGES[name])]

    assert unlabelled == []


def fields_in(text: str) -> list[str]:
    """The inputs, choices and areas that stand in a page itself and that people see; forms draw theirs by macros."""
    tags = re.findall(r"<(?:input|select|textarea)\b(?:\{\{.*?\}\}|\{%.*?%\}|[^>{])*>", text, re.DOTALL)
    return [tag for tag in tags if 'type="hidden"' not in tag and not re.search(r"\shidden(\s|>)", tag)]


def is_labelled(tag: str, text: str) -> bool:
    identity = re.search(r'\sid="([^"]+)"', tag)
    return "aria-label" in tag or (identity is not None and f'<label for="{identity[1]}"' in text)


@pages
def test_a_form_that_sends_carries_the_token(name):
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", PAGES[name], re.DOTALL)

    assert [form[:80] for form in forms if "csrf_token" not in form] == []


@pages
def test_a_table_has_a_caption_and_its_headings_a_scope(name):
    tables = re.findall(r"<table\b.*?</table>", PAGES[name], re.DOTALL)
    headings = re.findall(r"<th\b[^>]*", JINJA.sub("~", PAGES[name]))

    assert [table[:80] for table in tables if "<caption" not in table] == []
    assert [heading for heading in headings if "scope=" not in heading] == []


@pages
def test_what_opens_elsewhere_leaves_no_door_open(name):
    assert lines_with(name, r"target\s*=\s*[\"']_blank") == []
