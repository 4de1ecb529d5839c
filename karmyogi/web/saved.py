"""Views of a register that a person keeps under a name: saved from the list, shown over it, removed again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_admin.model.base import ViewArgs
from flask_babel import gettext
from werkzeug.wrappers import Response

from karmyogi.store import saved_views
from karmyogi.web.access import current_actor
from karmyogi.web.filters import Filter
from karmyogi.web.forms import clean


@dataclass(frozen=True)
class Shortcut:
    """A saved view as the list shows it; without an address where the register can no longer be asked like this."""

    id: int
    name: str
    url: str | None
    is_open: bool


class SavedViews:
    """What the reader keeps of a register; nobody else's is ever shown, changed or removed here."""

    slug: ClassVar[str]
    _filters: list[Filter]

    def shortcuts(self) -> list[Shortcut]:
        """The reader's own views of this register, by name; looked up once for a page."""
        if not hasattr(request, "own_views"):
            request.own_views = saved_views.views_of(current_actor(), self.slug)
        now_shown = self._kept_of(self._get_list_extra_args())
        return [
            Shortcut(view.id, view.name, self._address_of(view.asked), view.asked == now_shown)
            for view in request.own_views
        ]

    def is_narrowed(self) -> bool:
        """True if the list is not just as it opens: then it is worth a name."""
        return bool(self._kept_of(self._get_list_extra_args()))

    @expose("/views/", methods=("POST",))
    def save_view(self) -> Response:
        asked = self._get_list_extra_args()
        name = " ".join(clean(request.form.get("name", "")).split())
        saved_views.save_view(self.slug, name, self._kept_of(asked), by=current_actor())
        flash(gettext("The view is saved. It stands over the list whenever you open this register."), "success")
        return redirect(self._get_list_url(asked))

    @expose("/views/<int:view_id>/remove/", methods=("POST",))
    def forget_view(self, view_id: int) -> Response:
        saved_views.forget_view(self.slug, view_id, by=current_actor())
        flash(gettext("The saved view has been removed. The entries are untouched."), "success")
        return redirect(url_for(".index_view"))

    def _kept_of(self, asked: ViewArgs) -> dict[str, object]:
        """What an address asks for, by names that do not depend on the order of columns and filters."""
        columns = [name for name, _label in self._list_columns]
        kept = {
            "search": asked.search,
            "sort": None if asked.sort is None else columns[asked.sort],
            "desc": 1 if asked.sort_desc else None,
            "page_size": asked.page_size,
            "filters": {self._filters[index].key: value for index, _name, value in asked.filters},
        }
        return {name: value for name, value in kept.items() if value}

    def _address_of(self, kept: Mapping[str, object]) -> str | None:
        """The list that a view was saved from; None if a column or a filter of it is gone."""
        columns = [name for name, _label in self._list_columns]
        chosen = kept.get("filters", {})
        known = {one.key for one in self._filters or ()}
        if not set(chosen) <= known or kept.get("sort", columns[0]) not in columns:
            return None
        asked = {name: kept[name] for name in ("search", "desc", "page_size") if name in kept}
        sort = {"sort": columns.index(kept["sort"])} if "sort" in kept else {}
        return url_for(".index_view", **asked, **sort, **{f"flt_{key}": value for key, value in chosen.items()})
