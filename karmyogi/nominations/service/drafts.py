"""A nomination begun and rewritten, until it is submitted."""

from dataclasses import dataclass
from datetime import date, datetime

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor
from karmyogi.core.reasons import Reason, reason
from karmyogi.nominations.models import Category, Cycle, Nomination
from karmyogi.nominations.queries import (
    candidate_of,
    deciding_posting,
    hands,
    priorities_taken,
    quota_used,
)
from karmyogi.nominations.rules import (
    CREATE,
    EDITABLE,
    NOMINATION,
    barring,
    is_hand_of,
    priority_reasons,
    quota_reasons,
    tidy,
    window_reasons,
)
from karmyogi.nominations.service.cases import time_reasons
from karmyogi.nominations.service.checks import day_of, held_cycle, must_head, must_hold, read_again, refuse
from karmyogi.people.models import Officer, Posting
from karmyogi.people.queries import paths_of
from karmyogi.store.db import database
from karmyogi.store.trail import personal, record
from karmyogi.store.transitions import remember_hand


@dataclass(frozen=True)
class Proposal:
    """What a head writes: the category, the order of preference, and why, in both languages."""

    category: Category
    priority: int
    citation_hi: str = ""
    citation_en: str = ""


def start_nomination(
    cycle: Cycle, officer: Officer, proposal: Proposal, *, by: Actor, at: datetime | None = None
) -> Nomination:
    """Open a draft: from now on it takes one place of the department's quota, whatever becomes of it.

    The citations may still be empty. Raises NotAllowed unless `by` heads the
    department in which the officer was posted on the cut-off day, RuleBroken
    with every reason against it.
    """
    at = at or now()
    must_hold(by, CREATE)
    posting = deciding_posting(officer, cycle)
    if posting is None:
        raise RuleBroken(reason("no_posting_on_cut_off", cut_off_on=cycle.cut_off_on.isoformat()))
    must_head(by, posting.unit.department)
    with database.atomic():
        cycle = held_cycle(cycle.id)  # one at a time through the quota
        refuse(_reasons_to_refuse(cycle, officer, posting, proposal, by, day_of(at)))
        nomination = _open(cycle, officer, posting, proposal, by, at)
    return nomination


def _reasons_to_refuse(
    cycle: Cycle, officer: Officer, posting: Posting, proposal: Proposal, by: Actor, on: date
) -> list[Reason]:
    department = posting.unit.department_id
    found = candidate_of(officer, cycle, on=on)
    return [
        *([reason("self_nomination")] if by.officer_id == officer.id else []),
        *window_reasons(cycle.opens_on, cycle.closes_on, on=on),
        *quota_reasons(quota_used(cycle, department), cycle.quota),
        *_choice_reasons(cycle, proposal, priorities_taken(cycle, department)),
        *([reason("already_nominated")] if found.nomination_id else []),
        *barring(found.reasons),
    ]


def _choice_reasons(cycle: Cycle, proposal: Proposal, taken: dict[int, int]) -> list[Reason]:
    return [
        *([] if proposal.category.cycle_id == cycle.id else [reason("category_elsewhere")]),
        *priority_reasons(proposal.priority, cycle.quota, taken),
    ]


def _open(cycle: Cycle, officer: Officer, posting: Posting, proposal: Proposal, by: Actor, at: datetime) -> Nomination:
    nomination = Nomination.create(
        state=NOMINATION.start,
        **paths_of(posting),
        cycle=cycle,
        officer=officer,
        department=posting.unit.department,
        nominated_by=by.user_id,
        opened_at=at,
        **_written(proposal),
    )
    remember_hand(NOMINATION, nomination, "start", by=by, at=at)
    told = {"cycle": cycle.id, "officer": officer.id, "priority": proposal.priority}
    record(by, "nomination.start", nomination, told, at=at)
    return nomination


def edit_draft(
    nomination: Nomination, proposal: Proposal, *, version: int, by: Actor, at: datetime | None = None
) -> Nomination:
    """Rewrite a draft or a returned nomination; a priority held by another of these two kinds is exchanged with it.

    `version` is the one the head was shown. Raises NotAllowed, WrongState when
    the nomination was submitted or changed meanwhile, RuleBroken with every reason.
    """
    at = at or now()
    with database.atomic():
        held_cycle(nomination.cycle_id)
        fresh = read_again(nomination)
        must_head(by, fresh.department)
        _must_be_editable(fresh, version)
        refuse(_reasons_against_edit(fresh, proposal, by, day_of(at)))
        change = _changed(fresh, proposal) | _rewrite(fresh, proposal)
        if not any(is_hand_of(hand, by) for hand in hands(fresh)):
            remember_hand(NOMINATION, fresh, "edit", by=by, from_state=fresh.state, at=at)
        record(by, "nomination.edit", fresh, change, at=at)
    return read_again(nomination)


def _must_be_editable(nomination: Nomination, version: int) -> None:
    if nomination.state not in EDITABLE:
        raise WrongState(reason("moved_on", state=nomination.state))
    if nomination.version != version:
        raise WrongState(reason("edited_meanwhile"))


def _reasons_against_edit(nomination: Nomination, proposal: Proposal, by: Actor, on: date) -> list[Reason]:
    cycle = nomination.cycle
    taken = priorities_taken(cycle, nomination.department_id)
    holder = taken.pop(proposal.priority, None)
    if holder is not None and holder != nomination.id and _state_of(holder) not in EDITABLE:
        taken[proposal.priority] = holder  # what has been submitted keeps its number
    return [
        *([reason("own_case")] if by.officer_id == nomination.officer_id else []),
        *time_reasons(nomination, on),
        *_choice_reasons(cycle, proposal, taken),
    ]


def _state_of(nomination_id: int) -> str:
    return Nomination.select(Nomination.state).where(Nomination.id == nomination_id).scalar()


def _changed(nomination: Nomination, proposal: Proposal) -> dict[str, object]:
    before = {name: nomination.__data__[name] for name in ("category", "priority", "citation_hi", "citation_en")}
    after = _written(proposal)
    return {name: personal([before[name], after[name]]) for name in before if before[name] != after[name]}


def _rewrite(nomination: Nomination, proposal: Proposal) -> dict[str, object]:
    """Store what was written; tells with which nomination it exchanged priorities, if it did."""
    taken = priorities_taken(nomination.cycle, nomination.department_id)
    holder = taken.get(proposal.priority, nomination.id)
    if holder != nomination.id:
        _exchange(nomination, holder, taken)
    changes = {"version": Nomination.version + 1, **_written(proposal)}
    Nomination.update(changes).where(Nomination.id == nomination.id).execute()
    return {"exchanged_with": holder} if holder != nomination.id else {}


def _exchange(nomination: Nomination, other: int, taken: dict[int, int]) -> None:
    # Two live nominations never share a number, not even between two statements.
    Nomination.update(priority=max(taken) + 1).where(Nomination.id == nomination.id).execute()
    moved = {"priority": nomination.priority, "version": Nomination.version + 1}
    Nomination.update(moved).where(Nomination.id == other).execute()


def _written(proposal: Proposal) -> dict[str, object]:
    return {
        "category": proposal.category.id,
        "priority": proposal.priority,
        "citation_hi": tidy(proposal.citation_hi),
        "citation_en": tidy(proposal.citation_en),
    }
