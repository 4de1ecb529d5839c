"""What everybody finished in a month and what of it counts, one row for each officer who did, in a temporary table."""

from collections.abc import Mapping, Sequence

from karmyogi.completions.queries import NOT_CREDIBLE
from karmyogi.core.months import Month
from karmyogi.courses.queries import OTHER_NAMES, TWINS
from karmyogi.scores.queries.persons import RECORD, TALLY, of_persons
from karmyogi.scores.queries.raw import Parameters, execute
from karmyogi.scores.rules import SECONDS_PER_HOUR, Conditions, Policy
from karmyogi.store import staging

# {officer} and {day} are columns of ours; both ends of a posting are inclusive.
POSTED = """EXISTS (
    SELECT 1 FROM posting p
    WHERE p.officer_id = {officer} AND p.from_on <= {day} AND (p.to_on IS NULL OR p.to_on >= {day})
)"""

# A plan names a course by its name alone, so an obligation covers each course that is called so.
# What is one course under several names counts once: the first that was finished. What was found not credible
# counts for nothing, and does not stand before another either.
# `+ 0` and `|| ''` leave the officer's index as the only one to use: without statistics
# SQLite might read every verified achievement of the State for each completion.
# Few courses have a second name: whether one is among them is asked first, which costs next to nothing.
CALLED_OTHERWISE = """c.course_id IN (SELECT course_id FROM other_name) AND EXISTS (
            SELECT 1 FROM other_name n
            JOIN obligation b ON b.officer_id = c.officer_id AND b.course_name = n.name
            WHERE n.course_id = c.course_id{and_in_time}
        )"""
IN_TIME = " AND b.due_on >= c.completed_on"
FINISHED = f"""WITH other_name AS ({OTHER_NAMES}),
twin AS ({TWINS}),
finished AS (
    SELECT
        c.officer_id,
        c.has_certificate,
        c.is_rated,
        c.duration_seconds,
        k.kind,
        k.provider,
        k.kind IN ({{kinds}}) AS is_course,
        o.id IS NOT NULL OR {CALLED_OTHERWISE.format(and_in_time="")} AS is_planned,
        o.due_on >= c.completed_on OR {CALLED_OTHERWISE.format(and_in_time=IN_TIME)} AS is_in_time,
        EXISTS (
            SELECT 1 FROM achievement a
            WHERE a.officer_id = c.officer_id AND a.course_id + 0 = c.course_id AND a.state || '' = 'verified'
        ) AS is_verified
    FROM completion c
    JOIN course k ON k.id = c.course_id
    LEFT JOIN obligation o ON o.officer_id = c.officer_id AND o.course_name = k.name
    WHERE c.month = :month AND {POSTED.format(officer="c.officer_id", day="c.completed_on")}
        AND c.id NOT IN ({NOT_CREDIBLE})
        AND NOT (c.course_id IN (SELECT course_id FROM twin) AND EXISTS (
            SELECT 1 FROM twin w
            JOIN completion d ON d.officer_id = c.officer_id AND d.course_id = w.twin_id
            WHERE w.course_id = c.course_id AND (d.completed_at, d.id) < (c.completed_at, c.id)
                AND d.id NOT IN ({NOT_CREDIBLE})
        ))
)"""  # noqa: S608 - no value stands in it, only our own fragments


# Which of the finished each source counts. The same names as `rules.OF_COMPLETIONS`.
COUNTING: Mapping[str, str] = {
    "course": "is_course AND NOT is_planned",
    "plan_course": "is_course AND is_planned",
    "plan_in_time": "is_course AND is_in_time",
    "certificate": "is_verified",
    "hours": "has_certificate",
    "rating": "is_rated",
}


def _number(counts: str, conditions: str = "") -> str:
    """How many items a source has, of those that meet further conditions."""
    which = f"FILTER (WHERE {COUNTING[counts]}{conditions})"
    if counts == "hours":
        return f"COALESCE(SUM(duration_seconds) {which}, 0) / {SECONDS_PER_HOUR}"
    return f"COUNT(*) {which}"


