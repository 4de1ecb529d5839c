"""What every register has in common: a list of Flask-Admin, closed by default.

Flask-Admin opens everything to everyone and deletes with all that hangs on a
row. A Register names the permission that reads it, the columns it shows, and
at most a few plain columns that a second permission corrects. Nothing is ever
deleted, and one query, `rows`, is the only way to a row: for the list, for one
entry, for a correction and for the file.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import peewee
from flask import request
from flask_admin.contrib.peewee import ModelView
from flask_admin.model.base import ViewArgs
from flask_admin.model.template import EditRowAction
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from karmyogi.core.errors import NotThere
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.store.db import Table
from karmyogi.web import lists
from karmyogi.web.access import current_actor
from karmyogi.web.entries import Entries
from karmyogi.web.exporting import Exports
from karmyogi.web.filters import Filter
from karmyogi.web.i18n import language
from karmyogi.web.labels import label
from karmyogi.web.related import Relations
from karmyogi.web.saved import SavedViews
from karmyogi.web.traps import Unregistrable, refuse_traps
from karmyogi.web.values import Values


class Register(Entries, Exports, Relations, SavedViews, Values, ModelView):
    """A register; a subclass declares what stands here, and `rows` where its columns come from other tables."""

    # What a subclass declares; more of it is in Entries (what may be corrected) and Values (how a cell is shown).
    title: ClassVar[str]
    group: ClassVar[str]
    slug: ClassVar[str]  # of its address, /admin/<slug>/
    read: ClassVar[Permission]
    column_list: Sequence[str] = ()
    column_details_list: Sequence[str] | None = None  # what one entry shows; None: the columns of the list
    column_labels: Mapping[str, str] = {}  # other names than those of web/labels.py
    column_sortable_list: Sequence[str | tuple[str, peewee.Field]] = ()
    column_default_sort: tuple[str, bool] | None = None  # True: downwards; None: by the key, the newest first
    column_filters: Sequence[Filter] = ()
    search_codes: ClassVar[Sequence[peewee.Field | lists.Through]] = ()  # found by the whole value: indexed
    search_texts: ClassVar[Sequence[peewee.Field]] = ()  # found by a part of it: for names, not for facts
    search_hint: ClassVar[str] = ""
    own_page: ClassVar[tuple[str, str] | None] = None  # of a row, elsewhere: its endpoint, and what it calls the key

    # What holds for every register; subclasses leave it alone.
    can_delete = False  # entries are closed, never erased
    can_view_details = True
    can_set_page_size = True
    page_size = 50
    page_size_options = (20, 50, 100)
    count_cap = 1000

    # Doors of Flask-Admin that are walled up: no address leads there, whatever a subclass says.
    delete_view = action_view = ajax_update = ajax_lookup = action_delete = None

    def __init__(self) -> None:
        refuse_traps(type(self), Register)
        super().__init__(
            self.table,
            name=lazy_gettext(self.title),
            category=lazy_gettext(self.group),
            endpoint=f"admin_{self.slug}",
            url=self.slug,
        )

    def rows(self, actor: Actor) -> peewee.ModelSelect:
        """The rows `actor` may see, with what its columns show of other tables joined."""
        return self.table.select()

    def searched(self, query: peewee.ModelSelect, text: str) -> peewee.ModelSelect:
        """The rows that a search finds; override where names have an index of their own."""
        return lists.matching(query, text, codes=self.search_codes, texts=self.search_texts)

    def finish(self, rows: list[Table]) -> None:
        """Give some rows what no join can: by one query for all of them, or none."""

    # Who may

    def is_accessible(self) -> bool:
        return can(current_actor(), self.read)

    def _run_view(self, view: Callable[..., object], *args: object, **values: object) -> object:
        return view(self, *args, **values)  # once: a TypeError inside a view is a fault, not another way to call it

    # What Flask-Admin asks when it starts

    def get_column_name(self, field: str) -> LazyString:
        return label(field, self.column_labels)

    def get_details_columns(self) -> list[tuple[str, LazyString]]:
        return self.get_column_names(self.column_details_list or self.column_list, None)

    def init_search(self) -> bool:
        return bool(self.search_codes or self.search_texts)

    def search_placeholder(self) -> str:
        return gettext(self.search_hint) if self.search_hint else ""

    def get_filters(self) -> list[Filter]:
        strays = [one for one in self.column_filters if not isinstance(one, Filter)]
        if strays:
            raise Unregistrable(f"{type(self).__name__}: {strays[0]!r} is no filter of web/filters.py")
        keys = [one.key for one in self.column_filters]
        if len(set(keys)) < len(keys):
            raise Unregistrable(f"{type(self).__name__}: two filters have the same key: {sorted(keys)}")
        return list(self.column_filters)

    def get_filter_arg(self, index: int, flt: Filter) -> str:
        """A filter has the same name in an address whatever stands before it: addresses are kept and shared."""
        return flt.key

    # The list

    def get_query(self) -> peewee.ModelSelect:
        return self.rows(current_actor())

    def _get_list_extra_args(self) -> ViewArgs:
        """What the address asks for, read once for a request: what makes no sense in it is said once."""
        if not hasattr(request, "asked_of_list"):
            request.asked_of_list = lists.read_address(
                request,
                columns=[name for name, _label in self._list_columns],
                sortable=list(self._sortable_columns),
                sizes=self.page_size_options,
                filters=self._filters,
            )
        return request.asked_of_list

    def get_list(
        self,
        page: int,
        sort_column: str | None,
        sort_desc: int | None,
        search: str | None,
        filters: lists.Chosen,
        execute: bool = True,
        page_size: int | None = None,
    ) -> tuple[int, list[Table]]:
        """One page of what was asked for, and how many rows there are, up to one more than `count_cap`.

        Raises NotThere for a page past the end.
        """
        query = self._narrowed(search, filters)
        size = page_size or self.page_size
        rows = list(lists.in_order(query, self._order(sort_column, sort_desc)).limit(size).offset(page * size))
        if page and not rows:
            raise NotThere("not_there")
        self.finish(rows)
        return lists.count_up_to(query, self.count_cap), rows

    def _narrowed(self, search: str | None, filters: lists.Chosen) -> peewee.ModelSelect:
        query = self.get_query()
        if search and self._search_supported:
            query = self.searched(query, search)
        for index, _name, value in filters:
            query = self._filters[index].apply(query, self._filters[index].clean(value))
        return query

    def _order(self, column: str | None, down: int | None) -> list[tuple[peewee.Field, bool]]:
        if column is not None:
            return [(self._field_to_sort(column), bool(down))]
        if self.column_default_sort:
            name, descending = self.column_default_sort
            return [(self._field_to_sort(name), descending)]
        return [(key, True) for key in lists.key_of(self.table)]

    def _field_to_sort(self, name: str) -> peewee.Field:
        target = self._sortable_columns.get(name, name)
        if isinstance(target, peewee.Field):
            return target
        fields = self.table._meta.fields
        return fields[target] if target in fields else fields[f"{target}_{language()}"]

    def get_list_row_actions(self) -> list[EditRowAction]:
        return [EditRowAction()] if self.can_edit else []  # the name of an entry already leads to it
