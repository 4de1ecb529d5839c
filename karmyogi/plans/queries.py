"""Reads of plans: what iGOT counts for an officer."""

import peewee

from karmyogi.people.queries import records_of
from karmyogi.plans.models import PlanSummary


def summary_of(officer_id: int) -> PlanSummary | None:
    """What iGOT's summary last counted for an officer, if it ever named them.

    Of several records of the person, what was said of the one that stands goes before.
    """
    rows = PlanSummary.select().where(PlanSummary.officer.in_(records_of(officer_id)))
    return rows.order_by(peewee.Case(None, [(PlanSummary.officer == officer_id, 0)], 1), PlanSummary.id).first()
