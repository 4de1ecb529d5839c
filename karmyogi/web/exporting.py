"""The file of a register: the rows that were asked for, as CSV or Excel, read a batch at a time."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import peewee
from flask import Response
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from flask_babel import gettext

from karmyogi.core.errors import NotThere
from karmyogi.core.months import now
from karmyogi.store.db import Table, database
from karmyogi.store.trail import personal, record
from karmyogi.web import lists
from karmyogi.web.access import current_actor, fresh
from karmyogi.web.exports import csv_response
from karmyogi.web.workbooks import Sheet, refuse_too_many, xlsx_response

CSV, XLSX = "csv", "xlsx"


class Exports:
    """What leaves the house holds exactly what the list was narrowed to, and leaves a trace."""

    table: ClassVar[type[Table]]
    slug: ClassVar[str]
    can_export = True
    export_types = (CSV, XLSX)

    @expose("/export/<export_type>/")
    @fresh
    def export(self, export_type: str) -> Response:
        if export_type not in self.export_types:
            raise NotThere("not_there")
        asked = self._get_list_extra_args()
        found = self._narrowed(asked.search, asked.filters)
        count = found.count()
        if export_type == XLSX:
            refuse_too_many(count)
        self._remember_export(asked, export_type, count)
        header = [str(called) for _name, called in self._export_columns]
        if export_type == CSV:
            return csv_response(self.slug, header, self._cells(found))
        return xlsx_response(self.slug, Sheet(str(self.name), self._facts(asked, count), header, self._cells(found)))

    def _cells(self, found: peewee.ModelSelect) -> Iterator[Sequence[object]]:
        names = [name for name, _label in self._export_columns]
        for row in lists.in_batches(found, self.finish):
            yield [self.get_export_value(row, name) for name in names]

    def _remember_export(self, asked: ViewArgs, kind: str, count: int) -> None:
        """Rows that leave the house leave a trace: who took them, how many, and how they were chosen."""
        filters = [[name, personal(value)] for _i, name, value in asked.filters]
        chosen = {"search": personal(asked.search or ""), "filters": filters}
        with database.atomic():
            record(
                current_actor(), "register.export", self.table._meta.table_name, chosen | {"kind": kind, "rows": count}
            )

    def _facts(self, asked: ViewArgs, count: int) -> list[tuple[str, object]]:
        """What stands over the list in Excel: when it was taken, how many entries, and how they were chosen."""
        searched = [(gettext("Search"), asked.search)] if asked.search else []
        chosen = [(name, self._word_of(index, value)) for index, name, value in asked.filters]
        return [(gettext("Taken on"), now()), (gettext("Entries"), count), *searched, *chosen]

    def _word_of(self, index: int, value: str) -> str:
        """The value of a filter as its list of choices says it."""
        return str(dict(self._filters[index].options or ()).get(value, value))
