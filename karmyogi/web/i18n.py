"""The reader's language: catalogues, names in two scripts, dates, lakhs, and what reasons say."""

import os
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, has_request_context, request, session, url_for
from flask_babel import Babel, format_datetime, format_decimal, gettext
from flask_login import current_user
from werkzeug.urls import iri_to_uri

from karmyogi.config import ROOT
from karmyogi.core.money import rupees
from karmyogi.core.months import IST, Month
from karmyogi.core.periods import When, parse_when
from karmyogi.core.reasons import N_, Day, Nth, Reason
from karmyogi.web.words import TABLES, WORDS

SOURCES = ROOT / "karmyogi" / "translations"
LANGUAGES = {"hi": "हिन्दी", "en": "English"}
LOCALES = {"hi": "hi_IN", "en": "en_IN"}


def install(app: Flask, *, compiled: Path) -> None:
    """Hindi first, English always: catalogues, filters and the language of each request."""
    compile_catalogues(compiled)
    app.config.update(
        BABEL_DEFAULT_LOCALE="hi_IN",
        BABEL_DEFAULT_TIMEZONE=str(IST),
        BABEL_TRANSLATION_DIRECTORIES=str(compiled),
    )
    Babel(app, locale_selector=_locale)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    named = {"month_name": month_name, "period_name": period_name}
    app.jinja_env.filters.update(day=day, number=number, rupees=rupees, moment=moment, word=word, **named)
    app.context_processor(_context)


def compile_catalogues(folder: Path) -> None:
    """Compile each .po that is newer than its compiled form; safe when several processes start at once."""
    for source in SOURCES.glob("*/LC_MESSAGES/*.po"):
        target = folder / source.relative_to(SOURCES).with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(source, "rb") as po, tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
            write_mo(part, read_po(po))
        os.replace(part.name, target)


def language() -> str:
    """`hi` or `en`: chosen on this browser, else the person's own, else Hindi."""
    if not has_request_context():  # the command line and the worker speak as the terminal does
        return "hi" if os.environ.get("LANG", "").startswith("hi") else "en"
    chosen = session.get("lang")
    if chosen in LANGUAGES:
        return chosen
    return getattr(current_user, "language", "hi")


def _locale() -> str:
    return LOCALES[language()]


def local(row: object, name: str) -> str:
    """A stored name in the reader's language; the other script where that one is missing."""
    first, second = (f"{name}_hi", f"{name}_en") if language() == "hi" else (f"{name}_en", f"{name}_hi")
    return _value(row, first) or _value(row, second)


def _value(row: object, name: str) -> str:
    found = row.get(name) if isinstance(row, Mapping) else getattr(row, name, "")
    return str(found or "")


def say(reason: Reason) -> str:
    """A reason's sentence in the reader's language, with its facts in place."""
    return gettext(reason.text) % {name: _fact(value) for name, value in reason.facts.items()}


def _fact(value: object) -> object:
    if isinstance(value, Nth):
        return ordinal(value)
    if isinstance(value, Day):
        return day(value)
    return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


def day(value: date | datetime | str | None) -> str:
    """05 अक्टूबर 2026; an en dash for nothing."""
    if not value:
        return "–"
    if isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(IST)
    return format_datetime(datetime(value.year, value.month, value.day, 12), "dd MMMM yyyy", rebase=False)  # noqa: DTZ001


def moment(value: datetime | None) -> str:
    """05 अक्टूबर 2026, 16:02, as the clock stands in India."""
    return format_datetime(value, "dd MMMM yyyy, HH:mm") if value else "–"


def instant(value: datetime | None) -> str:
    """05 अक्टूबर 2026, 16:02:07, as the clock stands in India: where seconds matter."""
    return format_datetime(value, "dd MMMM yyyy, HH:mm:ss") if value else "–"


def month_name(value: Month | str | None) -> str:
    """जनवरी 2026."""
    if not value:
        return "–"
    month = Month.parse(value) if isinstance(value, str) else value
    return format_datetime(datetime(month.year, month.number, 15, 12), "MMMM yyyy", rebase=False)  # noqa: DTZ001


# The four quarters of a financial year, in order.
QUARTERS = (
    N_("First quarter of %(year)s"),
    N_("Second quarter of %(year)s"),
    N_("Third quarter of %(year)s"),
    N_("Fourth quarter of %(year)s"),
)


def period_name(value: When | str) -> str:
    """वित्तीय वर्ष 2026-27 की पहली तिमाही, वित्तीय वर्ष 2026-27; of a month जनवरी 2026."""
    when = parse_when(value) if isinstance(value, str) else value
    if isinstance(when, Month):
        return month_name(when)
    text = QUARTERS[when.quarter - 1] if when.quarter else N_("Financial year %(year)s")
    return gettext(text) % {"year": when.financial_year}


def number(value: object) -> str:
    """4,00,000: international digits, Indian grouping; an en dash for nothing."""
    return "–" if value is None else format_decimal(value)


def ordinal(value: int) -> str:
    """1st, 22nd, 113th; in Hindi as it stands before a noun in the oblique case, whatever its gender: पहले, 5वें."""
    if language() == "hi":
        return {1: "पहले", 2: "दूसरे", 3: "तीसरे", 4: "चौथे", 6: "छठे"}.get(value, f"{number(value)}वें")
    teen = value % 100 in (11, 12, 13)
    return number(value) + ("th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th"))


def language_links() -> list[dict[str, str]]:
    """This very page in each language."""
    here = address_here()
    return [{"code": c, "name": n, "url": url_for("language", code=c, next=here)} for c, n in LANGUAGES.items()]


def address_here() -> str:
    """The path of this page, with its query if it was read and not sent, in the letters an address may hold."""
    return iri_to_uri(request.full_path.rstrip("?") if request.method == "GET" else request.path)


def _context() -> dict[str, object]:
    return {
        "lang": language(),
        "language_links": language_links() if request.endpoint else [],
        "local": local,
        "say": say,
    }


def word(code: str) -> str:
    """What a stored code is called in the reader's language; the code itself if it has no word."""
    return gettext(WORDS[code]) if code in WORDS else code


def name_of_records(table: str) -> str:
    """What a reader calls the records of a table."""
    return gettext(TABLES.get(table, N_("Other records")))


def in_both(reason: Reason) -> dict[str, str]:
    """The sentence in Hindi and in English, for files and the command line."""
    facts = dict(reason.facts)
    return {name: text % facts for name, text in text_in_both(reason.text).items()}


def text_in_both(text: str) -> dict[str, str]:
    """A label in Hindi and in English, for papers and letters that carry both."""
    return {"message_hi": _hindi().gettext(text), "message_en": text}


@lru_cache
def _hindi() -> Translations:
    return Translations.load(current_app.config["BABEL_TRANSLATION_DIRECTORIES"], ["hi"])
