"""Reads for a note-sheet: who is proposed, and what the records say of all of them in a few statements."""

from collections.abc import Collection, Sequence

import peewee

from karmyogi.core.permissions import Actor
from karmyogi.nominations.models import Cycle, Nomination
from karmyogi.nominations.queries import nominations_for, state_counts
from karmyogi.people.models import Honour
from karmyogi.scores.models import Correction, MonthlyScore, ScoreMonth, is_counting


def proposed(actor: Actor, cycle: Cycle, stage: str, *, cases: Collection[int] = ()) -> list[Nomination]:
    """The nominations of a cycle that stand in this state, as an order would list them; of `cases` alone if given."""
    rows = nominations_for(actor).where((Nomination.cycle == cycle) & (Nomination.state == stage))
    found = list(rows.where(Nomination.id.in_(cases)) if cases else rows)
    return sorted(found, key=lambda one: (one.department.name_en, one.priority, one.id))


def states_in(actor: Actor, cycle: Cycle) -> dict[str, int]:
    """How many nominations of the cycle stand in each state."""
    return {row.state: row.count for row in state_counts(actor, [cycle])}


def last_ranks(officers: Sequence[int], cycle: Cycle) -> tuple[str, dict[int, tuple[int, int]]]:
    """The last sealed month of the cycle's period, and in it the rank in the State and the number ranked, by officer.

    A month that was corrected is told so. Empty if no month of the period is sealed; who has no rank is left out.
    """
    sealed = (ScoreMonth.state == "sealed") & ScoreMonth.month.between(cycle.first_month, cycle.last_month)
    month: str = ScoreMonth.select(peewee.fn.MAX(ScoreMonth.month)).where(sealed).scalar() or ""
    rows = (
        MonthlyScore.select(
            MonthlyScore.officer,
            MonthlyScore.rank_state,
            peewee.fn.COALESCE(Correction.officer_count, ScoreMonth.officer_count),
        )
        .join(ScoreMonth, on=is_counting(MonthlyScore))
        .join(Correction, peewee.JOIN.LEFT_OUTER, on=Correction.run == MonthlyScore.run)
        .where(
            (MonthlyScore.month == month) & MonthlyScore.officer.in_(officers) & MonthlyScore.rank_state.is_null(False)
        )
    )
    return month, {officer: (rank, count) for officer, rank, count in rows.tuples()}


def standing_honours(officers: Sequence[int]) -> dict[int, list[Honour]]:
    """The honours of these officers that stand, the latest first."""
    found: dict[int, list[Honour]] = {}
    mine = Honour.officer.in_(officers) & Honour.withdrawn_on.is_null()
    for honour in Honour.select().where(mine).order_by(Honour.given_on.desc(), Honour.id.desc()):
        found.setdefault(honour.officer_id, []).append(honour)
    return found
