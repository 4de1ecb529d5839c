"""Somebody with the database in their hands: any column of any row, written past every verb."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import peewee

from karmyogi.scores import service
from karmyogi.scores.models import Correction, ScoreMonth
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import broken_link

SPECIAL = {
    "month": "2025-11", "scope": "division", "part": "group", "kind": "completion", "counts": "taught",
    "items": 1, "planners": 0, "in_time": 1, "form": 1,
}  # fmt: skip
# What the engine asks to go with another state.
UNDONE = {
    ScoreMonth: {"state": "proposed", "sealed_at": None, "seal": None, "seal_number": None},
    Correction: {"state": "correction_withdrawn", "number": None, "approved_at": None, "hash": None, "previous": None},
}

OTHERWISE: dict[type, Callable] = {
    bool: lambda value: not value,
    datetime: lambda value: value + timedelta(days=1),
    date: lambda value: value + timedelta(days=1),
    str: lambda value: value[:-1] + ("1" if value.endswith("0") else "0") if value else "x",
    list: lambda value: [*value, [1, "x", "y"]],
    dict: lambda value: {**value, "number": 99},
    int: lambda value: value + 40,  # low ones are taken by other rows
}
WHERE_NOTHING_IS = {peewee.DateField: date(2026, 1, 1), peewee.IntegerField: 1}


def something_else(field: peewee.Field, value: object) -> object:
    """Another value that the column could hold."""
    if field.name in SPECIAL:
        return SPECIAL[field.name]
    if isinstance(field, peewee.ForeignKeyField):
        ids = field.rel_model.id
        return field.rel_model.select(ids).where(ids != (value or 0)).order_by(ids.desc()).scalar()
    return OTHERWISE[type(value)](value) if value is not None else WHERE_NOTHING_IS.get(type(field), "x")


def edit(row: peewee.Model, field: peewee.Field) -> None:
    """The column of this one row, written past every verb."""
    value = something_else(field, row.__data__[field.name])
    changed = {field.name: value, **(UNDONE[type(row)] if field.name == "state" else {})}
    keys = row._meta.primary_key.field_names if isinstance(row._meta.primary_key, peewee.CompositeKey) else ("id",)
    which = [row._meta.fields[key] == row.__data__[key] for key in keys]
    assert type(row).update(**changed).where(*which).execute() == 1


def found() -> set[str]:
    """What the proofs of the seals and of the trail name."""
    proof, broken = service.verify_seals(), broken_link()
    named = {fault.code for fault in (*proof.faults, *proof.unlike) if str(fault.facts["month"])[:4].isdecimal()}
    return named | ({"trail"} if broken else set())


def unbar() -> None:
    """What somebody with the database in their hands would do first."""
    barred = [("policy", "is_kept", "no_update"), ("policy_rule", "is_kept", "no_update")]
    for table, postgres, sqlite in barred:
        database.execute_sql(
            f"DROP TRIGGER {table}_{postgres} ON {table}" if is_postgres() else f"DROP TRIGGER {table}_{sqlite}"
        )
    for trigger in ["trail_is_append_only"] if is_postgres() else ["trail_no_update", "trail_no_delete"]:
        database.execute_sql(f"DROP TRIGGER {trigger}" + (" ON trail_entry" if is_postgres() else ""))
