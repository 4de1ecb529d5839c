"""What a rule asks of a completion beyond its source, and which it counts first where a limit leaves some out."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from karmyogi.core.reasons import N_, Reason, declare, reason
from karmyogi.scores.rules.facts import Completion

SECONDS_PER_MINUTE = 60
EARLIEST, LONGEST = "earliest", "longest"
ORDERS = (EARLIEST, LONGEST)

declare(
    condition_kinds=N_("Only content of these types: %(kinds)s."),
    condition_providers=N_("Only content of these providers: %(providers)s."),
    condition_certificate=N_("Only completions with a certificate of iGOT."),
    condition_planned=N_("Only courses of the officer's plan."),
    condition_minutes=N_("Only content of at least %(minutes)s minutes."),
    counted_longest=N_("Where the monthly limit leaves some out, the longest are counted."),
    item_of_other_kind=N_("Not counted: the rule counts other types of content."),
    item_of_other_provider=N_("Not counted: the rule counts other providers."),
    item_without_certificate=N_("Not counted: iGOT's report tells of no certificate."),
    item_not_planned=N_("Not counted: the course is not in the plan."),
    item_too_short=N_("Not counted: shorter than %(minutes)s minutes."),
)


@dataclass(frozen=True)
class Conditions:
    """What must hold of a completion, all of it; what is empty asks nothing.

    Types and providers are those of the content under the name that was finished. `least_minutes` is inclusive and of
    the length that iGOT gives: with 30, 1,800 seconds are enough.
    """

    kinds: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    with_certificate: bool = False
    only_planned: bool = False
    least_minutes: int | None = None

    def __bool__(self) -> bool:
        """Whether anything is asked."""
        return bool(self.as_data())

    @property
    def least_seconds(self) -> int:
        return (self.least_minutes or 0) * SECONDS_PER_MINUTE

    def bar(self, done: Completion) -> Reason | None:
        """Why a completion does not meet them: the first that fails."""
        if self.kinds and done.kind not in self.kinds:
            return reason("item_of_other_kind")
        if self.providers and done.provider not in self.providers:
            return reason("item_of_other_provider")
        if self.with_certificate and not done.has_certificate:
            return reason("item_without_certificate")
        if self.only_planned and not done.is_planned:
            return reason("item_not_planned")
        is_long_enough = done.duration_seconds >= self.least_seconds
        return None if is_long_enough else reason("item_too_short", minutes=self.least_minutes)

    def told(self) -> list[Reason]:
        """Each condition as a sentence."""
        found = (
            (self.kinds, reason("condition_kinds", kinds=", ".join(self.kinds))),
            (self.providers, reason("condition_providers", providers=", ".join(self.providers))),
            (self.with_certificate, reason("condition_certificate")),
            (self.only_planned, reason("condition_planned")),
            (self.least_minutes, reason("condition_minutes", minutes=self.least_minutes)),
        )
        return [sentence for is_asked, sentence in found if is_asked]

    def as_data(self) -> dict[str, object]:
        """What is asked, and nothing of what is not; `conditions_from` reads it back."""
        asked = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: sorted(value) if isinstance(value, tuple) else value for name, value in asked.items() if value}


ANY = Conditions()


def conditions_from(data: Mapping[str, object] | None) -> Conditions:
    """Stored conditions; None is any completion."""
    return Conditions(**{name: tuple(v) if isinstance(v, list) else v for name, v in (data or {}).items()})  # type: ignore[arg-type]
