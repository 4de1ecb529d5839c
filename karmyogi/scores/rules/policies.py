"""A version of the State's own scoring policy, and which version scores a month."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Protocol, TypeVar

from karmyogi.core.errors import PolicyGap
from karmyogi.core.months import Month
from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.scores.rules.conditions import ANY, EARLIEST, Conditions, conditions_from

declare(
    policy_gap=N_("No published scoring policy covers the month %(month)s."),
    policy_unknown=N_("There is no scoring policy with the number %(number)s."),
)


@dataclass(frozen=True)
class Rule:
    """One code of a policy. `cap` is the most items (for hours: full hours) paid in a month, None without limit."""

    code: str
    kind: str
    counts: str
    points: int
    cap: int | None = None
    once: bool = False
    label_hi: str = ""
    label_en: str = ""
    note_hi: str = ""
    note_en: str = ""
    conditions: Conditions = ANY  # of completions alone
    counted_first: str = EARLIEST  # which items the cap takes

    @property
    def asks(self) -> list[Reason]:
        """Its conditions and its order of counting as sentences; none where it counts whatever comes first."""
        return self.conditions.told() + ([] if self.counted_first == EARLIEST else [reason("counted_longest")])

    def as_data(self) -> dict[str, object]:
        """The rule as it is stored and sealed; `rule_from` reads it back.

        Conditions and an order of its own are said only where it has them, so that what older versions said, and what
        was sealed with them, stays the same to the letter.
        """
        own = {"conditions": self.conditions.as_data(), "counted_first": self.counted_first}
        said = {name: value for name, value in own.items() if value not in ({}, EARLIEST)}
        return {**{name: value for name, value in asdict(self).items() if name not in own}, **said}


def rule_from(data: Mapping[str, object]) -> Rule:
    """A stored rule."""
    own = {"conditions": conditions_from(data["conditions"])} if data.get("conditions") else {}  # type: ignore[arg-type]
    return Rule(**{**data, **own})  # type: ignore[arg-type]


@dataclass(frozen=True)
class Policy:
    """A version of the State's own scoring policy, in the order in which a score is explained."""

    number: int
    effective_from: Month
    course_kinds: frozenset[str]
    grace_days: int
    rules: tuple[Rule, ...]
    order_number: str = ""  # the order by which it stands; a version of the installation has none
    order_on: date | None = None


class _Version(Protocol):
    @property
    def number(self) -> int: ...
    @property
    def effective_from(self) -> Month: ...


_V = TypeVar("_V", bound=_Version)


def policy_for(month: Month, policies: Iterable[_V], *, number: int | None = None) -> _V:
    """The policy that scores a month: the latest version in force by then, or the one with `number`.

    Raises PolicyGap if none is in force yet, or if the one asked for is not.
    """
    known = [policy for policy in policies if number is None or policy.number == number]
    if number is not None and not known:
        raise PolicyGap(reason("policy_unknown", number=number))
    in_force = [policy for policy in known if policy.effective_from <= month]
    if not in_force:
        raise PolicyGap(reason("policy_gap", month=str(month)))
    return max(in_force, key=lambda policy: policy.number)
