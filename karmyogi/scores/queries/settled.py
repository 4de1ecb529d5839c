"""Which upheld disputes a correction has settled, and which still wait for one."""

import peewee

from karmyogi.scores.models import CorrectedLine, CorrectedScore, Correction, Dispute, ScoreMonth
from karmyogi.scores.rules import APPROVED


def _settling() -> peewee.ModelSelect:
    """Approved corrections that came after the dispute of the query around it and changed its line or posting."""
    score, line = CorrectedScore, CorrectedLine
    its_line = (line.correction == Correction.id) & (line.officer == Dispute.officer) & (line.code == Dispute.code)
    posted_otherwise = (peewee.fn.COALESCE(score.unit_before, 0) != peewee.fn.COALESCE(score.unit_after, 0)) | (
        score.class_before != score.class_after
    )
    return (
        Correction.select(Correction.id)
        .join(score, on=(score.correction == Correction.id) & (score.officer == Dispute.officer))
        .join(line, peewee.JOIN.LEFT_OUTER, on=its_line)
        .where(
            (Correction.month == Dispute.month)
            & (Correction.state == APPROVED)
            & (Correction.approved_at > Dispute.raised_at)
            & (line.code.is_null(False) | posted_otherwise)
        )
    )


def is_settled() -> peewee.Function:
    """The condition that a correction has followed a dispute."""
    return peewee.fn.EXISTS(_settling())


def settled_by(dispute: Dispute) -> Correction | None:
    """The first correction that followed an upheld dispute; None while it waits for one, or needs none."""
    if dispute.state != "upheld":
        return None
    first = _settling().order_by(Correction.number).limit(1)
    number = Dispute.select(first).where(Dispute.id == dispute.id).scalar()
    return Correction.get_by_id(number) if number else None


def disputes_to_settle(*, month: str | None = None) -> peewee.ModelSelect:
    """Upheld disputes of sealed months that no correction has followed, the longest decided first."""
    sealed = ScoreMonth.select(ScoreMonth.month).where(ScoreMonth.state == "sealed")
    waiting = (Dispute.state == "upheld") & Dispute.month.in_(sealed) & ~is_settled()
    if month:
        waiting &= Dispute.month == month
    return Dispute.select().where(waiting).order_by(Dispute.ended_at, Dispute.id)
