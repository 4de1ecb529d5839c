"""Proving the seals: every sealed month is hashed again, and what no longer fits is named."""

from dataclasses import dataclass

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import Month
from karmyogi.core.reasons import Reason, reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.scores.models import ScoreMonth
from karmyogi.scores.queries.rows import differing, fingerprint_of, sealed_digests, stored
from karmyogi.scores.service.checks import scored
from karmyogi.scores.service.sealing import SEALED, seal_of
from karmyogi.store.trail import TrailEntry


@dataclass(frozen=True)
class Proof:
    """What proving the seals came to: the months looked at, and the first fault of each that is broken."""

    months: tuple[str, ...]
    faults: tuple[Reason, ...]

    @property
    def broken(self) -> frozenset[str]:
        return frozenset(str(fault.facts["month"]) for fault in self.faults)


def verify_seals(month: Month | None = None) -> Proof:
    """Read every sealed month, or one, and hash it again: what no longer fits its seal is named.

    A seal covers the month's scores, lines, ranks and groups, its policy and
    inputs, its place in the chain, and its entry on the trail. Raises
    RuleBroken if the month asked for was never sealed.
    """
    months, faults, before, on_trail = [], [], None, _seals_on_trail()
    if month is not None and scored(month).state != "sealed" and str(month) not in on_trail:
        raise RuleBroken(reason("month_not_sealed", month=str(month)))
    for row in ScoreMonth.select().where(ScoreMonth.state == "sealed").order_by(ScoreMonth.seal_number):
        seal_on_trail = on_trail.pop(row.month, None)
        if month is None or row.month == str(month):
            months.append(row.month)
            faults += _faults_of(row, before, seal_on_trail)[:1]
        before = row
    gone = [lost for lost in sorted(on_trail) if str(month or lost) == lost]
    faults += [reason("seal_missing", month=lost) for lost in gone]
    return Proof((*months, *gone), tuple(faults))


def _seals_on_trail() -> dict[str, str]:
    """The seal of each month ever sealed, as the trail tells it."""
    entries = TrailEntry.select(TrailEntry.change).where(TrailEntry.action == SEALED)
    return {change["month"]: change["seal"] for (change,) in entries.tuples()}


def _faults_of(row: ScoreMonth, before: ScoreMonth | None, seal_on_trail: str | None) -> list[Reason]:
    place = (before.seal, before.seal_number + 1) if before else (None, 1)
    checks = {
        "seal_header_wrong": seal_of(row) == row.seal,
        "seal_link_wrong": (row.previous_seal, row.seal_number) == place,
        "seal_off_trail": row.seal == seal_on_trail,
    }
    return _wrong_rows(row) + [reason(code, month=row.month) for code, is_right in checks.items() if not is_right]


def _wrong_rows(row: ScoreMonth) -> list[Reason]:
    """The first score and the first group that are not what was sealed; the digests only help to name them."""
    month = Month.parse(row.month)
    found, kept = fingerprint_of(stored(month)), sealed_digests(month)
    faults = [_wrong_score(row, officer_id) for officer_id in differing(found.scores, kept.scores)[:1]]
    faults += [_wrong_group(row, group) for group in differing(found.groups, kept.groups)[:1]]
    if found.run_id == row.run_id:
        return [reason("seal_digests_wrong", month=row.month)] if faults else []
    return [*faults, reason("seal_run_wrong", month=row.month)]


def _wrong_score(row: ScoreMonth, officer_id: int) -> Reason:
    employee_code = Officer.select(Officer.employee_code).where(Officer.id == officer_id).scalar()
    return reason("seal_score_wrong", month=row.month, employee_code=employee_code or str(officer_id))


def _wrong_group(row: ScoreMonth, group: str) -> Reason:
    scope, unit_id, state_class = group.split("/")
    unit = OrgUnit.select(OrgUnit.name_en).where(OrgUnit.id == int(unit_id)).scalar() or unit_id
    return reason("seal_group_wrong", month=row.month, group=f"{scope} {unit} {state_class}".strip())
