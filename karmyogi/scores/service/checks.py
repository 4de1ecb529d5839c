"""What every verb asks first, and the lock under which months are stored and sealed."""

from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import Reason, reason
from karmyogi.scores.models import ScoreMonth
from karmyogi.store.db import database, is_postgres

SCORES_LOCK = 727274


def require(by: Actor, permission: Permission) -> None:
    """Raise NotAllowed unless the actor holds the permission, at any reach."""
    if not can(by, permission):
        raise NotAllowed(reason("not_allowed"))


def find(month: Month) -> ScoreMonth | None:
    """The month as computed; None if it never was."""
    return ScoreMonth.get_or_none(ScoreMonth.month == str(month))


def scored(month: Month) -> ScoreMonth:
    """The month as computed; raises RuleBroken if it never was."""
    row = find(month)
    if row is None:
        raise RuleBroken(reason("month_not_scored", month=str(month)))
    return row


def refuse_sealed(row: ScoreMonth | None) -> None:
    """Raise RuleBroken if the month is sealed."""
    if row is not None and row.state == "sealed":
        raise RuleBroken(reason("month_is_sealed", month=row.month))


def refuse(reasons: list[Reason]) -> None:
    """Raise RuleBroken with all reasons, if there are any."""
    if reasons:
        raise RuleBroken(*reasons)


def hold() -> None:
    """Let one process at a time store or seal a month; SQLite's immediate transaction already does."""
    if is_postgres():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (SCORES_LOCK,))
