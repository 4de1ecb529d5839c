"""Verbs of nominations: each is one transaction with its entry on the trail, and checks its rules inside it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from karmyogi.core.errors import NotAllowed, NotThere, RuleBroken, WrongState
from karmyogi.core.months import IST, Month, now
from karmyogi.core.permissions import Actor, Permission, can, covers, scope_of
from karmyogi.core.reasons import Reason, reason
from karmyogi.nominations.models import Category, Cycle, IntegrityCertificate, Nomination, Scheme
from karmyogi.nominations.queries import (
    Candidate,
    candidate_of,
    deciding_posting,
    hands,
    is_live,
    priorities_taken,
    quota_used,
    returned_on,
    sealed_months,
)
from karmyogi.nominations.rules import (
    CHECKED_AGAIN,
    CREATE,
    EDITABLE,
    NOMINATION,
    SELECT,
    VERIFY,
    Criteria,
    IntegrityAnswer,
    barring,
    citation_reasons,
    correction_reasons,
    criteria_from,
    is_hand_of,
    issue_reasons,
    power_behind,
    priority_reasons,
    quota_reasons,
    tidy,
    window_reasons,
)
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.people.queries import posting_of
from karmyogi.store.db import database, is_postgres
from karmyogi.store.trail import record
from karmyogi.store.transitions import check, perform, remember_hand

HELD = "FOR NO KEY UPDATE"  # keeps out other verbs, not rows that merely point here


@dataclass(frozen=True)
class Terms:
    """What a category is called and what it brings; no amount means no money."""

    name_hi: str
    name_en: str
    amount_rupees: int | None = None


@dataclass(frozen=True)
class Proposal:
    """What a head writes: the category, the order of preference, and why, in both languages."""

    category: Category
    priority: int
    citation_hi: str = ""
    citation_en: str = ""


def install_scheme(code: str, *, name_hi: str, name_en: str, award_hi: str, award_en: str, by: Actor) -> Scheme:
    """The scheme of that code, made if it is not there yet; one that is there stays as it is.

    Raises NotAllowed, or RuleBroken when a name is missing in one language.
    """
    _must(by, Permission.CYCLES_WRITE)
    names = {"name_hi": name_hi, "name_en": name_en, "award_hi": award_hi, "award_en": award_en}
    _refuse(_names_missing(*names.values()))
    with database.atomic():
        made = Scheme.insert(code=code, **names).on_conflict_ignore().as_rowcount().execute()
        scheme = Scheme.get(Scheme.code == code)
        if made:
            record(by, "scheme.install", scheme, {"code": code, **names})
    return scheme


def create_cycle(
    scheme: Scheme,
    *,
    name_hi: str,
    name_en: str,
    first_month: Month,
    last_month: Month,
    cut_off_on: date,
    opens_on: date,
    closes_on: date,
    quota: int,
    criteria: Criteria,
    categories: Sequence[Terms],
    by: Actor,
) -> Cycle:
    """Open a round of a scheme; its criteria, quota and dates stay as they are given here.

    Months and days are inclusive; `quota` is nominations per department. Raises
    NotAllowed, or RuleBroken with everything that is wrong.
    """
    _must(by, Permission.CYCLES_WRITE)
    _refuse(
        [
            *_names_missing(name_hi, name_en, *(name for one in categories for name in (one.name_hi, one.name_en))),
            *([] if quota > 0 else [reason("cycle_quota_wrong")]),
            *([] if opens_on <= closes_on else [reason("cycle_window_wrong")]),
            *([] if first_month <= last_month else [reason("cycle_period_wrong")]),
            *([] if categories else [reason("cycle_category_missing")]),
            *([reason("category_amount_wrong")] if any(_is_wrong(one.amount_rupees) for one in categories) else []),
        ]
    )
    with database.atomic():
        cycle = Cycle.create(
            scheme=scheme,
            name_hi=name_hi,
            name_en=name_en,
            first_month=str(first_month),
            last_month=str(last_month),
            cut_off_on=cut_off_on,
            opens_on=opens_on,
            closes_on=closes_on,
            quota=quota,
            criteria=criteria.as_data(),
        )
        for one in categories:
            Category.create(cycle=cycle, **asdict(one))
        told = {"scheme": scheme.code, "quota": quota, "criteria": cycle.criteria, "opens_on": opens_on}
        record(by, "cycle.create", cycle, told | {"closes_on": closes_on, "cut_off_on": cut_off_on})
    return cycle


def start_nomination(
    cycle: Cycle, officer: Officer, proposal: Proposal, *, by: Actor, at: datetime | None = None
) -> Nomination:
    """Open a draft: from now on it takes one place of the department's quota, whatever becomes of it.

    The citations may still be empty. Raises NotAllowed unless `by` heads the
    department in which the officer was posted on the cut-off day, RuleBroken
    with every reason against it.
    """
    at = at or now()
    _must(by, CREATE)
    posting = deciding_posting(officer, cycle)
    if posting is None:
        raise RuleBroken(reason("no_posting_on_cut_off", cut_off_on=cycle.cut_off_on.isoformat()))
    _must_head(by, posting.unit.department)
    with database.atomic():
        cycle = _held_cycle(cycle.id)  # one at a time through the quota
        _refuse(_reasons_to_refuse(cycle, officer, posting, proposal, by, day_of(at)))
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
        line_path=posting.unit.line_path,
        territory_path=posting.unit.territory_path,
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
        _held_cycle(nomination.cycle_id)
        fresh = _fresh(nomination)
        _must_head(by, fresh.department)
        _must_be_editable(fresh, version)
        _refuse(_reasons_against_edit(fresh, proposal, by, day_of(at)))
        change = _changed(fresh, proposal) | _rewrite(fresh, proposal)
        if not any(is_hand_of(hand, by) for hand in hands(fresh)):
            remember_hand(NOMINATION, fresh, "edit", by=by, from_state=fresh.state, at=at)
        record(by, "nomination.edit", fresh, change, at=at)
    return _fresh(nomination)


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
        *_time_reasons(nomination, on),
        *_choice_reasons(cycle, proposal, taken),
    ]


def _state_of(nomination_id: int) -> str:
    return Nomination.select(Nomination.state).where(Nomination.id == nomination_id).scalar()


def _changed(nomination: Nomination, proposal: Proposal) -> dict[str, object]:
    before = {name: nomination.__data__[name] for name in ("category", "priority", "citation_hi", "citation_en")}
    after = _written(proposal)
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}


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


def submit(nomination: Nomination, *, by: Actor, remark: str = "", at: datetime | None = None) -> Nomination:
    """Send a draft or a corrected nomination to the nodal officer; the officer's record is frozen into it.

    Raises NotAllowed, WrongState, or RuleBroken with everything that is missing
    or stands against it. What paper mends waits until verification.
    """
    at = at or now()
    with database.atomic():
        _held_cycle(nomination.cycle_id)
        fresh = _fresh(nomination)
        _must_head(by, fresh.department)
        check(NOMINATION, fresh, NOMINATION.step(fresh.state, "submit"), by=by, remark=remark)
        found = candidate_of(fresh.officer_id, fresh.cycle, on=day_of(at))
        _refuse(_reasons_against_submission(fresh, found, day_of(at)))
        frozen = _frozen(fresh, found, day_of(at))
        perform(NOMINATION, fresh, "submit", by=by, remark=remark, at=at, record=frozen, submitted_at=at)
    return fresh


def _reasons_against_submission(nomination: Nomination, found: Candidate | None, on: date) -> list[Reason]:
    cycle = nomination.cycle
    criteria = criteria_from(cycle.criteria)
    return [
        *_time_reasons(nomination, on),
        *quota_reasons(quota_used(cycle, nomination.department_id) - 1, cycle.quota),
        *priority_reasons(nomination.priority, cycle.quota, ()),
        *citation_reasons(nomination.citation_hi, nomination.citation_en, criteria.citation),
        *barring(standing(found, nomination)),
    ]


def _time_reasons(nomination: Nomination, on: date) -> list[Reason]:
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
            _must_head(by, fresh.department)
        if action in CHECKED_AGAIN:
            _refuse(standing(candidate_of(fresh.officer_id, fresh.cycle, on=day_of(at)), fresh))
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
    found = list(rows.for_update(HELD) if is_postgres() else rows)
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
    _refuse(reasons_against_award(nomination, by=by))
    perform(NOMINATION, nomination, "award", by=by, at=at)


def enter_integrity(
    officer: Officer,
    *,
    answer: IntegrityAnswer,
    reference: str,
    given_on: date,
    valid_until: date,
    by: Actor,
    at: datetime | None = None,
) -> IntegrityCertificate:
    """Keep an authority's answer about an officer, with its reference and term; never case papers.

    The nodal officer enters it for the officers of the unit, GAD for all. Raises
    NotAllowed, or RuleBroken: nobody enters their own, nor that of one they nominated.
    """
    at = at or now()
    with database.atomic():
        cases = _live_cases(officer)
        _must_keep_integrity(by, officer, cases, on=day_of(at))
        _refuse(_reasons_against_integrity(officer, cases, reference, given_on, valid_until, by, day_of(at)))
        certificate = IntegrityCertificate.create(
            officer=officer,
            answer=answer.value,
            reference=tidy(reference),
            given_on=given_on,
            valid_until=valid_until,
            entered_by=by.user_id,
            entered_at=at,
        )
        told = {"officer": officer.id, "answer": answer.value, "given_on": given_on, "valid_until": valid_until}
        record(by, "integrity.enter", certificate, told, at=at)
    return certificate


def _live_cases(officer: Officer) -> list[Nomination]:
    """The officer's live nominations, held: an order being issued waits for the certificate, or it for the order."""
    mine = Nomination.select(Nomination.id).where((Nomination.officer == officer) & is_live())
    return hold([case.id for case in mine])


