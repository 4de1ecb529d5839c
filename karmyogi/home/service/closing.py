"""Closing a unit asks everybody's cases and ends everybody's roles, so no room upstream can hold the verb."""

from datetime import date, datetime

from karmyogi.accounts.service import end_grants_over
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.core.reasons import Reason, reason
from karmyogi.home.queries.structure import open_cases_in
from karmyogi.people.models import OrgUnit
from karmyogi.people.queries import open_units_right_below, posted_after
from karmyogi.people.rules import closing_reasons
from karmyogi.people.service import set_closed
from karmyogi.store.db import database
from karmyogi.store.trail import record


def close_unit(unit: OrgUnit, *, on: date, seen: str, by: Actor, at: datetime | None = None) -> OrgUnit:
    """Close a unit after its last day `on`; roles held over it end now, and what happened in it stays.

    Raises NotAllowed, WrongState when somebody changed it meanwhile, or
    RuleBroken: not while open units stand below it, officers are posted there
    after that day, or cases begun there are not decided.
    """
    if not can(by, Permission.UNITS_WRITE):
        raise NotAllowed("not_allowed")
    at = at or now()
    with database.atomic():
        before = set_closed(unit, on=on, seen=seen)
        found = reasons_against_closing(before, on=on, today=at.astimezone(IST).date())
        if found:
            raise RuleBroken(*found)
        ended = end_grants_over(before, at=at)
        record(by, "org_unit.close", before, {"closed_on": [None, on], "roles_ended": ended}, at=at)
    return OrgUnit.get_by_id(unit.id)


def reasons_against_closing(unit: OrgUnit, *, on: date, today: date) -> list[Reason]:
    """Why a unit may not close with `on` as its last day; empty if it may."""
    found = closing_reasons(
        units=open_units_right_below(unit).count(),
        officers=posted_after(unit, on).count(),
        cases=sum(cases.count for cases in open_cases_in(unit)),
    )
    return [*([reason("unit_day_in_future")] if on > today else []), *found]
