"""How many have how many points, and the figures of units, put together anew for the proof of a sealed month.

The scores that follow from the lines say who scored where, so that officers with a score and their points follow for
units of every scope. Of those posted and of what they learnt the records are no part of the seal: there the figures of
departments and of the State must be those of the offices. Under which district an office then stood is not
kept for offices in which nobody scored, so that districts and divisions are held to the seal alone.
"""

from karmyogi.core.months import Month
from karmyogi.scores.queries.computing import RANKED
from karmyogi.scores.queries.figuring import COUNT_COLUMNS, COUNTS, NUMBERS, stage_counts
from karmyogi.scores.queries.raw import either_alone
from karmyogi.scores.queries.rows import SHOWN

Count = tuple[str, int, str, int, int, int]
STATE = "JOIN org_unit s ON s.id = (SELECT MIN(id) FROM org_unit WHERE kind = 'state')"
SCORES = "COUNT(*) AS scored, CAST(SUM(r.points) AS BIGINT) AS points"


def _of_scores(scope: str, column: str) -> str:
    return f"""
SELECT '{scope}' AS scope, r.{column} AS unit_id, {SCORES}
FROM {RANKED} r WHERE r.{column} IS NOT NULL GROUP BY r.{column}
UNION ALL"""  # noqa: S608 - names of ours


WIDER = {scope: f"{scope}_id" for scope in ("department", "district", "division")}
SCORED = f"""
{"".join(_of_scores(scope, column) for scope, column in {"office": "unit_id", **WIDER}.items())}
SELECT 'state', s.id, {SCORES} FROM {RANKED} r {STATE} GROUP BY s.id"""  # noqa: S608
SCORED_STANDS = f"SELECT scope, unit_id, scored, points FROM unit_figure WHERE {SHOWN} AND (scored > 0 OR points > 0)"  # noqa: S608

OFFICES = f"(SELECT * FROM unit_figure WHERE {SHOWN} AND scope = 'office') f"  # noqa: S608
SUMS = ", ".join(f"CAST(SUM(f.{name}) AS BIGINT) AS {name}" for name in NUMBERS)
ADDED_UP = f"""
SELECT 'department' AS scope, f.department_id AS unit_id, {SUMS} FROM {OFFICES}
WHERE f.department_id IS NOT NULL GROUP BY f.department_id
UNION ALL
SELECT 'state', s.id, {SUMS} FROM {OFFICES} {STATE} GROUP BY s.id"""  # noqa: S608
ADDED_STANDS = f"""
SELECT scope, unit_id, {", ".join(NUMBERS)} FROM unit_figure
WHERE {SHOWN} AND scope IN ('department', 'state')"""  # noqa: S608

LISTED = ", ".join(COUNT_COLUMNS)
COUNTS_STAND = f"SELECT {LISTED} FROM point_count WHERE {SHOWN}"  # noqa: S608
COUNTS_FOLLOW = f"SELECT {LISTED} FROM {COUNTS}"  # noqa: S608


def unlike_counts(month: Month) -> tuple[Count, ...]:
    """How many of a group have so many points, where another number stands: the group, the points, and both numbers.

    The scores that follow lie in the temporary tables of `computing`.
    """
    stage_counts()
    pair = either_alone(COUNTS_STAND, COUNTS_FOLLOW, {"month": str(month)})
    stands, follows = ({row[:-1]: row[-1] for row in rows} for rows in pair)
    return tuple((*key, stands.get(key, 0), follows.get(key, 0)) for key in sorted(stands.keys() | follows.keys()))


def unlike_units(month: Month) -> tuple[tuple[str, int, str], ...]:
    """The scope and unit of figures that are not those of the scores, or not those of the offices added up."""
    parameters = {"month": str(month)}
    pairs = either_alone(SCORED_STANDS, SCORED, parameters), either_alone(ADDED_STANDS, ADDED_UP, parameters)
    return tuple(sorted({(*row[:2], "") for pair in pairs for rows in pair for row in rows}))
