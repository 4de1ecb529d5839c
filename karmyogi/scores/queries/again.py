"""A sealed month put together anew from what stands in it, and what differs then.

The lines say how many items were found, the policy what they are worth: from
these and the places of officers follow items, points, ranks with their ties,
groups and what is kept of units. Hashes have no part in it. Raw SQL over the tables of `computing`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.scores.models import Policy, ScoreMonth
from karmyogi.scores.queries.again_units import Count, unlike_counts, unlike_units
from karmyogi.scores.queries.computing import (
    GROUP_COLUMNS,
    GROUPS,
    LINE_COLUMNS,
    LINES,
    RANKED,
    SCORE_COLUMNS,
    SCORES,
    create_lines,
    create_scores,
    stage_ranks,
)
from karmyogi.scores.queries.raw import Row, either_alone, execute, fetch
from karmyogi.scores.queries.rows import SHOWN
from karmyogi.store import staging

ITEMS = "CASE WHEN r.cap IS NOT NULL AND l.found > r.cap THEN r.cap ELSE l.found END"
FROM_FOUND = f"""
SELECT l.officer_id, l.code, l.found, {ITEMS}, r.points * ({ITEMS})
FROM score_line l
JOIN score_month m ON m.month = l.month AND m.run = l.run
JOIN policy_rule r ON r.policy_id = m.policy_id AND r.code = l.code
WHERE l.month = :month"""  # noqa: S608 - names of ours
FROM_LINES = f"""
SELECT s.officer_id, t.points, s.unit_id, s.department_id, s.district_id, s.division_id, s.state_class
FROM monthly_score s
JOIN score_month m ON m.month = s.month AND m.run = s.run
JOIN (SELECT officer_id, SUM(points) AS points FROM {LINES} GROUP BY officer_id) t ON t.officer_id = s.officer_id
WHERE s.month = :month"""  # noqa: S608
# Whoever has lines and no score was on hold when the month was sealed, under this record or one that gave way to it.
NOT_ON_HOLD = """
SELECT DISTINCT l.officer_id
FROM score_line l
JOIN score_month m ON m.month = l.month AND m.run = l.run
WHERE l.month = :month
    AND NOT EXISTS (
        SELECT 1 FROM monthly_score s WHERE s.month = l.month AND s.run = l.run AND s.officer_id = l.officer_id
    )
    AND NOT EXISTS (
        SELECT 1 FROM score_hold h
        JOIN officer o ON o.id = h.officer_id
        WHERE h.month = l.month AND (o.id = l.officer_id OR o.merged_into_id = l.officer_id)
            AND h.confirmed_at <= m.sealed_at AND (h.ended_at IS NULL OR h.ended_at > m.sealed_at)
    )
ORDER BY l.officer_id"""


@dataclass(frozen=True)
class Unlike:
    """What of a month does not follow from what it rests on, by key and in order; `places` are scores of wrong rank."""

    lines: tuple[tuple[int, str, int, int], ...]  # officer, code, points that stand, points that follow
    points: tuple[tuple[int, int, int], ...]  # officer, points that stand, points that follow
    places: tuple[int, ...]
    groups: tuple[tuple[str, int, str], ...]
    counts: tuple[Count, ...]  # of a group and its points: officers that stand, officers that follow
    units: tuple[tuple[str, int, str], ...]
    without_score: tuple[int, ...]
    counted: int  # officers with a score


def stage_from_found(month: Month) -> None:
    """Lay out in temporary tables what the items found in a month come to under the policy that scored it."""
    create_lines()
    execute(f"INSERT INTO {LINES} (officer_id, code, found, items, points) {FROM_FOUND}", {"month": str(month)})
    staging.analyze(LINES)
    create_scores()
    execute(f"INSERT INTO {SCORES} {FROM_LINES}", {"month": str(month)})
    staging.analyze(SCORES)
    stage_ranks()


def unlike(month: Month, *, with_units: bool) -> Unlike:
    """What stands in the month and does not lie in the temporary tables, or the other way round.

    Seals of the first version have no figures of units, nor how many have how many points.
    """
    stand, follow = _differing("score_line", LINES, LINE_COLUMNS, month)
    was, comes_to = ({row[:2]: row[-1] for row in rows} for rows in (stand, follow))
    lines = [(*key, was.get(key, 0), comes_to.get(key, 0)) for key in sorted(was.keys() | comes_to.keys())]
    stand, follow = _differing("monthly_score", RANKED, SCORE_COLUMNS, month)
    had, has = ({row[0]: row[1] for row in rows} for rows in (stand, follow))
    points = [(one, had.get(one, 0), has.get(one, 0)) for one in sorted(had.keys() | has.keys())]
    groups = {row[:3] for rows in _differing("peer_group", GROUPS, GROUP_COLUMNS, month) for row in rows}
    return Unlike(
        tuple(lines),
        tuple(one for one in points if one[1] != one[2]),
        tuple(one for one, stands, follows in points if stands == follows),
        tuple(sorted(groups)),
        unlike_counts(month) if with_units else (),
        unlike_units(month) if with_units else (),
        tuple(officer for (officer,) in fetch(NOT_ON_HOLD, {"month": str(month)})),
        _counted(month),
    )


def _differing(table: str, staged: str, columns: Sequence[str], month: Month) -> tuple[list[Row], list[Row]]:
    """The rows that only the month has, and those that only the temporary table has."""
    listed = ", ".join(columns)
    stands = f"SELECT {listed} FROM {table} WHERE {SHOWN}"  # noqa: S608
    follows = f"SELECT {listed} FROM {staged}"  # noqa: S608
    return either_alone(stands, follows, {"month": str(month)})


def _counted(month: Month) -> int:
    return int(str(fetch(f"SELECT COUNT(*) FROM monthly_score WHERE {SHOWN}", {"month": str(month)})[0][0]))  # noqa: S608


def codes_of_officers(officers: Iterable[int]) -> dict[int, str]:
    """The employee code of each of these officers; one that is not there has none."""
    rows = Officer.select(Officer.id, Officer.employee_code).where(Officer.id.in_(list(officers)))
    return dict(rows.tuples())


def names_of_units(units: Iterable[int]) -> dict[int, str]:
    """The English name of each of these units."""
    return dict(OrgUnit.select(OrgUnit.id, OrgUnit.name_en).where(OrgUnit.id.in_(list(units))).tuples())


def sealed_months() -> list[ScoreMonth]:
    """Every sealed month with its policy, in the order of the chain."""
    rows = ScoreMonth.select(ScoreMonth, Policy).join(Policy).where(ScoreMonth.state == "sealed")
    return list(rows.order_by(ScoreMonth.seal_number))
