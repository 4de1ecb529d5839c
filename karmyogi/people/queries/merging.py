"""Several records of one person: the one place where reads resolve `Officer.merged_into`.

Nothing is rewritten when records are merged, so facts stay with the record they came to. A read of one person
asks `records_of`; a read of everybody either leaves out those who gave way (`gave_way`) or counts their facts for
the record that stands (`person_of`, `MERGED`).
"""

from datetime import date

import peewee

from karmyogi.core.permissions import Scope
from karmyogi.people.models import Officer, Posting
from karmyogi.store.reach import NO_ROW

# officer_id and person_id of each record that gave way; a few rows, found by an index that holds nobody else.
MERGED = "SELECT id AS officer_id, merged_into_id AS person_id FROM officer WHERE merged_into_id IS NOT NULL"


def records_of(officer: Officer | int) -> peewee.ModelSelect:
    """Ids of all records of one person: the one that stands, and those that gave way to it."""
    record = Officer.alias()
    return record.select(record.id).where((record.id == officer) | (record.merged_into == officer))


def gave_way() -> peewee.ModelSelect:
    """Ids of the records that gave way to another."""
    record = Officer.alias()
    return record.select(record.id).where(record.merged_into.is_null(False))


def stands(officer: peewee.Field) -> peewee.Expression:
    """The condition that `officer` (a column of ids) gave way to nobody; asks a handful of rows once."""
    return officer.not_in(gave_way())


def counts_once(officer: peewee.Field, *, on: date) -> peewee.Expression:
    """The condition that a posting's `officer` is not counted by the record that stands, on that day.

    The posting of the record that stands goes before; one of the other counts while the first has none.
    """
    other, held = Officer.alias(), Posting.alias()
    posted = (held.from_on <= on) & (held.to_on.is_null() | (held.to_on >= on))
    twice = other.select(other.id).join(held, on=held.officer == other.merged_into)
    return officer.not_in(twice.where(other.merged_into.is_null(False) & posted))


def own_records(scope: Scope, officer: peewee.Field) -> peewee.Expression:
    """The condition that `officer` (a column of ids) is a record of the person whom a scope covers as their own."""
    return NO_ROW if scope.officer_id is None else officer.in_(records_of(scope.officer_id))


def person_of(officer: peewee.Field) -> peewee.Function:
    """The record that stands for the person of `officer` (a column of ids); for a few rows, since each is looked up."""
    record = Officer.alias()
    standing = record.select(record.merged_into).where((record.id == officer) & record.merged_into.is_null(False))
    return peewee.fn.COALESCE(standing, officer)


def persons(officers: peewee.ModelSelect) -> peewee.ModelSelect:
    """`officer_id` of each record of these people beside the `person_id` that stands, for facts of many to be joined.

    `officers` is a query that gives ids of records that stand.
    """
    own, other = Officer.alias(), Officer.alias()
    standing = own.select(own.id.alias("officer_id"), own.id.alias("person_id")).where(own.id.in_(officers))
    gone = other.select(other.id.alias("officer_id"), other.merged_into.alias("person_id"))
    return standing.union_all(gone.where(other.merged_into.is_null(False) & other.merged_into.in_(officers)))


def stands_for_others(officer: peewee.Node) -> peewee.Expression:
    """The condition that another record gave way to `officer` (a column of ids); asks a handful of rows once."""
    record = Officer.alias()
    return officer.in_(record.select(record.merged_into).where(record.merged_into.is_null(False)))


def merged_records(officer: Officer | int) -> list[Officer]:
    """The records that gave way to this one, by employee code."""
    return list(Officer.select().where(Officer.merged_into == officer).order_by(Officer.employee_code))


def any_merged() -> bool:
    """True if any record of the State gave way to another."""
    return Officer.select(Officer.id).where(Officer.merged_into.is_null(False)).exists()
