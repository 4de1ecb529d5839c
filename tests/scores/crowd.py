"""Thousands of officers drawn by lot with every kind of fact, around the ends of February and March of a leap year."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from karmyogi.achievements.models import Achievement
from karmyogi.completions.models import Assessment, Completion, Enrolment, Flag
from karmyogi.core.months import IST, Month
from karmyogi.courses.models import Course, CourseAlias
from karmyogi.people.models import IgotProfile, Officer, OrgUnit, Posting, UnitKind
from karmyogi.plans.models import Obligation
from karmyogi.scores.models import ScoreHold
from karmyogi.store import staging
from karmyogi.store.db import Table, columns_of, database
from karmyogi.trainings.models import Attendance, TrainingSession
from tests import factories as make

FEBRUARY, MARCH = Month(2024, 2), Month(2024, 3)
ENDS = (date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31), date(2024, 4, 1))
DAYS = (*ENDS, date(2024, 2, 14), date(2024, 2, 28), date(2024, 3, 15), date(2024, 3, 30))
MIDNIGHT = timedelta(hours=18, minutes=30)  # in India, after the day as UTC counts it
MOMENTS = (MIDNIGHT - timedelta(seconds=1), MIDNIGHT, timedelta(hours=6))
KINDS = ("Course", "Course", "Moderated Course", "Program")
SECONDS = (0, 1_799, 1_800, 3_600, 5_400, 40_000)
AT = datetime(2024, 4, 20, 6, 30, tzinfo=UTC)
COURSES, TWO_NAMES, SESSIONS, ASSESSMENTS = 40, 8, 60, 12
PLAN_ALONE = "A course that plans call otherwise"

Row = dict[str, object]


@dataclass
class Lot:
    """What is drawn, table by table, before it is stored; rows are numbered from 1 in each."""

    luck: Random
    offices: Sequence[OrgUnit]
    rows: dict[type[Table], list[Row]] = field(default_factory=dict)

    def add(self, table: type[Table], **row: object) -> int:
        rows = self.rows.setdefault(table, [])
        rows.append({"id": len(rows) + 1, **row} if "id" in table._meta.fields else row)
        return len(rows)

    def some(self, most: int, among: int) -> list[int]:
        """Up to so many different numbers, from 1 to `among`."""
        return self.luck.sample(range(1, among + 1), self.luck.randint(0, most))

    def chance(self, share: float) -> bool:
        return self.luck.random() < share

    def day(self) -> date:
        return self.luck.choice(DAYS)


def draw(officers: int, *, seed: int) -> None:
    """Fill an empty database with so many officers; the same arguments give the same rows with the same ids."""
    lot = Lot(Random(seed), make_offices())
    _catalogue(lot)
    for number in range(1, officers + 1):
        _live(lot, number)
    for table, rows in lot.rows.items():
        store(table, rows)


def make_offices() -> list[OrgUnit]:
    """Four departments, each with an office in each of five districts, and with posts of its own; three divisions."""
    state = make.make_state()
    divisions = [make.make_unit(UnitKind.DIVISION, f"Division {n}", line=state, territory=state) for n in range(3)]
    districts = [make.make_district(state, f"District {n}", division=divisions[n % 3]) for n in range(5)]
    departments = [make.make_department(state, f"Department {n}") for n in range(4)]
    offices = [make.make_office(d, t, f"{d.name_en} {t.name_en}") for d in departments for t in districts]
    return [*offices, *departments]


def _catalogue(lot: Lot) -> None:
    """Courses, of which a few stand under two names, and one under a name that only plans know; and sessions."""
    for n in range(1, COURSES + 1):
        # Every fifth has the name of the one before, from another provider.
        name = f"Course {n - 1 if n % 5 == 0 else n}"
        lot.add(Course, name=name, kind=KINDS[n % 4], provider=f"Provider {n % 5}")
    listed = lot.rows[Course]
    for n in range(TWO_NAMES):
        other = listed[COURSES - 1 - n]
        told = {name: other[name] for name in ("provider", "name", "kind")}
        lot.add(CourseAlias, course=1 + n // 2, verdict="same", decided_at=AT, **told)
    lot.add(CourseAlias, course=3, provider="", name=PLAN_ALONE, kind="", verdict="same", decided_at=AT)
    for n in range(SESSIONS):
        lot.add(TrainingSession, title_en=f"Session {n}", held_on=DAYS[n % len(DAYS)])


def _live(lot: Lot, number: int) -> None:
    """One officer; of thirty one is a second record of somebody before."""
    gave_way = lot.luck.randint(1, number - 1) if number > 1 and lot.chance(1 / 30) else None
    if gave_way and lot.rows[Officer][gave_way - 1]["merged_into"]:
        gave_way = None
    state_class = lot.luck.choice(("I", "II", "III", "III", "IV", None))
    lot.add(Officer, employee_code=f"{number:08d}", name_en="A", merged_into=gave_way, state_class=state_class)
    _postings(lot, number)
    _learning(lot, number)
    _sittings(lot, number)
    if lot.chance(0.5):
        lot.add(IgotProfile, officer=number, registered_on=lot.day() if lot.chance(0.9) else None)
    if lot.chance(0.01):
        times = {"proposed_at": AT, "confirmed_at": AT}
        lot.add(ScoreHold, officer=number, month=str(FEBRUARY), reason="A doubt", state="held", **times)


def _postings(lot: Lot, number: int) -> None:
    for from_on in sorted({lot.day() if lot.chance(0.4) else date(2020, 1, 1) for _ in range(lot.luck.randint(1, 3))}):
        later = [day for day in DAYS if day >= from_on]
        to_on = lot.luck.choice(later) if lot.chance(0.4) else None
        unit, state_class = lot.luck.choice(lot.offices).id, lot.luck.choice(("I", "II", None, None))
        lot.add(Posting, officer=number, unit=unit, state_class=state_class, from_on=from_on, to_on=to_on)


def _learning(lot: Lot, number: int) -> None:
    for course in lot.some(8, COURSES):
        _completion(lot, number, course)
    for course in lot.some(2, COURSES):
        _claim(lot, number, course, "verified")  # whether it was finished or not
    names = {f"Course {n}" for n in lot.some(6, COURSES)} | ({PLAN_ALONE} if lot.chance(0.1) else set())
    for name in sorted(names):
        lot.add(Obligation, officer=number, course_name=name, due_on=lot.day() if lot.chance(0.8) else None)
    for course in lot.some(3, COURSES):
        status = lot.luck.choice(("not-enrolled", "not-started", "completed"))
        enrolled_on = lot.day() if lot.chance(0.9) else None
        lot.add(Enrolment, officer=number, course=course, status=status, enrolled_on=enrolled_on)


def _completion(lot: Lot, number: int, course: int) -> None:
    at = datetime.combine(lot.day(), datetime.min.time(), UTC) + lot.luck.choice(MOMENTS)
    day = at.astimezone(IST).date()
    completion = lot.add(
        Completion,
        officer=number,
        course=course,
        completed_at=at,
        completed_on=day,
        month=str(Month.of(day)),
        has_certificate=lot.chance(0.6),
        is_rated=lot.chance(0.4),
        duration_seconds=lot.luck.choice(SECONDS),
    )
    if lot.chance(0.3):
        _claim(lot, number, course, lot.luck.choice(("submitted", "verified", "returned")))
    if lot.chance(0.1):
        state = lot.luck.choice(("open", "doubted", "not_credible"))
        about = {"officer": number, "completion": completion, "completed_at": at}
        lot.add(Flag, code="too_fast", state=state, **about)


def _claim(lot: Lot, number: int, course: int, state: str) -> None:
    about = {"officer": number, "course": course, "title": "A", "finished_on": ENDS[0], "submitted_at": AT}
    lot.add(Achievement, **about, state=state, verified_at=AT if state == "verified" else None)


def _sittings(lot: Lot, number: int) -> None:
    for session in lot.some(4, SESSIONS):
        for part in lot.luck.choice((["attended"], ["taught"], ["attended", "taught"])):
            lot.add(Attendance, session=session, officer=number, part=part)
    for assessment in lot.some(3, ASSESSMENTS):
        day, is_passed = lot.day() if lot.chance(0.9) else None, lot.chance(0.7)
        lot.add(Assessment, officer=number, name=f"Test {assessment}", attempted_on=day, is_passed=is_passed)


def store(table: type[Table], rows: Sequence[Row]) -> None:
    """All rows of a table at once, with the table's own values for what is not said."""
    fields = [table._meta.columns[column] for column in columns_of(table._meta.table_name)]
    with database.atomic():
        staging.load(table._meta.table_name, len(fields), _values(fields, rows))


def _values(fields: Sequence[object], rows: Sequence[Row]) -> Iterable[list[object]]:
    usual = {one: one.default() if callable(one.default) else one.default for one in fields}
    plain = {one: usual[one] if usual[one] is None else one.db_value(usual[one]) for one in fields}
    for row in rows:
        yield [_value(one, row[one.name]) if one.name in row else plain[one] for one in fields]


def _value(one: object, value: object) -> object:
    return value if value is None or isinstance(value, bool) else one.db_value(value)
