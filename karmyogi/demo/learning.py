"""How officers of a fictional state learn: when they register, what they enrol in, what they finish."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from karmyogi.core.months import Month
from karmyogi.demo.courses import COURSES, Course, Expected, expected_of
from karmyogi.demo.people import SCORED_FROM, Person

PORTAL_OPENED = date(2023, 7, 1)


@dataclass(frozen=True)
class Pace:
    """How somebody learns: the share of officers who do, and their chances.

    `plan` is the chance to finish an expected course, `in_time` to do so by its
    due date, `free` the other courses finished in a month, `open` the courses
    begun and left, `rates` the chance to rate a finished one.
    """

    share: float
    plan: float
    in_time: float
    free: float
    open: float
    rates: float


PACES = {
    "idle": Pace(share=0.22, plan=0.04, in_time=0.7, free=0.02, open=0.5, rates=0.1),
    "occasional": Pace(share=0.45, plan=0.35, in_time=0.8, free=0.12, open=0.5, rates=0.25),
    "regular": Pace(share=0.25, plan=0.75, in_time=0.9, free=0.35, open=0.6, rates=0.35),
    "keen": Pace(share=0.065, plan=0.95, in_time=0.97, free=1.2, open=0.6, rates=0.5),
    "star": Pace(share=0.015, plan=1.0, in_time=1.0, free=3.3, open=0.3, rates=0.65),
}
EXPECTED_LEFT_OPEN = 0.18
CERTIFIED = 0.95


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An officer in a course: days as ordinals, times as seconds of the day; `done_day` is 0 when not finished."""

    course: Course
    begun_day: int
    begun_second: int
    progress: float
    done_day: int = 0
    done_second: int = 0
    certificate_id: str = ""
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Learner:
    """What the portal knows of one registered officer."""

    registered_day: int
    pace: Pace
    expected: tuple[Expected, ...]
    enrolments: tuple[Enrolment, ...]


