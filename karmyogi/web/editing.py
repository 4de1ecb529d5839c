"""Correcting an entry of a register: the form of the few columns it may change, and the one way it is saved.

Only plain columns can stand in such a form. What belongs to what, and where a
case stands, is changed by the verbs of the rooms; so no form here ever offers
a list of officers, offices or courses to choose from.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence

import peewee
from flask import Request
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, DateField, Field, HiddenField
from wtforms.validators import Length, Optional

from karmyogi.core.errors import KarmyogiError, WrongState
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import N_, declare
from karmyogi.store.db import JsonText, Table, canonical
from karmyogi.store.trail import personal, record
from karmyogi.web.forms import CleanText, Form, needed
from karmyogi.web.lists import key_of
from karmyogi.web.traps import Unregistrable

declare(
    row_changed=N_(
        "Somebody else has changed this entry since you opened it, so nothing was saved. "
        "Go back, load it again and look at what it says now."
    ),
    field_unknown=N_("The form held a field that may not be changed here, so nothing was saved."),
)

logger = logging.getLogger("karmyogi.registers")

LONGEST_TEXT = 500
CARRIED = {"csrf_token", "url", "row_version", "_add_another"}  # what a form sends besides its fields
TAKEN = {"data", "errors", "meta", "populate_obj", "process", "validate", "form_errors"} | CARRIED


def form_for(model: type[Table], columns: Sequence[str], called: Callable[[str], LazyString]) -> type[Form]:
    """The form that changes these columns and no others. Raises Unregistrable for a column it may not change."""
    fields = {name: _field(model, name, called) for name in columns}
    return type(f"{model.__name__}Form", (Form,), {**fields, "row_version": HiddenField()})


def _field(model: type[Table], name: str, called: Callable[[str], LazyString]) -> Field:
    column = model._meta.fields.get(name)
    if name in TAKEN or column is None:
        raise Unregistrable(f"{model.__name__}: a form cannot have a field called {name}")
    if name in [key.name for key in key_of(model)] or isinstance(column, peewee.ForeignKeyField):
        raise Unregistrable(f"{model.__name__}.{name}: keys are not typed into a form")
    if isinstance(column, peewee.DateField):
        return DateField(called(name), [Optional()] if column.null else [needed])
    if isinstance(column, peewee.BooleanField):
        return BooleanField(called(name))
    if isinstance(column, peewee.CharField | peewee.TextField) and not isinstance(column, JsonText):
        return CleanText(called(name), _text_rules(column))
    raise Unregistrable(f"{model.__name__}.{name}: no form is made for a {type(column).__name__}")


def _text_rules(column: peewee.Field) -> list[object]:
    longest = Length(max=getattr(column, "max_length", None) or LONGEST_TEXT)
    return [longest] if column.default == "" else [needed, longest]


def refuse_unknown_fields(request: Request, form: Form) -> None:
    """Every field that was sent must be one of the form's, and no file: hiding a field protects nothing.

    Raises KarmyogiError, before anything is looked at.
    """
    unknown = sorted(set(request.form) - {field.name for field in form} - CARRIED) + sorted(request.files)
    if unknown:
        logger.warning("%s: fields that are not of the form: %s", request.path, unknown[:10])
        raise KarmyogiError("field_unknown")


def version_of(row: Table, columns: Sequence[str]) -> str:
    """A short text that differs when one of these columns does."""
    values = {name: row.__data__.get(name) for name in columns}
    return hashlib.sha256(canonical(values).encode()).hexdigest()[:16]


def changes_in(form: Form, row: Table, columns: Sequence[str]) -> dict[str, object]:
    """What the form says otherwise than the row.

    Raises WrongState if the form was drawn from what the row no longer says.
    """
    if form.row_version.data != version_of(row, columns):
        raise WrongState("row_changed")
    return {name: form[name].data for name in columns if form[name].data != row.__data__[name]}


def correct(row: Table, changes: Mapping[str, object], *, by: Actor) -> None:
    """Change columns of a row that still is as it was read, with a trail entry of before and after.

    Belongs into the caller's transaction. Raises WrongState if somebody else has changed one of them meanwhile.
    """
    model, columns = type(row), type(row)._meta.fields
    before = {name: row.__data__.get(name) for name in changes}
    as_read = [columns[n].is_null() if value is None else columns[n] == value for n, value in before.items()]
    if not model.update(dict(changes)).where(row._pk_expr(), *as_read).execute():
        raise WrongState("row_changed")
    told = {name: personal([before[name], value]) for name, value in changes.items()}
    record(by, f"{model._meta.table_name}.correct", row, told)


def add(row: Table, values: Mapping[str, object], *, by: Actor) -> None:
    """Store a new row, with a trail entry; belongs into the caller's transaction."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    told = {name: personal([None, value]) for name, value in values.items()}
    record(by, f"{type(row)._meta.table_name}.add", row, told)
