"""Kinds of which one row becomes one row of a table: the last row of a file stands, and the latest report.

What is stored knows the fingerprint of all mapped values, the report's own date,
and the import and row it came from. An older report changes nothing. A report
without a date is taken as the latest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from karmyogi.reports import matching
from karmyogi.store import history, staging
from karmyogi.store.db import database
from karmyogi.store.history import Undoable
from karmyogi.store.imports import Import

PROVENANCE = {"mdoid": "TEXT", "reported_at": "TIMESTAMP", "fingerprint": "TEXT", "extra": "TEXT"}


@dataclass(frozen=True)
class Facts:
    """A table that rows of a file become rows of.

    `keys` make a row one in the table, and `told` in the file, where an id may not
    be known yet; `stored` is what a row brings besides. `kept` says of a stored column how it changes where a
    fact, once known, stays: SQL over the table and `excluded`. `late` is the
    condition, over `t` and `u`, under which an older report is still taken: it
    then changes the columns of `kept` and no others.
    """

    table: Undoable
    keys: tuple[str, ...]
    stored: tuple[str, ...]
    told: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    late: str = ""


def compare_by_officer(facts: Facts, origin: Import) -> None:
    """Match persons, then compare; what matches nobody is queued."""
    matching.match(unit_id=origin.unit_id)
    compare(facts, "staged s JOIN person p ON p.person = s.person AND p.verdict = 'matched'", "p.officer_id")
    judge_by_officer(facts)


def compare(facts: Facts, source: str, *found: str) -> None:
    """Lay out `usable`: rows of `source` (staged as `s`) with what was `found`, each with its neighbours of the key."""
    keys = ", ".join(facts.told or facts.keys)
    further = "".join(f", {name}" for name in found)
    staging.create_as(
        "usable",
        f"""
        SELECT u.*,
            LAG(fingerprint) OVER (PARTITION BY {keys} ORDER BY row_number) AS fingerprint_before,
            FIRST_VALUE(fingerprint) OVER (PARTITION BY {keys} ORDER BY row_number DESC) AS fingerprint_last,
            ROW_NUMBER() OVER (PARTITION BY {keys} ORDER BY row_number DESC) AS from_last
        FROM (SELECT s.*{further} FROM {source}) u
        """,  # noqa: S608 - column names of ours
    )
    staging.index("usable", "row_number")
    staging.analyze("usable")


def judge_by_officer(facts: Facts) -> None:
    """Lay out `judged` for rows of persons: those without an officer wait in the queue."""
    staging.create_as(
        "judged",
        f"""
        SELECT s.row_number, s.person,
            CASE WHEN u.row_number IS NULL THEN 'queued' ELSE {_outcome(facts)} END AS outcome,
            CASE WHEN u.row_number IS NULL THEN p.verdict ELSE '' END AS code
        FROM staged s
        JOIN person p ON p.person = s.person
        LEFT JOIN usable u ON u.row_number = s.row_number
        LEFT JOIN {facts.table.table} t ON {_same_key(facts)}
        """,  # noqa: S608 - column names of ours
    )


def judge_things(facts: Facts) -> None:
    """Lay out `judged` for rows that are about no person: all of them are taken."""
    staging.create_as(
        "judged",
        f"""
        SELECT u.row_number, NULL AS person, {_outcome(facts)} AS outcome, '' AS code
        FROM usable u LEFT JOIN {facts.table.table} t ON {_same_key(facts)}
        """,  # noqa: S608 - column names of ours
    )


def _outcome(facts: Facts) -> str:
    late = f" AND NOT COALESCE({facts.late}, false)" if facts.late else ""
    return f"""
        CASE
            WHEN t.fingerprint = u.fingerprint_last THEN 'unchanged'
            WHEN u.fingerprint_before = u.fingerprint THEN 'unchanged'
            WHEN t.reported_at > u.reported_at{late} THEN 'unchanged'
            WHEN t.id IS NULL AND u.fingerprint_before IS NULL THEN 'created'
            ELSE 'updated'
        END"""


def _same_key(facts: Facts) -> str:
    return " AND ".join(f"t.{key} = u.{key}" for key in facts.keys)


def write(facts: Facts, origin: Import) -> None:
    """Bring in the last row of each key, unless the table holds something newer.

    A row whose values are the same keeps the import it first came from.
    """
    takes = _takes(facts).replace("excluded.", "u.")
    same = f"JOIN usable u ON {_same_key(facts)} AND u.from_last = 1"
    history.remember(origin, facts.table, f"{same} WHERE {takes}", row="t")
    columns = ", ".join((*facts.keys, *facts.stored))
    database.execute_sql(
        f"""
        INSERT INTO {facts.table.table} AS t ({columns}, import_id, row_number)
        SELECT {columns}, {origin.id}, row_number
        FROM usable u WHERE from_last = 1
        ORDER BY {", ".join(facts.keys)}
        ON CONFLICT ({", ".join(facts.keys)}) DO UPDATE SET {", ".join(_changes(facts))}
        WHERE {_takes(facts)}
        """  # noqa: S608 - column names and an integer of ours
    )


def _changes(facts: Facts) -> list[str]:
    plain = [name for name in facts.stored if name not in facts.kept and name != "reported_at"]
    same = "t.fingerprint = excluded.fingerprint"
    told = {name: f"excluded.{name}" for name in plain}
    told["reported_at"] = "COALESCE(excluded.reported_at, t.reported_at)"
    told |= {name: f"CASE WHEN {same} THEN t.{name} ELSE excluded.{name} END" for name in ("import_id", "row_number")}
    if facts.late:
        told = {name: f"CASE WHEN {OLDER} THEN t.{name} ELSE {value} END" for name, value in told.items()}
    return [f"{name} = {value}" for name, value in (told | dict(facts.kept)).items()]


LATER = "COALESCE(t.reported_at < excluded.reported_at, t.reported_at IS NULL AND excluded.reported_at IS NOT NULL)"
OLDER = "COALESCE(t.reported_at > excluded.reported_at, false)"


def _takes(facts: Facts) -> str:
    newer = f"(t.fingerprint <> excluded.fingerprint OR {LATER})"
    late = f" OR COALESCE({facts.late.replace('u.', 'excluded.')}, false)" if facts.late else ""
    return f"(NOT {OLDER} AND {newer}){late}"
