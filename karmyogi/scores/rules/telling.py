"""Why a month has its points, told so that it adds up: what was counted then, beside what is on record today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.scores.rules.facts import Facts, Known, Origin, as_known
from karmyogi.scores.rules.lines import Entry, Line, line_of
from karmyogi.scores.rules.policies import Policy, Rule
from karmyogi.scores.rules.sources import SOURCES, Item

declare(
    item_came_later=N_("Came later, not in the sealed month."),
    item_came_since=N_("Came in after the month was last computed."),
    item_on_record=N_("On record today."),
)


@dataclass(frozen=True)
class Counted:
    """A line as it was computed and stored: items before and after the cap, and their points."""

    found: int = 0
    items: int = 0
    points: int = 0


NOTHING = Counted()


@dataclass(frozen=True)
class ToldEntry:
    """An item, why it was counted or not, and its points; None where points belong to the sum, as with hours."""

    item: Item
    why: Reason
    points: int | None

    @property
    def came_later(self) -> bool:
        return self.why.code in ("item_came_later", "item_came_since")


@dataclass(frozen=True)
class ToldLine:
    """One rule of a month. `counted` stands, whatever the records say today; `entries` explain it as far as they can.

    `is_complete` is True where the entries account for what was counted, to the last item.
    """

    rule: Rule
    counted: Counted
    today: Counted
    entries: tuple[ToldEntry, ...]
    is_complete: bool

    @property
    def points(self) -> int:
        return self.counted.points

    @property
    def differs(self) -> bool:
        """True where today's records would be counted otherwise."""
        return self.counted != self.today

    @property
    def change(self) -> int:
        """Points that today's records would give beyond those counted; below zero where fewer."""
        return self.today.points - self.counted.points


@dataclass(frozen=True)
class Telling:
    """A month as its computation left it: stored lines by code, what it could know, and whether it is sealed.

    `known` is None for a month that was never computed: then nothing is stored either.
    """

    stored: Mapping[str, Counted]
    known: Known | None
    is_sealed: bool = False

    @property
    def late(self) -> str:
        """The code of the reason for what came too late."""
        return "item_came_later" if self.is_sealed else "item_came_since"


def told(facts: Facts, policy: Policy, month: Month, then: Telling) -> list[ToldLine]:
    """Every line for which there is something to say, in the order of the policy.

    The points of the lines always add up to those stored. Where today's records
    would be counted otherwise, the facts known to have come later are left out;
    if the rest gives what was stored, it explains it, else the items are only
    said to be on record.
    """
    early = facts if then.known is None else as_known(facts, then.known)
    lines = [_told(rule, facts, early, policy, month, then) for rule in policy.rules]
    return [line for line in lines if line.entries or line.points]


def total(lines: Iterable[ToldLine]) -> int:
    """The points of a month: those of its lines."""
    return sum(line.points for line in lines)


def _told(rule: Rule, facts: Facts, early: Facts, policy: Policy, month: Month, then: Telling) -> ToldLine:
    today = line_of(rule, facts, policy, month)
    counted = then.stored.get(rule.code, NOTHING)
    if _sums(today) == counted:
        return ToldLine(rule, counted, counted, tuple(_explained(rule, e) for e in today.entries), True)
    before = line_of(rule, early, policy, month)
    is_complete = _sums(before) == counted
    known = _by_item(before)
    entries = tuple(_beside(rule, e, _next_of(known, e), then, is_complete) for e in today.entries)
    return ToldLine(rule, counted, _sums(today), entries, is_complete)


def _by_item(line: Line) -> dict[tuple[Item, Origin], list[Entry]]:
    """The entries of a line by what they are about, the last first: two sittings of one day may be alike."""
    found: dict[tuple[Item, Origin], list[Entry]] = {}
    for entry in reversed(line.entries):
        found.setdefault((entry.item, entry.item.origin), []).append(entry)
    return found


def _next_of(known: dict[tuple[Item, Origin], list[Entry]], entry: Entry) -> Entry | None:
    alike = known.get((entry.item, entry.item.origin))
    return alike.pop() if alike else None


def _sums(line: Line) -> Counted:
    """A line's sums as they are stored; without points nothing is."""
    return Counted(line.found, line.items, line.points) if line.points else NOTHING


def _explained(rule: Rule, entry: Entry) -> ToldEntry:
    is_each = SOURCES[rule.counts].amount_each == 1
    return ToldEntry(entry.item, entry.why, (rule.points if entry.is_counted else 0) if is_each else None)


def _beside(rule: Rule, today: Entry, before: Entry | None, then: Telling, is_complete: bool) -> ToldEntry:
    """An item of a line that would be counted otherwise today: as it was then, if that can be told."""
    if before is None:
        return ToldEntry(today.item, reason(then.late), None)
    if is_complete:
        return _explained(rule, before)
    is_open = today.why.code in ("item_counted", "item_over_cap", "item_over_hours")
    return ToldEntry(today.item, reason("item_on_record") if is_open else today.why, None)
