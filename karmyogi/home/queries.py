"""What the front pages show: numbers that open lists, each one cheap."""

from dataclasses import dataclass

from karmyogi.core.permissions import Actor, Permission, can
from karmyogi.nominations.queries import pending_with
from karmyogi.people.queries import corrections_to_review
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.rules import SCORE_MONTH
from karmyogi.store.imports import Import, ImportState
from karmyogi.store.transitions import open_steps


@dataclass(frozen=True)
class Pending:
    """A number of things that wait for this person, what they are, and where they are listed."""

    code: str
    count: int
    endpoint: str


def pending(actor: Actor) -> list[Pending]:
    """What waits for this person, most pressing first; only what is not zero."""
    found = [
        Pending("nominations", pending_with(actor).count(), "nominations.nominations"),
        Pending("names", corrections_to_review(actor).count(), "people.queue"),
        Pending("months", _months(actor), "scores.months"),
        Pending("imports", _imports(actor), "reports.imports"),
    ]
    return [one for one in found if one.count]


def _months(actor: Actor) -> int:
    if not (can(actor, Permission.SCORES_SEAL) or can(actor, Permission.SCORES_PROPOSE_SEAL)):
        return 0
    unsealed = ScoreMonth.select().where(ScoreMonth.state != "sealed").limit(24)
    return sum(1 for month in unsealed if open_steps(SCORE_MONTH, month, by=actor))


def _imports(actor: Actor) -> int:
    if not can(actor, Permission.REPORTS_IMPORT):
        return 0
    return Import.select().where(Import.state == ImportState.CHECKED.value).count()
