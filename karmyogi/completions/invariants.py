"""What must be true of what officers finished."""

from karmyogi.core.reasons import N_
from karmyogi.store.db import is_postgres
from karmyogi.store.invariants import Invariant, asking


def _day_in_india(column: str) -> str:
    return f"CAST({column} + INTERVAL '330 minutes' AS date)" if is_postgres() else f"date({column}, '+330 minutes')"


def _month(column: str) -> str:
    return f"TO_CHAR({column}, 'YYYY-MM')" if is_postgres() else f"SUBSTR({column}, 1, 7)"


INVARIANTS = (
    Invariant(
        "completions-count-in-their-month",
        N_("Each completion counts in the month of its day in India."),
        asking(
            "completion",
            lambda: (
                "SELECT id, month, completed_on FROM completion "  # noqa: S608 - names of ours
                f"WHERE month <> {_month('completed_on')} OR completed_on <> {_day_in_india('completed_at')}"
            ),
        ),
    ),
    Invariant(
        "enrolments-name-their-day",
        N_("Each enrolment's days are those of its moments in India."),
        asking(
            "enrolment",
            lambda: (
                f"SELECT id FROM enrolment WHERE enrolled_on <> {_day_in_india('enrolled_at')} "  # noqa: S608 - ours
                f"OR completed_on <> {_day_in_india('completed_at')}"
            ),
        ),
    ),
    Invariant(
        "completions-come-from-reports-that-stand",
        N_("Each completion comes from an import that was applied and stands."),
        asking(
            "completion",
            "SELECT c.id, c.import_id FROM completion c LEFT JOIN import i ON i.id = c.import_id "
            "WHERE c.import_id IS NOT NULL AND (i.id IS NULL OR i.state <> 'applied')",
        ),
    ),
    Invariant(
        "no-completion-is-later-than-reported",
        N_("An enrolment that was finished has its completion, no later than reported."),
        asking(
            "enrolment",
            "SELECT e.id FROM enrolment e "
            "LEFT JOIN completion c ON c.officer_id = e.officer_id AND c.course_id = e.course_id "
            "WHERE e.completed_on IS NOT NULL AND e.has_certificate "
            "AND (c.id IS NULL OR c.completed_on > e.completed_on)",
        ),
    ),
    Invariant(
        "flags-speak-of-their-officer",
        N_("Each flag speaks of the officer whose completion it is."),
        asking(
            "flag",
            "SELECT f.id FROM flag f JOIN completion c ON c.id = f.completion_id WHERE c.officer_id <> f.officer_id",
        ),
    ),
)
