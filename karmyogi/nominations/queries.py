"""Reads of nominations: what the records say of officers, and the cases within an actor's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import peewee

from karmyogi.accounts.models import User
from karmyogi.completions.models import Completion
from karmyogi.core.months import IST, as_utc
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.core.reasons import Reason
from karmyogi.core.workflow import Step, not_own_case, not_same_hand
from karmyogi.courses.models import Course
from karmyogi.nominations.models import NOT_LIVE, STATES, Category, Cycle, IntegrityCertificate, Nomination, Scheme
from karmyogi.nominations.rules import (
    CREATE,
    LATE_AFTER,
    NOMINATION,
    UNDECIDED,
    WAITING,
    Criteria,
    Hand,
    Integrity,
    IntegrityAnswer,
    Record,
    Verdict,
    criteria_from,
    reasons_against,
    verdict_of,
    years_before,
)
from karmyogi.people.models import Designation, Honour, Officer, OrgUnit, Posting
from karmyogi.people.queries import is_held
from karmyogi.plans.models import Obligation
from karmyogi.scores.models import MonthlyScore, PeerGroup, ScoreMonth
from karmyogi.store.reach import NO_ROW, within
from karmyogi.store.transitions import CaseStep, steps_taken

Ids = peewee.ModelSelect  # a query that gives officer ids

ONWARD = frozenset({"submit", "verify", "select", "release", "award"})  # the steps that carry a case onward


@dataclass(frozen=True)
class Candidate:
    """An officer as posted on the cut-off day of a cycle, with the record and what stands against it.

    `nomination_id` and `nomination_state` are those of the live nomination in this cycle, if there is one.
    """

    officer_id: int
    employee_code: str
    name_hi: str
    name_en: str
    designation_hi: str
    designation_en: str
    unit_hi: str
    unit_en: str
    record: Record
    reasons: tuple[Reason, ...]
    verdict: Verdict
    nomination_id: int | None = None
    nomination_state: str | None = None


def records_of(department: OrgUnit, cycle: Cycle, *, on: date) -> list[Candidate]:
    """Everyone posted in the department on the cycle's cut-off day, most points first, then by employee code.

    Costs the same few statements whatever the size of the department.
    """
    posted = _postings(cycle).where(OrgUnit.department == department)
    return _candidates(posted, cycle, on=on)


def candidate_of(officer: Officer | int, cycle: Cycle, *, on: date) -> Candidate | None:
    """One officer's row of `records_of`; None without a posting in a department on the cut-off day."""
    return candidates_of([officer], cycle, on=on).get(officer if isinstance(officer, int) else officer.id)


def candidates_of(officers: Sequence[Officer | int], cycle: Cycle, *, on: date) -> dict[int, Candidate]:
    """These officers' rows of `records_of` by officer id, in the same few statements whatever their number.

    Who held no posting in a department on the cut-off day is left out.
    """
    posted = _postings(cycle).where(Posting.officer.in_(officers))
    return {one.officer_id: one for one in _candidates(posted, cycle, on=on)}


def _postings(cycle: Cycle) -> peewee.ModelSelect:
    """The posting that decides, of every officer: the last begun of those held on the cut-off day, in a department."""
    newer, post = Posting.alias(), peewee.fn.COALESCE(Posting.designation, Officer.designation)
    held_too = (newer.from_on <= cycle.cut_off_on) & (newer.to_on.is_null() | (newer.to_on >= cycle.cut_off_on))
    later = newer.select(newer.id).where(
        (newer.officer == Posting.officer) & (newer.from_on > Posting.from_on) & held_too
    )
    return (
        Posting.select(Posting, Officer, OrgUnit, Designation)
        .join(Officer)
        .switch(Posting)
        .join(OrgUnit)
        .switch(Posting)
        .join(Designation, peewee.JOIN.LEFT_OUTER, on=Designation.id == post, attr="post")
        .where(is_held(cycle.cut_off_on) & ~peewee.fn.EXISTS(later) & OrgUnit.department.is_null(False))
    )