# `hours` are those of completions with a certificate, as the policy counts them; `seconds` are those of all that count.
COUNTED = f"""
SELECT
    officer_id,
    {_number("course")} AS courses,
    {_number("plan_course")} AS plan_courses,
    {_number("plan_in_time")} AS in_time,
    {_number("certificate")} AS verified,
    {_number("rating")} AS rated,
    {_number("hours")} AS hours,
    SUM(duration_seconds) AS seconds{{more}}
FROM finished
GROUP BY officer_id"""  # noqa: S608 - a number of ours
COLUMNS = ("officer_id", "courses", "plan_courses", "in_time", "verified", "rated", "hours", "seconds")


def column_of(n: int) -> str:
    """The column of what the n-th rule of a policy counts, if it has conditions; the others share those of COLUMNS."""
    return f"rule_{n}"


def stage_tally(month: Month, policy: Policy, *, has_persons: bool) -> None:
    """Count what each officer finished; of people with several records, in the row of the record that stands.

    A rule with conditions has a column of its own.
    """
    sql, parameters = _statement(month, policy)
    columns = [*COLUMNS, *(column_of(n) for n, rule in enumerate(policy.rules) if rule.conditions)]
    staging.create(TALLY, dict.fromkeys(columns, "BIGINT NOT NULL"))
    execute(f"INSERT INTO {TALLY} {sql}", parameters)
    if has_persons:
        _stage_tally_of_persons(columns, sql, parameters)
    staging.index(TALLY, "officer_id")
    staging.analyze(TALLY)


def _stage_tally_of_persons(columns: Sequence[str], sql: str, parameters: Parameters) -> None:
    own = f"person_{TALLY}"
    staging.create(own, dict.fromkeys(columns, "BIGINT NOT NULL"))
    execute(f"INSERT INTO {own} {of_persons(sql)}", parameters)
    staging.analyze(own)
    execute(f"DELETE FROM {TALLY} WHERE officer_id IN (SELECT officer_id FROM {RECORD})", {})  # noqa: S608 - names of ours
    execute(f"INSERT INTO {TALLY} SELECT * FROM {own}", {})  # noqa: S608 - names of ours


def _statement(month: Month, policy: Policy) -> tuple[str, Parameters]:
    kinds = {f"kind_{n}": kind for n, kind in enumerate(sorted(policy.course_kinds))}
    finished = FINISHED.format(kinds=", ".join(f":{name}" for name in kinds) or "NULL")
    more, values = _of_conditions(policy)
    return f"{finished} {COUNTED.format(more=more)}", {"month": str(month), **kinds, **values}


def _of_conditions(policy: Policy) -> tuple[str, dict[str, object]]:
    """The columns of rules with conditions, and what stands in these."""
    more, values = "", {}
    for n, rule in enumerate(policy.rules):
        if rule.conditions:
            asked, own = _asked(n, rule.conditions)
            more += f",\n    {_number(rule.counts, asked)} AS {column_of(n)}"
            values |= own
    return more, values


def _asked(n: int, conditions: Conditions) -> tuple[str, dict[str, object]]:
    """What `Conditions.bar` asks, of the rows of `finished`."""
    sql, values = "", {}
    for column, listed in (("kind", conditions.kinds), ("provider", conditions.providers)):
        own = {f"{column}_{n}_{place}": value for place, value in enumerate(listed)}
        sql += f" AND {column} IN ({', '.join(f':{name}' for name in own)})" if own else ""
        values |= own
    sql += " AND has_certificate" if conditions.with_certificate else ""
    sql += " AND is_planned" if conditions.only_planned else ""
    if conditions.least_minutes:
        sql, values = f"{sql} AND duration_seconds >= :least_{n}", {**values, f"least_{n}": conditions.least_seconds}
    return sql, values


def clear_tally() -> None:
    """Drop what was laid out."""
    staging.drop(TALLY)
    staging.drop(f"person_{TALLY}")
