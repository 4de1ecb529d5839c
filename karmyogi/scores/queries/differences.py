"""What a month that lies in temporary tables changes against rows that stand: who differs, and in what.

Raw SQL over the tables of `computing`: both sides are a whole State. The
difference lies in temporary tables too, so that nothing is locked until it is kept.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby

from karmyogi.core.months import Month
from karmyogi.scores.queries.computing import LINE_COLUMNS, LINES, RANKED
from karmyogi.scores.queries.raw import Row, execute, fetch
from karmyogi.scores.rules import Figures
from karmyogi.store import staging

WHO, CHANGES, CHANGED_LINES = "staged_who", "staged_change", "staged_changed_line"
CHUNK = 5_000

PLACE = ("points", "unit_id", "department_id", "district_id", "division_id", "state_class")
HERE = "month = :month AND run = :base"
CHANGE_COLUMNS = (
    "officer_id",
    "points_before",
    "points_after",
    "unit_before_id",
    "unit_after_id",
    "class_before",
    "class_after",
    "rank_before",
    "rank_after",
)
COUNTED = ("found", "items", "points")
LINE_CHANGE_COLUMNS = (
    "officer_id",
    "code",
    *(f"{name}_before" for name in COUNTED),
    *(f"{name}_after" for name in COUNTED),
)


def lay_differences(month: Month, base_run: int) -> None:
    """Lay out whose points, posting or lines the staged month changes against the rows of a run."""
    base = {"month": str(month), "base": base_run}
    staging.create(WHO, {"officer_id": "INTEGER NOT NULL"})
    execute(f"INSERT INTO {WHO} {_who()}", base)
    staging.index(WHO, "officer_id")
    staging.weigh(WHO)
    _create(CHANGES, CHANGE_COLUMNS)
    execute(f"INSERT INTO {CHANGES} {SCORES_BESIDE}", base)
    staging.index(CHANGES, "officer_id")
    _create(CHANGED_LINES, LINE_CHANGE_COLUMNS)
    execute(f"INSERT INTO {CHANGED_LINES} {LINES_BESIDE}", base)
    staging.index(CHANGED_LINES, "officer_id")


def _create(table: str, columns: tuple[str, ...]) -> None:
    texts = ("class_before", "class_after", "code")
    staging.create(table, {column: "TEXT" if column in texts else "INTEGER" for column in columns})


def _who() -> str:
    of_scores = _differing(RANKED, "monthly_score", ("officer_id", *PLACE))
    return f"{of_scores} UNION {_differing(LINES, 'score_line', LINE_COLUMNS)}"


def _differing(staged: str, stored: str, columns: tuple[str, ...]) -> str:
    """The officers of rows that only one of two tables has."""
    listed = ", ".join(columns)
    here = f"SELECT {listed} FROM {staged}"  # noqa: S608 - names of ours
    there = f"SELECT {listed} FROM {stored} WHERE {HERE}"  # noqa: S608 - names of ours
    each = (f"SELECT officer_id FROM ({one} EXCEPT {other}) x" for one, other in ((here, there), (there, here)))  # noqa: S608
    return " UNION ".join(each)


SCORES_BESIDE = f"""
SELECT
    w.officer_id,
    b.points,
    a.points,
    b.unit_id,
    a.unit_id,
    COALESCE(b.state_class, ''),
    COALESCE(a.state_class, ''),
    b.rank_state,
    a.rank_state
FROM {WHO} w
LEFT JOIN monthly_score b ON b.officer_id = w.officer_id AND b.month = :month AND b.run = :base
LEFT JOIN {RANKED} a ON a.officer_id = w.officer_id"""  # noqa: S608 - names of ours

LINES_BESIDE = f"""
SELECT
    officer_id,
    code,
    SUM(CASE WHEN side = 0 THEN found ELSE 0 END),
    SUM(CASE WHEN side = 0 THEN items ELSE 0 END),
    SUM(CASE WHEN side = 0 THEN points ELSE 0 END),
    SUM(CASE WHEN side = 1 THEN found ELSE 0 END),
    SUM(CASE WHEN side = 1 THEN items ELSE 0 END),
    SUM(CASE WHEN side = 1 THEN points ELSE 0 END)
