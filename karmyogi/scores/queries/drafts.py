"""Reads of drafts of the policy, and of what they stand on."""

import peewee

from karmyogi.core.months import Month
from karmyogi.courses.models import Course
from karmyogi.scores import rules
from karmyogi.scores.models import Policy, PolicyDraft, PolicyRule, ScoreMonth
from karmyogi.scores.queries.facts import as_rules


def drafts() -> peewee.ModelSelect:
    """Every draft with the version it became, the newest first."""
    return (
        PolicyDraft.select(PolicyDraft, Policy)
        .join(Policy, peewee.JOIN.LEFT_OUTER, on=PolicyDraft.policy == Policy.id, attr="policy")
        .switch(PolicyDraft)
        .order_by(PolicyDraft.id.desc())
    )


def ground() -> rules.Ground | None:
    """What a draft stands on today; None before the first policy is published."""
    latest = Policy.select().order_by(Policy.number.desc()).first()
    if latest is None:
        return None
    sealed = ScoreMonth.select(peewee.fn.MAX(ScoreMonth.month)).where(ScoreMonth.state == "sealed").scalar()
    return rules.Ground(terms_of_version(latest), latest.number, Month.parse(sealed) if sealed else None)


def terms_of_version(policy: Policy) -> rules.Terms:
    """All that a published version says, in the words of a draft."""
    ruled = list(PolicyRule.select().where(PolicyRule.policy == policy).order_by(PolicyRule.position))
    version = as_rules(policy, ruled)
    return rules.Terms(
        name_hi=policy.name_hi,
        name_en=policy.name_en,
        effective_from=version.effective_from,
        course_kinds=tuple(sorted(version.course_kinds)),
        grace_days=version.grace_days,
        rules=version.rules,
        order_number=version.order_number,
        order_on=version.order_on,
    )


def types_of_content() -> list[str]:
    """The types of content that reports have told of, sorted."""
    kinds = Course.select(Course.kind).where(Course.kind != "").distinct().order_by(Course.kind)
    return [kind for (kind,) in kinds.tuples()]


def providers_of_content() -> list[str]:
    """The providers of content that reports have told of, sorted."""
    providers = Course.select(Course.provider).where(Course.provider != "").distinct().order_by(Course.provider)
    return [provider for (provider,) in providers.tuples()]


def months_from(month: Month) -> list[str]:
    """Months from this one on that are computed and not sealed: what a version that takes effect then moves."""
    later = ScoreMonth.select(ScoreMonth.month).where((ScoreMonth.month >= str(month)) & (ScoreMonth.state != "sealed"))
    return [found for (found,) in later.order_by(ScoreMonth.month).tuples()]
