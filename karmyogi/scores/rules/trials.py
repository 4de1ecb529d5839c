"""A draft tried on a sealed month: who would move, and by how much, in numbers of officers and nobody's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, field, replace

from karmyogi.scores.rules.groups import MINIMUM_GROUP, in_steps, told_steps, width_of_steps

OTHERS = "others"  # the key of groups told together, each too small to be told
TOPS = (10, 100, 1_000)
FAR = (10, 100, 1_000)  # the largest moves, in places, of all kinds of moves but the last
STEPS = 10


@dataclass(frozen=True)
class Moved:
    """The officers of a group and what becomes of them; points are sums.

    `up` and `down` are those who gain or lose places in the State, `came` and
    `left` those who have a score only with the draft, or only without it.
    """

    key: str | int
    officers: int
    up: int
    down: int
    came: int
    left: int
    before: int
    after: int

    def joined(self, other: "Moved") -> "Moved":
        """Both groups as one, under the key of this."""
        sums = (mine + theirs for mine, theirs in zip(astuple(self)[1:], astuple(other)[1:], strict=True))
        return Moved(self.key, *sums)


@dataclass(frozen=True)
class Trial:
    """What a draft would have made of a month.

    `by` are groups by what tells them apart; `moves` how many go up and down by
    at most so many places (None: farther still); `tops` how many come anew into
    the first so many places; `spread` the officers with points in a step, both
    ends inclusive, before and after, where None is fewer than ten.
    """

    whole: Moved
    by: Mapping[str, Sequence[Moved]] = field(default_factory=dict)
    moves: Sequence[tuple[int | None, int, int]] = ()
    tops: Sequence[tuple[int, int]] = ()
    spread: Sequence[tuple[int, int, int | None, int | None]] = ()

    def as_data(self) -> dict[str, object]:
        """The trial as it is stored; `trial_from` reads it back."""
        return asdict(self)


def trial_from(data: Mapping[str, object]) -> Trial:
    """A stored trial."""
    rows: Mapping[str, list[Mapping[str, int]]] = data["by"]  # type: ignore[assignment]
    return Trial(
        whole=Moved(**data["whole"]),  # type: ignore[arg-type]
        by={name: [Moved(**row) for row in listed] for name, listed in rows.items()},
        moves=[tuple(one) for one in data["moves"]],  # type: ignore[attr-defined]
        tops=[tuple(one) for one in data["tops"]],  # type: ignore[attr-defined]
        spread=[tuple(one) for one in data["spread"]],  # type: ignore[attr-defined]
    )


def told_groups(groups: Iterable[Moved]) -> list[Moved]:
    """Groups that may be told, largest first: none of fewer than ten, nor one that the others would give away.

    Those too small stand together as `others`, with the smallest of the rest
    where they alone were still fewer than ten; without ten in all, nothing is told.
    """
    ordered = sorted(groups, key=lambda one: (-one.officers, str(one.key)))
    told = [one for one in ordered if one.officers >= MINIMUM_GROUP]
    small = [one for one in ordered if one.officers < MINIMUM_GROUP]
    while small and sum(one.officers for one in small) < MINIMUM_GROUP and told:
        small.append(told.pop())
    if not small or sum(one.officers for one in small) < MINIMUM_GROUP:
        return told
    others = replace(small[0], key=OTHERS)
    for one in small[1:]:
        others = others.joined(one)
    return [*told, others]


def steps_of(before: Mapping[int, int], after: Mapping[int, int]) -> list[tuple[int, int, int | None, int | None]]:
    """How many officers have how many points before and after, in the same at most ten steps.

    `before` and `after` count officers by their points. A step of fewer than ten is None, and then so is the smallest
    other one, which nobody can find out from the sum.
    """
    width = width_of_steps(max([*before, *after], default=1), steps=STEPS)
    counted = [in_steps(points, width) for points in (before, after)]
    last = max((step for steps in counted for step in steps), default=-1)
    told = [told_steps([steps.get(step, 0) for step in range(last + 1)]) for steps in counted]
    return [(n * width + 1, (n + 1) * width, told[0][n], told[1][n]) for n in range(last + 1)]
