"""What everybody finished in a month and what of it counts, one row for each officer who did, in a temporary table."""

from karmyogi.completions.queries import NOT_CREDIBLE
from karmyogi.core.months import Month
from karmyogi.courses.queries import OTHER_NAMES, TWINS
from karmyogi.scores.queries.persons import RECORD, TALLY, of_persons
from karmyogi.scores.queries.raw import Parameters, execute
from karmyogi.scores.rules import SECONDS_PER_HOUR, Policy
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
CALLED_OTHERWISE = """
            SELECT 1 FROM other_name n
            JOIN obligation b ON b.officer_id = c.officer_id AND b.course_name = n.name
            WHERE n.course_id = c.course_id"""
FINISHED = f"""WITH other_name AS ({OTHER_NAMES}),
twin AS ({TWINS}),
finished AS (
    SELECT
        c.officer_id,
        c.has_certificate,
        c.is_rated,
        c.duration_seconds,
        k.kind IN ({{kinds}}) AS is_course,
        o.id IS NOT NULL OR EXISTS ({CALLED_OTHERWISE}) AS is_planned,
        o.due_on >= c.completed_on OR EXISTS ({CALLED_OTHERWISE} AND b.due_on >= c.completed_on) AS is_in_time,
        EXISTS (
            SELECT 1 FROM achievement a
            WHERE a.officer_id = c.officer_id AND a.course_id + 0 = c.course_id AND a.state || '' = 'verified'
        ) AS is_verified
    FROM completion c
    JOIN course k ON k.id = c.course_id
    LEFT JOIN obligation o ON o.officer_id = c.officer_id AND o.course_name = k.name
    WHERE c.month = :month AND {POSTED.format(officer="c.officer_id", day="c.completed_on")}
        AND c.id NOT IN ({NOT_CREDIBLE})
        AND NOT EXISTS (
            SELECT 1 FROM twin w
            JOIN completion d ON d.officer_id = c.officer_id AND d.course_id = w.twin_id
            WHERE w.course_id = c.course_id AND (d.completed_at, d.id) < (c.completed_at, c.id)
                AND d.id NOT IN ({NOT_CREDIBLE})
        )
)"""  # noqa: S608 - no value stands in it, only our own fragments


# `hours` are those of completions with a certificate, as the policy counts them; `seconds` are those of all that count.
COUNTED = f"""
SELECT
    officer_id,
    COUNT(*) FILTER (WHERE is_course AND NOT is_planned) AS courses,
    COUNT(*) FILTER (WHERE is_course AND is_planned) AS plan_courses,
    COUNT(*) FILTER (WHERE is_course AND is_in_time) AS in_time,
    COUNT(*) FILTER (WHERE is_verified) AS verified,
    COUNT(*) FILTER (WHERE is_rated) AS rated,
    COALESCE(SUM(duration_seconds) FILTER (WHERE has_certificate), 0) / {SECONDS_PER_HOUR} AS hours,
    SUM(duration_seconds) AS seconds
FROM finished
GROUP BY officer_id"""  # noqa: S608 - a number of ours
COLUMNS = ("officer_id", "courses", "plan_courses", "in_time", "verified", "rated", "hours", "seconds")


def stage_tally(month: Month, policy: Policy, *, has_persons: bool) -> None:
    """Count what each officer finished; of people with several records, in the row of the record that stands."""
    sql, parameters = _statement(month, policy)
    staging.create(TALLY, dict.fromkeys(COLUMNS, "BIGINT NOT NULL"))
    execute(f"INSERT INTO {TALLY} {sql}", parameters)
    if has_persons:
        _stage_tally_of_persons(sql, parameters)
    staging.index(TALLY, "officer_id")
    staging.analyze(TALLY)


def _stage_tally_of_persons(sql: str, parameters: Parameters) -> None:
    own = f"person_{TALLY}"
    staging.create(own, dict.fromkeys(COLUMNS, "BIGINT NOT NULL"))
    execute(f"INSERT INTO {own} {of_persons(sql)}", parameters)
    staging.analyze(own)
    execute(f"DELETE FROM {TALLY} WHERE officer_id IN (SELECT officer_id FROM {RECORD})", {})  # noqa: S608 - names of ours
    execute(f"INSERT INTO {TALLY} SELECT * FROM {own}", {})  # noqa: S608 - names of ours


def _statement(month: Month, policy: Policy) -> tuple[str, Parameters]:
    kinds = {f"kind_{n}": kind for n, kind in enumerate(sorted(policy.course_kinds))}
    finished = FINISHED.format(kinds=", ".join(f":{name}" for name in kinds) or "NULL")
    return f"{finished} {COUNTED}", {"month": str(month), **kinds}


def clear_tally() -> None:
    """Drop what was laid out."""
    staging.drop(TALLY)
    staging.drop(f"person_{TALLY}")