FROM (
    SELECT officer_id, code, found, items, points, 0 AS side FROM score_line
    WHERE {HERE} AND officer_id IN (SELECT officer_id FROM {WHO})
    UNION ALL
    SELECT officer_id, code, found, items, points, 1 FROM {LINES} WHERE officer_id IN (SELECT officer_id FROM {WHO})
) each
GROUP BY officer_id, code
HAVING COUNT(*) = 1 OR MIN(found) <> MAX(found) OR MIN(items) <> MAX(items) OR MIN(points) <> MAX(points)"""  # noqa: S608

UP, DOWN = "points_after > points_before", "points_after < points_before"
APPEARED = "points_before IS NULL AND points_after IS NOT NULL"
GONE = "points_before IS NOT NULL AND points_after IS NULL"
SAME = "points_before = points_after OR (points_before IS NULL AND points_after IS NULL)"


def figures(month: Month, base_run: int) -> Figures:
    """How many officers the laid out difference is about, by kind, and how many others move in rank."""
    counted = ", ".join(f"COUNT(CASE WHEN {kind} THEN 1 END)" for kind in (UP, DOWN, APPEARED, GONE, SAME))
    (found,) = fetch(f"SELECT {counted} FROM {CHANGES}", {})  # noqa: S608 - names of ours
    moved = f"""
SELECT COUNT(*) FROM {RANKED} a
JOIN monthly_score b ON b.officer_id = a.officer_id AND b.month = :month AND b.run = :base
WHERE a.rank_state <> b.rank_state AND a.officer_id NOT IN (SELECT officer_id FROM {WHO})"""  # noqa: S608
    (others,) = fetch(moved, {"month": str(month), "base": base_run})
    return Figures(*(int(str(count)) for count in (*found, *others)))


def keep_differences(correction_id: int) -> None:
    """Copy the laid out difference into the rows of a correction; the caller holds the transaction."""
    for table, staged, columns, order in (
        ("corrected_score", CHANGES, CHANGE_COLUMNS, "officer_id"),
        ("corrected_line", CHANGED_LINES, LINE_CHANGE_COLUMNS, "officer_id, code"),
    ):
        listed = ", ".join(columns)
        rows = f"SELECT :correction, {listed} FROM {staged} ORDER BY {order}"  # noqa: S608 - names of ours
        execute(f"INSERT INTO {table} (correction_id, {listed}) {rows}", {"correction": correction_id})


def clear_differences() -> None:
    """Drop what was laid out."""
    for name in (WHO, CHANGES, CHANGED_LINES):
        staging.drop(name)


# As text: what the hash of a correction is made of


def digests_of_changes(correction_id: int | None = None) -> tuple[str, dict[int, str]]:
    """A hash of what a correction says of everybody, and a short digest for each officer; without one, as laid out."""
    everything, digests = hashlib.sha256(), {}
    for officer_id, text in _texts(correction_id):
        everything.update(text)
        digests[officer_id] = hashlib.sha256(text).hexdigest()[:16]
    return everything.hexdigest(), digests


def _texts(correction_id: int | None) -> Iterator[tuple[int, bytes]]:
    stored = correction_id is not None
    scores = ("corrected_score" if stored else CHANGES, CHANGE_COLUMNS)
    lines = ("corrected_line" if stored else CHANGED_LINES, LINE_CHANGE_COLUMNS)
    known = {key: list(rows) for key, rows in groupby(_read(*lines, correction_id), key=lambda row: row[0])}
    for row in _read(*scores, correction_id):
        said = [row, sorted(known.pop(row[0], []))]
        yield int(str(row[0])), json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    for officer_id, orphans in known.items():  # lines of an officer whose row is gone
        yield int(str(officer_id)), json.dumps([None, sorted(orphans)]).encode() + b"\n"


def _read(table: str, columns: tuple[str, ...], correction_id: int | None) -> list[Row]:
    here = "1 = 1" if correction_id is None else "correction_id = :correction"
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {here} ORDER BY officer_id"  # noqa: S608 - names of ours
    return [tuple(row) for row in fetch(sql, {} if correction_id is None else {"correction": correction_id})]
