"""A month as it leaves the house: its codes, everybody's points, and a note of each board taken as a file."""

from collections.abc import Iterator, Mapping

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor
from karmyogi.scores.models import ScoreMonth, ScorePeriod
from karmyogi.scores.queries.rows import Export, exported
from karmyogi.scores.service.checks import scored
from karmyogi.scores.service.policies import rules_of
from karmyogi.store.db import database
from karmyogi.store.trail import record


def codes_of(month: Month) -> list[str]:
    """The codes of the policy that scored a month, in its order. Raises RuleBroken if it is not computed."""
    return [rule.code for rule in rules_of(scored(month).policy)]


def export_month(month: Month) -> Iterator[Export]:
    """Every officer with points in a month, sorted by employee code. Raises RuleBroken if it is not computed."""
    scored(month)
    return exported(month)


def remember_file(row: ScoreMonth | ScorePeriod, chosen: Mapping[str, object], *, by: Actor) -> None:
    """Note on the trail that somebody took a board of this month or period as a file, which, and its number of rows."""
    with database.atomic():
        record(by, "leaderboard.export", row, {"month": row.month, **chosen})
