"""Verbs of disputes: an officer contests a line of a month, the unit answers, GAD decides."""

from dataclasses import dataclass
from datetime import datetime

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.core.errors import NotAllowed, RuleBroken
from karmyogi.core.months import IST, now
from karmyogi.core.permissions import Actor, covers
from karmyogi.people.models import Officer
from karmyogi.people.queries import NOWHERE, paths_of, posting_of
from karmyogi.scores.models import Dispute, PolicyRule, ScoreMonth
from karmyogi.scores.queries.disputes import lines_to_dispute, open_dispute
from karmyogi.scores.rules import DISPUTE, RAISE, dispute_reasons, last_day
from karmyogi.store.db import database
from karmyogi.store.trail import record
from karmyogi.store.transitions import perform, remember_hand


@dataclass(frozen=True)
class Complaint:
    """What an officer says about a line, and what they point to."""

    code: str
    words: str
    achievement: Achievement | None = None
    reference: str = ""


def raise_dispute(
    officer: Officer, month: ScoreMonth, said: Complaint, *, by: Actor, at: datetime | None = None
) -> Dispute:
    """Contest a line of one's own month, sealed or not; the nodal officer of today's posting answers first.

    Without a posting GAD answers. The month changes nothing by it. Raises NotAllowed for anybody else's month, or
    RuleBroken with all that is wrong; one open dispute for a month and line.
    """
    if not covers(by, RAISE, officer_id=officer.id, line_path=NOWHERE, territory_path=NOWHERE):
        raise NotAllowed("not_allowed")
    line = _refuse(officer, month, said)
    try:
        with database.atomic():
            return _open(officer, month, line, said, by, at or now())
    except peewee.IntegrityError as error:  # the same line was disputed from another window in between
        raise RuleBroken("dispute_already_open") from error


def _refuse(officer: Officer, month: ScoreMonth, said: Complaint) -> PolicyRule:
    """The line that is contested. Raises RuleBroken."""
    line = next((rule for rule in lines_to_dispute(month) if rule.code == said.code), None)
    if line is None:
        raise RuleBroken("dispute_line_unknown")
    if open_dispute(officer.id, month.month, said.code):
        raise RuleBroken("dispute_already_open")
    if said.achievement and said.achievement.officer_id != officer.id:
        raise RuleBroken("dispute_evidence_not_own")
    found = dispute_reasons(said.words.strip(), said.reference.strip())
    if found:
        raise RuleBroken(*(one for reasons in found.values() for one in reasons))
    return line


def _open(officer: Officer, month: ScoreMonth, line: PolicyRule, said: Complaint, by: Actor, at: datetime) -> Dispute:
    raised_on = at.astimezone(IST).date()
    posting = posting_of(officer, on=raised_on)
    case = Dispute.create(
        state=DISPUTE.start,
        **paths_of(posting),
        officer=officer,
        month=month.month,
        code=line.code,
        label_hi=line.label_hi,
        label_en=line.label_en,
        words=said.words.strip(),
        achievement=said.achievement,
        reference=said.reference.strip(),
        raised_at=at,
        answer_by=last_day(raised_on),
    )
    remember_hand(DISPUTE, case, "raise", by=by, remark=case.words, at=at)
    told = {"officer": officer.id, "month": case.month, "code": case.code, "achievement": case.achievement_id}
    record(by, "dispute.raise", case, told, remark=case.words, at=at)
    return case


def answer_dispute(case: Dispute, action: str, *, by: Actor, remark: str, at: datetime | None = None) -> Dispute:
    """Say whether the officer is right (`agree` or `disagree`), with the reason; GAD has fifteen days from then.

    Raises NotAllowed, WrongState, or RuleBroken without a remark, by the officer, or by a hand that has acted before.
    """
    at, fresh = at or now(), Dispute.get_by_id(case.id)
    facts = {"answered_at": at, "decide_by": last_day(at.astimezone(IST).date())}
    perform(DISPUTE, fresh, action, by=by, remark=remark, at=at, **facts)
    return fresh


def decide_dispute(case: Dispute, action: str, *, by: Actor, remark: str, at: datetime | None = None) -> Dispute:
    """Decide what was answered (`uphold` or `decline`), with the reason, which the officer reads.

    A sealed month stays as it is: an upheld dispute waits for a correction. Raises as `answer_dispute` does.
    """
    return _end(case, action, by=by, remark=remark, at=at)


def withdraw_dispute(case: Dispute, *, by: Actor, at: datetime | None = None) -> Dispute:
    """Take an open dispute back. Raises NotAllowed or WrongState."""
    return _end(case, "withdraw", by=by, at=at)


def _end(case: Dispute, action: str, *, by: Actor, remark: str = "", at: datetime | None = None) -> Dispute:
    at, fresh = at or now(), Dispute.get_by_id(case.id)
    perform(DISPUTE, fresh, action, by=by, remark=remark, at=at, ended_at=at)
    return fresh
