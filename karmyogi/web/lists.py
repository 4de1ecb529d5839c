"""What the address of a list asks for, and the rows that answer it, at any size of table.

Every parameter of the address is clamped before it reaches the database: an
address is typed, shortened and tampered with, and must never break a page.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

import peewee
from flask import Request, flash
from flask_admin.model.base import ViewArgs
from flask_babel import gettext

from karmyogi.web.filters import Filter, ascii_code
from karmyogi.web.forms import clean

DEEPEST_PAGE = 10_000
LONGEST_VALUE = 200
MOST_WORDS = 8
MOST_FILTERS = 20
KEY_DIGITS = 18  # fits into 64 bits
BATCH = 1000
FILTER_NAME = re.compile(r"flt[0-9]{0,3}_([a-z_]+)")

Chosen = Sequence[tuple[int, str, str]]


def read_address(
    request: Request,
    *,
    columns: Sequence[str],
    sortable: Sequence[str],
    sizes: Sequence[int],
    filters: Sequence[Filter],
) -> ViewArgs:
    """The list that an address asks for; what makes no sense in it is left out.

    Parameters that no list knows go no further: carried into the links of the
    page, one called `_scheme` or `_external` would turn them against the reader.
    """
    asked = request.args
    sort = asked.get("sort", type=int)
    if sort is None or not 0 <= sort < len(columns) or columns[sort] not in sortable:
        sort = None
    page_size = asked.get("page_size", 0, type=int)
    return ViewArgs(
        page=max(0, min(asked.get("page", 0, type=int), DEEPEST_PAGE)),
        page_size=page_size if page_size in sizes else 0,
        sort=sort,
        sort_desc=1 if asked.get("desc") == "1" else None,
        search=" ".join(clean(asked.get("search", "")[:LONGEST_VALUE]).split()[:MOST_WORDS]) or None,
        filters=_read_filters(request, filters),
        extra_args={},
    )


def _read_filters(request: Request, filters: Sequence[Filter]) -> list[tuple[int, str, str]]:
    asked, found = _values_asked(request), []
    for index, one in enumerate(filters):
        value = asked.get(one.key)
        if not value:
            continue
        if one.validate(value):
            found.append((index, str(one.name), value))
        else:
            flash(gettext("“%(value)s” is no value of “%(filter)s”, so it was left out.", value=value, filter=one.name))
    return found[:MOST_FILTERS]


def _values_asked(request: Request) -> dict[str, str]:
    """The values by the keys of filters, however they are numbered: flt_month, flt0_month and flt7_month are one."""
    names = [(FILTER_NAME.fullmatch(name), name) for name in reversed(list(request.args))]
    return {found[1]: clean(request.args[name][:LONGEST_VALUE]) for found, name in names if found}


@dataclass(frozen=True)
class Through:
    """A code that stands in another table, reached by a foreign key of the register's own.

    Asked as a question about the key, so that an index answers it: an OR over
    columns of two joined tables would read both from end to end.
    """

    key: peewee.ForeignKeyField
    column: peewee.Field

    def holds(self, code: str) -> peewee.Expression:
        """True for the rows whose key leads to this code."""
        other = self.column.model
        return self.key.in_(other.select(other._meta.primary_key).where(self.column == code))


def matching(
    query: peewee.ModelSelect, text: str, *, codes: Sequence[peewee.Field | Through], texts: Sequence[peewee.Field]
) -> peewee.ModelSelect:
    """Rows with this very code, or with every word somewhere in their texts.

    A text with a digit in it is a code where there are codes: they are indexed,
    and nobody's name has a digit.
    """
    wanted = ascii_code(text)
    code = [column.holds(wanted) if isinstance(column, Through) else column == wanted for column in codes]
    if not texts or (codes and any(letter.isdigit() for letter in text)):
        return query.where(_any_of(code))
    for part in text.split():
        query = query.where(_any_of([column.contains(part) for column in texts] + code))
    return query


def _any_of(conditions: Sequence[peewee.Expression]) -> peewee.Expression:
    return reduce(operator.or_, conditions)


def count_up_to(query: peewee.ModelSelect, cap: int) -> int:
    """How many rows there are, or one more than `cap`: nobody waits for a number that nobody needs."""
    return query.limit(cap + 1).count()


def in_order(query: peewee.ModelSelect, columns: Sequence[tuple[peewee.Field, bool]]) -> peewee.ModelSelect:
    """Sorted by these columns (True: downwards), blanks last, and always in the same order."""
    keys = [(key, False) for key in key_of(query.model) if all(key is not column for column, _down in columns)]
    return query.order_by(*(_sorted_by(column, down) for column, down in [*columns, *keys]))


def _sorted_by(column: peewee.Field, down: bool) -> peewee.Ordering:
    blanks = "LAST" if column.null else None  # the two engines would put them at opposite ends
    return column.desc(nulls=blanks) if down else column.asc(nulls=blanks)


def in_batches(
    query: peewee.ModelSelect, finish: Callable[[list[peewee.Model]], object], *, size: int = BATCH
) -> Iterator[peewee.Model]:
    """Every row in the order of its key, read a batch at a time; `finish` is called on each batch.

    A row keeps its key, so none is left out or told twice though others write
    meanwhile, and no statement runs long.
    """
    keys, after = key_of(query.model), None
    while True:
        part = query if after is None else query.where(_past(keys, after))
        rows = list(part.order_by(*keys).limit(size))
        finish(rows)
        yield from rows
        if len(rows) < size:
            return
        after = [rows[-1].__data__[key.name] for key in keys]


def _past(keys: Sequence[peewee.Field], values: Sequence[object]) -> peewee.Expression:
    """True for keys after these: by the first column, or with the same first by the next."""
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key > value
    return (key > value) | ((key == value) & _past(keys[1:], values[1:]))


def named(table: type[peewee.Model], *more: str) -> list[peewee.Field]:
    """What a list needs of a joined table: its names in both languages, further columns, and its key.

    Without its key a joined row would take away the number that leads to it.
    """
    return [getattr(table, name) for name in ("id", "name_hi", "name_en", *more)]


def key_of(model: type[peewee.Model]) -> list[peewee.Field]:
    """The columns of a table's key, in order."""
    key = model._meta.primary_key
    return [model._meta.fields[name] for name in key.field_names] if model._meta.composite_key else [key]


def key_text(row: peewee.Model) -> str:
    """A row's key as it stands in an address: 17, or 2026-01.17 where the key has two columns."""
    return ".".join(str(row.__data__[key.name]) for key in key_of(type(row)))


def has_key(model: type[peewee.Model], text: str) -> peewee.Expression | None:
    """The condition that a row has the key of an address; None if that can be no key."""
    keys, parts = key_of(model), text.split(".")
    values = [_key_value(key, part) for key, part in zip(keys, parts, strict=False)]
    if len(parts) != len(keys) or None in values:
        return None
    condition: peewee.Expression = keys[0] == values[0]
    for key, value in zip(keys[1:], values[1:], strict=True):
        condition = condition & (key == value)
    return condition


def _key_value(key: peewee.Field, text: str) -> int | str | None:
    if isinstance(key, peewee.ForeignKeyField):
        key = key.rel_field
    if isinstance(key, peewee.CharField | peewee.TextField):
        return text if len(text) <= LONGEST_VALUE and text.isprintable() else None
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= KEY_DIGITS else None
