"""Hindi first: every text has one, with the same facts in it, and nothing in it is half English."""

import importlib
import inspect
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import wtforms
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from karmyogi.config import ROOT
from karmyogi.web.forms import Form
from karmyogi.web.i18n import SOURCES
from tests.house import sources

PLACE = re.compile(r"%\((\w+)\)[sd]|%%|%[sd]")
# Latin letters that stand in Hindi because people meet them so: names, kinds of files, what is typed as it is.
LATIN = {
    "iGOT",
    "karmyogi",
    "CBP",
    "CSV",
    "Excel",
    "Workbook",  # menus and kinds of file that Excel shows in English
    "xlsx",
    "xls",
    "File",
    "Info",
    "Protect",
    "Office",
    "JPEG",
    "PNG",
    "PDF",
    "WebP",
    "HEIC",
    "QR",
    "MB",
    "SHA",
    "SHA-256",
    "UTF-8",
    "URL",
    "zip",
    "Text",
    "Comma",
    "delimited",
    "Yes",
    "Pass",
    "Fail",
    "Attended",
    "Absent",
    "No",
    "II",
    "III",
    "IV",
    "VERIFIED",
    "NOT-VERIFIED",
    "NOT-MY-USER",
    "not-enrolled",
    "not-started",
    "in-progress",
    "completed",
    "KARMYOGI_MEDIA_URL",
    "file",
    "absolute",
    "folder",
    "IP",
    "UUID",
    "JSON",
    "MAC",
    "to",
    "KARMYOGI_BACKUP_DIR",  # what is typed on a server as it stands
    "PostgreSQL",
    "age",
    "identity",
    "FILE",
    "trail",
    "key",
}


@cache
def catalogue() -> Catalog:
    with open(SOURCES / "hi" / "LC_MESSAGES" / "messages.po", "rb") as file:
        return read_po(file, locale="hi")


@cache
def texts() -> tuple[Message, ...]:
    return tuple(message for message in catalogue() if message.id)


@cache
def marked() -> frozenset[str]:
    """Every text that code and pages mark, as `make messages` finds them; of a plural, the singular."""
    keywords = re.findall(r"-k (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    with open(ROOT / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    words = {"_": None, "gettext": None, "ngettext": (1, 2)} | dict.fromkeys(keywords)
    found = [
        singular(text)
        for folder in (ROOT, Path(wtforms.__file__).parent)
        for _file, _line, text, _comments, _context in extract_from_dir(
            folder, methods, options, keywords=words, strip_comment_tags=True
        )
    ]
    return frozenset(found) - {""}


def singular(text: str | tuple[str, ...]) -> str:
    return text if isinstance(text, str) else text[0]


def hindi(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def english(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


def listed(what: str, found: Iterable[str]) -> str:
    """All of them, one to a line, for whoever has to mend it."""
    return "\n".join([f"{what}:", *sorted(found)])


def places(text: str) -> list[str]:
    """What will be put into a text; how often and in which order is the language's own affair."""
    return sorted({hit[0] for hit in PLACE.finditer(text)})


def test_every_text_is_in_the_catalogue_and_nothing_else_is():
    held = {singular(message.id) for message in texts()}

    assert (marked() - held) == set(), listed("run `make messages`: not in the catalogue", marked() - held)
    assert (held - marked()) == set(), listed("run `make messages`: said nowhere any longer", held - marked())
    assert list(catalogue().obsolete) == []


def test_every_text_has_a_hindi_one():
    blank = [singular(message.id) for message in texts() if not all(one.strip() for one in hindi(message))]

    assert blank == [], listed("without Hindi", blank)


def test_no_hindi_text_is_a_guess():
    assert [singular(message.id) for message in texts() if "fuzzy" in message.flags] == []


def test_the_same_facts_stand_in_both_languages():
    wrong = [
        (original, said)
        for message in texts()
        for original, said in zip(english(message) * 2, hindi(message), strict=False)
        if said and places(said) != places(original)
    ]

    assert wrong == []


def test_a_hindi_text_is_written_in_devanagari():
    only_places = re.compile(r"[\W\d_]*")
    latin = [
        said
        for message in texts()
        for said in hindi(message)
        if said and not re.search("[ऀ-ॿ]", said) and not only_places.fullmatch(PLACE.sub("", said))
    ]

    assert latin == []


def test_no_english_word_strays_into_hindi():
    strays = [
        (word, said)
        for message in texts()
        for said in hindi(message)
        for word in re.findall(r"[A-Za-z][\w-]+", PLACE.sub(" ", said))
        if word not in LATIN
    ]

    assert strays == []


def test_a_hindi_sentence_ends_as_hindi_sentences_do():
    ended = [
        said
        for message in texts()
        for original, said in zip(english(message) * 2, hindi(message), strict=False)
        if " " in original and original.endswith(".") and not original.endswith("..") and not re.search(r"[।?!]$", said)
    ]

    assert ended == []


def test_what_the_forms_say_by_themselves_is_said_in_hindi_too():
    held = {singular(message.id) for message in texts() if all(hindi(message))}

    assert (said_by_forms() - held) == set(), listed("without Hindi", said_by_forms() - held)


def said_by_forms() -> set[str]:
    """What the fields and checks that our forms are made of may say in words of their own."""
    for path in sources.PACKAGE.glob("*/forms.py"):
        importlib.import_module(f"karmyogi.{path.parent.name}.forms")
    parts = {part for form in _below(Form) for part in _parts_of(form)}
    return {text for part in parts for text in _own_words(part)}


def _below(form: type[Form]) -> list[type[Form]]:
    return [found for child in form.__subclasses__() for found in [child, *_below(child)]]


def _parts_of(form: type[Form]) -> Iterator[type]:
    for name in dir(form):
        field = getattr(form, name)
        if not hasattr(field, "field_class"):
            continue
        yield from (base for base in field.field_class.__mro__ if base.__module__.startswith(("wtforms", "flask_wtf")))
        given = [*field.args, *field.kwargs.get("validators", [])]
        yield from (
            type(check) for check in _flat(given) if type(check).__module__.startswith(("wtforms", "flask_wtf"))
        )


def _flat(given: list[object]) -> Iterator[object]:
    for one in given:
        yield from one if isinstance(one, list | tuple) else [one]


def _own_words(part: type) -> list[str]:
    return re.findall(r"""n?gettext\(\s*"([^"]+)\"""", inspect.getsource(part))
