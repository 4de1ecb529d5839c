"""What stands in a cell of a register: found in the row, then said in the reader's language, or told to a file.

Nothing here is ever markup: what people wrote is escaped where it is drawn.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

import peewee
from flask_babel import format_decimal, format_percent, gettext

from karmyogi.core.money import rupees
from karmyogi.store.db import Table, canonical
from karmyogi.web.i18n import day, local, moment, month_name, number, word

Formatter = Callable[[object], object]


def value_of(row: Table, name: str) -> object:
    """What a row holds under a name.

    A column, one of a joined row (`officer.employee_code`), or a name in two
    languages (`title` for title_hi and title_en) in the reader's own. Another
    row is told by its name.
    """
    found: object = row
    for part in name.split("."):
        if found is None:
            return None
        found = getattr(found, part) if hasattr(found, part) else local(found, part)
    return local(found, "name") if isinstance(found, Table) and hasattr(found, "name_en") else _text_of(found)


def _text_of(found: object) -> object:
    return str(found) if isinstance(found, Table) else found


class Values:
    """The cells of a register."""

    table: ClassVar[type[Table]]
    column_list: Sequence[str]
    column_formatters: Mapping[str, Formatter] = {}  # how a value is shown on a page; the file has it as it is
    column_formatters_export: Mapping[str, Formatter] = {}  # how a value stands in the file, where not as it is
    column_words: ClassVar[Sequence[str]] = ()  # columns that hold codes, shown as words on page and in file
    column_plain: ClassVar[Sequence[str]] = ()  # whole numbers that name something and are not counted

    def get_list_value(self, row: Table, name: str) -> object:
        """A column of a row as the reader's language says it."""
        value = value_of(row, name)
        if value is not None and name in self.column_formatters:
            return self.column_formatters[name](value)
        return self._said(name, value)

    get_detail_value = get_list_value

    def is_number(self, name: str) -> bool:
        """True for a column of numbers that are compared: they stand under each other, unit under unit."""
        column = self.table._meta.fields.get(name)
        counted = isinstance(column, peewee.IntegerField) and not isinstance(column, peewee.ForeignKeyField)
        return counted and name not in self.column_plain

    def title_of(self, row: Table) -> object:
        """What an entry is called: its first column."""
        return self.get_list_value(row, self.column_list[0])

    def get_export_value(self, row: Table, name: str) -> object:
        """A column of a row for a file: words in the reader's language, days and numbers as a machine sorts them."""
        value = value_of(row, name)
        if value is not None and name in self.column_formatters_export:
            return self.column_formatters_export[name](value)
        if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        return self._said(name, value)

    def _said(self, name: str, value: object) -> object:
        if name in self.column_words:
            return word(str(value)) if value else value
        if isinstance(value, bool):
            return gettext("Yes") if value else gettext("No")
        if isinstance(value, datetime):
            return moment(value)
        if isinstance(value, date):
            return day(value)
        if isinstance(value, int) and name not in self.column_plain:
            return number(value)
        return value


def as_month(month: str) -> str:
    return month_name(month)


def as_rupees(amount: int) -> str:
    return rupees(amount)


def as_list(values: Sequence[str]) -> str:
    return ", ".join(values)


def as_hundredths(hundredths_of_a_per_cent: int) -> str:
    """7550 → 75.5 %."""
    return format_percent(hundredths_of_a_per_cent / 10_000, "#,##0.##%")


def per_cent(hundredths_of_a_per_cent: int) -> float:
    """7550 → 75.5, for a file."""
    return hundredths_of_a_per_cent / 100


def as_stars(hundredths_of_a_star: int) -> str:
    """455 → 4.55."""
    return format_decimal(hundredths_of_a_star / 100, "0.00")


def as_thousandths(thousandths: int) -> str:
    """1000 → 100 %."""
    return format_percent(thousandths / 1000)


def as_duration(seconds: int) -> str:
    """5,400 → 1 h 30 min; seconds are left out but for less than a minute."""
    minutes = seconds // 60
    if minutes >= 60:
        return gettext("%(hours)s h %(minutes)s min", hours=number(minutes // 60), minutes=minutes % 60)
    return gettext("%(minutes)s min", minutes=minutes) if minutes else gettext("%(seconds)s s", seconds=seconds)


def as_change(change: Mapping[str, object]) -> str:
    """The facts of a trail entry, one to a line; a pair is what stood there before and what stands there after."""
    return "; ".join(f"{name}: {_before_and_after(value)}" for name, value in change.items())


def _before_and_after(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return f"{_plain(value[0])} → {_plain(value[1])}"
    return _plain(value)


def _plain(value: object) -> str:
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) else canonical(value)
