"""Which names of courses are so near that they may be one course under two names. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from karmyogi.core.reasons import N_, declare

NEAR = 0.9  # of all letters, in order
COMMON = 40  # names with one word in them: of a commoner word nothing follows
PUBLISHED_AGAIN = re.compile(
    r"\b(?:v(?:ersion)?\s*\.?\s*\d+(?:\.\d+)*|20\d\d(?:\s*-\s*\d\d(?:\d\d)?)?|new|revised|updated)\b"
)

declare(
    alias_of_itself=N_("A course is no other name of itself. Choose two different names."),
    alias_is_taken=N_(
        "“%(name)s” already stands for another course, or has other names of its own. "
        "Take that decision back first, or choose the course that stands."
    ),
    alias_moved_on=N_("Somebody else has decided about these names in the meantime. Look at the page again."),
)


@dataclass(frozen=True)
class Named:
    """A course by its name; `id` is None for a name that only a plan knows, which has no provider and kind."""

    id: int | None
    provider: str
    name: str
    kind: str


@dataclass(frozen=True)
class Pair:
    """Two names that may mean one course, and how alike they are, in per cent."""

    one: Named
    other: Named
    likeness: int


def skeleton(name: str) -> str:
    """A name as names are compared: small letters and digits; without years, versions and that it is new."""
    small = name.casefold().replace("&", " and ")
    bare = PUBLISHED_AGAIN.sub(" ", small)
    return " ".join("".join(one if one.isalnum() else " " for one in bare).split()) or small


def near_names(courses: Sequence[Named]) -> list[Pair]:
    """Pairs of names that may be one course, the likeliest first; both of one provider and kind, or one a plan's.

    Numbers must agree, so that part 1 and part 2 stay two courses. Only names
    that share half of their words, one of which is not in many names, are compared at all.
    """
    bones = [skeleton(course.name) for course in courses]
    pairs = [
        Pair(courses[a], courses[b], round(100 * likeness))
        for a, b in sorted(_worth_comparing(courses, bones))
        if (likeness := _likeness(bones[a], bones[b])) >= NEAR
    ]
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.one.name, pair.other.name))


def _worth_comparing(courses: Sequence[Named], bones: Sequence[str]) -> set[tuple[int, int]]:
    words = [frozenset(bone.split()) for bone in bones]
    holding: dict[str, list[int]] = defaultdict(list)
    for place, bone in enumerate(bones):
        for word in {bone, *words[place]}:
            holding[word].append(place)
    return {
        (a, b)
        for places in holding.values()
        if len(places) <= COMMON
        for a, b in _twos(places)
        if 2 * len(words[a] & words[b]) >= max(len(words[a]), len(words[b])) and _may_be_one(courses[a], courses[b])
    }


def _twos(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    for at, a in enumerate(places):
        for b in places[at + 1 :]:
            yield a, b


def _may_be_one(one: Named, other: Named) -> bool:
    if one.id is None or other.id is None:
        return (one.id is None) != (other.id is None) and one.name != other.name
    return (one.provider, one.kind) == (other.provider, other.kind)


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if _numbers(one.split()) != _numbers(other.split()):
        return 0.0
    compared = SequenceMatcher(None, one, other, autojunk=False)
    is_worth_it = compared.real_quick_ratio() >= NEAR and compared.quick_ratio() >= NEAR
    return compared.ratio() if is_worth_it else 0.0


def _numbers(words: Iterable[str]) -> list[str]:
    romans = {"i", "ii", "iii", "iv", "v", "vi"}
    return sorted(word for word in words if word in romans or any(letter.isdigit() for letter in word))
