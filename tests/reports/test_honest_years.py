"""How flags tell cheating from honest learning: a made-up year is left alone, and each known pattern is found."""

import random
from datetime import datetime, time, timedelta

import pytest

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.rules import SAME_SECOND, Doubt, Told, doubts
from karmyogi.core.months import IST
from karmyogi.demo.courses import COURSES
from karmyogi.demo.mess import ROUNDS
from karmyogi.store.files import open_files
from tests.reports.scene import make_place, officer
from tests.reports.test_flags import NOON, bring, line

EVENING = datetime(2025, 10, 14, 20, tzinfo=IST)
STREWN = {"before_enrolled": ROUNDS, "shared_certificate": ROUNDS}  # by karmyogi/demo/mess.py, and all that is odd


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


# Honest


def test_of_a_made_up_year_less_than_one_in_a_hundred_is_flagged(told_db):
    found = [flag.code for flag in Flag.select()]
    honest = [code for code in found if code not in STREWN]

    assert {code: found.count(code) for code in STREWN} == STREWN
    assert len(honest) * 100 < Completion.select().count()
    assert honest == []


def seconds_of(duration: str) -> int:
    hours, minutes, seconds = map(int, duration.split(":"))
    return hours * 3600 + minutes * 60 + seconds


def sitting(chance: random.Random, who: int) -> list[Told]:
    """Two to eight courses one after another; films run at double speed, and tests are passed in half the time."""
    at, told = EVENING + timedelta(minutes=chance.randint(0, 90)), []
    for course in chance.sample(range(len(COURSES)), chance.randint(2, 8)):
        length = seconds_of(COURSES[course].duration)
        at += timedelta(seconds=length / chance.choice([0.8, 1, 1.5, 2, 4]) + chance.randint(5, 600))
        begun = at - timedelta(days=chance.randint(0, 30), seconds=length / 2)
        told.append(Told(who, course, at.replace(microsecond=0), begun.replace(microsecond=0), length))
    return told


@pytest.mark.parametrize("seed", range(3))
def test_whoever_learns_a_whole_evening_is_not_taken_for_a_cheat(seed):
    chance = random.Random(seed)
    told = [one for who in range(3_000) for one in sitting(chance, who)]

    found = doubts(told, came_on=EVENING.date() + timedelta(days=9))

    assert len(found) * 100 < len(told)


def test_a_report_that_names_only_days_raises_nothing(db, files):
    place, day = make_place(), datetime.combine(NOON.date(), time(), IST)
    people = [officer(f"Person {n}", unit=place) for n in range(40)]

    bring(files, *(line(who, f"Course {n}", day, enrolled=day) for who in people for n in range(4)))

    assert (Completion.select().count(), Flag.select().count()) == (160, 0)


# Dishonest: each pattern gives lines of one officer or several, and how many of the completions are to be found


def seconds_apart(who, *gaps, minutes=20, prefix="Course"):
    """Courses finished so many seconds after one another."""
    times = [NOON + timedelta(seconds=sum(gaps[: n + 1])) for n in range(len(gaps))]
    return [line(who, f"{prefix} {n}", at, minutes=minutes) for n, at in enumerate(times)]


PATTERNS = {
    "three in twenty seconds": lambda people: (seconds_apart(people[0], 0, 10, 10), 3, Doubt.TOO_FAST),
    "three at once": lambda people: (seconds_apart(people[0], 0, 0, 0), 3, Doubt.TOO_FAST),
    "a script of thirty, one a minute": lambda people: (
        seconds_apart(people[0], *[60] * 30, minutes=30),
        30,
        Doubt.TOO_FAST,
    ),
    "a script that waits at random": lambda people: (
        seconds_apart(people[0], *[random.Random(1).randint(5, 100) for _ in range(20)]),
        20,
        Doubt.TOO_FAST,
    ),
    "after a first course that was honest": lambda people: (
        seconds_apart(people[0], 0, 5, 5, 90_000),
        3,
        Doubt.TOO_FAST,
    ),
    "a whole office by one hand": lambda people: (
        [row for who in people[:10] for row in seconds_apart(who, 0, 20, 20)],
        30,
        Doubt.TOO_FAST,
    ),
    "a hundred at one second": lambda people: (
        [line(who, "Together", NOON) for who in people],
        SAME_SECOND,
        Doubt.SAME_SECOND,
    ),
    "finished a day before it was begun": lambda people: (
        [line(people[0], "Early", NOON, enrolled=NOON + timedelta(days=1))],
        1,
        Doubt.BEFORE_ENROLLED,
    ),
    "finished a minute before it was begun": lambda people: (
        [line(people[0], "Early", NOON, enrolled=NOON + timedelta(minutes=1))],
        1,
        Doubt.BEFORE_ENROLLED,
    ),
    "finished next year": lambda people: (
        [line(people[0], "Late", datetime.now(IST) + timedelta(days=365))],
        1,
        Doubt.IN_FUTURE,
    ),
    "another's certificate": lambda people: (
        [line(who, "Lent", NOON + timedelta(hours=n), certificate="c1") for n, who in enumerate(people[:2])],
        1,
        Doubt.SHARED_CERTIFICATE,
    ),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_known_pattern_is_found_whole_and_nobody_else_with_it(db, files, name):
    place = make_place()
    people = [officer(f"Person {n}", unit=place) for n in range(SAME_SECOND)]
    honest = [
        line(officer(f"Honest {n}", unit=place), f"Course {n % 3}", NOON - timedelta(days=n)) for n in range(1, 9)
    ]
    rows, count, why = PATTERNS[name](people)

    bring(files, *honest, *rows)

    assert [flag.code for flag in Flag.select()] == [why.value] * count
    assert {flag.officer.name_en.split()[0] for flag in Flag.select()} == {"Person"}
