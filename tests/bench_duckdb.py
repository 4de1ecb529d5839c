"""The limit that scoring is measured against: the same month from the same facts by DuckDB, on tables of its own.

It counts, ranks in the same eight groups and stores scores, lines, groups and counts of points. It keeps no digests
and no figures of units, and knows neither merges nor other names of courses nor doubts: the made-up State has none.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

from karmyogi.core.months import Month
from karmyogi.core.profile import PolicyRule, load_profile
from karmyogi.people.models import OrgUnit, UnitKind
from tests import bench_state

KINDS = "('Course', 'Moderated Course')"
POSTED = "EXISTS (FROM posting p WHERE p.officer_id = {0} AND p.from_on <= {1} AND (p.to_on IS NULL OR p.to_on >= {1}))"
HELD_IN_MONTH = "p.from_on <= $last_on AND (p.to_on IS NULL OR p.to_on >= $first_on)"

TALLY = f"""
CREATE OR REPLACE TEMP TABLE tally AS
SELECT
    c.officer_id,
    COUNT(*) FILTER (WHERE k.kind IN {KINDS} AND o.officer_id IS NULL) AS course,
    COUNT(*) FILTER (WHERE k.kind IN {KINDS} AND o.officer_id IS NOT NULL) AS plan_course,
    COUNT(*) FILTER (WHERE k.kind IN {KINDS} AND o.due_on >= c.completed_on) AS plan_in_time,
    COUNT(*) FILTER (WHERE EXISTS (
        FROM achievement a WHERE a.officer_id = c.officer_id AND a.course_id = c.course_id AND a.state = 'verified'
    )) AS certificate,
    COALESCE(SUM(c.duration_seconds) FILTER (WHERE c.has_certificate), 0) // 3600 AS hours,
    COUNT(*) FILTER (WHERE c.is_rated) AS rating
FROM completion c
JOIN course k ON k.id = c.course_id
LEFT JOIN obligation o ON o.officer_id = c.officer_id AND o.course_name = k.name
WHERE c.month = $month AND {POSTED.format("c.officer_id", "c.completed_on")}
GROUP BY c.officer_id"""

SESSIONS = f"""
SELECT a.officer_id, COUNT(*) AS found
FROM attendance a JOIN training_session s ON s.id = a.session_id
WHERE a.part = '{{0}}' AND s.held_on BETWEEN $first_on AND $last_on AND {POSTED.format("a.officer_id", "s.held_on")}
GROUP BY a.officer_id"""
FIRST = f"""
SELECT e.officer_id, 1 AS found
FROM ({{0}}) e
WHERE e.first_on BETWEEN $first_on AND $last_on AND {POSTED.format("e.officer_id", "e.first_on")}"""
SOURCES = {
    "assessment": f"""
SELECT a.officer_id, COUNT(*) AS found FROM assessment a
WHERE a.is_passed AND a.attempted_on BETWEEN $first_on AND $last_on
    AND {POSTED.format("a.officer_id", "a.attempted_on")}
GROUP BY a.officer_id""",
    "session": SESSIONS.format("attended"),
    "taught": SESSIONS.format("taught"),
    "registered": FIRST.format("SELECT officer_id, registered_on AS first_on FROM igot_profile"),
    "first_enrolment": FIRST.format(
        "SELECT officer_id, MIN(enrolled_on) AS first_on FROM enrolment GROUP BY officer_id"
    ),
}

RANKS = [(unit, by) for unit in ("", "division_id", "district_id", "department_id") for by in ("", "state_class")]
SCORES = """
CREATE OR REPLACE TABLE score AS
WITH total AS (SELECT officer_id, SUM(points) AS points FROM line GROUP BY officer_id),
place AS (
    SELECT p.officer_id, arg_max(p.unit_id, (LEAST(COALESCE(p.to_on, $last_on), $last_on), p.from_on)) AS unit_id
    FROM posting p WHERE {held} GROUP BY p.officer_id
)
SELECT t.officer_id, t.points, w.unit_id, u.department_id, u.district_id, u.division_id, o.state_class, {ranks}
FROM total t JOIN place w USING (officer_id) JOIN officer o ON o.id = t.officer_id JOIN unit u ON u.id = w.unit_id
ORDER BY t.officer_id"""


def make(path: Path, officers: int) -> None:
    """The same State in a file of DuckDB's own; units come from the database that is open."""
    with duckdb.connect(str(path)) as con:
        bench_state.lay_numbers(con.execute, max(officers, bench_state.SESSIONS, bench_state.COURSES))
        _make_units(con, path)
        for made in (*bench_state.CATALOGUE, *bench_state.FACTS):
            con.execute(f"CREATE TABLE {made.name} AS {made.select(officers)}")
        con.execute(
            f"CREATE TABLE officer AS SELECT o.n AS id, {bench_state.STATE_CLASS} AS state_class"
            f" FROM bench_number o WHERE o.n <= {officers} ORDER BY o.n"
        )


