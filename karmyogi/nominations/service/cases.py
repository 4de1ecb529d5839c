"""A nomination on its way: submitted with the record frozen, carried from hand to hand, honoured by an order."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from karmyogi.core.errors import NotThere, RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import Reason, reason
from karmyogi.nominations.models import Nomination
from karmyogi.nominations.queries import (
    Candidate,
    candidate_of,
    hands,
    quota_used,
    returned_on,
    sealed_months,
)
from karmyogi.nominations.rules import (
    CHECKED_AGAIN,
    NOMINATION,
    barring,
    citation_reasons,
    correction_reasons,
    criteria_from,
    issue_reasons,
    priority_reasons,
    quota_reasons,
    window_reasons,
)
from karmyogi.nominations.service.checks import day_of, held_cycle, must_head, read_again, refuse
from karmyogi.store.db import database, held
from karmyogi.store.transitions import check, perform


def submit(nomination: Nomination, *, by: Actor, remark: str = "", at: datetime | None = None) -> Nomination:
    """Send a draft or a corrected nomination to the nodal officer; the officer's record is frozen into it.

    Raises NotAllowed, WrongState, or RuleBroken with everything that is missing
    or stands against it. What paper mends waits until verification.
    """
    at = at or now()
    with database.atomic():
        held_cycle(nomination.cycle_id)
        fresh = read_again(nomination)
        must_head(by, fresh.department)
        check(NOMINATION, fresh, NOMINATION.step(fresh.state, "submit"), by=by, remark=remark)
        found = candidate_of(fresh.officer_id, fresh.cycle, on=day_of(at))
        refuse(_reasons_against_submission(fresh, found, day_of(at)))
        frozen = _frozen(fresh, found, day_of(at))
        perform(NOMINATION, fresh, "submit", by=by, remark=remark, at=at, record=frozen, submitted_at=at)
    return fresh


def _reasons_against_submission(nomination: Nomination, found: Candidate | None, on: date) -> list[Reason]:
    cycle = nomination.cycle
    criteria = criteria_from(cycle.criteria)
    return [
        *time_reasons(nomination, on),
        *quota_reasons(quota_used(cycle, nomination.department_id) - 1, cycle.quota),
        *priority_reasons(nomination.priority, cycle.quota, ()),
        *citation_reasons(nomination.citation_hi, nomination.citation_en, criteria.citation),
        *barring(standing(found, nomination)),
    ]


def time_reasons(nomination: Nomination, on: date) -> list[Reason]:
    """A draft obeys the window; a returned nomination has its own days to be corrected in."""
    cycle, returned = nomination.cycle, returned_on(nomination)
    if nomination.state != "returned" or returned is None:
        return window_reasons(cycle.opens_on, cycle.closes_on, on=on)
    days = criteria_from(cycle.criteria).correction_days
    return correction_reasons(cycle.closes_on, returned, days, on=on)


def _frozen(nomination: Nomination, found: Candidate, on: date) -> dict[str, object]:
    return {
        "as_on": on.isoformat(),
        "employee_code": found.employee_code,
        "name": [found.name_hi, found.name_en],
        "designation": [found.designation_hi, found.designation_en],
        "unit": [found.unit_hi, found.unit_en],
        "department": [nomination.department.name_hi, nomination.department.name_en],
        "record": found.record.as_data(),
        "months": [asdict(month) for month in sealed_months(nomination.officer_id, nomination.cycle)],
        "needs": [one.code for one in found.reasons],
    }


def act(nomination: Nomination, action: str, *, by: Actor, remark: str = "", at: datetime | None = None) -> Nomination:
    """Take any step but the award: verify, return, select, reject, release, withdraw, or submit.

    Verifying, selecting and releasing read the records again, and nothing may
    stand against the officer then. Raises NotAllowed, RuleBroken, or WrongState
    when somebody else acted first. The award is given by an order alone.
    """
    if action == "submit":
        return submit(nomination, by=by, remark=remark, at=at)
    if action == "award":
        raise RuleBroken(reason("award_by_order_only"))
    at = at or now()
    with database.atomic():
        [fresh] = hold([nomination.id])
        check(NOMINATION, fresh, NOMINATION.step(fresh.state, action), by=by, remark=remark)
        if action == "withdraw":
            must_head(by, fresh.department)
        if action in CHECKED_AGAIN:
            refuse(standing(candidate_of(fresh.officer_id, fresh.cycle, on=day_of(at)), fresh))
        facts = {"released_at": at} if action == "release" else {}
        perform(NOMINATION, fresh, action, by=by, remark=remark, at=at, **facts)
    return fresh


def standing(found: Candidate | None, nomination: Nomination) -> Sequence[Reason]:
    """What the records say against a nominee; a posting corrected away since counts against the nomination too."""
    if found is None:
        return [reason("no_posting_on_cut_off", cut_off_on=nomination.cycle.cut_off_on.isoformat())]
    return found.reasons


def hold(nomination_ids: Sequence[int]) -> list[Nomination]:
    """These nominations as they are now, by number; nobody else moves them before this transaction ends.

    Raises NotThere if one of them does not exist.
    """
    rows = Nomination.select().where(Nomination.id.in_(nomination_ids)).order_by(Nomination.id)
    found = list(held(rows))
    if len(found) < len(set(nomination_ids)):
        raise NotThere("not_there")
    return found


def reasons_against_award(nomination: Nomination, *, by: Actor) -> list[Reason]:
    """Why this actor may not award this nomination by an order; what the records say is asked apart.

    Raises NotAllowed, or WrongState when it is not released.
    """
    found = issue_reasons(hands(nomination), by)
    try:
        check(NOMINATION, nomination, NOMINATION.step(nomination.state, "award"), by=by)
    except RuleBroken as error:
        found += error.reasons
    return found


def mark_awarded(nomination: Nomination, *, by: Actor, at: datetime) -> None:
    """The last step, taken by the order that gives the award, in its transaction.

    Raises NotAllowed, WrongState, or RuleBroken: who nominated, verified or
    released may not issue the order; who selected may.
    """
    refuse(reasons_against_award(nomination, by=by))
    perform(NOMINATION, nomination, "award", by=by, at=at)
