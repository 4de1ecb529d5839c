"""The facts of people with several records, laid out so that the statements of a month read them as one officer's.

Everybody else is computed from the tables themselves, by statements that know nothing of merges. For the few who
are left, the same statements are asked once more of temporary tables of the same shape, in which every record's
facts are those of the record that stands, and what several records hold of one thing stands once.
"""

import re
from collections.abc import Mapping

from karmyogi.completions.queries import NOT_CREDIBLE
from karmyogi.store import staging
from karmyogi.store.db import database

RECORD = "person_record"
TALLY = "staged_tally"  # what everybody finished; that of people with several records stands beside it
RECORDS = """
SELECT id AS officer_id, COALESCE(merged_into_id, id) AS person_id
FROM officer
WHERE merged_into_id IS NOT NULL
    OR id IN (SELECT merged_into_id FROM officer WHERE merged_into_id IS NOT NULL)"""

# Of one course only the first credible completion counts; of what a plan expects the latest due date; of an
# assessment the first day on which it was passed; a session counts once for each part in it.
FACTS: Mapping[str, str] = {
    "completion": f"""
SELECT c.id, r.person_id AS officer_id, c.course_id, c.month, c.completed_at, c.completed_on, c.has_certificate,
    c.is_rated, c.duration_seconds
FROM {RECORD} r
JOIN completion c ON c.officer_id = r.officer_id
WHERE c.id NOT IN ({NOT_CREDIBLE}) AND NOT EXISTS (
    SELECT 1 FROM {RECORD} s
    JOIN completion d ON d.officer_id = s.officer_id AND d.course_id = c.course_id
    WHERE s.person_id = r.person_id AND (d.completed_at, d.id) < (c.completed_at, c.id)
        AND d.id NOT IN ({NOT_CREDIBLE})
)""",  # noqa: S608 - no value stands in it
    "obligation": f"""
SELECT MIN(b.id) AS id, r.person_id AS officer_id, b.course_name, MAX(b.due_on) AS due_on
FROM {RECORD} r
JOIN obligation b ON b.officer_id = r.officer_id
GROUP BY r.person_id, b.course_name""",  # noqa: S608
    "achievement": f"""
SELECT r.person_id AS officer_id, a.course_id, a.state
FROM {RECORD} r
JOIN achievement a ON a.officer_id = r.officer_id""",  # noqa: S608
    "assessment": f"""
SELECT r.person_id AS officer_id, MIN(a.attempted_on) AS attempted_on, a.is_passed
FROM {RECORD} r
JOIN assessment a ON a.officer_id = r.officer_id
WHERE a.is_passed
GROUP BY r.person_id, a.kind, a.name, a.course_name, a.is_passed""",  # noqa: S608
    "attendance": f"""
SELECT DISTINCT r.person_id AS officer_id, a.session_id, a.part
FROM {RECORD} r
JOIN attendance a ON a.officer_id = r.officer_id""",  # noqa: S608
    "igot_profile": f"""
SELECT r.person_id AS officer_id, MIN(i.registered_on) AS registered_on
FROM {RECORD} r
JOIN igot_profile i ON i.officer_id = r.officer_id
GROUP BY r.person_id""",  # noqa: S608
    "enrolment": f"""
SELECT r.person_id AS officer_id, e.enrolled_on, e.status
FROM {RECORD} r
JOIN enrolment e ON e.officer_id = r.officer_id""",  # noqa: S608
    "posting": f"""
SELECT p.id, r.person_id AS officer_id, p.officer_id = r.person_id AS is_own, p.unit_id, p.state_class, p.from_on,
    p.to_on
FROM {RECORD} r
JOIN posting p ON p.officer_id = r.officer_id""",  # noqa: S608
}
# Where an officer stands in a month: a posting of the record that stands goes before all of the others.
PLACE = """
SELECT p.id, p.officer_id, p.unit_id, p.state_class, p.from_on, p.to_on
FROM person_posting p
WHERE p.is_own OR NOT EXISTS (
    SELECT 1 FROM person_posting q
    WHERE q.officer_id = p.officer_id AND q.is_own
        AND q.from_on <= '{last_on}' AND (q.to_on IS NULL OR q.to_on >= '{first_on}')
)"""
READS = re.compile(rf"\b(FROM|JOIN) ({'|'.join((*FACTS, TALLY))})\b")


def stage_persons(*, first_on: str, last_on: str) -> bool:
    """Lay out the facts of people with several records, and their places in a month; False if there is nobody."""
    staging.create_as(RECORD, RECORDS)
    if not has_persons():
        return False
    staging.index(RECORD, "person_id")
    staging.analyze(RECORD)
    for table, facts in FACTS.items():
        staging.create_as(f"person_{table}", facts)
        staging.index(f"person_{table}", "officer_id")
        staging.analyze(f"person_{table}")
    staging.create_as("person_place", PLACE.format(first_on=first_on, last_on=last_on))
    staging.index("person_place", "officer_id")
    staging.analyze("person_place")
    return True


def has_persons() -> bool:
    """Whether anybody with several records is laid out."""
    return database.execute_sql(f"SELECT 1 FROM {RECORD} LIMIT 1").fetchone() is not None  # noqa: S608


def of_persons(sql: str) -> str:
    """A statement over the tables of facts, asked of those that are laid out here."""
    return READS.sub(r"\1 person_\2", sql)


def at_places(sql: str) -> str:
    """A statement over postings, asked of the places of people with several records."""
    return re.sub(r"\b(FROM|JOIN) posting\b", r"\1 person_place", sql)


def clear_persons() -> None:
    """Drop what was laid out."""
    for name in (RECORD, "person_place", *(f"person_{table}" for table in FACTS)):
        staging.drop(name)
