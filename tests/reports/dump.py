"""A canonical dump of everything that imports write: one text for one state of the facts, whatever the engine."""

from karmyogi.store.db import canonical, database

FACTS = (
    "org_unit",
    "designation",
    "officer",
    "officer_key",
    "officer_word",
    "posting",
    "igot_profile",
    "course",
    "enrolment",
    "completion",
    "flag",
    "obligation",
    "plan_summary",
    "unenrolment",
    "assessment",
    "course_batch",
    "competency",
    "course_competency",
    "programme_part",
    "training_session",
    "attendance",
)


def dump() -> str:
    """Every column of every row of the fact tables, in the order of their values."""
    return "\n".join(f"{table} {line}" for table in FACTS for line in lines_of(table))


def lines_of(table: str) -> list[str]:
    cursor = database.execute_sql(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    return sorted(canonical(dict(zip(names, row, strict=True))) for row in cursor.fetchall())
