"""Proving the seals: every sealed month is hashed and put together anew, and what no longer fits is named.

Three proofs, each of its own: the seal (nothing was changed since), the sum (what stands follows from
what was found and the policy), and the records of today (whether they still say so).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import Month
from karmyogi.core.reasons import Reason, reason
from karmyogi.scores import rules
from karmyogi.scores.models import ScoreMonth, SealBlock
from karmyogi.scores.queries.again import (
    Unlike,
    codes_of_officers,
    names_of_units,
    sealed_months,
    stage_from_found,
    unlike,
)
from karmyogi.scores.queries.again_units import Count
from karmyogi.scores.queries.computing import snapshot, stage_month
from karmyogi.scores.queries.facts import published_policies
from karmyogi.scores.queries.rows import (
    STAGED,
    Fingerprint,
    are_kept,
    blocks_of,
    differing,
    fingerprint_of,
    sealed_digests,
    stored,
)
from karmyogi.scores.service.checks import scored
from karmyogi.scores.service.computing import cleared_stage
from karmyogi.scores.service.proving_corrections import wrong_corrections
from karmyogi.scores.service.sealing import SEALED, seal_of
from karmyogi.store.pace import Pace
from karmyogi.store.trail import TrailEntry

MOST_NAMED = 100  # faults of one sort in one month; of the others the number is told
HASHED_SHARE = 0.5  # of a month's proof

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")

One = TypeVar("One")


@dataclass(frozen=True)
class Proof:
    """What proving came to: the months looked at, what no longer fits its seal, and what does not follow."""

    months: tuple[str, ...]
    faults: tuple[Reason, ...]
    unlike: tuple[Reason, ...] = ()

    @property
    def broken(self) -> frozenset[str]:
        return frozenset(str(fault.facts["month"]) for fault in (*self.faults, *self.unlike))


@dataclass(frozen=True)
class Today:
    """A sealed month beside what today's records come to under the same policy: for how many officers they differ."""

    month: str
    officers: int
    differing: int


def verify_seals(month: Month | None = None, *, pace: Pace | None = None) -> Proof:
    """Read every sealed month, or one, hash it again and put it together anew: what does not fit is named.

    A seal covers the month's scores, lines, ranks and groups, from its second version
    on the figures of units, its policy and inputs, its place in the chain, and its entry on the trail; so does the
    hash of each approved correction. Raises RuleBroken if the month asked for
    was never sealed; Cancelled.
    """
    on_trail = _seals_on_trail()
    if month is not None and scored(month).state != "sealed" and str(month) not in on_trail:
        raise RuleBroken(reason("month_not_sealed", month=str(month)))
    rows = sealed_months()
    asked = [(row, before) for row, before in zip(rows, [None, *rows], strict=False) if str(month or row) == row.month]
    faults, follows, pace = [], [], pace or Pace()
    for place, (row, before) in enumerate(asked):
        part = pace.part(place / len(asked), (place + 1) / len(asked))
        is_month = MONTH.fullmatch(row.month)  # else somebody called it otherwise: its header names it
        faults += (_wrong_rows(row, part) if is_month else []) + _faults_of(row, before, on_trail.get(row.month))
        part.at(HASHED_SHARE)
        follows += _what_does_not_follow(row) if is_month else []
    gone = [lost for lost in sorted(on_trail.keys() - {row.month for row in rows}) if str(month or lost) == lost]
    faults += [reason("seal_missing", month=lost) for lost in gone]
    faults += wrong_corrections(month)
    return Proof((*(row.month for row, _before in asked), *gone), tuple(faults), tuple(follows))


def compare_with_today(month: Month) -> Today:
    """Compute a sealed month once more from today's records under its own policy, and count who would differ.

    What differs came later: a correction would carry it. Nothing is stored. Raises RuleBroken if it is not sealed.
    """
    row = scored(month)
    if row.state != "sealed":
        raise RuleBroken(reason("month_not_sealed", month=row.month))
    policy = rules.policy_for(month, published_policies(), number=row.policy.number)
    with cleared_stage():
        with snapshot():
            stage_month(month, policy)
        found = fingerprint_of(replace(STAGED, version=rules.SCORES_ALONE))
    return Today(row.month, row.officer_count, len(differing(found.scores, fingerprint_of(stored(month)).scores)))


# The seal


def _seals_on_trail() -> dict[str, TrailEntry]:
    """The entry of each month ever sealed."""
    return {entry.change["month"]: entry for entry in TrailEntry.select().where(TrailEntry.action == SEALED)}


def _faults_of(row: ScoreMonth, before: ScoreMonth | None, entry: TrailEntry | None) -> list[Reason]:
    place = (before.seal, before.seal_number + 1) if before else (None, 1)
    on_trail = entry and (entry.subject_id, entry.change["number"], entry.change["seal"])
    checks = {
        "seal_header_wrong": _header_stands(row),
        "seal_link_wrong": (row.previous_seal, row.seal_number) == place,
        "seal_off_trail": (row.id, row.seal_number, row.seal) == on_trail,
    }
    return [reason(code, month=row.month) for code, is_right in checks.items() if not is_right]