def _candidates(posted: peewee.ModelSelect, cycle: Cycle, *, on: date) -> list[Candidate]:
    criteria = criteria_from(cycle.criteria)
    facts = _Facts(posted.select(Posting.officer), cycle, criteria, on=on)
    found = [_candidate(posting, facts, criteria, on) for posting in posted]
    return sorted(found, key=lambda one: (-one.record.points, one.employee_code))


def _candidate(posting: Posting, facts: "_Facts", criteria: Criteria, on: date) -> Candidate:
    officer, unit, post = posting.officer, posting.unit, posting.post
    record = facts.record(posting)
    reasons = tuple(reasons_against(record, criteria, on=on))
    return Candidate(
        officer.id,
        officer.employee_code,
        officer.name_hi,
        officer.name_en,
        post.name_hi if post else "",
        post.name_en if post else "",
        unit.name_hi,
        unit.name_en,
        record,
        reasons,
        verdict_of(reasons),
        *facts.live.get(officer.id, (None, None)),
    )


class _Facts:
    """What every record of these officers needs, read in one statement per kind of fact."""

    def __init__(self, officers: Ids, cycle: Cycle, criteria: Criteria, *, on: date):
        self.scores = {row[0]: row[1:] for row in _sealed_scores(officers, cycle).tuples()}
        self.overdue = dict(_overdue(officers, criteria, on).tuples())
        self.honours = dict(_honours(officers).tuples())
        self.integrity = {row[0]: row[1:] for row in _integrity(officers, on).tuples()}
        self.live = {row[0]: row[1:] for row in _live(officers, cycle).tuples()}

    def record(self, posting: Posting) -> Record:
        officer = posting.officer
        points, months = self.scores.get(officer.id, (0, 0))
        return Record(
            points=int(points),
            sealed_months=months,
            overdue=self.overdue.get(officer.id, 0),
            honoured_on=self.honours.get(officer.id),
            retires_on=officer.retires_on,
            state_class=posting.state_class or officer.state_class,
            integrity=self._integrity_of(officer.id),
        )

    def _integrity_of(self, officer_id: int) -> Integrity | None:
        held = self.integrity.get(officer_id)
        return held and Integrity(IntegrityAnswer(held[0]), held[1], held[2])


def _sealed_scores(officers: Ids, cycle: Cycle) -> peewee.ModelSelect:
    """Officer, points and number of months, over the sealed months of the period with a score."""
    return (
        MonthlyScore.select(
            MonthlyScore.officer,
            peewee.fn.SUM(MonthlyScore.points).alias("points"),
            peewee.fn.COUNT(MonthlyScore.month).alias("months"),
        )
        .join(ScoreMonth, on=ScoreMonth.month == MonthlyScore.month)
        .where(
            (ScoreMonth.state == "sealed")
            & MonthlyScore.month.between(cycle.first_month, cycle.last_month)
            & MonthlyScore.officer.in_(officers)
        )
        .group_by(MonthlyScore.officer)
    )


def _overdue(officers: Ids, criteria: Criteria, on: date) -> peewee.ModelSelect:
    """Officer and number of plan courses whose due date has passed and which no completion fulfils."""
    done = (
        Completion.select(Completion.id)
        .join(Course)
        .where(
            (Completion.officer == Obligation.officer)
            & (Course.name == Obligation.course_name)
            & Course.kind.in_(criteria.course_kinds)
            & (Completion.completed_on <= on)
        )
    )
    return (
        Obligation.select(Obligation.officer, peewee.fn.COUNT(Obligation.id).alias("courses"))
        .where((Obligation.due_on < on) & Obligation.officer.in_(officers) & ~peewee.fn.EXISTS(done))
        .group_by(Obligation.officer)
    )


def _honours(officers: Ids) -> peewee.ModelSelect:
    """Officer and day of the latest honour that still stands."""
    return (
        Honour.select(Honour.officer, peewee.fn.MAX(Honour.given_on).alias("given_on"))
        .where(Honour.officer.in_(officers) & Honour.withdrawn_on.is_null())
        .group_by(Honour.officer)
    )


