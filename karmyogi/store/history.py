"""How rows were before an import wrote them: remembered while it writes, put back when it is undone.

Everything is set-based and follows from what a table says of itself (`Undoable`).
What an import created is known without an entry: by its import and an id above
those of the day. Raw SQL, since tables are named by whoever calls.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from karmyogi.store.db import canonical, columns_of, database, is_postgres, references
from karmyogi.store.imports import Import, ImportChange

MARK = "import"  # the entry of an import about itself, the first


@dataclass(frozen=True)
class Undoable:
    """A table that imports write, and on which months a row of it bears.

    `since` and `until` are SQL for the first and the last day on which a row
    counts, with `{row}` where its alias goes: none, never; an `until` of NULL,
    for good. A change of no `counted` expression changes no month; `changed`
    gives SQL for the first day on which a changed row counts otherwise, if that
    is not its first, with `{old}` for the row as it was. `fresh` are columns
    that are rewritten in rows that are otherwise unchanged. `acts` is the
    condition under which people's acts on a row would be lost: without one, always.
    """

    table: str
    since: str = ""
    until: str = ""
    counted: tuple[str, ...] = ()
    changed: Callable[[], str] | None = None
    fresh: tuple[str, ...] = ()
    acts: str = ""
    names_import: bool = True  # has a column with the import that wrote the row last


@dataclass(frozen=True)
class Undoing:
    """How many rows of a table undoing an import would remove, and how many it would put back."""

    table: str
    created: int
    changed: int


def begin(origin: Import, tables: Iterable[Undoable]) -> None:
    """Note how far each table reaches before the import writes: what it creates lies above. Again, it is as it was."""
    highest = {facts.table: _highest(facts.table) for facts in tables}
    database.execute_sql(
        f"INSERT INTO import_change (import_id, table_name, row_id, before) "  # noqa: S608 - our own id
        f"VALUES ({origin.id}, '{MARK}', {origin.id}, {_parameter()}) ON CONFLICT DO NOTHING",
        (canonical(highest),),
    )


def remember(origin: Import, facts: Undoable, rows: str, *, row: str = "") -> None:
    """Keep how rows are that the import is about to change; `rows` is what follows `FROM table`, with a WHERE.

    `row` is the alias of the table in there, if it has one. What the import has
    created or changed before is not remembered again.
    """
    row = row or facts.table
    database.execute_sql(
        f"""
        INSERT INTO import_change (import_id, table_name, row_id, was_of, before)
        SELECT {origin.id}, '{facts.table}', {row}.id, {_was_of(facts, row)}, {_image(facts, row)}
        FROM {facts.table} {row} {rows} {_not_ours(origin, facts, row)}
        ORDER BY {row}.id
        ON CONFLICT DO NOTHING
        """  # noqa: S608 - names and numbers of ours
    )


def remember_fresh(origin: Import, facts: Undoable, rows: str) -> None:
    """Keep the `fresh` columns of rows that are otherwise unchanged: one entry for neighbours that are alike."""
    table = facts.table
    alike = ", ".join([*facts.fresh, "import_id"])
    database.execute_sql(
        f"""
        INSERT INTO import_change (import_id, table_name, row_id, last_id, was_of, before)
        SELECT {origin.id}, '{table}', MIN(id), MAX(id), import_id, {_object(facts.fresh, "run")}
        FROM (
            SELECT told.*, id - ROW_NUMBER() OVER (PARTITION BY {alike} ORDER BY id) AS island FROM (
                SELECT {table}.id, {", ".join(f"{table}.{name}" for name in (*facts.fresh, "import_id"))}
                FROM {table} {rows} {_not_ours(origin, facts, table)}
            ) told
        ) run
        GROUP BY island, {alike}
        ORDER BY MIN(id)
        ON CONFLICT DO NOTHING
        """  # noqa: S608 - names and numbers of ours
    )


def remember_new(origin: Import, facts: Undoable, ids: Sequence[int]) -> None:
    """Keep which rows the import created in a table whose rows do not name it."""
    rows = [{"import_id": origin.id, "table_name": facts.table, "row_id": each} for each in ids]
    for start in range(0, len(rows), 1000):
        ImportChange.insert_many(rows[start : start + 1000]).on_conflict_ignore().execute()


def is_remembered(origin: Import) -> bool:
    """False for what was applied before changes were kept, or so long ago that they are no longer."""
    own = (ImportChange.import_id == origin.id) & (ImportChange.table_name == MARK)
    return bool(ImportChange.select().where(own).exists())


def take_back(mark: ImportChange, tables: Sequence[Undoable]) -> None:
    """Put every changed row back as it was and remove every created one, children before what they point to.

    `mark` is the import's, and `tables` are in the order of writing. To be called in the transaction of the undoing.
    """
    for facts in tables:
        _put_back(mark, facts)
        if facts.fresh:
            _put_back_fresh(mark, facts)
    for facts in reversed(tables):
        _let_go_of_itself(mark, facts)
        database.execute_sql(f"DELETE FROM {facts.table} WHERE id IN ({created(mark, facts)})")  # noqa: S608
    ImportChange.delete().where(ImportChange.import_id == mark.import_id).execute()


def created(mark: ImportChange, facts: Undoable) -> str:
    """A SELECT of the ids of the rows that the import created and nobody has written since."""
    ours = f"c.import_id = {mark.import_id} AND c.table_name = '{facts.table}'"
    if not facts.names_import:
        return f"SELECT c.row_id FROM import_change c WHERE {ours} AND c.before IS NULL"  # noqa: S608
    above = mark.before.get(facts.table, 0)
    return (
        f"SELECT t.id FROM {facts.table} t WHERE t.id > {above} AND t.import_id = {mark.import_id} "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM import_change c WHERE {ours} AND c.row_id = t.id)"
    )


def images(mark: ImportChange, facts: Undoable) -> str:
    """A SELECT of the rows that the import changed, as they were; `image_of` is the id of each."""
    table = facts.table
    ours = f"c.import_id = {mark.import_id} AND c.table_name = '{table}' AND c.last_id IS NULL AND c.before IS NOT NULL"
    if is_postgres():
        unpacked = f"CROSS JOIN LATERAL json_populate_record(NULL::{table}, c.before::json) o"
        return f"SELECT c.row_id AS image_of, o.* FROM import_change c {unpacked} WHERE {ours}"  # noqa: S608
    columns = ", ".join(f"json_extract(c.before, '$.{name}') AS {name}" for name in columns_of(table))
    return f"SELECT c.row_id AS image_of, {columns} FROM import_change c WHERE {ours}"  # noqa: S608


def count(mark: ImportChange, facts: Undoable) -> Undoing:
    """What undoing would come to in one table."""
    (made,) = database.execute_sql(f"SELECT COUNT(*) FROM ({created(mark, facts)}) made").fetchone()  # noqa: S608
    (changed,) = database.execute_sql(
        f"SELECT COALESCE(SUM(COALESCE(last_id, row_id) - row_id + 1), 0) FROM import_change "  # noqa: S608
        f"WHERE import_id = {mark.import_id} AND table_name = '{facts.table}' AND before IS NOT NULL"
    ).fetchone()
    return Undoing(facts.table, int(made), int(changed))


def _put_back(mark: ImportChange, facts: Undoable) -> None:
    changes = ", ".join(f"{name} = old.{name}" for name in columns_of(facts.table) if name != "id")
    database.execute_sql(
        f"UPDATE {facts.table} SET {changes} FROM ({images(mark, facts)}) old "  # noqa: S608 - names of ours
        f"WHERE {facts.table}.id = old.image_of"
    )


def _put_back_fresh(mark: ImportChange, facts: Undoable) -> None:
    """Each run is spelled out on PostgreSQL, which would compare every run with every row; SQLite walks it by id."""
    table, of_run = facts.table, f"{facts.table}.id BETWEEN c.row_id AND c.last_id"
    was = {name: f"json_extract(c.before, '$.{name}')" for name in facts.fresh}
    unpacked = ""
    if is_postgres():
        of_run, was = f"{table}.id = g.id", {name: f"o.{name}" for name in facts.fresh}
        unpacked = f"""CROSS JOIN LATERAL json_populate_record(NULL::{table}, c.before::json) o
            CROSS JOIN LATERAL generate_series(c.row_id, c.last_id) g(id)"""
    database.execute_sql(
        f"""
        UPDATE {table} SET {", ".join(f"{name} = {value}" for name, value in was.items())}
        FROM import_change c {unpacked}
        WHERE c.import_id = {mark.import_id} AND c.table_name = '{table}' AND c.last_id IS NOT NULL AND {of_run}
        """  # noqa: S608 - names and numbers of ours
    )


def _let_go_of_itself(mark: ImportChange, facts: Undoable) -> None:
    """Rows of a tree that are removed together must not hold one another."""
    own = [column for table, column, target in references() if table == target == facts.table]
    if own:
        nothing = ", ".join(f"{column} = NULL" for column in own)
        database.execute_sql(f"UPDATE {facts.table} SET {nothing} WHERE id IN ({created(mark, facts)})")  # noqa: S608


def mark_of(origin: Import) -> ImportChange:
    """The first entry of an import, about itself. Raises DoesNotExist if its changes are not kept."""
    return ImportChange.get((ImportChange.import_id == origin.id) & (ImportChange.table_name == MARK))


def _highest(table: str) -> int:
    (highest,) = database.execute_sql(f"SELECT COALESCE(MAX(id), 0) FROM {table}").fetchone()  # noqa: S608
    return int(highest)


def _image(facts: Undoable, row: str) -> str:
    return f"row_to_json({row})::text" if is_postgres() else _object(columns_of(facts.table), row)


def _object(columns: Iterable[str], row: str) -> str:
    make = "json_build_object" if is_postgres() else "json_object"
    packed = ", ".join(f"'{name}', {row}.{name}" for name in columns)
    return f"{make}({packed}){'::text' if is_postgres() else ''}"


def _was_of(facts: Undoable, row: str) -> str:
    return f"{row}.import_id" if facts.names_import else "NULL"


def _not_ours(origin: Import, facts: Undoable, row: str) -> str:
    return f"AND ({row}.import_id IS NULL OR {row}.import_id <> {origin.id})" if facts.names_import else ""


def _parameter() -> str:
    return "%s" if is_postgres() else "?"
