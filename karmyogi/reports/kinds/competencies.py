"""The content-competency mapping: which area, theme and sub-theme a content teaches.

The mapping names a content by its id and name only, and may come before the
report that brings the course: so it is kept by name, and meets the course there.
It carries no date of its own; the file that came last stands.
"""

from karmyogi.reports.kinds import Kind, Numbers, fingerprint
from karmyogi.reports.kinds.facts import Facts, compare, judge_things
from karmyogi.reports.kinds.facts import write as write_facts
from karmyogi.reports.kinds.tables import COMPETENCIES, COURSE_COMPETENCY
from karmyogi.reports.rules import CompetencyRow
from karmyogi.store import history
from karmyogi.store.db import canonical, database
from karmyogi.store.imports import Import

TRIPLE = ("area", "theme", "sub_theme")
DESCRIPTIONS = ("area_description", "theme_description", "theme_type", "sub_theme_description")
PROVENANCE = {"reported_at": "TIMESTAMP", "fingerprint": "TEXT", "extra": "TEXT"}
COLUMNS = {
    "row_number": "INTEGER",
    "content_id": "TEXT",
    "course_name": "TEXT",
    **dict.fromkeys(TRIPLE + DESCRIPTIONS, "TEXT"),
    **PROVENANCE,
}
FACTS = Facts(
    COURSE_COMPETENCY,
    ("course_name", "competency_id"),
    ("content_id", *PROVENANCE),
    told=("course_name", *TRIPLE),
)


def staged(row: CompetencyRow, _numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    descriptions = (row.area_description, row.theme_description, row.theme_type, row.sub_theme_description)
    return (
        row.line_number,
        row.content_id,
        row.content_name,
        row.area,
        row.theme,
        row.sub_theme,
        *descriptions,
        None,
        fingerprint(row.content_id, *descriptions),
        canonical(row.extra),
    )


def judge(_import: Import) -> None:
    """Find the competencies that are known, then compare each pair of course and competency."""
    same = " AND ".join(f"c.{name} = s.{name}" for name in TRIPLE)
    compare(FACTS, f"staged s LEFT JOIN competency c ON {same}", "c.id AS competency_id")
    judge_things(FACTS)


def write(origin: Import) -> None:
    """Competencies first, then which course teaches them."""
    _write_competencies(origin)
    write_facts(FACTS, origin)


# What the last row of the file says of each competency.
LAST = f"""
    SELECT * FROM (
        SELECT u.*, ROW_NUMBER() OVER (PARTITION BY {", ".join(TRIPLE)} ORDER BY row_number DESC) AS place FROM usable u
    ) p WHERE place = 1"""  # noqa: S608 - column names of ours


def _write_competencies(origin: Import) -> None:
    """What the last row says of a competency."""
    triple, told = ", ".join(TRIPLE), ", ".join(DESCRIPTIONS)
    changes = ", ".join(f"{name} = excluded.{name}" for name in (*DESCRIPTIONS, "import_id", "row_number"))
    differs = "(" + " OR ".join(f"t.{name} <> excluded.{name}" for name in DESCRIPTIONS) + ")"
    same = " AND ".join(f"c.{name} = usable.{name}" for name in TRIPLE)
    ours = " AND ".join(f"t.{name} = u.{name}" for name in TRIPLE)
    history.remember(
        origin, COMPETENCIES, f"JOIN ({LAST}) u ON {ours} WHERE {differs.replace('excluded.', 'u.')}", row="t"
    )
    database.execute_sql(
        f"""
        INSERT INTO competency AS t ({triple}, {told}, import_id, row_number)
        SELECT {triple}, {told}, {origin.id}, row_number
        FROM ({LAST}) u WHERE true
        ORDER BY {triple}
        ON CONFLICT ({triple}) DO UPDATE SET {changes}
        WHERE {differs}
        """  # noqa: S608 - column names and an integer of ours
    )
    database.execute_sql(
        f"UPDATE usable SET competency_id = (SELECT c.id FROM competency c WHERE {same}) WHERE competency_id IS NULL"  # noqa: S608
    )


COMPETENCY = Kind("competency", 4, COLUMNS, staged, judge, write, (COMPETENCIES, COURSE_COMPETENCY))
