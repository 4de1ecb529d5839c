"""A scope as a condition in SQL: what `core.permissions.covers` says of one row, said of many."""

import peewee

from karmyogi.core.permissions import Scope, Tree, through

EVERY_ROW = peewee.Value(1) == peewee.Value(1)
NO_ROW = peewee.Value(1) == peewee.Value(0)


def within(
    scope: Scope,
    *,
    line_path: peewee.Field | None = None,
    territory_path: peewee.Field | None = None,
    officer: peewee.Field | None = None,
) -> peewee.Expression:
    """True for the rows a scope covers: by the whole State, by being one's own, or by a path above them.

    A column that a table does not have is left out, and then covers nothing.
    """
    if scope.everything:
        return EVERY_ROW
    columns = {Tree.LINE: line_path, Tree.TERRITORY: territory_path}
    found = NO_ROW
    for tree, path in sorted(scope.paths, key=str):
        column = columns[tree]
        if column is not None:
            found = found | passes(column, path)
    if officer is not None and scope.officer_id is not None:
        found = found | (officer == scope.officer_id)
    return found


def passes(column: peewee.Field, path: str) -> peewee.Expression:
    """True where the column's path leads through the unit that `path` ends at, letter for letter.

    Not LIKE: it ignores case on SQLite, follows the collation on PostgreSQL,
    and would read an underscore as any letter.
    """
    return peewee.fn.REPLACE(column, through(path), "") != column
