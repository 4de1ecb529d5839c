"""Reads of corrections: those of a month, which stands, what they say of whom, and what waits for a second person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import peewee

from karmyogi.core.months import Month
from karmyogi.core.permissions import Actor, Permission, scope_of
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.scores.models import CorrectedLine, CorrectedScore, Correction, MonthlyScore, PolicyRule, in_month
from karmyogi.scores.rules import APPROVED, CORRECTION, CORRECTION_OPEN, MINIMUM_GROUP
from karmyogi.store.reach import within
from karmyogi.store.transitions import touched_by


def last_correction(month: str) -> Correction | None:
    """The approved correction that stands for a month; None while the sealed rows do."""
    its = (Correction.month == month) & (Correction.state == APPROVED)
    return Correction.select().where(its).order_by(Correction.number.desc()).first()


def open_correction(month: str) -> Correction | None:
    """The correction of a month that is neither approved nor ended."""
    return Correction.get_or_none((Correction.month == month) & Correction.state.in_(CORRECTION_OPEN))


def corrections_of(month: str) -> list[Correction]:
    """Every correction of a month, the newest first."""
    return list(Correction.select().where(Correction.month == month).order_by(Correction.id.desc()))


def approved_corrections() -> list[tuple[str, int]]:
    """The month and the number of each approved correction, in their order."""
    rows = Correction.select(Correction.month, Correction.number).where(Correction.state == APPROVED)
    return list(rows.order_by(Correction.month, Correction.number).tuples())


def corrections_for(actor: Actor, permission: Permission = Permission.CORRECTIONS_READ) -> peewee.ModelSelect:
    """Corrections of all months, the newest first, for whoever reads those of the State."""
    reach = within(
        scope_of(actor, permission), line_path=Correction.line_path, territory_path=Correction.territory_path
    )
    return Correction.select().where(reach).order_by(Correction.id.desc())


def corrections_to_approve(actor: Actor) -> peewee.ModelSelect:
    """Proposals that wait for this person as the second one, the longest waiting first."""
    waiting = corrections_for(actor, Permission.CORRECTIONS_APPROVE)
    another = (Correction.state == "correction_proposed") & ~touched_by(actor, CORRECTION, Correction.id)
    return waiting.where(another).order_by(Correction.id)


@dataclass(frozen=True)
class ChangedLine:
    """A line before and after, in the words of the policy that gave it."""

    code: str
    label_hi: str
    label_en: str
    items_before: int
    points_before: int
    items_after: int
    points_after: int


@dataclass(frozen=True)
class Corrected:
    """What the approved corrections of a month came to for one officer, beside what was sealed.

    `rank` is that in the State, None where so few have a score that no board is shown, or where there is none;
    `changes` are those that concern the officer, in the order of their numbers, each with the lines that differ.
    """

    last: Correction
    points: int | None
    rank: int | None
    changes: tuple[tuple[CorrectedScore, list[ChangedLine]], ...]


def corrected_month(officer_id: int, month: Month) -> Corrected | None:
    """An officer's month as corrected; None where the sealed rows stand, or the officer is on neither."""
    last, score = last_correction(str(month)), MonthlyScore
    if last is None:
        return None
    its = in_month(month, score, last.run) & (score.officer == officer_id)
    points, rank = score.select(score.points, score.rank_state).where(its).tuples().first() or (None, None)
    rows = (
        CorrectedScore.select(CorrectedScore, Correction)
        .join(Correction)
        .where((Correction.month == str(month)) & (Correction.state == APPROVED))
        .where(CorrectedScore.officer == officer_id)
        .order_by(Correction.number)
    )
    changes = tuple((row, changed_lines(row.correction, [officer_id]).get(officer_id, [])) for row in rows)
    if points is None and not changes:
        return None
    return Corrected(last, points, rank if last.officer_count >= MINIMUM_GROUP else None, changes)


def corrected_points(officer_id: int) -> dict[str, tuple[int, int]]:
    """The corrected months in which an officer has a score: the number of the last correction, and the points."""
    score, its_row = MonthlyScore, (MonthlyScore.run == Correction.run) & (MonthlyScore.month == Correction.month)
    rows = (
        Correction.select(Correction.month, Correction.number, score.points)
        .join(score, on=its_row)
        .where((Correction.state == APPROVED) & (score.officer == officer_id))
        .order_by(Correction.month, Correction.number)
    )
    return {month: (number, points) for month, number, points in rows.tuples()}


def changed_officers(case: Correction, *, limit: int, after: int = 0) -> list[CorrectedScore]:
    """The officers whose month a correction changes, each with the officer's record; in the order of the records."""
    row = CorrectedScore
    rows = row.select(row, Officer).join(Officer).where((row.correction == case.id) & (row.officer > after))
    return list(rows.order_by(row.officer).limit(limit))


def units_named(rows: Sequence[CorrectedScore]) -> dict[int, OrgUnit]:
    """The offices before and after of these rows, by id; one query for all of them."""
    ids = {unit_id for row in rows for unit_id in (row.unit_before_id, row.unit_after_id) if unit_id}
    return {unit.id: unit for unit in OrgUnit.select().where(OrgUnit.id.in_(ids))} if ids else {}


def corrected_by(case: Correction) -> Correction | None:
    """The correction before it, which it corrects; None where it corrects the sealed rows."""
    return Correction.get_or_none(Correction.run == case.base_run)


def changed_lines(case: Correction, officers: Sequence[int]) -> dict[int, list[ChangedLine]]:
    """The lines that differ, by officer, in the order of the policy; one query for all of them."""
    line = CorrectedLine
    rows = (
        line.select(
            line.officer,
            line.code,
            PolicyRule.label_hi,
            PolicyRule.label_en,
            line.items_before,
            line.points_before,
            line.items_after,
            line.points_after,
        )
        .join(PolicyRule, on=(PolicyRule.policy == case.policy_id) & (PolicyRule.code == line.code))
        .where((line.correction == case.id) & line.officer.in_(list(officers)))
        .order_by(line.officer, PolicyRule.position)
    )
    found: defaultdict[int, list[ChangedLine]] = defaultdict(list)
    for officer_id, *told in rows.tuples():
        found[officer_id].append(ChangedLine(*told))
    return found
