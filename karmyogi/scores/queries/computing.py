"""A month's scores of everybody at once, laid out in temporary tables.

Raw SQL, because it is one statement put together from the policy's rules, with
common tables and INSERT … SELECT that peewee's builder cannot say as plainly.
Parameters are named as SQLite writes them. Nothing here takes a lock on the
main database: `storing` makes the rows a month's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from karmyogi.core.months import Month
from karmyogi.scores.queries.held import HELD
from karmyogi.scores.queries.persons import RECORD, TALLY, at_places, clear_persons, of_persons, stage_persons
from karmyogi.scores.queries.raw import Parameters, execute, fetch
from karmyogi.scores.queries.tally import POSTED, clear_tally, column_of, stage_tally
from karmyogi.scores.rules import Policy, Rule
from karmyogi.store import staging
from karmyogi.store.db import database, is_postgres

LINES, SCORES, PLACES = "staged_line", "staged_score", "staged_place"
RANKED, GROUPS = "staged_ranked", "staged_group"


@contextmanager
def snapshot() -> Iterator[None]:
    """One view of the data for all reads inside, without keeping writers out."""
    if database.in_transaction():
        yield
        return
    with database.atomic("REPEATABLE READ" if is_postgres() else "DEFERRED"):
        yield


# Lines: found before the cap, items after it

PASSED = f"""
    SELECT a.officer_id, COUNT(*) AS found
    FROM assessment a
    WHERE a.is_passed AND a.attempted_on BETWEEN :first_on AND :last_on
        AND {POSTED.format(officer="a.officer_id", day="a.attempted_on")}
    GROUP BY a.officer_id"""  # noqa: S608

TOOK_PART = f"""
    SELECT a.officer_id, COUNT(*) AS found
    FROM attendance a
    JOIN training_session s ON s.id = a.session_id
    WHERE a.part = '{{part}}' AND s.held_on BETWEEN :first_on AND :last_on
        AND {POSTED.format(officer="a.officer_id", day="s.held_on")}
    GROUP BY a.officer_id"""  # noqa: S608

REGISTERED = f"""
    SELECT i.officer_id, 1 AS found
    FROM igot_profile i
    WHERE i.registered_on BETWEEN :first_on AND :last_on
        AND {POSTED.format(officer="i.officer_id", day="i.registered_on")}"""  # noqa: S608

FIRST_ENROLLED = f"""
    SELECT e.officer_id, 1 AS found
    FROM (
        SELECT officer_id, MIN(enrolled_on) AS first_on
        FROM enrolment
        WHERE status <> 'not-enrolled'
        GROUP BY officer_id
        HAVING MIN(enrolled_on) BETWEEN :first_on AND :last_on
    ) e
    WHERE {POSTED.format(officer="e.officer_id", day="e.first_on")}"""  # noqa: S608


def _tallied(column: str) -> str:
    return f"SELECT officer_id, {column} AS found FROM {TALLY}"  # noqa: S608 - names of ours


# The same names as `rules.SOURCES`: how many items each officer has, before any cap.
SOURCES: Mapping[str, str] = {
    "course": _tallied("courses"),
    "plan_course": _tallied("plan_courses"),
    "plan_in_time": _tallied("in_time"),
    "assessment": PASSED,
    "certificate": _tallied("verified"),
    "hours": _tallied("hours"),
    "rating": _tallied("rated"),
    "session": TOOK_PART.format(part="attended"),
    "taught": TOOK_PART.format(part="taught"),
    "registered": REGISTERED,
    "first_enrolment": FIRST_ENROLLED,
}


def stage_month(month: Month, policy: Policy) -> None:
    """Compute a month under a policy into temporary tables: lines, scores with ranks, and group sizes."""
    has_persons = stage_persons(**days_of(month))
    stage_tally(month, policy, has_persons=has_persons)
    _stage_lines(month, policy)
    if has_persons:
        _stage_lines_of_persons(month, policy)
    _stage_scores(month, has_persons=has_persons)
    stage_ranks()


def _stage_lines(month: Month, policy: Policy) -> None:
    sql, parameters = lines_statement(month, policy)
    create_lines()
    execute(f"INSERT INTO {LINES} {sql}", parameters)
    staging.index(LINES, "officer_id")
    staging.analyze(LINES)


def create_lines() -> None:
    """An empty temporary table of lines."""
    number = "INTEGER NOT NULL"
    staging.create(
        LINES, {"officer_id": number, "code": "TEXT NOT NULL", "found": number, "items": number, "points": number}
    )


def _stage_lines_of_persons(month: Month, policy: Policy) -> None:
    """What was computed record by record, for people with several, in the lines of the record that stands."""
    sql, parameters = lines_statement(month, policy)
    execute(f"DELETE FROM {LINES} WHERE officer_id IN (SELECT officer_id FROM {RECORD})", {})  # noqa: S608
    execute(f"INSERT INTO {LINES} {of_persons(sql)}", parameters)
    staging.analyze(LINES)


def lines_statement(month: Month, policy: Policy) -> tuple[str, Parameters]:
    """The one statement that gives every officer's lines of a month from the tally, with its parameters."""
    parameters: dict[str, object] = {**days_of(month)}
    for n, rule in enumerate(policy.rules):
        parameters |= {f"code_{n}": rule.code, f"points_{n}": rule.points, f"cap_{n}": rule.cap}
    return " UNION ALL ".join(_line(n, rule) for n, rule in enumerate(policy.rules)), parameters


