"""What the records say of officers on a day: each candidate with what stands against a nomination."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import peewee

from karmyogi.core.reasons import Reason
from karmyogi.nominations.models import Cycle
from karmyogi.nominations.queries.facts import (
    Ids,
    honours_of,
    integrity_of,
    live,
    overdue_of,
    postings_of,
    sealed_scores_of,
)
from karmyogi.nominations.rules import (
    Criteria,
    Integrity,
    IntegrityAnswer,
    Record,
    Verdict,
    criteria_from,
    reasons_against,
    verdict_of,
)
from karmyogi.people.models import Officer, OrgUnit, Posting
from karmyogi.people.queries import records_of as all_records_of
from karmyogi.scores.models import Correction, MonthlyScore, PeerGroup, ScoreMonth, is_counting


@dataclass(frozen=True)
class Candidate:
    """An officer as posted on the cut-off day of a cycle, with the record and what stands against it.

    `nomination_id` and `nomination_state` are those of the live nomination in this cycle, if there is one.
    """

    officer_id: int
    employee_code: str
    name_hi: str
    name_en: str
    designation_hi: str
    designation_en: str
    unit_hi: str
    unit_en: str
    record: Record
    reasons: tuple[Reason, ...]
    verdict: Verdict
    nomination_id: int | None = None
    nomination_state: str | None = None


def records_of(department: OrgUnit, cycle: Cycle, *, on: date) -> list[Candidate]:
    """Everyone posted in the department on the cycle's cut-off day, most points first, then by employee code.

    Costs the same few statements whatever the size of the department.
    """
    posted = postings_of(cycle).where(OrgUnit.department == department)
    return _candidates(posted, cycle, on=on)


def candidate_of(officer: Officer | int, cycle: Cycle, *, on: date) -> Candidate | None:
    """One officer's row of `records_of`; None without a posting in a department on the cut-off day."""
    return candidates_of([officer], cycle, on=on).get(officer if isinstance(officer, int) else officer.id)


def candidates_of(officers: Sequence[Officer | int], cycle: Cycle, *, on: date) -> dict[int, Candidate]:
    """These officers' rows of `records_of` by officer id, in the same few statements whatever their number.

    Who held no posting in a department on the cut-off day is left out.
    """
    posted = postings_of(cycle).where(Posting.officer.in_(officers))
    return {one.officer_id: one for one in _candidates(posted, cycle, on=on)}


def _candidates(posted: peewee.ModelSelect, cycle: Cycle, *, on: date) -> list[Candidate]:
    criteria = criteria_from(cycle.criteria)
    facts = _Facts(posted.select(Posting.officer), cycle, criteria, on=on)
    found = [_candidate(posting, facts, criteria, on) for posting in posted]
    return sorted(found, key=lambda one: (-one.record.points, one.employee_code))


def _candidate(posting: Posting, facts: "_Facts", criteria: Criteria, on: date) -> Candidate:
    officer, unit, post = posting.officer, posting.unit, posting.post
    record = facts.record(posting)
    reasons = tuple(reasons_against(record, criteria, on=on))
    return Candidate(
        officer.id,
        officer.employee_code,
        officer.name_hi,
        officer.name_en,
        post.name_hi if post else "",
        post.name_en if post else "",
        unit.name_hi,
        unit.name_en,
        record,
        reasons,
        verdict_of(reasons),
        *facts.live.get(officer.id, (None, None)),
    )


class _Facts:
    """What every record of these officers needs, read in one statement per kind of fact."""

    def __init__(self, officers: Ids, cycle: Cycle, criteria: Criteria, *, on: date):
        self.scores = {row[0]: row[1:] for row in sealed_scores_of(officers, cycle).tuples()}
        self.overdue = dict(overdue_of(officers, criteria, on).tuples())
        self.honours = dict(honours_of(officers).tuples())
        self.integrity = {row[0]: row[1:] for row in integrity_of(officers, on).tuples()}
        self.live = {row[0]: row[1:] for row in live(officers, cycle).tuples()}

    def record(self, posting: Posting) -> Record:
        officer = posting.officer
        points, months = self.scores.get(officer.id, (0, 0))
        return Record(
            points=int(points),
            sealed_months=months,
            overdue=self.overdue.get(officer.id, 0),
            honoured_on=self.honours.get(officer.id),
            retires_on=officer.retires_on,
            state_class=posting.state_class or officer.state_class,
            integrity=self._integrity_of(officer.id),
        )

    def _integrity_of(self, officer_id: int) -> Integrity | None:
        held = self.integrity.get(officer_id)
        return held and Integrity(IntegrityAnswer(held[0]), held[1], held[2])


@dataclass(frozen=True)
class SealedMonth:
    """An officer's sealed month: points, rank in the State and in the department, each with the group's size.

    Where the month was corrected by then, these are of the last approved correction, whose number is told.
    """

    month: str
    points: int
    rank: int
    group_size: int
    department_rank: int | None
    department_size: int | None
    seal: str
    correction: int | None = None


def sealed_months(officer: Officer | int, cycle: Cycle) -> list[SealedMonth]:
    """The sealed months of the cycle's period in which the officer has a score, oldest first.

    A month in which several records of the person have one stands once for each, the record that stands first.
    """
    of_others = peewee.Case(None, [(MonthlyScore.officer == officer, 0)], 1)
    rows = (
        MonthlyScore.select(
            MonthlyScore.month,
            MonthlyScore.points,
            MonthlyScore.rank_state,
            peewee.fn.COALESCE(Correction.officer_count, ScoreMonth.officer_count),
            MonthlyScore.rank_department,
            PeerGroup.size,
            ScoreMonth.seal,
            Correction.number,
        )
        .join(ScoreMonth, on=is_counting(MonthlyScore))
        .join(
            PeerGroup,
            peewee.JOIN.LEFT_OUTER,
            on=(PeerGroup.month == MonthlyScore.month)
            & (PeerGroup.run == MonthlyScore.run)
            & (PeerGroup.scope == "department")
            & (PeerGroup.unit == MonthlyScore.department)
            & (PeerGroup.state_class == ""),
        )
        .join(Correction, peewee.JOIN.LEFT_OUTER, on=Correction.run == MonthlyScore.run)
        .where(
            MonthlyScore.officer.in_(all_records_of(officer))
            & (ScoreMonth.state == "sealed")
            & MonthlyScore.month.between(cycle.first_month, cycle.last_month)
        )
        .order_by(MonthlyScore.month, of_others, MonthlyScore.officer)
    )
    return [SealedMonth(*row) for row in rows.tuples()]


def deciding_posting(officer: Officer | int, cycle: Cycle) -> Posting | None:
    """The posting on the cut-off day with its unit and department, or None: who nominates follows from it."""
    return postings_of(cycle).where(Posting.officer == officer).first()
