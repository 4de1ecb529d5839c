"""Flags raised by an import: those the rules raise, on any file; they go with it, unless somebody judged them."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from karmyogi.completions.models import Completion, Flag
from karmyogi.completions.rules import SAME_SECOND, Doubt, Told, doubts
from karmyogi.completions.service import judge
from karmyogi.core.errors import RuleBroken
from karmyogi.core.months import IST
from karmyogi.core.permissions import SYSTEM, Role
from karmyogi.courses.models import Course
from karmyogi.reports import service
from karmyogi.store.files import open_files
from tests import factories as make
from tests.reports.dump import dump
from tests.reports.scene import make_place, officer, outcomes, take

HEADER = (
    "Full_Name,Employee_Id,Content_Provider,Content_Name,Content_Type,Content_Duration,Batch_Id,Enrolled_On,Status,"
    "Completed_On,Certificate_Generated,Certificate_ID"
)
NOON = datetime(2025, 8, 14, 12, tzinfo=IST)


@pytest.fixture
def files(tmp_path):
    return open_files(f"file://{tmp_path}/media")


@pytest.fixture
def place(db):
    return make_place()


@pytest.fixture
def gad(db):
    return make.actor_of(make.make_user("Sunita"), (Role.GAD, None))


def wall(at: datetime | None) -> str:
    return at.astimezone(IST).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def line(who, course, completed, *, enrolled=NOON - timedelta(days=9), minutes=20, certificate=""):
    """A row of a report without a date of its own."""
    return (
        f"{who.name_en},{who.employee_code},ISTM,{course},Course,00:{minutes:02}:00,b1,{wall(enrolled)},completed,"
        f"{wall(completed)},Yes,{certificate}"
    )


def bring(files, *lines):
    return take(files, *lines, header=HEADER)


def hasty(who, *, at=NOON):
    return [line(who, f"Course {n}", at + timedelta(seconds=10 * n)) for n in range(3)]


def flags() -> set[tuple[str, str, int]]:
    """Why, which course and whose completion was flagged."""
    rows = Flag.select(Flag.code, Course.name, Completion.officer).join(Completion).join(Course)
    return {(code, name, number) for code, name, number in rows.tuples()}


def test_three_courses_of_twenty_minutes_in_twenty_seconds(place, files):
    asha, ravi = officer("Asha Sahu", unit=place), officer("Ravi Verma", unit=place)

    origin = bring(files, *hasty(asha), line(ravi, "Course 0", NOON), line(ravi, "Course 1", NOON))

    assert outcomes(origin) == {"created": 5}
    assert flags() == {("too_fast", f"Course {n}", asha.id) for n in range(3)}
    flag = Flag.select().order_by(Flag.completed_at).first()
    assert (flag.state, flag.line_path, flag.import_id, flag.row_number) == ("open", place.line_path, origin.id, 2)
    assert (flag.completed_at, flag.length_seconds) == (NOON.astimezone(UTC), 1200)


def test_a_stretch_that_an_earlier_file_began(place, files):
    asha = officer(unit=place)
    rows = hasty(asha)
    bring(files, rows[0])
    assert flags() == set()

    bring(files, *rows[1:])

    assert {course for _code, course, _officer in flags()} == {"Course 0", "Course 1", "Course 2"}


def test_somebody_whose_certificate_id_stands_in_anothers_row(place, files):
    asha, ravi = officer("Asha Sahu", unit=place), officer("Ravi Verma", unit=place)

    origin = bring(files, line(asha, "Noting", NOON, certificate="c1"), line(ravi, "Noting", NOON, certificate="c1"))

    assert outcomes(origin) == {"created": 1, "queued": 1}
    assert flags() == {("shared_certificate", "Noting", asha.id)}
    assert [(flag.about, flag.other_id, flag.row_number) for flag in Flag.select()] == [("c1", ravi.id, 3)]


def test_the_same_file_again_raises_no_flag_again(place, files):
    rows = hasty(officer(unit=place))
    bring(files, *rows)
    before = dump()

    bring(files, *rows)

    assert dump() == before


def test_flags_go_with_their_import(place, files):
    asha = officer(unit=place)
    before = dump()
    origin = bring(files, *hasty(asha))

    service.undo(origin, by=SYSTEM)

    assert dump() == before


def test_an_import_stays_while_a_verdict_on_its_flags_stands(place, files, gad):
    origin = bring(files, *hasty(officer(unit=place)))
    flag = Flag.select().first()
    judge(flag, "accept", by=gad)

    with pytest.raises(RuleBroken) as refused:
        service.undo(origin, by=SYSTEM)
    assert [found.code for found in refused.value.reasons] == ["undo_acts"]

    judge(flag, "reopen", by=gad)
    service.undo(origin, by=SYSTEM)
    assert Flag.select().count() == 0


def test_an_officer_without_a_posting_is_looked_at_by_the_state(db, files):
    bring(files, *hasty(officer()))

    assert {flag.line_path for flag in Flag.select()} == {"/"}


# ── Against the rules ──


def drawn(chance: random.Random, people: list) -> list[tuple]:
    """Rows of a few busy people: times near each other, at midnight, before the enrolment and far ahead."""
    rows = []
    for who in people:
        for course in range(chance.randint(1, 6)):
            completed = chance.choice([NOON, NOON.replace(hour=0), NOON + timedelta(days=1)])
            completed += timedelta(seconds=chance.choice([0, 0, 10, 100, 200, 400, 4000]))
            if chance.random() < 0.05:
                completed = datetime.now(IST).replace(microsecond=0) + timedelta(days=2)
            enrolled = completed + timedelta(seconds=chance.choice([-9999999, -5, 0, 5, 50_000]))
            enrolled = chance.choice([enrolled, enrolled.replace(hour=0, minute=0, second=0), None])
            rows.append((who, f"Course {course}", completed, enrolled, chance.choice([0, 5, 20, 59])))
    return rows


def crowd(people: list, second: datetime) -> list[tuple]:
    return [(who, "Together", second, None, 20) for who in people]


@pytest.mark.parametrize("seed", range(3))
def test_sql_raises_what_the_rules_raise(place, files, seed):
    chance = random.Random(seed)
    people = [officer(f"Person {n}", unit=place) for n in range(SAME_SECOND)]
    few = people[: SAME_SECOND - (seed == 1)]
    rows = [*drawn(chance, people), *crowd(few, NOON + timedelta(hours=5))]
    chance.shuffle(rows)

    origin = bring(files, *(line(w, c, done, enrolled=since, minutes=length) for w, c, done, since, length in rows))

    number, name = {one.name: one.id for one in Course.select()}, {one.id: one.name for one in Course.select()}
    told = [Told(w.id, number[c], done, since, length * 60) for w, c, done, since, length in rows]
    expected = doubts(told, came_on=origin.received_at.astimezone(IST).date())
    assert flags() == {(code, name[course], who) for (who, course), said in expected.items() for code in said}
    assert {code for code, _course, _who in flags()} >= {Doubt.TOO_FAST, Doubt.BEFORE_ENROLLED, Doubt.IN_FUTURE}
    assert any(code == Doubt.SAME_SECOND and course == "Together" for code, course, _w in flags()) is (seed != 1)
