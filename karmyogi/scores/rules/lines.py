"""Lines of an officer's month: what is counted, and why the rest is not."""

from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.core.reasons import N_, Nth, Reason, declare, reason
from karmyogi.scores.rules.conditions import LONGEST
from karmyogi.scores.rules.facts import Facts
from karmyogi.scores.rules.policies import Policy, Rule
from karmyogi.scores.rules.sources import SOURCES, Item, Source

declare(
    item_counted=N_("Counted."),
    item_over_cap=N_("Not counted: the %(nth)s of this month, over the cap of %(cap)s; the earliest are counted."),
    item_over_cap_longest=N_("Not counted: over the cap of %(cap)s in a month; the longest are counted."),
    item_over_hours=N_("Not counted: the %(cap)s full hours of the month were already reached."),
    item_outside_posting=N_("Not counted: no posting was held on this day."),
)


@dataclass(frozen=True)
class Entry:
    """An item of a line, and why it was counted or not."""

    item: Item
    why: Reason

    @property
    def is_counted(self) -> bool:
        return self.why.code == "item_counted"


@dataclass(frozen=True)
class Line:
    """A code's points of a month: `found` before the cap, `items` after it, and every item with its reason."""

    code: str
    found: int
    items: int
    points: int
    entries: tuple[Entry, ...] = ()


def lines_for(facts: Facts, policy: Policy, month: Month) -> list[Line]:
    """The lines that make up an officer's month, in the order of the policy; a code without points gives none.

    Months and days are Indian. An item counts only on a day with a posting,
    both ends included, and if it meets the rule's conditions; a cap takes the
    earliest, or the longest where the rule says so; hours are rounded down after adding up the month.
    """
    return [line for line in explained(facts, policy, month) if line.points]


def explained(facts: Facts, policy: Policy, month: Month) -> list[Line]:
    """Every line for which there is something to say, also where nothing was counted."""
    lines = [line_of(rule, facts, policy, month) for rule in policy.rules]
    return [line for line in lines if line.entries]


def line_of(rule: Rule, facts: Facts, policy: Policy, month: Month) -> Line:
    """What one rule makes of an officer's month; zero points if nothing counts."""
    source, amount, entries = SOURCES[rule.counts], 0, []
    for item in _offered(rule, facts, policy, month):
        bar = _bar(rule, item, facts)
        entries.append(Entry(item, bar or _verdict(rule, source, amount)))
        amount += 0 if bar else item.amount
    found = amount // source.amount_each
    items = found if rule.cap is None else min(found, rule.cap)
    return Line(rule.code, found, items, items * rule.points, tuple(entries))


def _offered(rule: Rule, facts: Facts, policy: Policy, month: Month) -> list[Item]:
    """The items of a month in the order in which they are counted; of equally long ones the earliest first."""
    in_month = [item for item in SOURCES[rule.counts].items(facts, policy) if Month.of(item.on) == month]
    return sorted(in_month, key=lambda item: (_precedence(rule, item), item.on, item.order))


def _precedence(rule: Rule, item: Item) -> int:
    return -item.done.duration_seconds if item.done and rule.counted_first == LONGEST else 0


def _bar(rule: Rule, item: Item, facts: Facts) -> Reason | None:
    """Why an item is none for this rule, whatever the cap."""
    if not any(posting.is_held(item.on) for posting in facts.postings):
        return reason("item_outside_posting")
    return (item.done and rule.conditions.bar(item.done)) or SOURCES[rule.counts].bar(item)


def _verdict(rule: Rule, source: Source, amount_before: int) -> Reason:
    """An item counts unless those before it have already filled the cap."""
    if rule.cap is None or amount_before // source.amount_each < rule.cap:
        return reason("item_counted")
    if source.amount_each > 1:
        return reason("item_over_hours", cap=rule.cap)
    if rule.counted_first == LONGEST:
        return reason("item_over_cap_longest", cap=rule.cap)
    return reason("item_over_cap", nth=Nth(amount_before + 1), cap=rule.cap)
