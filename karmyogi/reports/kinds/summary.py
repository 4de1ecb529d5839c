"""The plan (CBP) summary: how many courses iGOT counts for an officer, kept beside our own count."""

from karmyogi.reports.kinds import Kind, Numbers, fingerprint, keys_of, moment
from karmyogi.reports.kinds.facts import PROVENANCE, Facts, compare_by_officer
from karmyogi.reports.kinds.facts import write as write_facts
from karmyogi.reports.kinds.reach import OF_PERSONS
from karmyogi.reports.kinds.tables import PLAN_SUMMARY
from karmyogi.reports.rules import SummaryRow
from karmyogi.store.db import canonical
from karmyogi.store.imports import Import

COLUMNS = {
    "row_number": "INTEGER",
    "person": "INTEGER",
    "allocated": "INTEGER",
    "finished": "INTEGER",
    "in_time": "INTEGER",
    **PROVENANCE,
}
FACTS = Facts(PLAN_SUMMARY, ("officer_id",), ("allocated", "finished", "in_time", *PROVENANCE))


def staged(row: SummaryRow, numbers: Numbers) -> tuple[object, ...]:
    """The row's values in the order of COLUMNS."""
    mapped = (row.allocated, row.finished, row.in_time, row.mdoid)
    return (
        row.line_number,
        numbers.of_person(keys_of(row)),
        *mapped,
        moment(row.generated_at),
        fingerprint(*mapped),
        canonical(row.extra),
    )


def judge(origin: Import) -> None:
    """Match persons, then compare with what was last reported."""
    compare_by_officer(FACTS, origin)


def write(origin: Import) -> None:
    """One row for each officer, as last reported."""
    write_facts(FACTS, origin)


SUMMARY = Kind("plan_summary", 6, COLUMNS, staged, judge, write, (PLAN_SUMMARY,), reach=OF_PERSONS)
