"""Verbs of scores: publish a policy, compute a month, propose and seal it, and prove the seals."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import peewee

from karmyogi.core import profile
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, Month, now
from karmyogi.core.permissions import Actor, Permission, Role, can
from karmyogi.core.reasons import Reason, reason
from karmyogi.people.models import Officer, OrgUnit, UnitKind
from karmyogi.scores import rules
from karmyogi.scores.models import Policy, PolicyRule, ScoreMonth, SealBlock
from karmyogi.scores.queries.computing import clear_stage, replace_rows, snapshot, stage_month, tell_sizes
from karmyogi.scores.queries.facts import as_rules, published_policies
from karmyogi.scores.queries.months import Inputs, current_inputs, data_as_on, months_due_to_seal
from karmyogi.scores.queries.rows import (
    STAGED,
    Export,
    Fingerprint,
    blocks_of,
    differing,
    exported,
    fingerprint_of,
    sealed_digests,
    stored,
)
from karmyogi.scores.rules import SCORE_MONTH
from karmyogi.store.db import canonical, database, is_postgres
from karmyogi.store.imports import hold_month, lock_out_other_imports
from karmyogi.store.trail import TrailEntry, record
from karmyogi.store.transitions import check, perform

SCORES_LOCK = 727274
SEALED = "scores.seal"


# Policies


def install_policy(given: profile.Policy, *, by: Actor, at: datetime | None = None) -> Policy:
    """Publish a version of the State's scoring policy; giving the same version again changes nothing.

    Raises RuleBroken if its number is published with other terms, or if a rule
    counts what does not exist. Raises NotAllowed without the whole State's reach.
    """
    _require(by, Permission.SCORES_RUN)
    with database.atomic():
        known = Policy.get_or_none(Policy.number == given.number)
        policy = known or _publish(given, at or now())
        if _terms(policy) != _given_terms(given):
            raise RuleBroken(reason("policy_is_published", number=given.number))
        if not known:
            _refuse(rules.faults_of(as_rules(policy, _rules_of(policy))))
            record(by, "scores.publish_policy", policy, _terms(policy), at=at)
    return policy


def _publish(given: profile.Policy, at: datetime) -> Policy:
    policy = Policy.create(
        number=given.number,
        effective_from=given.effective_from,
        name_hi=given.name_hi,
        name_en=given.name_en,
        course_kinds=sorted(given.course_types),
        grace_days=given.grace_days,
        published_at=at,
    )
    PolicyRule.insert_many(
        {"policy": policy, "position": position, **_rule_terms(rule)} for position, rule in enumerate(given.rules)
    ).execute()
    return policy


RULE_TERMS = (
    "code",
    "kind",
    "counts",
    "points",
    "cap",
    "once",
    "label_hi",
    "label_en",
    "note_hi",
    "note_en",
)


def _rule_terms(rule: PolicyRule | profile.PolicyRule) -> dict[str, object]:
    return {term: getattr(rule, term) for term in RULE_TERMS}


def _terms(policy: Policy) -> dict[str, object]:
    """All that a published version says: what never changes, and what a seal covers."""
    return {
        "number": policy.number,
        "effective_from": policy.effective_from,
        "name_hi": policy.name_hi,
        "name_en": policy.name_en,
        "course_kinds": policy.course_kinds,
        "grace_days": policy.grace_days,
        "rules": [_rule_terms(rule) for rule in _rules_of(policy)],
    }


def _given_terms(given: profile.Policy) -> dict[str, object]:
    return {
        "number": given.number,
        "effective_from": given.effective_from,
        "name_hi": given.name_hi,
        "name_en": given.name_en,
        "course_kinds": sorted(given.course_types),
        "grace_days": given.grace_days,
        "rules": [_rule_terms(rule) for rule in given.rules],
    }


def _rules_of(policy: Policy) -> list[PolicyRule]:
    return list(PolicyRule.select().where(PolicyRule.policy == policy).order_by(PolicyRule.position))


# Computing


@dataclass(frozen=True)
class Run:
    """What computing a month came to, before it is stored."""

    month: Month
    policy: rules.Policy
    found: Fingerprint
    is_stored: bool
    inputs: Inputs
    data_as_on: date | None

    @property
    def facts(self) -> dict[str, object]:
        return {
            "policy": Policy.get(Policy.number == self.policy.number),
            "run_id": self.found.run_id,
            "officer_count": len(self.found.scores),
            "data_as_on": self.data_as_on,
            "inputs": self.inputs,
        }


def run_month(month: Month, *, by: Actor, policy_number: int | None = None, at: datetime | None = None) -> ScoreMonth:
    """Compute a month's scores, ranks and groups from what is known now; the month stays provisional.

    The same facts and policy give the same rows and run id. A proposal to seal
    lapses if the rows change. Raises RuleBroken if the month is sealed,
    PolicyGap if no policy covers it, NotAllowed.
    """
    _require(by, Permission.SCORES_RUN)
    _refuse_sealed(_find(month))
    policy = rules.policy_for(month, published_policies(), number=policy_number)
    try:
        row = _store(_compute(month, policy), by=by, at=at or now())
        tell_sizes()
        return row
    finally:
        if not database.in_transaction():  # inside one, the next run clears them
            clear_stage()


def _compute(month: Month, policy: rules.Policy) -> Run:
    """Everything long happens here, on one view of the data, and nobody waits for it."""
    with snapshot():
        stage_month(month, policy)
        found = fingerprint_of(STAGED)
        if found.scores and not OrgUnit.select().where(OrgUnit.kind == UnitKind.STATE).exists():
            raise RuleBroken(reason("state_unit_missing"))
        return Run(month, policy, found, _is_stored(month, found.run_id), current_inputs(), data_as_on())


def _is_stored(month: Month, run_id: str) -> bool:
    """True if these very rows already stand; the rows themselves are asked, not only what is said of them."""
    row = _find(month)
    return row is not None and row.run_id == run_id and fingerprint_of(stored(month)).run_id == run_id


def _store(run: Run, *, by: Actor, at: datetime) -> ScoreMonth:
    with database.atomic():
        _hold()
        row = _find(run.month)
        _refuse_sealed(row)
        if not run.is_stored or row is None or row.run_id != run.found.run_id:
            replace_rows(run.month)
        if row is not None and row.state == "proposed" and row.run_id != run.found.run_id:
            perform(SCORE_MONTH, row, "lapse", by=by, at=at)
        row = _note(row, run, at)
        told = {"month": row.month, "policy": run.policy.number, "run_id": row.run_id, "officers": row.officer_count}
        record(by, "scores.run", row, told, at=at)
    return row


def _note(row: ScoreMonth | None, run: Run, at: datetime) -> ScoreMonth:
    if row is None:
        return ScoreMonth.create(month=str(run.month), state=SCORE_MONTH.start, computed_at=at, **run.facts)
    ScoreMonth.update(computed_at=at, **run.facts).where(ScoreMonth.id == row.id).execute()
    return ScoreMonth.get_by_id(row.id)


def _hold() -> None:
    """Let one process at a time store or seal a month; SQLite's immediate transaction already does."""
    if is_postgres():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (SCORES_LOCK,))


