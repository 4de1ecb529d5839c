"""The figures of every unit for a month, laid out beside its scores: those posted, those who scored, what they learnt.

An officer counts where the score stands: in the posting held on the month's last day, or the last one held in it. Those
posted are counted on the last day, so that more may have learnt in a unit than are posted there. Whose score is on hold
is posted and nothing else.
"""

from karmyogi.core.months import Month
from karmyogi.scores.queries.computing import PLACED, PLACES, RANKED, clear_stage, days_of, stage_month, unit_of_place
from karmyogi.scores.queries.persons import TALLY, at_places, has_persons
from karmyogi.scores.queries.raw import execute
from karmyogi.scores.rules import Policy
from karmyogi.store import staging

COUNTS, LEARNERS, OFFICES, FIGURES = "staged_count", "staged_learner", "staged_office", "staged_figure"

# A posting of a record that gave way does not count beside one of the record that stands.
HELD_ON_LAST_DAY = "{0}.from_on <= :last_on AND ({0}.to_on IS NULL OR {0}.to_on >= :last_on)"
POSTED = f"""
    SELECT p.unit_id, COUNT(DISTINCT p.officer_id) AS officers
    FROM posting p
    WHERE {HELD_ON_LAST_DAY.format("p")} AND p.officer_id NOT IN (
        SELECT o.id FROM officer o
        JOIN posting h ON h.officer_id = o.merged_into_id
        WHERE o.merged_into_id IS NOT NULL AND {HELD_ON_LAST_DAY.format("h")}
    )
    GROUP BY p.unit_id"""  # noqa: S608 - our own fragments

# Who finished something under a policy that gives nothing for it has learnt all the same.
UNSCORED = f"""(
    SELECT y.officer_id, 0 AS points FROM {TALLY} y
    WHERE NOT EXISTS (SELECT 1 FROM {RANKED} r WHERE r.officer_id = y.officer_id)
)"""  # noqa: S608
LEARNT = "t.seconds, t.plan_courses, t.in_time"

NUMBERS = ("officers", "scored", "points", "learners", "seconds", "planners", "plan_courses", "in_time")
TOGETHER = f"""
SELECT unit_id, {", ".join(f"CAST(SUM({name}) AS BIGINT) AS {name}" for name in NUMBERS)}
FROM (
    SELECT unit_id, officers, {", ".join(f"0 AS {name}" for name in NUMBERS[1:])} FROM ({POSTED}) posted
    UNION ALL
    SELECT unit_id, 0, COUNT(*), SUM(points), 0, 0, 0, 0, 0 FROM {RANKED} GROUP BY unit_id
    UNION ALL
    SELECT unit_id, 0, 0, 0, COUNT(*), SUM(seconds), COUNT(CASE WHEN plan_courses > 0 THEN 1 END), SUM(plan_courses),
        SUM(in_time)
    FROM {LEARNERS}
    GROUP BY unit_id
) each
GROUP BY unit_id"""  # noqa: S608

FIGURE_COLUMNS = ("scope", "unit_id", "department_id", *NUMBERS)
COUNT_COLUMNS = ("scope", "unit_id", "state_class", "points", "officers")


def stage_run(month: Month, policy: Policy) -> None:
    """All that is kept of a month: lines, scores, groups, how many have how many points, and the figures of units."""
    stage_month(month, policy)
    stage_counts()
    _stage_learners(month)
    staging.create(OFFICES, dict.fromkeys(("unit_id", *NUMBERS), "BIGINT NOT NULL"))
    execute(f"INSERT INTO {OFFICES} {TOGETHER}", days_of(month))
    _stage_figures()


def stage_counts() -> None:
    """How many officers of each group have how many points."""
    scope, unit_id = unit_of_place()
    staging.create_as(
        COUNTS,
        f"SELECT {scope} AS scope, {unit_id} AS unit_id, state_class, points, officers FROM {PLACES}",  # noqa: S608
    )


def _stage_learners(month: Month) -> None:
    """What each officer finished, in the unit where the officer stands."""
    staging.create(LEARNERS, dict.fromkeys(("unit_id", "seconds", "plan_courses", "in_time"), "BIGINT NOT NULL"))
    execute(
        f"INSERT INTO {LEARNERS} SELECT r.unit_id, {LEARNT} FROM {TALLY} t"  # noqa: S608
        f" JOIN {RANKED} r ON r.officer_id = t.officer_id",
        {},
    )
    _place_unscored(PLACED.format(which="NOT IN", of=UNSCORED), month)
    if has_persons():
        _place_unscored(at_places(PLACED.format(which="IN", of=UNSCORED)), month)


def _place_unscored(placed: str, month: Month) -> None:
    sql = f"SELECT p.unit_id, {LEARNT} FROM ({placed}) p JOIN {TALLY} t ON t.officer_id = p.officer_id"  # noqa: S608
    execute(f"INSERT INTO {LEARNERS} {sql}", days_of(month))


def _stage_figures() -> None:
    """Offices as they are, and added up to districts, divisions, departments and the State as its own unit."""
    wider = " UNION ALL ".join(_added_up(scope) for scope in ("district", "division", "department"))
    staging.create_as(
        FIGURES,
        f"""
SELECT 'office' AS scope, f.unit_id, u.department_id, {", ".join(f"f.{name}" for name in NUMBERS)}
FROM {OFFICES} f JOIN org_unit u ON u.id = f.unit_id
UNION ALL {wider}
UNION ALL
SELECT 'state', s.id, NULL, {_summed()} FROM {OFFICES} f
JOIN org_unit s ON s.id = (SELECT MIN(id) FROM org_unit WHERE kind = 'state')
GROUP BY s.id""",  # noqa: S608
    )


def _added_up(scope: str) -> str:
    return f"""
SELECT '{scope}', u.{scope}_id, NULL, {_summed()} FROM {OFFICES} f JOIN org_unit u ON u.id = f.unit_id
WHERE u.{scope}_id IS NOT NULL
GROUP BY u.{scope}_id"""  # noqa: S608


def _summed() -> str:
    return ", ".join(f"CAST(SUM(f.{name}) AS BIGINT)" for name in NUMBERS)


def clear_run() -> None:
    """Drop all temporary tables of a month, so that a pooled connection carries nothing to the next who uses it."""
    clear_stage()
    for name in (COUNTS, LEARNERS, OFFICES, FIGURES):
        staging.drop(name)