def _integrity(officers: Ids, on: date) -> peewee.ModelSelect:
    """Officer and latest integrity certificate given by that day; of two of one day, the one entered later."""
    newer = IntegrityCertificate.alias()
    overtaken = newer.select(newer.id).where(
        (newer.officer == IntegrityCertificate.officer)
        & (newer.given_on <= on)
        & (
            (newer.given_on > IntegrityCertificate.given_on)
            | ((newer.given_on == IntegrityCertificate.given_on) & (newer.id > IntegrityCertificate.id))
        )
    )
    return IntegrityCertificate.select(
        IntegrityCertificate.officer,
        IntegrityCertificate.answer,
        IntegrityCertificate.given_on,
        IntegrityCertificate.valid_until,
    ).where(
        IntegrityCertificate.officer.in_(officers)
        & (IntegrityCertificate.given_on <= on)
        & ~peewee.fn.EXISTS(overtaken)
    )


def _live(officers: Ids, cycle: Cycle) -> peewee.ModelSelect:
    """Officer, id and state of the live nomination in the cycle."""
    return Nomination.select(Nomination.officer, Nomination.id, Nomination.state).where(
        (Nomination.cycle == cycle) & Nomination.officer.in_(officers) & is_live()
    )


def is_live() -> peewee.Expression:
    """The condition that a nomination was neither withdrawn nor rejected."""
    return Nomination.state.not_in(NOT_LIVE)


def verdict_counts(department: OrgUnit | int, cycle: Cycle, *, on: date) -> dict[Verdict, int]:
    """How many of `records_of` have each verdict: the same rules in one statement, whatever the department's size."""
    posted, criteria = _postings(cycle).where(OrgUnit.department == department), criteria_from(cycle.criteria)
    officers = posted.select(Posting.officer)
    scores = _sealed_scores(officers, cycle).alias("scores")
    overdue = _overdue(officers, criteria, on).alias("overdue")
    honours = _honours(officers).alias("honours")
    papers = _integrity(officers, on).alias("papers")
    barred = _bars(criteria, on, scores.c, overdue.c, honours.c, papers.c)
    verdict = peewee.Case(
        None,
        [(barred, Verdict.NOT_ELIGIBLE.value), (_lacks_paper(criteria, on, papers.c), Verdict.NEEDS_CERTIFICATE.value)],
        Verdict.ELIGIBLE.value,
    )
    rows = posted.select(verdict, peewee.fn.COUNT(Posting.officer))
    for facts in (scores, overdue, honours, papers):
        rows = rows.switch(Posting).join(facts, peewee.JOIN.LEFT_OUTER, on=facts.c.officer_id == Posting.officer)
    return dict.fromkeys(Verdict, 0) | {Verdict(code): count for code, count in rows.group_by(verdict).tuples()}


def _bars(
    criteria: Criteria, on: date, scores: peewee.Node, overdue: peewee.Node, honours: peewee.Node, papers: peewee.Node
) -> peewee.Expression:
    """True for officers against whom stands what no paper mends: `rules.reasons_against`, said of many."""
    none = peewee.fn.COALESCE
    found = none(scores.points, 0) < criteria.min_points
    found = found | (none(scores.months, 0) < criteria.min_sealed_months)
    found = found | ((papers.answer == IntegrityAnswer.NOT_CLEAR.value) & (papers.valid_until >= on))
    if criteria.plan_done:
        found = found | (none(overdue.courses, 0) > 0)
    if criteria.cool_off_years:
        found = found | (honours.given_on > years_before(on, criteria.cool_off_years))
    if criteria.must_serve_until:
        found = found | (Officer.retires_on < criteria.must_serve_until)
    if criteria.state_classes:
        found = found | ((_class() != "") & _class().not_in(list(criteria.state_classes)))
    return found