# Sealing


def propose_seal(month: Month, *, by: Actor, remark: str = "", at: datetime | None = None) -> ScoreMonth:
    """Say that a month is right and ask a second person to seal it.

    Raises RuleBroken if it is not over, stale, or an earlier month is open; NotAllowed, WrongState.
    """
    at, row = at or now(), _scored(month)
    check(SCORE_MONTH, row, SCORE_MONTH.step(row.state, "propose"), by=by, remark=remark)
    _refuse(_reasons_against_sealing(row, at))
    perform(SCORE_MONTH, row, "propose", by=by, remark=remark, at=at)
    return row


def withdraw_proposal(month: Month, *, by: Actor, remark: str = "", at: datetime | None = None) -> ScoreMonth:
    """Take a proposal to seal back. Raises WrongState if there is none, NotAllowed."""
    row = _scored(month)
    perform(SCORE_MONTH, row, "withdraw", by=by, remark=remark, at=at)
    return row


def seal_month(month: Month, *, by: Actor, remark: str = "", at: datetime | None = None) -> ScoreMonth:
    """Freeze a month for good: its rows, policy and inputs under one hash, chained to the seal before it.

    A person seals what another has proposed; the system seals without a
    proposal, and first computes again what has become stale. Raises RuleBroken
    if the month is not over, stale, damaged, or an earlier one is open;
    NotAllowed, WrongState.
    """
    at, row = (at or now()).astimezone(UTC).replace(microsecond=0), _scored(month)
    _refuse_sealed(row)
    check(SCORE_MONTH, row, SCORE_MONTH.step(row.state, "seal"), by=by, remark=remark)
    if Role.SYSTEM in by.roles and _is_stale(row):
        row = run_month(month, by=by, policy_number=row.policy.number, at=at)
    _refuse(_reasons_against_sealing(row, at))
    found = fingerprint_of(stored(month))  # long, so before the transaction
    if found.run_id != row.run_id:
        raise RuleBroken(reason("month_is_damaged", month=row.month))
    with database.atomic():
        _hold()
        lock_out_other_imports()  # none is applied or undone between the last look at the data and the seal
        _refuse_moved(row)
        _refuse(_reasons_against_sealing(row, at))
        _seal(row, found, by=by, remark=remark, at=at)
    return row


