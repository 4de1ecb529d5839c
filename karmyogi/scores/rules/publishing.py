"""What bars a version of the policy from being published."""

from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.scores.rules.policies import Policy
from karmyogi.scores.rules.sources import SOURCES

declare(
    policy_is_published=N_(
        "Scoring policy %(number)s is already published and never changes. Publish the change as a new version."
    ),
    policy_source_unknown=N_("The rule %(rule)s counts “%(counts)s”, and there is no such source."),
    policy_code_twice=N_("The rule %(rule)s stands twice in the policy."),
    policy_once_unknown=N_("The rule %(rule)s cannot be paid once only: its source happens more than once."),
)


def faults_of(policy: Policy) -> list[Reason]:
    """Why a policy cannot be published; empty if it can."""
    faults = []
    for position, rule in enumerate(policy.rules):
        if rule.counts not in SOURCES:
            faults.append(reason("policy_source_unknown", rule=rule.code, counts=rule.counts))
        elif rule.once and not SOURCES[rule.counts].happens_once:
            faults.append(reason("policy_once_unknown", rule=rule.code))
        if rule.code in {earlier.code for earlier in policy.rules[:position]}:
            faults.append(reason("policy_code_twice", rule=rule.code))
    return faults