def _must_keep_integrity(by: Actor, officer: Officer, cases: list[Nomination], *, on: date) -> None:
    posting = posting_of(officer, on=on)
    places = [*cases, *([posting.unit] if posting else [])]
    powers = (VERIFY, SELECT)
    reached = any(_covers(by, power, place, officer.id) for power in powers for place in places)
    if not reached and not scope_of(by, SELECT).everything:  # an officer may be posted nowhere
        raise NotAllowed("not_allowed")


def _reasons_against_integrity(
    officer: Officer,
    cases: list[Nomination],
    reference: str,
    given_on: date,
    valid_until: date,
    by: Actor,
    on: date,
) -> list[Reason]:
    mine = any(is_hand_of(hand, by) and power_behind(hand) is CREATE for case in cases for hand in hands(case))
    return [
        *([reason("own_case")] if by.officer_id == officer.id else []),
        *([reason("integrity_by_nominator")] if mine else []),
        *([] if tidy(reference) else [reason("integrity_reference_missing")]),
        *([reason("integrity_in_future")] if given_on > on else []),
        *([reason("integrity_term_wrong")] if valid_until < given_on else []),
    ]


def day_of(moment: datetime) -> date:
    """The day of a moment in India: windows, terms and cool-offs are counted in days there."""
    return moment.astimezone(IST).date()


