"""What an officer did: everything that a score may rest on."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime


@dataclass(frozen=True)
class Origin:
    """Where a fact came from: the import and the row in it, none for what was entered here; and what proves it."""

    import_id: int | None = None
    row_number: int | None = None
    certificate_id: str = ""  # iGOT's own
    achievement_id: int | None = None  # the claim that was verified
    verified_at: datetime | None = None
    session_id: int | None = None


NOWHERE = Origin()


@dataclass(frozen=True)
class Posting:
    """Days in service, both inclusive; `to_on` None is until further notice."""

    from_on: date
    to_on: date | None = None

    def is_held(self, on: date) -> bool:
        """True on every day from the first to the last, both included."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True)
class Completion:
    """A finished course, with what a plan expected of it; `completed_on` is the day in India."""

    course_name: str
    completed_at: datetime
    completed_on: date
    provider: str = ""
    kind: str = ""
    is_planned: bool = False
    due_on: date | None = None
    has_certificate: bool = False  # iGOT's own, which counts the hours
    is_verified: bool = False  # an achievement with a certificate image that was verified
    is_rated: bool = False
    duration_seconds: int = 0
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Assessment:
    """A course assessment as last attempted."""

    name: str
    attempted_on: date
    is_passed: bool
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Attendance:
    """A session attended or taught."""

    title_hi: str
    title_en: str
    held_on: date
    part: str = "attended"
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Facts:
    """Everything about one officer that a score may rest on; other months' facts do no harm."""

    postings: tuple[Posting, ...] = ()
    completions: tuple[Completion, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    registered_on: date | None = None
    first_enrolled_on: date | None = None
    registered_by: Origin = field(default=NOWHERE, compare=False)
    first_enrolled_by: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Known:
    """What a computation could know: the imports that were applied by then, and the moment it was made."""

    imports: frozenset[int]
    at: datetime

    def is_late(self, origin: Origin) -> bool:
        """True for a fact that an import brought, or changed, after the computation; of other facts nothing is told."""
        return origin.import_id is not None and origin.import_id not in self.imports

    def is_late_to_verify(self, origin: Origin) -> bool:
        """True for a claim that was verified after the computation."""
        return origin.verified_at is not None and origin.verified_at > self.at


def as_known(facts: Facts, known: Known) -> Facts:
    """The facts without those of which it can be told that they came later."""
    return replace(
        facts,
        completions=tuple(_as_verified(c, known) for c in facts.completions if not known.is_late(c.origin)),
        assessments=tuple(a for a in facts.assessments if not known.is_late(a.origin)),
        attendances=tuple(a for a in facts.attendances if not known.is_late(a.origin)),
    )


def _as_verified(completion: Completion, known: Known) -> Completion:
    return replace(completion, is_verified=False) if known.is_late_to_verify(completion.origin) else completion
