"""One entry of a register: to read for all who reach it, to correct where the register lets somebody."""

from collections.abc import Callable, Sequence
from typing import ClassVar

import peewee
from flask import Response, flash, redirect, request, url_for
from flask_admin import expose
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from karmyogi.core.errors import NotAllowed, NotThere
from karmyogi.core.permissions import Permission, can
from karmyogi.store.db import Table, database
from karmyogi.web import editing, lists
from karmyogi.web.access import current_actor
from karmyogi.web.forms import Form


class Entries:
    """The pages of one entry; a stranger's row is no row on any of them."""

    table: ClassVar[type[Table]]
    write: ClassVar[Permission | None] = None  # None: nobody corrects anything here
    form_columns: Sequence[str] = ()  # what `write` may correct
    form_new_columns: ClassVar[Sequence[str]] = ()  # what a new entry needs; empty: nothing is added here

    @property
    def can_edit(self) -> bool:
        return bool(self.form_columns) and self._may_write()

    @property
    def can_create(self) -> bool:
        return bool(self.form_new_columns) and self._may_write()

    def _may_write(self) -> bool:
        return self.write is not None and can(current_actor(), self.write)

    def get_edit_form(self) -> type[Form]:
        return self._form_of(self.form_columns)

    def get_create_form(self) -> type[Form]:
        return self._form_of(self.form_new_columns)

    def _form_of(self, columns: Sequence[str]) -> type[Form]:
        return editing.form_for(self.table, columns, self.get_column_name)

    def edit_form(self, obj: Table) -> Form:
        return self._edit_form_class(_sent(), obj=obj)

    def create_form(self, obj: Table | None = None) -> Form:
        return self._create_form_class(_sent(), obj=obj)

    def get_pk_value(self, model: Table) -> str:
        return lists.key_text(model)

    def get_one(self, id: str) -> Table | None:
        """The row with this key if it is within the actor's reach."""
        key = lists.has_key(self.table, id)
        row = None if key is None else self.get_query().where(key).first()
        if row is not None:
            self.finish([row])
        return row

    def _asked_for(self) -> Table:
        keys = request.args.getlist("id")
        row = self.get_one(keys[0]) if len(keys) == 1 else None
        if row is None:
            raise NotThere("not_there")
        return row

    def _back(self) -> str:
        """The list as the reader left it, or its first page."""
        here, wanted = url_for(".index_view"), request.args.get("url", "")
        return wanted if wanted.partition("?")[0] == here else here

    @expose("/details/")
    def details_view(self) -> str:
        row = self._asked_for()
        return self.render(
            self.details_template,
            model=row,
            details_columns=self._details_columns,
            get_value=self.get_detail_value,
            return_url=self._back(),
        )

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Response | tuple[str, int]:
        if not self.can_edit:
            raise NotAllowed("not_allowed")
        row = self._asked_for()
        form = self.edit_form(row)
        if request.method == "GET":
            form.row_version.data = editing.version_of(row, self.form_columns)
        elif self._is_good(form) and self.update_model(form, row):
            flash(gettext("The entry has been saved."), "success")
            return redirect(self._back())
        return self._form_page(self.edit_template, form, model=row)

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Response | tuple[str, int]:
        if not self.can_create:
            raise NotAllowed("not_allowed")
        form = self.create_form()
        if request.method == "POST" and self._is_good(form) and self.create_model(form):
            flash(gettext("The entry has been added."), "success")
            more = "_add_another" in request.form
            return redirect(url_for(".create_view", url=self._back()) if more else self._back())
        return self._form_page(self.create_template, form)

    def _is_good(self, form: Form) -> bool:
        editing.refuse_unknown_fields(request, form)
        return form.validate()

    def _form_page(self, template: str, form: Form, **more: object) -> tuple[str, int]:
        page = self.render(template, form=form, form_opts=None, return_url=self._back(), **more)
        return page, 422 if request.method == "POST" else 200

    def update_model(self, form: Form, model: Table) -> bool:
        """Save what the form changes; False with a word in the form if the database has something against it.

        Raises WrongState if the form is older than the row, NotAllowed if the row would leave the actor's reach.
        """
        changes = editing.changes_in(form, model, self.form_columns)
        if not changes:
            return True
        return self._saved(form, model, lambda: editing.correct(model, changes, by=current_actor()))

    def create_model(self, form: Form) -> bool:
        """Store what the form says as a new row, or say in the form what the database has against it."""
        row = self.table()
        values = {name: form[name].data for name in self.form_new_columns}
        return self._saved(form, row, lambda: editing.add(row, values, by=current_actor()))

    def _saved(self, form: Form, row: Table, act: Callable[[], None]) -> bool:
        try:
            with database.atomic():
                act()
                if self.get_one(lists.key_text(row)) is None:
                    raise NotAllowed("not_allowed")  # saved out of one's own reach
        except (peewee.IntegrityError, peewee.DataError):
            form.form_errors.append(gettext("Another entry already says this, or a value does not fit."))
            return False
        return True


def _sent() -> MultiDict | None:
    """What was typed; a file under the name of a text field is not among it."""
    return request.form if request.method == "POST" else None