def _line(n: int, rule: Rule) -> str:
    items = "found" if rule.cap is None else f"CASE WHEN found > :cap_{n} THEN :cap_{n} ELSE found END"
    return f"""
SELECT officer_id, :code_{n} AS code, found, {items} AS items, :points_{n} * ({items}) AS points
FROM ({_source(n, rule)}) source_{n}
WHERE found > 0"""  # noqa: S608


def _source(n: int, rule: Rule) -> str:
    """How many items each officer has of a rule; what meets its conditions was counted for it alone."""
    return _tallied(column_of(n)) if rule.conditions else SOURCES[rule.counts]


def days_of(month: Month) -> dict[str, str]:
    """The parameters of a month's first and last day."""
    return {"first_on": month.first_on.isoformat(), "last_on": month.last_on.isoformat()}


# Scores: the sum of an officer's lines, in the posting held on the month's last day, or the last one held in it

PLACED = f"""
WITH total AS (
    SELECT
        l.officer_id,
        SUM(l.points) AS points,
        (
            SELECT p.id FROM posting p
            WHERE p.officer_id = l.officer_id
                AND p.from_on <= :last_on AND (p.to_on IS NULL OR p.to_on >= :first_on)
            ORDER BY CASE WHEN p.to_on IS NULL OR p.to_on > :last_on THEN :last_on ELSE p.to_on END DESC, p.from_on DESC
            LIMIT 1
        ) AS posting_id
    FROM {{of}} l
    GROUP BY l.officer_id
)
SELECT
    t.officer_id,
    t.points,
    p.unit_id,
    u.department_id,
    u.district_id,
    u.division_id,
    COALESCE(p.state_class, o.state_class, '') AS state_class
FROM total t
JOIN posting p ON p.id = t.posting_id
JOIN officer o ON o.id = t.officer_id
JOIN org_unit u ON u.id = p.unit_id
WHERE t.officer_id {{which}} (SELECT person_id FROM {RECORD}) AND t.officer_id NOT IN ({HELD})"""  # noqa: S608


def create_scores() -> None:
    """An empty temporary table of scores and where they stand, without ranks."""
    number = "INTEGER NOT NULL"
    columns = {"officer_id": number, "points": number, "unit_id": number}
    columns |= {f"{unit}_id": "INTEGER" for unit in ("department", "district", "division")}
    staging.create(SCORES, {**columns, "state_class": "TEXT NOT NULL"})


def _stage_scores(month: Month, *, has_persons: bool) -> None:
    create_scores()
    execute(f"INSERT INTO {SCORES} {PLACED.format(which='NOT IN', of=LINES)}", days_of(month))
    if has_persons:
        execute(f"INSERT INTO {SCORES} {at_places(PLACED.format(which='IN', of=LINES))}", days_of(month))
    staging.analyze(SCORES)


# Ranks: places within each group by points. A group has few different points, so places
# are counted among those and not among officers: far less to sort. The explicit index
# keeps SQLite from reading all places for each officer.

RANKS: Mapping[str, tuple[str, ...]] = {
    "rank_state": (),
    "rank_division": ("division_id",),
    "rank_district": ("district_id",),
    "rank_department": ("department_id",),
    "class_rank_state": ("state_class",),
    "class_rank_division": ("division_id", "state_class"),
    "class_rank_district": ("district_id", "state_class"),
    "class_rank_department": ("department_id", "state_class"),
}


