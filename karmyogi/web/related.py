"""From one entry to others: what it names, and the lists of other registers that are about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import peewee
from flask import url_for
from flask_babel.speaklater import LazyString

from karmyogi.store.db import Table

Question = Mapping[str, object]  # what the address of a list asks: {"search": "90000001"}


@dataclass(frozen=True)
class Related:
    """A list of another register that is about this entry."""

    name: str | LazyString
    url: str


class Relations:
    """Links that lead only to registers which the reader may open; each register still shows its own reach."""

    table: ClassVar[type[Table]]

    def about(self, row: Table) -> Iterable[tuple[str, Question]]:
        """The registers that say more of an entry, by slug, and what to ask each; none unless a register says so."""
        return ()

    def related(self, row: Table) -> Sequence[Related]:
        """The lists about an entry that this reader may open."""
        open_here = self._open_registers()
        return [
            Related(open_here[slug].name, url_for(f"admin_{slug}.index_view", **question))
            for slug, question in self.about(row)
            if slug in open_here
        ]

    def address_of(self, row: Table, name: str) -> str | None:
        """The entry that a column names, if its register is open to this reader."""
        column = self.table._meta.fields.get(name)
        key = row.__data__.get(name)
        if not isinstance(column, peewee.ForeignKeyField) or key is None:
            return None
        target = next((one for one in self._open_registers().values() if one.table is column.rel_model), None)
        return target and url_for(f"admin_{target.slug}.details_view", id=key)

    def _open_registers(self) -> dict[str, "Relations"]:
        views = [view for view in self.admin._views if isinstance(view, Relations)]
        return {view.slug: view for view in views if view.is_accessible()}