def _make_units(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    columns = (OrgUnit.id, OrgUnit.department, OrgUnit.district, OrgUnit.division)
    rows = OrgUnit.select(*columns).where(OrgUnit.kind == UnitKind.OFFICE).order_by(OrgUnit.id).tuples()
    listed = path.with_suffix(".csv")
    listed.write_text("".join(f"{n},{','.join(str(value) for value in row)}\n" for n, row in enumerate(rows)))
    con.execute(
        "CREATE TABLE unit AS SELECT * FROM"
        f" read_csv('{listed}', header = false, names = ['n', 'id', 'department_id', 'district_id', 'division_id'])"
    )
    con.execute("CREATE TABLE bench_office AS SELECT n, id AS unit_id FROM unit")


def score(con: duckdb.DuckDBPyConnection, month: Month) -> None:
    """A month of everybody, stored."""
    terms = {"first_on": month.first_on, "last_on": month.last_on}
    con.execute(TALLY, {"month": str(month)})
    rules = load_profile("chhattisgarh").policy.rules
    con.execute(
        f"CREATE OR REPLACE TABLE line AS {' UNION ALL '.join(map(_line, rules))} ORDER BY officer_id, code", terms
    )
    con.execute(SCORES.format(held=HELD_IN_MONTH, ranks=", ".join(map(_rank, RANKS))), terms)
    units = ", ".join(f"({', '.join(filter(None, by))})" for by in RANKS)
    columns = "division_id, district_id, department_id, state_class"
    for table, more in (("peer_group", ""), ("point_count", ", points")):
        sets = units.replace(")", f"{more})").replace("(, ", "(") if more else units
        con.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT {columns}{more}, COUNT(*) AS officers, SUM(points) AS total"
            f" FROM score GROUP BY GROUPING SETS ({sets})"
        )


def _rank(by: tuple[str, str]) -> str:
    among = f"PARTITION BY {', '.join(filter(None, by))}" if any(by) else ""
    return f"rank() OVER ({among} ORDER BY t.points DESC) AS rank{''.join(f'_{one}' for one in by if one)}"


def _line(rule: PolicyRule) -> str:
    source = SOURCES.get(rule.counts, f"SELECT officer_id, {rule.counts} AS found FROM tally")
    items = "found" if rule.cap is None else f"LEAST(found, {rule.cap})"
    return (
        f"SELECT officer_id, '{rule.code}' AS code, found, {items} AS items, {rule.points} * {items} AS points"
        f" FROM ({source}) WHERE found > 0"
    )


def main() -> None:
    """Score months one after the other; tells the processor seconds of each, and what the last came to."""
    path, *months = sys.argv[1:]
    took = []
    with duckdb.connect(path) as con:
        for month in months:
            begun = time.process_time()
            score(con, Month.parse(month))
            con.execute("CHECKPOINT")
            took.append(time.process_time() - begun)
        came_to = con.execute(
            "SELECT COUNT(*), CAST(SUM(points) AS BIGINT), CAST(SUM(rank) AS BIGINT) FROM score"
        ).fetchone()
    print(json.dumps({"seconds": took, "came_to": came_to}))  # noqa: T201 - what this program is for


if __name__ == "__main__":
    main()
