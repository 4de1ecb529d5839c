"""What would have earned more in a month: the rules with room left, and what lies at hand for them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.scores.rules.conditions import SECONDS_PER_MINUTE
from karmyogi.scores.rules.facts import Completion, Facts
from karmyogi.scores.rules.policies import Policy, Rule
from karmyogi.scores.rules.sources import SECONDS_PER_HOUR, SOURCES, is_in_time
from karmyogi.scores.rules.telling import ToldLine

declare(
    more_under_cap=N_("Room for %(left)s more under the cap of %(cap)s in a month."),
    more_without_cap=N_("No cap: each further one counts."),
    more_once=N_("Counts once only; none is on record."),
    more_minutes=N_("Minutes of learning with a certificate to the next full hour: %(minutes)s."),
    more_late=N_("Plan courses of the month finished after their due date: %(count)s."),
    more_unrated=N_("Finished courses of the month without a rating: %(count)s."),
    more_unverified=N_("Finished courses of the month without a verified certificate: %(count)s."),
)


@dataclass(frozen=True)
class Chance:
    """A rule with room left: the points of one item more, and what lies at hand or how much room there is."""

    rule: Rule
    why: Reason

    @property
    def points(self) -> int:
        """What one item more gives; for hours one full hour."""
        return self.rule.points


def chances(lines: Iterable[ToldLine], facts: Facts, policy: Policy, month: Month) -> list[Chance]:
    """Every rule under which one item more would count in the month, in the order of the policy.

    Room is what the cap leaves beyond the items counted then; a rule that counts once
    has room only while nothing of it is on record in any month. No promise is made
    that an item can still be had: a sealed month takes none.
    """
    counted = {line.rule.code: line.counted.items for line in lines}
    found = ((rule, _chance(rule, counted.get(rule.code, 0), facts, policy, month)) for rule in policy.rules)
    return [Chance(rule, why) for rule, why in found if why]


def _chance(rule: Rule, items: int, facts: Facts, policy: Policy, month: Month) -> Reason | None:
    source = SOURCES[rule.counts]
    if source.happens_once:
        return None if source.items(facts, policy) else reason("more_once")
    if rule.cap is not None and items >= rule.cap:
        return None
    at_hand = AT_HAND.get(rule.counts)
    return (at_hand and at_hand(_within(rule, facts, month))) or _room(rule, items)


def _room(rule: Rule, items: int) -> Reason:
    if rule.cap is None:
        return reason("more_without_cap")
    return reason("more_under_cap", left=rule.cap - items, cap=rule.cap)


def _within(rule: Rule, facts: Facts, month: Month) -> list[Completion]:
    """What was finished in the month on a day with a posting, and meets the rule's conditions."""
    held = facts.postings
    return [
        c
        for c in facts.completions
        if Month.of(c.completed_on) == month
        and any(posting.is_held(c.completed_on) for posting in held)
        and not rule.conditions.bar(c)
    ]


def _unrated(done: list[Completion]) -> Reason | None:
    count = sum(not c.is_rated for c in done)
    return reason("more_unrated", count=count) if count else None


def _unverified(done: list[Completion]) -> Reason | None:
    count = sum(not c.is_verified for c in done)
    return reason("more_unverified", count=count) if count else None


def _late(done: list[Completion]) -> Reason | None:
    count = sum(c.due_on is not None and not is_in_time(c.completed_on, due_on=c.due_on) for c in done if c.is_planned)
    return reason("more_late", count=count) if count else None


def _minutes(done: list[Completion]) -> Reason:
    """To the next full hour, rounded up: a minute less would not do."""
    seconds = sum(c.duration_seconds for c in done if c.has_certificate)
    missing = SECONDS_PER_HOUR - seconds % SECONDS_PER_HOUR
    return reason("more_minutes", minutes=-(-missing // SECONDS_PER_MINUTE))


AT_HAND: Mapping[str, Callable[[list[Completion]], Reason | None]] = {
    "plan_in_time": _late,
    "certificate": _unverified,
    "hours": _minutes,
    "rating": _unrated,
}
