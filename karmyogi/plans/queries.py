"""Reads of plans: what iGOT counts for an officer."""

from karmyogi.plans.models import PlanSummary


def summary_of(officer_id: int) -> PlanSummary | None:
    """What iGOT's summary last counted for an officer, if it ever named them."""
    return PlanSummary.get_or_none(PlanSummary.officer == officer_id)
