"""What came since a month was computed: what a correction rests on, beside the difference laid out in `differences`."""

from datetime import datetime

import peewee

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.rules import FLAG
from karmyogi.core.months import Month
from karmyogi.people.models import Officer
from karmyogi.scores.models import Correction, Dispute, ScoreHold, ScoreMonth
from karmyogi.scores.queries.differences import CHANGED_LINES, CHANGES, WHO
from karmyogi.scores.queries.months import Inputs
from karmyogi.scores.queries.raw import fetch
from karmyogi.scores.queries.settled import is_settled
from karmyogi.scores.rules import Basis
from karmyogi.store.transitions import CaseStep

# With the records that gave way to one of them, since their facts are of the same person.
PERSONS = f"(SELECT officer_id FROM {WHO} UNION SELECT id FROM officer WHERE merged_into_id IN (SELECT officer_id FROM {WHO}))"  # noqa: S608, E501


def basis_since(base: ScoreMonth | Correction, inputs: Inputs) -> Basis:
    """What came after `base` was computed and bears on the laid out difference; imports are told whatever they hold."""
    month, since = Month.parse(base.month), base.computed_at
    return Basis(
        imports=_beyond(inputs, base.inputs),
        undone=_beyond(base.inputs, inputs),
        disputes=_disputes(month),
        certificates=_certificates(month, since),
        merged=_merged(),
        verdicts=_verdicts(month, since),
        releases=_releases(month, since),
    )


def _beyond(these: Inputs, those: Inputs) -> tuple[tuple[int, str, str], ...]:
    known = {number for number, *_rest in those}
    return tuple((number, kind, sha256) for number, kind, sha256 in these if number not in known)  # type: ignore[misc]


def _is_concerned(officer: peewee.Field) -> peewee.Expression:
    return officer.in_(peewee.SQL(PERSONS))


def _ids(rows: peewee.ModelSelect) -> tuple[int, ...]:
    return tuple(sorted({number for (number,) in rows.tuples()}))


def _disputes(month: Month) -> tuple[int, ...]:
    """Upheld disputes that the difference follows and no earlier correction has settled."""
    followed = f"""
SELECT d.id FROM dispute d
JOIN {CHANGES} c ON c.officer_id = d.officer_id
WHERE d.month = :month AND d.state = 'upheld' AND (
    COALESCE(c.unit_before_id, 0) <> COALESCE(c.unit_after_id, 0) OR c.class_before <> c.class_after
    OR EXISTS (SELECT 1 FROM {CHANGED_LINES} l WHERE l.officer_id = d.officer_id AND l.code = d.code)
)"""  # noqa: S608 - names of ours
    found = [number for (number,) in fetch(followed, {"month": str(month)})]
    return _ids(Dispute.select(Dispute.id).where(Dispute.id.in_(found) & ~is_settled())) if found else ()


def _certificates(month: Month, since: datetime) -> tuple[int, ...]:
    finished = Completion.select(Completion.id).where(
        (Completion.officer == Achievement.officer)
        & (Completion.course == Achievement.course)
        & (Completion.month == str(month))
    )
    verified = (Achievement.state == "verified") & (Achievement.verified_at > since)
    concerned = _is_concerned(Achievement.officer) & peewee.fn.EXISTS(finished)
    return _ids(Achievement.select(Achievement.id).where(verified & concerned))


def _merged() -> tuple[int, ...]:
    """Records that had a score, gave way to another, and have none any more."""
    gone = peewee.SQL(f"(SELECT officer_id FROM {CHANGES} WHERE points_before IS NOT NULL AND points_after IS NULL)")  # noqa: S608
    return _ids(Officer.select(Officer.id).where(Officer.merged_into.is_null(False) & Officer.id.in_(gone)))


def _verdicts(month: Month, since: datetime) -> tuple[int, ...]:
    """Flags of the month that two people found not credible since, or let count again."""
    flags = (
        Flag.select(Flag.id)
        .join(Completion, on=Flag.completion == Completion.id)
        .where((Completion.month == str(month)) & _is_concerned(Completion.officer))
    )
    judged = (CaseStep.from_state == "not_credible") | (CaseStep.to_state == "not_credible")
    of_flags = (CaseStep.workflow == FLAG.name) & (CaseStep.at > since) & judged
    return _ids(CaseStep.select(CaseStep.case_id).where(of_flags & CaseStep.case_id.in_(flags)))


def _releases(month: Month, since: datetime) -> tuple[int, ...]:
    """Holds that were in force then and have been released."""
    released = (ScoreHold.state == "hold_released") & (ScoreHold.ended_at > since)
    its = (ScoreHold.month == str(month)) & _is_concerned(ScoreHold.officer)
    return _ids(ScoreHold.select(ScoreHold.id).where(its & released))