def _lacks_paper(criteria: Criteria, on: date, papers: peewee.Node) -> peewee.Expression:
    """True for officers who lack an integrity certificate, a date of retirement or a class that the cycle asks for."""
    found = NO_ROW
    if criteria.must_serve_until:
        found = found | Officer.retires_on.is_null()
    if criteria.state_classes:
        found = found | (_class() == "")
    if criteria.integrity_required:
        pending = papers.answer == IntegrityAnswer.PENDING.value
        found = found | papers.answer.is_null() | (papers.valid_until < on) | pending
    return found


def _class() -> peewee.Node:
    """The class of the post, else the officer's own; empty if neither is on record."""
    own = peewee.fn.NULLIF(Posting.state_class, ""), Officer.state_class
    return peewee.fn.COALESCE(*own, "")


@dataclass(frozen=True)
class SealedMonth:
    """An officer's sealed month: points, rank in the State and in the department, each with the group's size."""

    month: str
    points: int
    rank: int
    group_size: int
    department_rank: int | None
    department_size: int | None
    seal: str


def sealed_months(officer: Officer | int, cycle: Cycle) -> list[SealedMonth]:
    """The sealed months of the cycle's period in which the officer has a score, oldest first."""
    rows = (
        MonthlyScore.select(
            MonthlyScore.month,
            MonthlyScore.points,
            MonthlyScore.rank_state,
            ScoreMonth.officer_count,
            MonthlyScore.rank_department,
            PeerGroup.size,
            ScoreMonth.seal,
        )
        .join(ScoreMonth, on=ScoreMonth.month == MonthlyScore.month)
        .join(
            PeerGroup,
            peewee.JOIN.LEFT_OUTER,
            on=(PeerGroup.month == MonthlyScore.month)
            & (PeerGroup.scope == "department")
            & (PeerGroup.unit == MonthlyScore.department)
            & (PeerGroup.state_class == ""),
        )
        .where(
            (MonthlyScore.officer == officer)
            & (ScoreMonth.state == "sealed")
            & MonthlyScore.month.between(cycle.first_month, cycle.last_month)
        )
        .order_by(MonthlyScore.month)
    )
    return [SealedMonth(*row) for row in rows.tuples()]


def deciding_posting(officer: Officer | int, cycle: Cycle) -> Posting | None:
    """The posting on the cut-off day with its unit and department, or None: who nominates follows from it."""
    return _postings(cycle).where(Posting.officer == officer).first()


def quota_used(cycle: Cycle, department: OrgUnit | int) -> int:
    """How many nominations the department has started in the cycle; withdrawn and rejected ones count."""
    return Nomination.select().where((Nomination.cycle == cycle) & (Nomination.department == department)).count()


def priorities_taken(cycle: Cycle, department: OrgUnit | int) -> dict[int, int]:
    """The priority numbers held by the department's live nominations, each with the nomination's id."""
    mine = (Nomination.cycle == cycle) & (Nomination.department == department) & is_live()
    return dict(Nomination.select(Nomination.priority, Nomination.id).where(mine).tuples())


def nominations_for(actor: Actor) -> peewee.ModelSelect:
    """The nominations within the actor's reach, newest cycle first, then by department and priority.

    `shown` is the state as this actor may know it; filter and count by it, not by `state`.
    """
    return (
        _with_names(as_shown_to(actor).alias("shown"))
        .where(_within_reach(actor, Permission.NOMINATIONS_READ))
        .order_by(Cycle.opens_on.desc(), Cycle.id.desc(), Department.name_en, Nomination.priority, Nomination.id)
    )


Department = OrgUnit.alias("department")


def _with_names(*more: peewee.Node) -> peewee.ModelSelect:
    return (
        Nomination.select(Nomination, Officer, Cycle, Scheme, Category, Department, *more)
        .join(Officer)
        .switch(Nomination)
        .join(Cycle)
        .join(Scheme)
        .switch(Nomination)
        .join(Category, on=Nomination.category == Category.id)
        .switch(Nomination)
        .join(Department, on=Nomination.department == Department.id, attr="department")
    )


def as_shown_to(actor: Actor) -> peewee.Node:
    """The state as this actor may know it: outside GAD a choice not yet released still reads as verified."""
    if sees_decisions(actor):
        return Nomination.state
    return peewee.Case(None, [(Nomination.state == UNDECIDED, "verified")], Nomination.state)