def _places(rank: str) -> str:
    """Each group's different points with their place: one more than the officers who have more."""
    group = RANKS[rank]
    unit_id, state_class = _unit_in(rank), _class_in(rank)
    # An officer without a unit of the kind, or without a class, has no rank in one.
    grouped = [f"{column} IS NOT NULL" for column in group] + ["state_class <> ''"] * ("state_class" in group)
    where = f"WHERE {' AND '.join(grouped)}" if grouped else ""
    among = f"PARTITION BY {', '.join(group)}" if group else ""
    return f"""
SELECT
    '{rank}' AS name,
    {unit_id} AS unit_id,
    {state_class} AS state_class,
    points,
    COUNT(*) AS officers,
    CAST(SUM(COUNT(*)) OVER ({among} ORDER BY points DESC) - COUNT(*) + 1 AS INTEGER) AS place
FROM {SCORES}
{where}
GROUP BY {", ".join((*group, "points"))}"""  # noqa: S608


def _unit_in(rank: str) -> str:
    return next((column for column in RANKS[rank] if column != "state_class"), "0")


def _class_in(rank: str) -> str:
    return "state_class" if "state_class" in RANKS[rank] else "''"


def _placed_by(rank: str) -> str:
    of = {"unit_id": _unit_in(rank), "state_class": _class_in(rank), "points": "points"}
    equal = " AND ".join(f"{rank}.{column} = {_of_score(value)}" for column, value in of.items())
    return f"LEFT JOIN {PLACES} {rank} ON {rank}.name = '{rank}' AND {equal}"


def _of_score(value: str) -> str:
    return value if value in ("0", "''") else f"s.{value}"


def stage_ranks() -> None:
    """Ranks of the staged scores in every group, with ties, and the groups."""
    _stage_places()
    _stage_groups()


def _stage_places() -> None:
    number, text = "INTEGER NOT NULL", "TEXT NOT NULL"
    key = {"name": text, "unit_id": number, "state_class": text, "points": number}
    staging.create(PLACES, {**key, "officers": number, "place": number})
    execute(f"INSERT INTO {PLACES} {' UNION ALL '.join(_places(rank) for rank in RANKS)}", {})
    staging.index(PLACES, *key)
    staging.analyze(PLACES)
    staging.create_as(
        RANKED,
        f"""
SELECT s.*, {", ".join(f"{rank}.place AS {rank}" for rank in RANKS)}
FROM {SCORES} s
{" ".join(_placed_by(rank) for rank in RANKS)}
ORDER BY s.officer_id""",  # noqa: S608
    )
    staging.index(RANKED, "officer_id")
    staging.analyze(RANKED)


def unit_of_place() -> tuple[str, str]:
    """The scope and the unit of a place, as SQL; the State stands as its own unit."""
    state = "(SELECT MIN(id) FROM org_unit WHERE kind = 'state')"
    return "REPLACE(REPLACE(name, 'class_', ''), 'rank_', '')", f"CASE WHEN unit_id = 0 THEN {state} ELSE unit_id END"


def _stage_groups() -> None:
    """How many officers with a score each group has, and their points."""
    scope, unit_id = unit_of_place()
    staging.create_as(
        GROUPS,
        f"""
SELECT
    {scope} AS scope,
    {unit_id} AS unit_id,
    state_class,
    CAST(SUM(officers) AS BIGINT) AS size,
    CAST(SUM(officers * points) AS BIGINT) AS total_points
FROM {PLACES}
GROUP BY name, unit_id, state_class""",  # noqa: S608
    )


# What of the temporary tables makes the rows of a month

LINE_COLUMNS = ("officer_id", "code", "items", "found", "points")
SCORE_COLUMNS = (
    "officer_id",
    "points",
    "unit_id",
    "department_id",
    "district_id",
    "division_id",
    "state_class",
    *RANKS,
)
GROUP_COLUMNS = ("scope", "unit_id", "state_class", "size", "total_points")


def staged(table: str) -> int:
    """How many rows one of the temporary tables holds."""
    return int(str(fetch(f"SELECT COUNT(*) FROM {table}", {})[0][0]))  # noqa: S608


def staged_officers() -> int:
    """How many officers have a score in the temporary tables; a score on hold is none."""
    return int(fetch(f"SELECT COUNT(*) FROM {RANKED}", {})[0][0] or 0)  # noqa: S608


def clear_stage() -> None:
    """Drop the temporary tables, so that a pooled connection carries nothing to the next who uses it."""
    for name in (LINES, SCORES, PLACES, RANKED, GROUPS):
        staging.drop(name)
    clear_tally()
    clear_persons()
