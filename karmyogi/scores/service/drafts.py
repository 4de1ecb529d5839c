"""Verbs of drafts of the policy: begin, write anew, submit, return, withdraw, and publish by a second person.

A draft lives in a table of its own, to which nothing that scores refers. Only
publishing writes a version, and it writes a new one.
"""

from dataclasses import replace
from datetime import datetime

from karmyogi.core.errors import RuleBroken, WrongState
from karmyogi.core.months import IST, Month, now
from karmyogi.core.permissions import SYSTEM, Actor, Permission
from karmyogi.core.reasons import Reason, reason
from karmyogi.scores import queries, rules
from karmyogi.scores.models import Policy, PolicyDraft
from karmyogi.scores.rules import POLICY_DRAFT, WRITABLE, Ground, Terms, terms_from
from karmyogi.scores.service.checks import hold, refuse, require
from karmyogi.scores.service.computing import ask_to_compute
from karmyogi.scores.service.policies import store, terms_of
from karmyogi.store.db import database, held
from karmyogi.store.trail import record
from karmyogi.store.transitions import check, perform, remember_hand


def begin_draft(*, by: Actor, at: datetime | None = None) -> PolicyDraft:
    """Begin a draft that says what the latest version says, from the first month that is free; without an order.

    Raises NotAllowed, or RuleBroken before a first policy is installed.
    """
    at = at or now()
    require(by, Permission.POLICIES_DRAFT)
    with database.atomic():
        ground = _ground()
        first = max(ground.first_free, Month.of(at.astimezone(IST).date()).plus(1))
        terms = replace(ground.latest, effective_from=first, order_number="", order_on=None)
        draft = PolicyDraft.create(
            state=POLICY_DRAFT.start, version=1, base=ground.number, terms=terms.as_data(), drafted_at=at
        )
        remember_hand(POLICY_DRAFT, draft, "start", by=by, at=at)
        record(by, "policy_draft.start", draft, {"base": ground.number, "terms": terms.as_data()}, at=at)
    return draft


def rewrite_draft(draft: PolicyDraft, terms: Terms, *, seen: int, by: Actor, at: datetime | None = None) -> PolicyDraft:
    """Write a draft anew, beside the latest version; it may still have faults, which bar it from being submitted.

    `seen` is the version of the draft that was open. Raises NotAllowed, or WrongState when it is no draft any longer
    or somebody wrote it anew meanwhile.
    """
    at = at or now()
    require(by, Permission.POLICIES_DRAFT)
    with database.atomic():
        fresh, ground = _still(draft, seen), _ground()
        if fresh.state not in WRITABLE:
            raise WrongState(reason("moved_on", state=fresh.state))
        written = {"terms": terms.as_data(), "base": ground.number, "version": seen + 1}
        PolicyDraft.update(written).where(PolicyDraft.id == fresh.id).execute()
        remember_hand(POLICY_DRAFT, fresh, "rewrite", by=by, from_state=fresh.state, at=at)
        record(by, "policy_draft.rewrite", fresh, written, at=at)
    return PolicyDraft.get_by_id(fresh.id)


def submit_draft(
    draft: PolicyDraft, *, seen: int, by: Actor, remark: str = "", at: datetime | None = None
) -> PolicyDraft:
    """Put a draft before the approver. Raises NotAllowed, WrongState, or RuleBroken with everything that bars it."""
    at = at or now()
    check(POLICY_DRAFT, draft, POLICY_DRAFT.step(draft.state, "submit"), by=by, remark=remark)
    with database.atomic():
        fresh = _still(draft, seen)
        refuse(reasons_against(fresh, at=at))
        perform(POLICY_DRAFT, fresh, "submit", by=by, remark=remark, at=at)
    return fresh


def return_draft(draft: PolicyDraft, *, remark: str, by: Actor, at: datetime | None = None) -> PolicyDraft:
    """Give a draft back to be written anew. Raises NotAllowed, WrongState, or RuleBroken without a remark."""
    perform(POLICY_DRAFT, draft, "return", by=by, remark=remark, at=at or now())
    return draft


def withdraw_draft(draft: PolicyDraft, *, remark: str, by: Actor, at: datetime | None = None) -> PolicyDraft:
    """Give a draft up. Raises NotAllowed, WrongState, or RuleBroken without a remark."""
    perform(POLICY_DRAFT, draft, "withdraw", by=by, remark=remark, at=at or now())
    return draft


def publish_draft(draft: PolicyDraft, *, seen: int, by: Actor, remark: str = "", at: datetime | None = None) -> Policy:
    """Publish a submitted draft as the next version, for good; months from its own on are computed by it.

    Everything that bars it is asked once more, in one lock with sealing, so that no month is sealed meanwhile. Months
    that were computed already are queued to be computed anew. Raises NotAllowed; RuleBroken for whoever had a hand in
    the draft and for what bars it; WrongState when it was written anew, returned or published meanwhile.
    """
    at = at or now()
    check(POLICY_DRAFT, draft, POLICY_DRAFT.step(draft.state, "publish"), by=by, remark=remark)
    with database.atomic():
        hold()
        fresh = _still(draft, seen)
        refuse(reasons_against(fresh, at=at))
        terms = terms_from(fresh.terms)
        policy = _published(terms, _ground().number + 1, at)
        perform(POLICY_DRAFT, fresh, "publish", by=by, remark=remark, at=at, policy=policy)
        record(by, "scores.publish_policy", policy, {"draft": fresh.id, **terms_of(policy)}, at=at)
        for month in queries.months_from(terms.effective_from):
            ask_to_compute(month, by=SYSTEM, at=at)
    return policy


def reasons_against(draft: PolicyDraft, *, at: datetime | None = None) -> list[Reason]:
    """Everything that keeps a draft from being submitted and published today."""
    on = (at or now()).astimezone(IST).date()
    return rules.reasons_against_draft(terms_from(draft.terms), _ground(), base=draft.base, on=on)


def _ground() -> Ground:
    ground = queries.ground()
    if ground is None:
        raise RuleBroken(reason("draft_without_base"))
    return ground


def _still(draft: PolicyDraft, seen: int) -> PolicyDraft:
    """The draft as it stands, held until the end of the act. Raises WrongState if it is not the one that was read."""
    fresh: PolicyDraft = held(PolicyDraft.select().where(PolicyDraft.id == draft.id)).get()
    if fresh.version != seen:
        raise WrongState(reason("draft_rewritten"))
    return fresh


def _published(terms: Terms, number: int, at: datetime) -> Policy:
    return store(
        terms.rules,
        at,
        number=number,
        effective_from=str(terms.effective_from),
        name_hi=terms.name_hi,
        name_en=terms.name_en,
        course_kinds=sorted(terms.course_kinds),
        grace_days=terms.grace_days,
        order_number=terms.order_number,
        order_on=terms.order_on,
    )