def sees_decisions(actor: Actor) -> bool:
    """True for those who may know a choice before it is released: GAD, its second person, the auditor."""
    return scope_of(actor, Permission.DECISIONS_READ).everything


def _within_reach(actor: Actor, permission: Permission) -> peewee.Expression:
    return within(
        scope_of(actor, permission),
        line_path=Nomination.line_path,
        territory_path=Nomination.territory_path,
        officer=Nomination.officer,
    )


def pending_with(actor: Actor) -> peewee.ModelSelect:
    """The nominations that wait for this actor: some step onward is theirs to take, remark and rules aside.

    Drafts and returned ones wait for the head, then each state for the next hand;
    a case the actor may not touch (own case, earlier hand) does not wait for them.
    """
    waiting = NO_ROW
    for step in NOMINATION.steps:
        if step.action in ONWARD:
            waiting = waiting | _waits_for(actor, step)
    return _with_names(as_shown_to(actor).alias("shown")).where(waiting).order_by(Nomination.opened_at, Nomination.id)


def _waits_for(actor: Actor, step: Step) -> peewee.Expression:
    reached = _headed_by(actor) if step.permission is CREATE else _within_reach(actor, step.permission)
    mine = Nomination.state.in_(sorted(step.sources)) & reached
    if not_own_case in step.guards and actor.officer_id is not None:
        mine = mine & (Nomination.officer != actor.officer_id)
    if not_same_hand in step.guards:
        mine = mine & ~_touched_by(actor)
    return mine


def _headed_by(actor: Actor) -> peewee.Expression:
    """True for nominations of departments that this actor heads."""
    return within(scope_of(actor, CREATE), line_path=Department.line_path, territory_path=Department.territory_path)


def _touched_by(actor: Actor) -> peewee.Expression:
    """True if any earlier step of the nomination was taken by this account or this person."""
    mine = CaseStep.user_id == (actor.user_id if actor.user_id is not None else -1)
    if actor.officer_id is not None:
        mine = mine | (CaseStep.officer_id == actor.officer_id)
    earlier = CaseStep.select(CaseStep.id).where(
        (CaseStep.workflow == NOMINATION.name) & (CaseStep.case_id == Nomination.id) & mine
    )
    return peewee.fn.EXISTS(earlier)


def moved_since(actor: Actor, at: datetime) -> peewee.Expression:
    """The condition that somebody else took a step, after that moment, that this actor may know of."""
    by_another = CaseStep.user_id.is_null() | (CaseStep.user_id != (actor.user_id or 0))
    return Nomination.id.in_(_known_steps(actor).where((CaseStep.at > at) & by_another))


def unmoved_since(actor: Actor, at: datetime) -> peewee.Expression:
    """The condition that a nomination begun by that moment has taken no step since that this actor may know of.

    Outside GAD a choice not yet released is no step: else the length of a wait would tell of it.
    """
    return (Nomination.opened_at <= at) & Nomination.id.not_in(_known_steps(actor).where(CaseStep.at > at))


def _known_steps(actor: Actor) -> peewee.ModelSelect:
    """The cases of the steps that this actor may know of."""
    steps = CaseStep.select(CaseStep.case_id).where(CaseStep.workflow == NOMINATION.name)
    return steps if sees_decisions(actor) else steps.where(CaseStep.to_state != UNDECIDED)


@dataclass(frozen=True)
class StateCount:
    """How many nominations of a cycle stand in a state, as the reader may know it."""

    cycle_id: int
    state: str
    count: int


def state_counts(actor: Actor, within_cycles: Sequence[Cycle]) -> list[StateCount]:
    """The nominations of these cycles within the actor's reach, by cycle and state, in the order of the road."""
    shown = as_shown_to(actor)
    rows = (
        Nomination.select(Nomination.cycle, shown, peewee.fn.COUNT(Nomination.id))
        .where(Nomination.cycle.in_(within_cycles) & _within_reach(actor, Permission.NOMINATIONS_READ))
        .group_by(Nomination.cycle, shown)
    )
    found = [StateCount(*row) for row in rows.tuples()]
    return sorted(found, key=lambda one: (one.cycle_id, STATES.index(one.state)))


