"""Publishing the State's scoring policy, version by version."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from karmyogi.core import profile
from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import now
from karmyogi.core.permissions import Actor, Permission
from karmyogi.core.reasons import reason
from karmyogi.scores import rules
from karmyogi.scores.models import Policy, PolicyRule
from karmyogi.scores.queries.facts import as_rule, as_rules
from karmyogi.scores.service.checks import refuse, require
from karmyogi.store.db import database
from karmyogi.store.trail import record


def install_policy(given: profile.Policy, *, by: Actor, at: datetime | None = None) -> Policy:
    """Publish a version of the State's scoring policy; giving the same version again changes nothing.

    Raises RuleBroken if its number is published with other terms, or if a rule
    counts what does not exist. Raises NotAllowed without the whole State's reach.
    """
    require(by, Permission.SCORES_RUN)
    with database.atomic():
        known = Policy.get_or_none(Policy.number == given.number)
        policy = known or _publish(given, at or now())
        if terms_of(policy) != _given_terms(given):
            raise RuleBroken(reason("policy_is_published", number=given.number))
        if not known:
            refuse(rules.faults_of(as_rules(policy, rules_of(policy))))
            record(by, "scores.publish_policy", policy, terms_of(policy), at=at)
    return policy


def _publish(given: profile.Policy, at: datetime) -> Policy:
    facts = {name: getattr(given, name) for name in ("number", "effective_from", "name_hi", "name_en", "grace_days")}
    return store([_rule(one) for one in given.rules], at, **facts, course_kinds=sorted(given.course_types))


def store(ruled: Sequence[rules.Rule], at: datetime, **facts: object) -> Policy:
    """Write a version with its rules; from now on the database lets neither change. It stands in the caller's act."""
    policy: Policy = Policy.create(**facts, rule_count=len(ruled), published_at=at)
    PolicyRule.insert_many(
        {"policy": policy, "position": position, "conditions": None, "counted_first": None, **rule.as_data()}
        for position, rule in enumerate(ruled)
    ).execute()
    return policy


def _rule(given: profile.PolicyRule) -> rules.Rule:
    return rules.Rule(**{one.name: getattr(given, one.name) for one in fields(given)})


def terms_of(policy: Policy) -> dict[str, object]:
    """All that a published version says: what never changes, and what a seal covers.

    A version without an order says nothing of one, so that months sealed before orders were kept are still proven.
    """
    order = {"order_number": policy.order_number, "order_on": policy.order_on}
    return {
        **(order if policy.order_number or policy.order_on else {}),
        "number": policy.number,
        "effective_from": policy.effective_from,
        "name_hi": policy.name_hi,
        "name_en": policy.name_en,
        "course_kinds": policy.course_kinds,
        "grace_days": policy.grace_days,
        "rules": [as_rule(rule).as_data() for rule in rules_of(policy)],
    }


def _given_terms(given: profile.Policy) -> dict[str, object]:
    return {
        "number": given.number,
        "effective_from": given.effective_from,
        "name_hi": given.name_hi,
        "name_en": given.name_en,
        "course_kinds": sorted(given.course_types),
        "grace_days": given.grace_days,
        "rules": [_rule(rule).as_data() for rule in given.rules],
    }


def rules_of(policy: Policy) -> list[PolicyRule]:
    """The rules of a version, in the order in which a score is explained."""
    return list(PolicyRule.select().where(PolicyRule.policy == policy).order_by(PolicyRule.position))
