"""What bars a version of the policy from being published."""

import re
from collections.abc import Callable

from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.scores.rules.conditions import LONGEST, ORDERS
from karmyogi.scores.rules.policies import Policy, Rule
from karmyogi.scores.rules.sources import SOURCES

KINDS = ("completion", "activity")
OF_COURSES = {"course", "plan_course", "plan_in_time"}  # sources that ask of which type a content is
OF_COMPLETIONS = {*OF_COURSES, "certificate", "hours", "rating"}  # sources that conditions can be asked of
LARGEST = 1_000  # points, items and days: what is more has been mistyped
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")

declare(
    policy_is_published=N_(
        "Scoring policy %(number)s is already published and never changes. Publish the change as a new version."
    ),
    policy_source_unknown=N_("The rule %(rule)s counts “%(counts)s”, and there is no such source."),
    policy_code_twice=N_("The rule %(rule)s stands twice in the policy."),
    policy_once_unknown=N_("The rule %(rule)s cannot be paid once only: its source happens more than once."),
    policy_without_rules=N_("The policy has no rule, so nobody could have a score."),
    policy_code_wrong=N_("Write the code “%(rule)s” in small English letters, digits and underscores."),
    policy_kind_unknown=N_("The rule %(rule)s is neither of completion nor of activity."),
    policy_points_wrong=N_("The rule %(rule)s must give 1 to %(most)s points."),
    policy_cap_wrong=N_("The monthly limit of the rule %(rule)s must be 1 to %(most)s, or none at all."),
    policy_label_missing=N_("The rule %(rule)s needs a name in Hindi and in English."),
    policy_conditions_unknown=N_(
        "The rule %(rule)s counts no completions, so it has neither conditions nor another order of counting."
    ),
    policy_conditions_never=N_("No completion could meet the conditions of the rule %(rule)s."),
    policy_minutes_wrong=N_("The least length of the rule %(rule)s must be 1 to %(most)s minutes, or none at all."),
    policy_order_unknown=N_("The rule %(rule)s counts neither the earliest first nor the longest."),
    policy_grace_wrong=N_("The days of grace must be 0 to %(most)s."),
    policy_kinds_missing=N_("Say which types of content are courses: the rule %(rule)s counts courses."),
)


def faults_of(policy: Policy) -> list[Reason]:
    """Why a policy cannot be published, whoever wrote it; empty if it can."""
    faults = [] if policy.rules else [reason("policy_without_rules")]
    if not 0 <= policy.grace_days <= LARGEST:
        faults.append(reason("policy_grace_wrong", most=LARGEST))
    for position, rule in enumerate(policy.rules):
        faults += _faults_of_rule(rule)
        if rule.counts in OF_COURSES and not policy.course_kinds:
            faults.append(reason("policy_kinds_missing", rule=rule.code))
        if not _can_be_met(rule, policy):
            faults.append(reason("policy_conditions_never", rule=rule.code))
        if rule.code in {earlier.code for earlier in policy.rules[:position]}:
            faults.append(reason("policy_code_twice", rule=rule.code))
    return faults


def _can_be_met(rule: Rule, policy: Policy) -> bool:
    """False for conditions that contradict what the rule counts; which providers there are is not known here."""
    asked = rule.conditions
    if asked.only_planned and rule.counts == "course":
        return False
    return not (asked.kinds and rule.counts in OF_COURSES and policy.course_kinds.isdisjoint(asked.kinds))


def _asks_of_completions(rule: Rule) -> bool:
    return bool(rule.conditions) or rule.counted_first == LONGEST


def _faults_of_rule(rule: Rule) -> list[Reason]:
    if rule.counts not in SOURCES:
        return [reason("policy_source_unknown", rule=rule.code, counts=rule.counts)]
    return [reason(code, rule=rule.code, **facts) for code, facts, is_right in CHECKS if not is_right(rule)]


_MOST = {"most": LARGEST}
CHECKS: tuple[tuple[str, dict[str, object], Callable[[Rule], bool]], ...] = (
    ("policy_once_unknown", {}, lambda rule: not rule.once or SOURCES[rule.counts].happens_once),
    ("policy_code_wrong", {}, lambda rule: bool(CODE.fullmatch(rule.code))),
    ("policy_kind_unknown", {}, lambda rule: rule.kind in KINDS),
    ("policy_points_wrong", _MOST, lambda rule: 1 <= rule.points <= LARGEST),
    ("policy_cap_wrong", _MOST, lambda rule: rule.cap is None or 1 <= rule.cap <= LARGEST),
    ("policy_conditions_unknown", {}, lambda rule: rule.counts in OF_COMPLETIONS or not _asks_of_completions(rule)),
    (
        "policy_minutes_wrong",
        _MOST,
        lambda rule: rule.conditions.least_minutes is None or 1 <= rule.conditions.least_minutes <= LARGEST,
    ),
    ("policy_order_unknown", {}, lambda rule: rule.counted_first in ORDERS),
    ("policy_label_missing", {}, lambda rule: bool(rule.label_hi.strip() and rule.label_en.strip())),
)