def late_counts(actor: Actor, *, on: date) -> list[tuple[str, int]]:
    """By state, the nominations within reach that wait for somebody's step and took none for `LATE_AFTER` days."""
    shown = as_shown_to(actor)
    rows = (
        Nomination.select(shown, peewee.fn.COUNT(Nomination.id))
        .where(_within_reach(actor, Permission.NOMINATIONS_READ) & is_late(actor, on=on))
        .group_by(shown)
    )
    return sorted(rows.tuples(), key=lambda row: STATES.index(row[0]))


def is_late(actor: Actor, *, on: date) -> peewee.Expression:
    """The condition that a case waits for somebody and took no step, as far as one may know, for too many days."""
    begin = as_utc(datetime.combine(on - timedelta(days=LATE_AFTER), time()))
    return Nomination.state.in_(WAITING) & unmoved_since(actor, begin)


def steps(nomination: Nomination, actor: Actor) -> list[CaseStep]:
    """Every step taken, oldest first; outside GAD without a choice that is not yet released."""
    taken = steps_taken(NOMINATION, nomination)
    if nomination.state != UNDECIDED or sees_decisions(actor):
        return taken
    return [one for one in taken if one.to_state != UNDECIDED]


def hands(nomination: Nomination) -> list[Hand]:
    """Every earlier hand on a nomination, oldest first."""
    return [
        Hand(one.action, one.from_state, one.user_id, one.officer_id) for one in steps_taken(NOMINATION, nomination)
    ]


def returned_on(nomination: Nomination) -> date | None:
    """The day, in India, of the latest return; None if it was never returned."""
    taken = [one.at for one in steps_taken(NOMINATION, nomination) if one.to_state == "returned"]
    return taken[-1].astimezone(IST).date() if taken else None


def departments_in_reach(actor: Actor) -> list[OrgUnit]:
    """The departments whose officers this actor may nominate, by Hindi name."""
    scope = scope_of(actor, CREATE)
    reached = within(scope, line_path=OrgUnit.line_path, territory_path=OrgUnit.territory_path)
    return list(
        OrgUnit.select()
        .where((OrgUnit.kind == "department") & OrgUnit.closed_on.is_null() & reached)
        .order_by(OrgUnit.name_hi, OrgUnit.name_en)
    )


def cycles() -> peewee.ModelSelect:
    """All cycles with their schemes, the latest to open first."""
    return Cycle.select(Cycle, Scheme).join(Scheme).order_by(Cycle.opens_on.desc(), Cycle.id.desc())


def open_cycles(*, on: date) -> list[Cycle]:
    """The cycles that take nominations on that day, both ends inclusive, the latest to open first."""
    return list(cycles().where((Cycle.opens_on <= on) & (Cycle.closes_on >= on)))


def quotas_used(within_cycles: Sequence[Cycle], departments: Sequence[OrgUnit]) -> dict[tuple[int, int], int]:
    """How many nominations each department has started in each cycle, by (cycle id, department id), in one statement.

    Withdrawn and rejected ones count; a department that has started none is left out.
    """
    rows = (
        Nomination.select(Nomination.cycle, Nomination.department, peewee.fn.COUNT(Nomination.id))
        .where(Nomination.cycle.in_(within_cycles) & Nomination.department.in_(departments))
        .group_by(Nomination.cycle, Nomination.department)
    )
    return {(cycle, department): count for cycle, department, count in rows.tuples()}


def accounts_of(taken: Sequence[CaseStep]) -> list[User]:
    """The accounts that took these steps, each with its officer, in one statement."""
    ids = {step.user_id for step in taken if step.user_id is not None}
    return list(User.select(User, Officer).join(Officer, peewee.JOIN.LEFT_OUTER).where(User.id.in_(ids)))
