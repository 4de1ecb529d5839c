"""A numbered correction of a sealed month: what it changes for whom, and the road it takes; the seal stays as it is."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from karmyogi.core.permissions import Permission
from karmyogi.core.reasons import N_, declare
from karmyogi.core.workflow import not_same_hand, step, workflow
from karmyogi.scores.rules.telling import NOTHING, Counted

declare(
    correction_needs_seal=N_("The month %(month)s is not sealed. While it is open it is computed again instead."),
    correction_is_open=N_("A correction of %(month)s is under way already. It has to end before another is opened."),
    correction_changes_nothing=N_(
        "Today's records come to the same points as those that stand for %(month)s. There is nothing to correct."
    ),
    correction_is_damaged=N_(
        "The stored rows of this correction are not those that were computed. Withdraw it and open another."
    ),
    correction_overtaken=N_("The records changed at this very moment. Try again."),
    correction_score_wrong=N_(
        "The corrected score of officer %(employee_code)s in correction no. %(number)s of %(month)s has been changed, "
        "removed or added since."
    ),
    correction_change_wrong=N_(
        "What correction no. %(number)s of %(month)s says of officer %(employee_code)s has been changed, removed or "
        "added since."
    ),
    correction_group_wrong=N_(
        "The size of the group %(group)s in correction no. %(number)s of %(month)s has been changed, removed or added "
        "since."
    ),
    correction_run_wrong=N_("The rows of correction no. %(number)s of %(month)s are not those that were approved."),
    correction_digests_wrong=N_(
        "The digests kept with correction no. %(number)s of %(month)s have been changed since."
    ),
    correction_header_wrong=N_(
        "Correction no. %(number)s of %(month)s does not fit its hash: what it rests on has been changed since."
    ),
    correction_link_wrong=N_("Correction no. %(number)s of %(month)s does not follow from what it corrects."),
    correction_off_trail=N_("Correction no. %(number)s of %(month)s is not the one on the trail."),
    correction_missing=N_("Correction no. %(number)s of %(month)s was approved on the trail, and is there no longer."),
)

OPEN, APPROVE = Permission.CORRECTIONS_OPEN, Permission.CORRECTIONS_APPROVE

# What is sent back is at its end: the records are put right, and a correction is opened that was computed from them.
# fmt: off
CORRECTION = workflow("correction", "correction_drafted", (
    #    action                from                    to                      who      guards / remark
    step("correction_propose",  "correction_drafted",  "correction_proposed",  OPEN,    remark=True),
    step("correction_approve",  "correction_proposed", "correction_approved",  APPROVE, not_same_hand),
    step("correction_return",   "correction_proposed", "correction_returned",  APPROVE, remark=True),
    step("correction_withdraw", "correction_drafted correction_proposed", "correction_withdrawn", OPEN),
    step("correction_lapse",    "correction_proposed", "correction_lapsed",    Permission.SCORES_RUN),
), ends="correction_approved correction_returned correction_withdrawn correction_lapsed")
# fmt: on

CORRECTION_OPEN = ("correction_drafted", "correction_proposed")
APPROVED = "correction_approved"


@dataclass(frozen=True)
class Scored:
    """An officer's month: points (None without a score), where they were posted, and the lines.

    `posting` is the unit and the State class, `within` the units in which that unit lies: with whom they compare.
    """

    points: int | None = None
    posting: tuple[int | None, str] = (None, "")
    within: tuple[int | None, ...] = ()
    lines: Mapping[str, Counted] = field(default_factory=dict)


NOBODY = Scored()
People = Mapping[int, Scored]


@dataclass(frozen=True)
class Changed:
    """An officer's month before a correction and after it."""

    before: Scored
    after: Scored

    @property
    def codes(self) -> frozenset[str]:
        """The lines that differ."""
        here = self.before.lines.keys() | self.after.lines.keys()
        return frozenset(c for c in here if self.before.lines.get(c, NOTHING) != self.after.lines.get(c, NOTHING))

    def settles(self, code: str) -> bool:
        """True if a dispute of this line has been followed: the line differs, or where the officer was posted."""
        return code in self.codes or self.before.posting != self.after.posting


def changes(before: People, after: People) -> dict[int, Changed]:
    """The officers whose points, posting or lines differ; none who moved in rank only because others did."""
    pairs = {who: Changed(before.get(who, NOBODY), after.get(who, NOBODY)) for who in before.keys() | after.keys()}
    return {who: pair for who, pair in pairs.items() if pair.before != pair.after}


def corrected(before: People, changed: Mapping[int, Changed]) -> dict[int, Scored]:
    """What stood before with the changes made: who then has neither a score nor a line is not in it."""
    after = {**before, **{who: pair.after for who, pair in changed.items()}}
    return {who: scored for who, scored in after.items() if scored != NOBODY}


@dataclass(frozen=True)
class Figures:
    """How many officers have more points, fewer, a score for the first time or none any more, or the same points.

    `moved` are the others, whose rank in the State alone is another.
    """

    up: int = 0
    down: int = 0
    appeared: int = 0
    gone: int = 0
    same: int = 0
    moved: int = 0

    @property
    def officers(self) -> int:
        """All whose month differs, without those who only moved."""
        return self.up + self.down + self.appeared + self.gone + self.same

    def as_data(self) -> dict[str, int]:
        """The figures as they are stored."""
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, int]) -> "Figures":
        """The figures as `as_data` gave them."""
        return cls(**{one.name: data[one.name] for one in fields(cls)})


def figures_of(changed: Mapping[int, Changed], *, moved: int = 0) -> Figures:
    """The changes counted by kind: each officer is of one kind."""
    found = [_kind(pair.before.points, pair.after.points) for pair in changed.values()]
    return Figures(**{kind: found.count(kind) for kind in set(found)}, moved=moved)


def _kind(before: int | None, after: int | None) -> str:
    if before == after:
        return "same"
    if before is None or after is None:
        return "appeared" if before is None else "gone"
    return "up" if after > before else "down"


@dataclass(frozen=True)
class Basis:
    """What came since the rows that are corrected were computed, as far as the records tell when they came.

    Imports are given as id, kind and hash of the file; all else by id, and only where it bears on an officer whose
    month differs. `merged` are records that gave way to another, `verdicts` flags that were judged or judged anew.
    """

    imports: tuple[tuple[int, str, str], ...] = ()
    undone: tuple[tuple[int, str, str], ...] = ()
    disputes: tuple[int, ...] = ()
    certificates: tuple[int, ...] = ()
    merged: tuple[int, ...] = ()
    verdicts: tuple[int, ...] = ()
    releases: tuple[int, ...] = ()

    def as_data(self) -> dict[str, list[object]]:
        """The basis as it is stored."""
        return {name: [list(one) if isinstance(one, tuple) else one for one in of] for name, of in vars(self).items()}

    @classmethod
    def read(cls, data: Mapping[str, list]) -> "Basis":
        """The basis as `as_data` gave it."""
        kept = {name: tuple(tuple(o) if isinstance(o, list) else o for o in of) for name, of in data.items()}
        return cls(**kept)