def _must(by: Actor, permission: Permission) -> None:
    if not can(by, permission):
        raise NotAllowed("not_allowed")


def _must_head(by: Actor, department: OrgUnit) -> None:
    """Only who is over the whole department nominates for it, not who heads an office in it."""
    if not _covers(by, CREATE, department, None):
        raise NotAllowed("not_allowed")


def _covers(by: Actor, permission: Permission, place: OrgUnit | Nomination, officer_id: int | None) -> bool:
    return covers(by, permission, officer_id=officer_id, line_path=place.line_path, territory_path=place.territory_path)


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise RuleBroken(*reasons)


def _held_cycle(cycle_id: int) -> Cycle:
    """The cycle as it is now; whoever starts, edits or submits in it goes through here one at a time."""
    rows = Cycle.select().where(Cycle.id == cycle_id)
    # SQLite's immediate transaction already keeps others out.
    return rows.for_update(HELD).get() if is_postgres() else rows.get()


def _fresh(nomination: Nomination) -> Nomination:
    return Nomination.get_by_id(nomination.id)


def _names_missing(*names: str) -> list[Reason]:
    return [] if all(name.strip() for name in names) else [reason("cycle_name_missing")]


def _is_wrong(amount_rupees: int | None) -> bool:
    return amount_rupees is not None and amount_rupees <= 0
