"""Proving corrections: every approved one is hashed again, and what no longer fits is named."""

from collections.abc import Iterable

from karmyogi.core.months import Month
from karmyogi.core.reasons import Reason, reason
from karmyogi.people.models import Officer, OrgUnit
from karmyogi.scores.models import Correction, CorrectionBlock, ScoreMonth
from karmyogi.scores.queries.differences import digests_of_changes
from karmyogi.scores.queries.rows import are_kept, differing, digest_blocks, fingerprint_of, stored
from karmyogi.scores.rules import APPROVED
from karmyogi.scores.service import corrections
from karmyogi.store.trail import TrailEntry

Digests = dict[str, dict[int | str, str]]


def wrong_corrections(month: Month | None = None) -> list[Reason]:
    """The first fault of each approved correction, of all months or one; also of those that are gone.

    A hash covers the corrected scores, lines, ranks and groups, what is said of each officer, what it rests on, its
    place in the chain, and its entry on the trail.
    """
    on_trail, faults, before = _hashes_on_trail(), [], None
    rows = Correction.select().where(Correction.state == APPROVED).order_by(Correction.month, Correction.number)
    for row in rows:
        before = before if before and before.month == row.month else None
        hash_on_trail = on_trail.pop((row.month, row.number), None)
        if month is None or row.month == str(month):
            faults += _faults_of(row, before, hash_on_trail)[:1]
        before = row
    gone = [key for key in sorted(on_trail) if month is None or key[0] == str(month)]
    return faults + [reason("correction_missing", month=lost, number=number) for lost, number in gone]


def _hashes_on_trail() -> dict[tuple[str, int], str]:
    """The hash of each correction ever approved, as the trail tells it."""
    entries = TrailEntry.select(TrailEntry.change).where(TrailEntry.action == corrections.APPROVED)
    return {(change["month"], change["number"]): change["hash"] for (change,) in entries.tuples()}


def _faults_of(row: Correction, before: Correction | None, hash_on_trail: str | None) -> list[Reason]:
    sealed = ScoreMonth.get_or_none(ScoreMonth.month == row.month)
    base = before or sealed
    follows = base is not None and (row.base_run, row.base_run_id) == (base.run, base.run_id)
    place = (before.hash, before.number + 1) if before else (sealed and sealed.seal, 1)
    checks = {
        "correction_header_wrong": _header_stands(row),
        "correction_link_wrong": follows and (row.previous, row.number) == place,
        "correction_off_trail": row.hash == hash_on_trail,
    }
    wrong_rows = _wrong_rows(row) if sealed else []  # else somebody called it otherwise: its header names it
    return wrong_rows + [_fault(code, row) for code, is_right in checks.items() if not is_right]


def _header_stands(row: Correction) -> bool:
    """True if the hash is that of what it says of itself; terms that cannot be read any more are changed ones."""
    try:
        return corrections.hash_of(row) == row.hash and (row.line_path, row.territory_path) == ("/", "/")
    except (AttributeError, TypeError, ValueError):
        return False


def _wrong_rows(row: Correction) -> list[Reason]:
    """The first score, change and group that are not what was approved; the digests only help to name them."""
    found = fingerprint_of(stored(Month.parse(row.month), row.run))
    changes, digests = digests_of_changes(row.id)
    if (found.run_id, changes) == (row.run_id, row.changes):
        written = digest_blocks(score=found.scores, group=found.groups, change=digests)
        return [] if are_kept(_blocks_of(row), written) else [_fault("correction_digests_wrong", row)]
    kept = _kept_digests(row)
    faults = [_of_officer("correction_score_wrong", row, one) for one in differing(found.scores, kept["score"])[:1]]
    faults += [_of_officer("correction_change_wrong", row, one) for one in differing(digests, kept["change"])[:1]]
    faults += [_of_group(row, one) for one in differing(found.groups, kept["group"])[:1]]
    return [*faults, _fault("correction_run_wrong", row)]


def _kept_digests(row: Correction) -> Digests:
    kept: Digests = {"score": {}, "group": {}, "change": {}}
    for block in _blocks_of(row):
        kept[block.part].update(dict(block.digests))
    return kept


def _blocks_of(row: Correction) -> Iterable[CorrectionBlock]:
    return CorrectionBlock.select().where(CorrectionBlock.correction == row.id)


def _fault(code: str, row: Correction, **facts: str) -> Reason:
    return reason(code, month=row.month, number=row.number, **facts)


def _of_officer(code: str, row: Correction, officer_id: int) -> Reason:
    employee_code = Officer.select(Officer.employee_code).where(Officer.id == officer_id).scalar()
    return _fault(code, row, employee_code=employee_code or str(officer_id))


def _of_group(row: Correction, group: str) -> Reason:
    scope, unit_id, state_class = group.split("/")
    unit = OrgUnit.select(OrgUnit.name_en).where(OrgUnit.id == int(unit_id)).scalar() or unit_id
    return _fault("correction_group_wrong", row, group=f"{scope} {unit} {state_class}".strip())
