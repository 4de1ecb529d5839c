"""One officer's month as a page tells it: what was stored, explained from the facts as far as they explain it."""

from dataclasses import dataclass

from karmyogi.core.months import Month
from karmyogi.scores import rules
from karmyogi.scores.models import ScoreLine, ScoreMonth, in_month
from karmyogi.scores.queries.facts import facts_of, published_policies


@dataclass(frozen=True)
class ToldMonth:
    """Everything that explains an officer's month, under the version of the policy that scored it."""

    month: Month
    scored: ScoreMonth
    policy: rules.Policy
    facts: rules.Facts
    lines: tuple[rules.ToldLine, ...]

    @property
    def total(self) -> int:
        """The stored points: the lines always add up to them."""
        return rules.total(self.lines)

    @property
    def differing(self) -> tuple[rules.ToldLine, ...]:
        """The lines that today's records would count otherwise."""
        return tuple(line for line in self.lines if line.differs)


def told_month(officer_id: int, scored: ScoreMonth) -> ToldMonth:
    """Why an officer's month has the points it has; in a sealed month what is stored stands, whatever came later."""
    month = Month.parse(scored.month)
    policy = rules.policy_for(month, published_policies(), number=scored.policy.number)
    facts = facts_of(officer_id, month)
    lines = rules.told(facts, policy, month, _telling(officer_id, scored))
    return ToldMonth(month, scored, policy, facts, tuple(lines))


def _telling(officer_id: int, scored: ScoreMonth) -> rules.Telling:
    inputs = ScoreMonth.select(ScoreMonth.inputs).where(ScoreMonth.id == scored.id).get().inputs
    imports = frozenset(number for number, *_kind_and_hash in inputs)
    stored = {
        line.code: rules.Counted(line.found, line.items, line.points)
        for line in ScoreLine.select().where(in_month(scored.month, ScoreLine), ScoreLine.officer == officer_id)
    }
    return rules.Telling(stored, rules.Known(imports, scored.computed_at), is_sealed=scored.state == "sealed")