def seal_due_months(*, by: Actor, at: datetime | None = None) -> list[str]:
    """Compute and seal every month that is due, oldest first; returns the months sealed. Nobody's month is passed over.

    Raises what `seal_month` raises at the first month that cannot be sealed: those before it stay sealed.
    """
    at = at or now()
    due = months_due_to_seal(at.astimezone(IST).date())
    computed = [run_month(month, by=by, at=at) for month in due]
    return [seal_month(Month.parse(row.month), by=by, at=at).month for row in computed if row.officer_count]


def _seal(row: ScoreMonth, found: Fingerprint, *, by: Actor, remark: str, at: datetime) -> None:
    last = _last_sealed()
    row.sealed_at, row.seal_number = at, last.seal_number + 1 if last else 1
    row.previous_seal = last.seal if last else None
    facts = {name: getattr(row, name) for name in ("sealed_at", "seal_number", "previous_seal")}
    perform(SCORE_MONTH, row, "seal", by=by, remark=remark, at=at, **facts, seal=seal_of(row))
    hold_month(row.month, at=at)
    SealBlock.insert_many(blocks_of(Month.parse(row.month), found)).execute()
    # On the keyed trail, so that a seal computed anew after tampering does not pass.
    record(by, SEALED, row, {"month": row.month, "number": row.seal_number, "seal": row.seal}, at=at)


def seal_of(row: ScoreMonth) -> str:
    """SHA-256 over what is sealed: the rows by their run id, the policy's terms, the inputs, and the seal before."""
    covered = {
        "month": row.month,
        "number": row.seal_number,
        "policy": _terms(row.policy),
        "run_id": row.run_id,
        "officer_count": row.officer_count,
        "data_as_on": row.data_as_on,
        "inputs": row.inputs,
        "computed_at": row.computed_at.isoformat(),
        "sealed_at": row.sealed_at.isoformat(),
        "previous_seal": row.previous_seal,
    }
    return hashlib.sha256(canonical(covered).encode()).hexdigest()


def _last_sealed() -> ScoreMonth | None:
    return (
        ScoreMonth.select().where(ScoreMonth.seal_number.is_null(False)).order_by(ScoreMonth.seal_number.desc()).first()
    )


def _reasons_against_sealing(row: ScoreMonth, at: datetime) -> list[Reason]:
    earlier = ScoreMonth.select(peewee.fn.MIN(ScoreMonth.month)).where(
        (ScoreMonth.month < row.month) & (ScoreMonth.state != "sealed") & (ScoreMonth.officer_count > 0)
    )
    readiness = rules.Readiness(Month.parse(row.month), row.officer_count, _is_stale(row), earlier.scalar())
    return rules.reasons_against_sealing(readiness, on=at.astimezone(IST).date())


def _is_stale(row: ScoreMonth) -> bool:
    """True if reports have been applied, or taken back, since the month was computed."""
    return row.inputs != current_inputs()


def _refuse_moved(row: ScoreMonth) -> None:
    current = ScoreMonth.get_by_id(row.id)
    if (current.run_id, current.computed_at) != (row.run_id, row.computed_at):
        raise RuleBroken(reason("month_has_changed", month=row.month))


# Proving


@dataclass(frozen=True)
class Proof:
    """What proving the seals came to: the months looked at, and the first fault of each that is broken."""

    months: tuple[str, ...]
    faults: tuple[Reason, ...]

    @property
    def broken(self) -> frozenset[str]:
        return frozenset(str(fault.facts["month"]) for fault in self.faults)


