"""What an officer did: everything that a score may rest on."""

from dataclasses import dataclass
from datetime import date, datetime


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


@dataclass(frozen=True)
class Assessment:
    """A course assessment as last attempted."""

    name: str
    attempted_on: date
    is_passed: bool


@dataclass(frozen=True)
class Attendance:
    """A session attended or taught."""

    title_hi: str
    title_en: str
    held_on: date
    part: str = "attended"


@dataclass(frozen=True)
class Facts:
    """Everything about one officer that a score may rest on; other months' facts do no harm."""

    postings: tuple[Posting, ...] = ()
    completions: tuple[Completion, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    attendances: tuple[Attendance, ...] = ()
    registered_on: date | None = None
    first_enrolled_on: date | None = None
