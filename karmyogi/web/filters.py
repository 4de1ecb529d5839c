"""How a register may be narrowed: each filter reads one value of the address, and refuses what is none."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

import peewee
from flask import request
from flask_admin.contrib.peewee.filters import BasePeeweeFilter
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from karmyogi.core.months import Month, as_utc
from karmyogi.store.db import Moment
from karmyogi.web.forms import number_in
from karmyogi.web.i18n import word

LARGEST_WHOLE_NUMBER = 2_147_483_647  # of an INTEGER column on PostgreSQL
ASCII_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
YES_OR_NO = (("1", lazy_gettext("Yes")), ("0", lazy_gettext("No")))


class Filter(BasePeeweeFilter):
    """What all filters share; `clean` raises ValueError for a value that cannot be one."""

    kind: str | None = None  # of the input: "datepicker", "month", or plain text
    ending = ""  # of its name in an address, where a column has several filters

    def __init__(self, column: peewee.Field, name: str, options: Iterable[tuple[str, LazyString]] = ()):
        self.key = f"{column.name}{self.ending}"
        super().__init__(column, lazy_gettext(name), list(options) or None, self.kind)

    def operation(self) -> LazyString:
        return lazy_gettext("is")

    def apply(self, query: peewee.ModelSelect, value: object) -> peewee.ModelSelect:
        return query.where(self.column == value)


class Code(Filter):
    """The whole code, with digits of either script."""

    def clean(self, value: str) -> str:
        return ascii_code(value)


class Whole(Filter):
    """A whole number that a column can hold."""

    def clean(self, value: str) -> int:
        number = int(ascii_code(value))
        if not 0 <= number <= LARGEST_WHOLE_NUMBER:
            raise ValueError(value)
        return number


class Contains(Filter):
    """Part of a text; a per cent sign or an underscore means itself."""

    def apply(self, query: peewee.ModelSelect, value: str) -> peewee.ModelSelect:
        return query.where(self.column.contains(value))


class OneOf(Filter):
    """One of the codes a column may hold, chosen by its word; `said` gives the word of a code."""

    def __init__(self, column: peewee.Field, name: str, codes: Iterable[str], said: Callable[[str], str] = word):
        self.codes = tuple(codes)
        super().__init__(column, name, [(code, LazyString(said, code)) for code in self.codes])

    def clean(self, value: str) -> str:
        if value not in self.codes:
            raise ValueError(value)
        return value


class YesNo(Filter):
    """A yes or a no."""

    def __init__(self, column: peewee.Field, name: str):
        super().__init__(column, name, YES_OR_NO)

    def clean(self, value: str) -> bool:
        if value not in {"0", "1"}:
            raise ValueError(value)
        return value == "1"


class Filled(YesNo):
    """Whether a column holds anything at all."""

    ending = "_filled"

    def apply(self, query: peewee.ModelSelect, value: bool) -> peewee.ModelSelect:
        blank = self.column.is_null() if self.column.null else self.column == ""
        return query.where(~blank if value else blank)


class InMonth(Filter):
    """A month, written 2026-01."""

    kind = "month"

    def clean(self, value: str) -> str:
        return str(Month.parse(value))


class From(Filter):
    """From a day of India on, that day included."""

    kind = "datepicker"
    ending = "_from"

    def __init__(self, column: peewee.Field, name: str):
        super().__init__(column, name)
        self.name = lazy_gettext("%(column)s: from", column=self.name)

    def clean(self, value: str) -> date:
        return date.fromisoformat(value)

    def apply(self, query: peewee.ModelSelect, value: date) -> peewee.ModelSelect:
        return query.where(self.column >= _start_of(value, self.column))


class Until(From):
    """Until a day of India, that day included."""

    ending = "_until"

    def __init__(self, column: peewee.Field, name: str):
        super().__init__(column, name)
        self.name = lazy_gettext("%(column)s: until", column=lazy_gettext(name))

    def apply(self, query: peewee.ModelSelect, value: date) -> peewee.ModelSelect:
        if value == date.max:
            return query
        return query.where(self.column < _start_of(value + timedelta(days=1), self.column))


class Among(Filter):
    """The rows of which a column is among the ids that another room finds for what was typed."""

    def __init__(self, column: peewee.Field, name: str, found: Callable[[str], peewee.ModelSelect], key: str = ""):
        super().__init__(column, name)
        self.found = found
        self.key = key or self.key

    def apply(self, query: peewee.ModelSelect, value: str) -> peewee.ModelSelect:
        return query.where(self.column.in_(self.found(value)))


def ascii_code(text: str) -> str:
    """A code as stored: people type the digits of either script."""
    return text.strip().translate(ASCII_DIGITS)


def whole_number(name: str) -> int | None:
    """The whole number of this name in the address, in the digits of either script; None for anything else."""
    return number_in(ascii_code(request.args.get(name, "")))


def _start_of(day: date, column: peewee.Field) -> date | datetime:
    """The first instant of a day of India, in the column's own terms."""
    if not isinstance(column, Moment):
        return day
    return as_utc(datetime.combine(max(day, date(1900, 1, 1)), time()))