def verify_seals(month: Month | None = None) -> Proof:
    """Read every sealed month, or one, and hash it again: what no longer fits its seal is named.

    A seal covers the month's scores, lines, ranks and groups, its policy and
    inputs, its place in the chain, and its entry on the trail. Raises
    RuleBroken if the month asked for was never sealed.
    """
    months, faults, before, on_trail = [], [], None, _seals_on_trail()
    if month is not None and _scored(month).state != "sealed" and str(month) not in on_trail:
        raise RuleBroken(reason("month_not_sealed", month=str(month)))
    for row in ScoreMonth.select().where(ScoreMonth.state == "sealed").order_by(ScoreMonth.seal_number):
        seal_on_trail = on_trail.pop(row.month, None)
        if month is None or row.month == str(month):
            months.append(row.month)
            faults += _faults_of(row, before, seal_on_trail)[:1]
        before = row
    gone = [lost for lost in sorted(on_trail) if str(month or lost) == lost]
    faults += [reason("seal_missing", month=lost) for lost in gone]
    return Proof((*months, *gone), tuple(faults))


def _seals_on_trail() -> dict[str, str]:
    """The seal of each month ever sealed, as the trail tells it."""
    entries = TrailEntry.select(TrailEntry.change).where(TrailEntry.action == SEALED)
    return {change["month"]: change["seal"] for (change,) in entries.tuples()}


def _faults_of(row: ScoreMonth, before: ScoreMonth | None, seal_on_trail: str | None) -> list[Reason]:
    place = (before.seal, before.seal_number + 1) if before else (None, 1)
    checks = {
        "seal_header_wrong": seal_of(row) == row.seal,
        "seal_link_wrong": (row.previous_seal, row.seal_number) == place,
        "seal_off_trail": row.seal == seal_on_trail,
    }
    return _wrong_rows(row) + [reason(code, month=row.month) for code, is_right in checks.items() if not is_right]


def _wrong_rows(row: ScoreMonth) -> list[Reason]:
    """The first score and the first group that are not what was sealed; the digests only help to name them."""
    month = Month.parse(row.month)
    found, kept = fingerprint_of(stored(month)), sealed_digests(month)
    faults = [_wrong_score(row, officer_id) for officer_id in differing(found.scores, kept.scores)[:1]]
    faults += [_wrong_group(row, group) for group in differing(found.groups, kept.groups)[:1]]
    if found.run_id == row.run_id:
        return [reason("seal_digests_wrong", month=row.month)] if faults else []
    return [*faults, reason("seal_run_wrong", month=row.month)]


def _wrong_score(row: ScoreMonth, officer_id: int) -> Reason:
    employee_code = Officer.select(Officer.employee_code).where(Officer.id == officer_id).scalar()
    return reason("seal_score_wrong", month=row.month, employee_code=employee_code or str(officer_id))


def _wrong_group(row: ScoreMonth, group: str) -> Reason:
    scope, unit_id, state_class = group.split("/")
    unit = OrgUnit.select(OrgUnit.name_en).where(OrgUnit.id == int(unit_id)).scalar() or unit_id
    return reason("seal_group_wrong", month=row.month, group=f"{scope} {unit} {state_class}".strip())


# Reading out


def codes_of(month: Month) -> list[str]:
    """The codes of the policy that scored a month, in its order. Raises RuleBroken if it is not computed."""
    return [rule.code for rule in _rules_of(_scored(month).policy)]


def export_month(month: Month) -> Iterator[Export]:
    """Every officer with points in a month, sorted by employee code. Raises RuleBroken if it is not computed."""
    _scored(month)
    return exported(month)


# What every verb asks first


def remember_file(row: ScoreMonth, chosen: Mapping[str, object], *, by: Actor) -> None:
    """Note on the trail that somebody took a board of this month as a file, which, and how many rows it has."""
    with database.atomic():
        record(by, "leaderboard.export", row, {"month": row.month, **chosen})


def _require(by: Actor, permission: Permission) -> None:
    if not can(by, permission):
        raise NotAllowed(reason("not_allowed"))


def _find(month: Month) -> ScoreMonth | None:
    return ScoreMonth.get_or_none(ScoreMonth.month == str(month))


def _scored(month: Month) -> ScoreMonth:
    row = _find(month)
    if row is None:
        raise RuleBroken(reason("month_not_scored", month=str(month)))
    return row


def _refuse_sealed(row: ScoreMonth | None) -> None:
    if row is not None and row.state == "sealed":
        raise RuleBroken(reason("month_is_sealed", month=row.month))


def _refuse(reasons: list[Reason]) -> None:
    if reasons:
        raise RuleBroken(*reasons)