def _header_stands(row: ScoreMonth) -> bool:
    """True if the seal is that of what the month says; terms that cannot be read any more have been changed."""
    try:
        return seal_of(row) == row.seal and (row.line_path, row.territory_path) == ("/", "/")
    except (AttributeError, TypeError, ValueError):
        return False


def _wrong_rows(row: ScoreMonth, pace: Pace) -> list[Reason]:
    """The scores, groups and units that are not what was sealed; the digests only help to name them."""
    month, officers = Month.parse(row.month), max(row.officer_count, 1)
    found = fingerprint_of(stored(month), told=lambda read: pace.at(HASHED_SHARE * read / officers))
    if found.run_id == row.run_id:
        return [] if _digests_stand(month, found) else [reason("seal_digests_wrong", month=row.month)]
    kept = sealed_digests(month)
    scores, groups = differing(found.scores, kept.scores), differing(found.groups, kept.groups)
    units = differing(found.units, kept.units)
    codes, names = codes_of_officers(scores[:MOST_NAMED]), _names_in([*groups[:MOST_NAMED], *units[:MOST_NAMED]])
    faults = _named(row, scores, "seal_score_wrong", lambda one: {"employee_code": codes.get(one, str(one))})
    faults += _named(row, groups, "seal_group_wrong", lambda one: {"group": _group(*one.split("/"), names)})
    faults += _named(row, units, "seal_unit_wrong", lambda one: {"unit": _group(*one.split("/"), "", names)})
    return faults or [reason("seal_run_wrong", month=row.month)]


def _digests_stand(month: Month, found: Fingerprint) -> bool:
    """True if the digests are kept as they were written, block by block."""
    return are_kept(SealBlock.select().where(SealBlock.month == str(month)), blocks_of(month, found))


def _names_in(groups: Sequence[str]) -> dict[int, str]:
    return names_of_units({int(group.split("/")[1]) for group in groups})


def _group(scope: str, unit_id: int | str, state_class: str, names: dict[int, str]) -> str:
    return f"{scope} {names.get(int(unit_id), unit_id)} {state_class}".strip()


def _named(row: ScoreMonth, found: Sequence[One], code: str, facts: Callable[[One], dict[str, object]]) -> list[Reason]:
    """A reason for each, up to a number, and how many more there are."""
    named = [reason(code, month=row.month, **facts(one)) for one in found[:MOST_NAMED]]
    more = len(found) - len(named)
    return [*named, reason("proof_names_more", month=row.month, count=more)] if more > 0 else named


# The sum


def _what_does_not_follow(row: ScoreMonth) -> list[Reason]:
    """What of a month does not follow from the items that were found, the places of officers, and the policy."""
    month = Month.parse(row.month)
    with cleared_stage(), snapshot():
        stage_from_found(month)
        found = unlike(month, with_units=row.seal_version > rules.SCORES_ALONE)
    return _told(row, found)


def _told(row: ScoreMonth, found: Unlike) -> list[Reason]:
    officers = [one for one, *_rest in (*found.lines[:MOST_NAMED], *found.points[:MOST_NAMED])]
    codes = codes_of_officers([*officers, *found.places[:MOST_NAMED], *found.without_score[:MOST_NAMED]])
    units = [*found.groups[:MOST_NAMED], *found.counts[:MOST_NAMED], *found.units[:MOST_NAMED]]
    names = names_of_units({unit_id for _scope, unit_id, *_rest in units})

    def whose(officer: int) -> dict[str, object]:
        return {"employee_code": codes.get(officer, str(officer))}

    is_counted = found.counted == row.officer_count
    return [
        *_named(row, found.lines, "again_line_wrong", lambda o: {**whose(o[0]), "line": o[1], **_points(*o[2:])}),
        *_named(row, found.points, "again_points_wrong", lambda one: {**whose(one[0]), **_points(*one[1:])}),
        *_named(row, found.places, "again_rank_wrong", whose),
        *_named(row, found.groups, "again_group_wrong", lambda one: {"group": _group(*one, names)}),
        *_named(row, found.counts, "again_spread_wrong", lambda one: _spread(one, names)),
        *_named(row, found.units, "again_unit_wrong", lambda one: {"unit": _group(*one, names)}),
        *_named(row, found.without_score, "again_score_missing", whose),
        *([] if is_counted else [reason("again_count_wrong", month=row.month, count=found.counted)]),
    ]


def _spread(one: Count, names: dict[int, str]) -> dict[str, object]:
    *group, points, stands, follows = one
    return {"group": _group(*group, names), "points": points, **_points(stands, follows)}


def _points(stands: int, follows: int) -> dict[str, object]:
    return {"stands": stands, "follows": follows}
