"""What would lose its ground if an import were taken back: later imports, sealed months, corrections, records, acts.

Found from the engine's own catalog and from what is remembered of each import,
so that no room below needs to be known.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from karmyogi.store.db import columns_of, database, references
from karmyogi.store.history import Undoable, created, images, mark_of
from karmyogi.store.imports import CorrectionHold, Import, ImportChange, ImportHold
from karmyogi.store.trail import TrailEntry

FACTS_OF_SEARCH = frozenset({"officer_word"})  # follow from names, and go with them


@dataclass(frozen=True)
class Dependents:
    """Ids of later imports, sealed months, other records by table, and acts on the same rows by their name.

    `corrections` are months with the number of the correction, None while it is only proposed.
    """

    imports: tuple[int, ...] = ()
    months: tuple[str, ...] = ()
    corrections: tuple[tuple[str, int | None], ...] = ()
    records: Mapping[str, int] | None = None
    acts: Mapping[str, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.imports or self.months or self.corrections or self.records or self.acts)


def dependents_of(origin: Import, tables: Sequence[Undoable]) -> Dependents:
    """Everything that rests on the rows that an applied import created or changed."""
    mark = mark_of(origin)
    referring = list(_referring(mark, tables))
    later = {number for facts in tables for number in _imports_after(mark, facts)}
    later |= {number for _table, number, _count in referring if number is not None}
    records: Counter[str] = Counter()
    for table, number, count in referring:
        if number is None:
            records[table] += count
    held, acts = _held(mark, tables), _acts(mark, tables)
    return Dependents(tuple(sorted(later)), held.months, held.corrections, records, acts)


def _imports_after(mark: ImportChange, facts: Undoable) -> list[int]:
    """Imports that have changed rows of this table since that the import had written.

    Entries of one import and table do not overlap: the last one that begins
    before a later entry ends is the only one that can reach into it.
    """
    ours = f"m.import_id = {mark.import_id} AND m.table_name = '{facts.table}'"
    found = database.execute_sql(
        f"""
        SELECT DISTINCT l.import_id FROM import_change l
        WHERE l.table_name = '{facts.table}' AND l.import_id <> {mark.import_id}
            AND l.id > {mark.id} AND (l.was_of = {mark.import_id} OR l.row_id <= (
                SELECT COALESCE(m.last_id, m.row_id) FROM import_change m
                WHERE {ours} AND m.row_id <= COALESCE(l.last_id, l.row_id)
                ORDER BY m.row_id DESC LIMIT 1
            ))
        """  # noqa: S608 - names and numbers of ours
    )
    return [number for (number,) in found]


def _referring(mark: ImportChange, tables: Sequence[Undoable]) -> Iterator[tuple[str, int | None, int]]:
    """Table, import and number of rows that point to what would be removed, and would stay themselves."""
    known = {facts.table: facts for facts in tables}
    for table, found in groupby(sorted(references()), key=itemgetter(0)):
        pointing = [(column, known[target]) for _table, column, target in found if target in known]
        if not pointing or table in FACTS_OF_SEARCH:
            continue
        by = "r.import_id" if "import_id" in columns_of(table) else "NULL"
        stays = _stays(mark, known[table]) if table in known else "true"
        for column, facts in pointing:
            yield from _count(table, by, f"r.{column} IN ({created(mark, facts)}) AND {stays}")


def _stays(mark: ImportChange, facts: Undoable) -> str:
    ours = (
        f"c.import_id = {mark.import_id} AND c.table_name = '{facts.table}' AND c.row_id = r.id AND c.last_id IS NULL"
    )
    put_back = f"SELECT 1 FROM import_change c WHERE {ours}"  # noqa: S608 - names and numbers of ours
    return f"r.id NOT IN ({created(mark, facts)}) AND NOT EXISTS ({put_back})"


def _count(table: str, by: str, condition: str) -> list[tuple[str, int | None, int]]:
    found = database.execute_sql(
        f'SELECT {by}, COUNT(*) FROM "{table}" r WHERE {condition} GROUP BY 1'  # noqa: S608 - names of ours
    )
    return [(table, number, count) for number, count in found if count]


def _held(mark: ImportChange, tables: Sequence[Undoable]) -> Dependents:
    """The months sealed since, and their corrections, on which a row bears that would be removed or count otherwise."""
    if not any(table.select().where(table.changes_upto >= mark.id).exists() for table in (ImportHold, CorrectionHold)):
        return Dependents()
    spans = " UNION ALL ".join(span for facts in tables if facts.since for span in _spans(mark, facts))
    if not spans:
        return Dependents()
    months = [month for month, _none in _holding("import_hold", "NULL", spans, mark)]
    return Dependents(months=tuple(months), corrections=tuple(_holding("correction_hold", "h.number", spans, mark)))


def _holding(table: str, number: str, spans: str, mark: ImportChange) -> list[tuple[str, int | None]]:
    found = database.execute_sql(
        f"SELECT DISTINCT h.month, {number} FROM {table} h JOIN ({spans}) s ON s.first_month <= h.month "  # noqa: S608
        f"AND (s.last_month IS NULL OR s.last_month >= h.month) "
        f"WHERE h.changes_upto >= {mark.id} ORDER BY 1, 2"
    )
    return list(found.fetchall())


def _spans(mark: ImportChange, facts: Undoable) -> Iterator[str]:
    """SELECTs of the first and last month on which the rows bear that would go, or change, as they are and were."""
    yield (
        f"SELECT {_month(facts.since, 'n')} AS first_month, {_last(facts, 'n')} AS last_month "  # noqa: S608
        f"FROM {facts.table} n WHERE n.id IN ({created(mark, facts)})"
    )
    counts = " OR ".join(f"{_of(each, 'n')} IS DISTINCT FROM {_of(each, 'old')}" for each in facts.counted)
    changed = f"FROM {facts.table} n JOIN ({images(mark, facts)}) old ON old.image_of = n.id WHERE {counts}"
    for row in ("n", "old"):
        first = _month(facts.changed() if facts.changed else facts.since, row)
        yield f"SELECT {first}, {_last(facts, row)} {changed}"


def _of(expression: str, row: str) -> str:
    other = "old" if row == "n" else "n"
    return f"({expression.format(row=row, old=other)})"


def _month(day: str, row: str) -> str:
    return f"SUBSTR(CAST({_of(day, row)} AS TEXT), 1, 7)"


def _last(facts: Undoable, row: str) -> str:
    return _month(facts.until or facts.since, row)


def _acts(mark: ImportChange, tables: Sequence[Undoable]) -> dict[str, int]:
    """What people have done since to the same rows, by the name of the act: undoing would lose it."""
    entry = (TrailEntry.subject == "import") & (TrailEntry.subject_id == mark.import_id)
    applied = TrailEntry.select(TrailEntry.id).where(entry & (TrailEntry.action == "import.apply")).scalar()
    found: dict[str, int] = {}
    for facts in tables if applied else ():
        changed = f"SELECT image_of FROM ({images(mark, facts)}) old"  # noqa: S608 - names and numbers of ours
        rows = database.execute_sql(
            f"""
            SELECT e.action, COUNT(DISTINCT e.subject_id) FROM trail_entry e
            WHERE e.id > {applied} AND e.subject = '{facts.table}' AND SUBSTR(e.action, 1, {len(facts.table) + 1})
                = '{facts.table}.' AND e.subject_id IN ({created(mark, facts)} UNION {changed})
                {_that_stand(facts)}
            GROUP BY e.action ORDER BY e.action
            """  # noqa: S608 - names and numbers of ours
        )
        found |= dict(rows.fetchall())
    return found


def _that_stand(facts: Undoable) -> str:
    stand = facts.acts.format(row="r")
    return f"AND e.subject_id IN (SELECT r.id FROM {facts.table} r WHERE {stand})" if stand else ""  # noqa: S608
