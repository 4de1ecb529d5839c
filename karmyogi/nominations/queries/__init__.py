"""Reads of nominations: what the records say of officers, and the cases within an actor's reach."""

from karmyogi.nominations.queries.cases import (
    StateCount,
    accounts_of,
    as_shown_to,
    hands,
    is_late,
    late_counts,
    moved_since,
    nominations_for,
    pending_with,
    returned_on,
    sees_decisions,
    state_counts,
    steps,
    unmoved_since,
)
from karmyogi.nominations.queries.cycles import (
    cycles,
    departments_in_reach,
    open_cycles,
    priorities_taken,
    quota_used,
    quotas_used,
)
from karmyogi.nominations.queries.facts import is_live
from karmyogi.nominations.queries.records import (
    Candidate,
    SealedMonth,
    candidate_of,
    candidates_of,
    deciding_posting,
    records_of,
    sealed_months,
)
from karmyogi.nominations.queries.verdicts import verdict_counts

__all__ = [
    "Candidate",
    "SealedMonth",
    "StateCount",
    "accounts_of",
    "as_shown_to",
    "candidate_of",
    "candidates_of",
    "cycles",
    "deciding_posting",
    "departments_in_reach",
    "hands",
    "is_late",
    "is_live",
    "late_counts",
    "moved_since",
    "nominations_for",
    "open_cycles",
    "pending_with",
    "priorities_taken",
    "quota_used",
    "quotas_used",
    "records_of",
    "returned_on",
    "sealed_months",
    "sees_decisions",
    "state_counts",
    "steps",
    "unmoved_since",
    "verdict_counts",
]