@dataclass
class Season:
    """The days of the story, those on which much is learnt more often than others."""

    last_on: date
    days: list[int] = field(init=False)
    _expected: dict[str, tuple[Expected, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.days = list(_busy_days(self.last_on))

    def draw(self, rng: Random, low: int, high: int) -> int:
        """A day from `low` to `high`, both inclusive; 0 if the story has none such."""
        first, end = bisect_left(self.days, low), bisect_right(self.days, high)
        return self.days[first + int(rng.random() * (end - first))] if first < end else 0

    def expected_of(self, designation_en: str) -> tuple[Expected, ...]:
        if designation_en not in self._expected:
            self._expected[designation_en] = expected_of(designation_en, last_on=self.last_on)
        return self._expected[designation_en]


def _busy_days(last_on: date) -> Iterator[int]:
    """Every day of the story, more often the later it is, on working days, and in the learning week of October."""
    day = SCORED_FROM
    while day <= last_on:
        months_in = min(12, (day - SCORED_FROM).days // 30)
        times = (3 + months_in // 2) * (1 if day.weekday() == 6 else 3)
        yield from [day.toordinal()] * (times * 3 if day.month == 10 and 13 <= day.day <= 19 else times)
        day += timedelta(days=1)


def draw_learner(person: Person, rng: Random, season: Season) -> Learner | None:
    """What this officer has done on the portal by the end of the story; None if not registered.

    Nobody learns before registering and joining, or after retiring.
    """
    is_fixed = bool(person.pace)
    if not is_fixed and rng.random() >= _registered_share(person.seat.department_en):
        return None
    first = max(PORTAL_OPENED, person.joined_on).toordinal()
    end = min(season.last_on, person.retires_on).toordinal()
    registered = _registered_day(rng, first, end, early=is_fixed)
    pace = PACES[person.pace] if is_fixed else _draw_pace(rng)
    expected = season.expected_of(person.seat.designation_en)
    window = (max(registered, SCORED_FROM.toordinal()), end)
    return Learner(registered, pace, expected, tuple(_enrolments(rng, season, pace, expected, window)))


def _registered_share(department_en: str) -> float:
    """About four of five; departments differ, always by the same measure."""
    return 0.65 + 0.03 * (sum(map(ord, department_en)) % 9)


def _registered_day(rng: Random, first: int, end: int, *, early: bool) -> int:
    scored_from = SCORED_FROM.toordinal()
    if first < scored_from and (early or rng.random() < 0.55):
        end = min(end, scored_from - 1)
    return first + int(rng.random() * (end - first + 1))


def _draw_pace(rng: Random) -> Pace:
    chance = rng.random()
    for pace in PACES.values():
        chance -= pace.share
        if chance < 0:
            return pace
    return PACES["occasional"]


def _enrolments(
    rng: Random, season: Season, pace: Pace, expected: tuple[Expected, ...], window: tuple[int, int]
) -> Iterator[Enrolment]:
    """Expected courses first, then courses of one's own choice, then those begun and left."""
    taken: set[str] = set()
    for item in expected:
        taken.add(item.course.name)
        day = _plan_day(rng, season, pace, item, window)
        if day:
            yield _finished(rng, item.course, day, window, pace)
        elif rng.random() < EXPECTED_LEFT_OPEN:
            yield from _left_open(rng, item.course, season.draw(rng, *window))
    for course in _choose(rng, _about(rng, pace.free * _months(window)), taken):
        day = season.draw(rng, window[0] + 1, window[1])
        if day:
            yield _finished(rng, course, day, window, pace)
    for course in _choose(rng, _about(rng, pace.open), taken):
        yield from _left_open(rng, course, season.draw(rng, *window))


def _plan_day(rng: Random, season: Season, pace: Pace, item: Expected, window: tuple[int, int]) -> int:
    """The day on which an expected course is finished, most often in time; 0 if it is not."""
    due = item.due_on.toordinal()
    chance = pace.plan if due <= window[1] else pace.plan / 2
    if rng.random() >= chance:
        return 0
    if rng.random() < pace.in_time:
        return season.draw(rng, max(window[0] + 1, item.allotted_on.toordinal()), min(due, window[1]))
    return season.draw(rng, max(window[0], due) + 1, window[1])


def _months(window: tuple[int, int]) -> float:
    return max(0, window[1] - window[0]) / 30.4


def _about(rng: Random, mean: float) -> int:
    """A whole number near the mean, and the mean on average."""
    return int(mean * (0.6 + 0.8 * rng.random()) + rng.random())


def _choose(rng: Random, count: int, taken: set[str]) -> Iterator[Course]:
    """So many courses not taken yet, as far as the catalogue goes; they count as taken from then on."""
    for _ in range(count):
        course = COURSES[int(rng.random() * len(COURSES))]
        if course.name not in taken:
            taken.add(course.name)
            yield course


def _finished(rng: Random, course: Course, day: int, window: tuple[int, int], pace: Pace) -> Enrolment:
    """A completion; begun at least a night earlier, so never faster than the course is long."""
    return Enrolment(
        course,
        begun_day=max(window[0], day - 1 - int(rng.random() ** 2 * 30)),
        begun_second=_second(rng),
        progress=100.0,
        done_day=day,
        done_second=_second(rng),
        certificate_id=_certificate_id(rng) if rng.random() < CERTIFIED else "",
        stars=_stars(rng) if rng.random() < pace.rates else 0,
    )


def _left_open(rng: Random, course: Course, day: int) -> Iterator[Enrolment]:
    """A course begun on that day and not finished; nothing when the story has no such day."""
    if day:
        progress = 0.0 if rng.random() < 0.2 else round(1 + rng.random() * 97, 2)
        yield Enrolment(course, begun_day=day, begun_second=_second(rng), progress=progress)


def _second(rng: Random) -> int:
    """A second of the day between seven in the morning and eleven at night."""
    return 25_200 + int(rng.random() * 57_600)


def _stars(rng: Random) -> int:
    return (5, 5, 4, 4, 3, 5, 4, 2)[int(rng.random() * 8)]


def _certificate_id(rng: Random) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def last_day_of(month: str) -> date:
    """The last day of a month written `2026-01`. Raises ValueError before 2025-04, where the story begins."""
    last_on = Month.parse(month).last_on
    if last_on < SCORED_FROM:
        raise ValueError(f"the fictional state begins in {Month.of(SCORED_FROM)}, not {month}")
    return last_on
