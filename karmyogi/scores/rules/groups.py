"""Ranks, and who is compared with whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import cycle

MINIMUM_GROUP = 10  # a smaller group would let a person be inferred


def shared_ranks(values: Sequence[int | Fraction]) -> list[int]:
    """The rank of each value, highest first; equal values share a rank and the next one skips: 1, 2, 2, 4."""
    first_place: dict[int | Fraction, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first_place.setdefault(value, place)
    return [first_place[value] for value in values]


def width_of_steps(most: int, *, steps: int = 10) -> int:
    """How many points wide each of at most `steps` equal steps is, so that they reach `most`: 1, 2 or 5, 10, 20 …"""
    width, factors = 1, cycle((2, Fraction(5, 2), 2))
    while width * steps < most:
        width = int(width * next(factors))
    return width


def in_steps(points: Mapping[int, int], width: int) -> dict[int, int]:
    """How many officers are in each step of so many points, the first step being 0; `points` counts them by points."""
    steps: dict[int, int] = {}
    for value, officers in points.items():
        steps[(value - 1) // width] = steps.get((value - 1) // width, 0) + officers
    return steps


def told_steps(counts: Sequence[int]) -> list[int | None]:
    """The same numbers, but None for fewer than ten, and for the smallest other where the sum would give them away."""
    small = {n for n, count in enumerate(counts) if 0 < count < MINIMUM_GROUP}
    rest = sorted((n for n, count in enumerate(counts) if count >= MINIMUM_GROUP), key=lambda n: counts[n])
    if small and sum(counts[n] for n in small) < MINIMUM_GROUP:
        small |= set(rest[:1])
    return [None if n in small else count for n, count in enumerate(counts)]


def bands_from(smallest: int, largest: Sequence[int]) -> list[tuple[int, int | None]]:
    """Bands of size from `smallest` on, one up to each of `largest` inclusive, and one without an end."""
    ends = sorted(size for size in set(largest) if size >= smallest)
    return list(zip([smallest, *(size + 1 for size in ends)], [*ends, None], strict=True))


class BoardScope(StrEnum):
    """How wide a board is drawn."""

    OFFICE = "office"
    DISTRICT = "district"
    DIVISION = "division"
    DEPARTMENT = "department"
    STATE = "state"


WIDER = {
    BoardScope.OFFICE: BoardScope.DISTRICT,
    BoardScope.DISTRICT: BoardScope.DIVISION,
    BoardScope.DIVISION: BoardScope.STATE,
    BoardScope.DEPARTMENT: BoardScope.STATE,
}


@dataclass(frozen=True)
class Peers:
    """Officers who are compared: those of a State class within a scope, or all of it where the class is empty."""

    scope: BoardScope
    state_class: str = ""


def wider_groups(wanted: Peers) -> list[Peers]:
    """The group itself, then what it is merged into step by step: without class, then the wider scopes."""
    groups, scope = [wanted, Peers(wanted.scope)], wanted.scope
    while scope in WIDER:
        scope = WIDER[scope]
        groups.append(Peers(scope))
    return list(dict.fromkeys(groups))


def group_shown(wanted: Peers, sizes: Mapping[Peers, int]) -> Peers | None:
    """The group in which an officer is shown: the first of at least ten; None if even the State has fewer.

    `sizes` counts officers with a score; a group that is missing there, as the
    district of a State office, is passed over.
    """
    for group in wider_groups(wanted):
        if sizes.get(group, 0) >= MINIMUM_GROUP:
            return group
    return None
